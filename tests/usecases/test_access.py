"""Who may open which case. Unknown and forbidden look the same, for every act."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.actor import Actor
from app.errors import DeclarationNeeded, NotAllowed, NotFound
from app.questionnaires.kinds import Source
from app.reviews.decisions import ConclusionKind, Outcome
from app.store import cases
from app.store.people import organisation_of
from app.usecases import (
    answering,
    attachments,
    concluding,
    documents,
    hearing,
    invitations,
    recording,
    reminding,
    reviewing,
    rounds,
    sections,
    submitting,
    telling_more,
    worklist,
)
from app.usecases import cases as case_pages
from app.usecases.answering import Typed
from app.usecases.attachments import AttachmentLine
from app.usecases.lines import today
from app.usecases.records import NewMeasure
from tests.usecases import files
from tests.usecases.conftest import Reviewed
from tests.usecases.world import World

Act = Callable[[World, Actor, str], object]

ACTS: dict[str, Act] = {
    "case_page": lambda w, a, c: case_pages.case_page(w.db, a, c),
    "status_page": lambda w, a, c: case_pages.status_page(w.db, a, c),
    "withdraw": lambda w, a, c: case_pages.withdraw(w.db, a, c),
    "set_dates": lambda w, a, c: rounds.set_dates(w.db, a, c, today()),
    "rename": lambda w, a, c: rounds.rename(w.db, a, c, name="X", email="x@y.example"),
    "preview_invitation": lambda w, a, c: invitations.preview(w.db, w.settings, a, c),
    "remind": lambda w, a, c: reminding.remind(w.db, w.settings, a, c),
    "invite": lambda w, a, c: invitations.invite(w.db, w.settings, a, c),
    "task_list": lambda w, a, c: sections.task_list(w.db, a, c),
    "load_section": lambda w, a, c: sections.load_section(w.db, a, c, "office"),
    "show_item": lambda w, a, c: sections.show_item(w.db, a, c, "companies", "i1"),
    "save": lambda w, a, c: answering.save(w.db, a, c, Typed("is_resident", ("yes",))),
    "save_many": lambda w, a, c: answering.save_many(w.db, a, c, [Typed("is_resident", ("yes",))]),
    "settle": lambda w, a, c: answering.settle(w.db, a, c, "is_resident"),
    "add_item": lambda w, a, c: answering.add_item(w.db, a, c, "companies"),
    "remove_item": lambda w, a, c: answering.remove_item(w.db, a, c, "companies", "i1"),
    "restore_item": lambda w, a, c: answering.restore_item(w.db, a, c, "companies", "i1"),
    "check": lambda w, a, c: submitting.check(w.db, a, c),
    "submit": lambda w, a, c: submitting.submit(w.db, w.settings, a, c, truthful=True, will_report=True),
    "case_review": lambda w, a, c: reviewing.case_review(w.db, a, c),
    "not_fired": lambda w, a, c: reviewing.not_fired(w.db, a, c),
    "what_is_open": lambda w, a, c: reviewing.what_is_open(w.db, a, c),
    "start_review": lambda w, a, c: reviewing.start_review(w.db, a, c),
    "record_finding": lambda w, a, c: reviewing.record_finding(w.db, a, c, "SPR-01", None, "x"),
    "decide": lambda w, a, c: reviewing.decide(w.db, a, c, "SPR-01", None, Outcome.SET_ASIDE, "x"),
    "open_conclusions": lambda w, a, c: reviewing.open_conclusions(w.db, a, c),
    "agree_measure": lambda w, a, c: recording.agree_measure(
        w.db, a, c, NewMeasure(kind="x", flags=(), owner="x", terms="x")
    ),
    "drop_measure": lambda w, a, c: recording.drop_measure(w.db, a, c, "x"),
    "measure_done": lambda w, a, c: recording.measure_done(w.db, a, c, "x", today()),
    "record_source": lambda w, a, c: recording.record_source(w.db, a, c, Source.PUBLIC_MEDIA, "x", today(), "x"),
    "discuss": lambda w, a, c: recording.discuss(w.db, a, c, "x", today()),
    "request_correction": lambda w, a, c: recording.request_correction(w.db, a, c, ("is_resident",), "x"),
    "send_concept": lambda w, a, c: hearing.send_concept(w.db, a, c, today() + timedelta(days=9)),
    "hearing_view": lambda w, a, c: hearing.hearing_view(w.db, a, c),
    "reply": lambda w, a, c: hearing.reply(w.db, a, c, "SPR-01", None, "x"),
    "respond": lambda w, a, c: hearing.respond(w.db, a, c, "x"),
    "not_asked": lambda w, a, c: hearing.not_asked(w.db, a, c, "SPR-01", None, "x"),
    "close_hearing": lambda w, a, c: hearing.close(w.db, a, c),
    "back_to_review": lambda w, a, c: hearing.back_to_review(w.db, a, c, "x"),
    "conclude": lambda w, a, c: concluding.conclude(w.db, a, c, ConclusionKind.NO_OBSTACLE, "x", "x"),
    "present": lambda w, a, c: concluding.present(w.db, a, c),
    "record_outcome": lambda w, a, c: concluding.record_outcome(w.db, a, c, appointed=True, on=today()),
    "reopen": lambda w, a, c: concluding.reopen(w.db, a, c, "x"),
    "start_aftercare": lambda w, a, c: concluding.start_aftercare(w.db, a, c),
    "snapshot": lambda w, a, c: documents.snapshot(w.db, a, c),
    "preview": lambda w, a, c: documents.preview(w.db, a, c, "council_version"),
    "make_document": lambda w, a, c: documents.make_document(w.db, w.settings, a, c, "council_version"),
    "receipt": lambda w, a, c: documents.receipt(w.db, w.settings, a, c),
    "documents": lambda w, a, c: documents.documents(w.db, a, c),
    "tell_more": lambda w, a, c: telling_more.tell_more(w.db, a, c, "money"),
}
"""Every act on a case."""


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_case_of_another_organisation_does_not_exist(reviewed: Reviewed, act: Act):
    world, case = reviewed.world, reviewed.case
    with pytest.raises(NotFound):
        act(world, world.elsewhere, case.id)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_case_that_nobody_assigned_does_not_exist_for_an_analyst(reviewed: Reviewed, act: Act):
    world, case = reviewed.world, reviewed.case
    with pytest.raises(NotFound):
        act(world, world.idle_analyst, case.id)


@pytest.mark.parametrize("who", ["auditor", "admin"])
@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_case_exists_for_an_auditor_or_an_administrator(reviewed: Reviewed, act: Act, who: str):
    world, case = reviewed.world, reviewed.case
    with pytest.raises(NotFound):
        act(world, getattr(world, who), case.id)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_candidate_sees_no_other_candidate(reviewed: Reviewed, act: Act):
    world, case, other = reviewed.world, reviewed.case, reviewed.other_candidate
    with pytest.raises(NotFound):
        act(world, other, case.id)


STAFF_ONLY = sorted(set(ACTS) - {
    "status_page", "withdraw", "task_list", "load_section", "show_item", "save", "save_many", "settle", "add_item",
    "remove_item", "restore_item", "check", "submit", "hearing_view", "reply", "respond", "receipt", "documents",
    "tell_more",
})  # fmt: skip


@pytest.mark.parametrize("act", STAFF_ONLY)
def test_what_staff_do_in_a_case_is_not_for_its_own_candidate(reviewed: Reviewed, act: str):
    world, case, candidate = reviewed.world, reviewed.case, reviewed.candidate
    with pytest.raises((NotFound, NotAllowed)):
        ACTS[act](world, candidate, case.id)


CONTENT = [
    "task_list", "load_section", "show_item", "case_review", "not_fired", "what_is_open", "record_finding", "decide",
    "hearing_view", "snapshot", "preview", "make_document", "documents", "request_correction",
]  # fmt: skip


@pytest.mark.parametrize("act", [act for act in CONTENT if act != "documents"])
def test_an_organisation_can_close_answers_to_its_clerk(reviewed: Reviewed, act: str):
    world, case = reviewed.world, reviewed.case
    organisation = organisation_of(world.db, world.clerk)
    organisation.settings = {**organisation.settings, "closed_to_clerk": True}
    with pytest.raises(NotFound):
        ACTS[act](world, world.clerk, case.id)
    assert documents.documents(world.db, world.clerk, case.id) == ()  # what went to the council would be there
    assert not case_pages.case_page(world.db, world.clerk, case.id).reads_content
    assert reviewing.case_review(world.db, world.principal, case.id).case.id == case.id


def test_an_analyst_sees_a_case_once_assigned(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    rounds.assign(world.db, world.clerk, case.id, world.idle_analyst.id)
    with pytest.raises(DeclarationNeeded):
        reviewing.case_review(world.db, world.idle_analyst, case.id)
    world.declare(case.id, world.idle_analyst)
    assert reviewing.case_review(world.db, world.idle_analyst, case.id).case.id == case.id


def test_somebody_of_another_organisation_cannot_be_assigned(reviewed: Reviewed):
    world = reviewed.world
    case = world.case()
    with pytest.raises(NotFound):
        rounds.assign(world.db, world.clerk, case.id, world.elsewhere.id)


def test_a_document_is_only_for_who_may_open_its_case(reviewed: Reviewed):
    world, case, candidate = reviewed.world, reviewed.case, reviewed.candidate
    made = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    for stranger in (world.elsewhere, world.idle_analyst, world.admin, candidate):
        with pytest.raises(NotFound):
            documents.fetch(world.db, stranger, made.id)
    assert documents.fetch(world.db, world.analyst, made.id)[0].sha256 == made.sha256


def test_the_work_list_holds_only_what_somebody_may_open(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    seen = {
        name: [line.case.id for line in worklist.waiting(world.db, getattr(world, name))]
        for name in ("clerk", "principal", "analyst", "idle_analyst", "auditor", "admin", "elsewhere")
    }
    mine = [case.id, reviewed.other_candidate.case_id]
    assert seen == {
        "clerk": mine, "principal": mine, "analyst": mine,
        "idle_analyst": [], "auditor": [], "admin": [], "elsewhere": [],
    }  # fmt: skip


def test_rounds_and_cases_are_opened_by_clerk_and_principal_only(reviewed: Reviewed):
    world = reviewed.world
    planned = world.round()
    for actor in (world.analyst, world.auditor, world.admin):
        with pytest.raises(NotFound):
            rounds.open_round(world.db, actor, "Ronde", None)
        with pytest.raises(NotFound):
            rounds.round_view(world.db, actor, planned.id)
    with pytest.raises(NotFound):
        rounds.round_view(world.db, world.elsewhere, planned.id)
    assert cases.rounds(world.db, world.elsewhere) == []


@pytest.mark.parametrize("who", ["clerk", "principal", "analyst"])
def test_what_was_never_handed_in_is_nobodys_to_read(reviewed: Reviewed, who: str):
    """Not while the candidate still fills in, and not after a withdrawal before that; once handed in it stays readable."""
    world, reader = reviewed.world, getattr(reviewed.world, who)
    case, candidate = world.answering()
    added = attachments.add(
        world.db, world.settings, candidate, case.id, filename="brief.pdf", subject="Brief", body=files.PDF
    )
    assert isinstance(added, AttachmentLine)
    for withdrawn in (False, True):
        if withdrawn:
            case_pages.withdraw(world.db, candidate, case.id)
        for act in ("case_review", "not_fired", "what_is_open", "snapshot", "preview", "hearing_view"):
            with pytest.raises(NotFound):
                ACTS[act](world, reader, case.id)
        with pytest.raises(NotFound):
            attachments.fetch(world.db, reader, added.id)
        assert attachments.list_attachments(world.db, reader, case.id) == ()
    assert attachments.list_attachments(world.db, candidate, case.id) == (added,)
    assert attachments.fetch(world.db, candidate, added.id)[1] == files.PDF
    handed, candidate = world.in_review()
    case_pages.withdraw(world.db, candidate, handed.id)
    assert ACTS["case_review"](world, reader, handed.id)
