"""Reviewers declare their relation to a candidate before they read anything, and who has one stays out."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import select

from app.accounts.actor import Actor, system_actor
from app.errors import DeclarationNeeded, NotAllowed, NotFound
from app.reviews.independence import Relation, Standing
from app.reviews.lifecycle import Role
from app.store import cases as stored_cases
from app.store.rows import AuditRow, OutboxRow
from app.usecases import cases as case_pages
from app.usecases import (
    documents,
    independence,
    own_copy,
    people,
    reminding,
    reviewers,
    reviewing,
    rounds,
    substituting,
    worklist,
)
from app.usecases.independence import IndependencePage, SteppedAside
from app.usecases.lines import PersonLine
from tests.signing_in import PASSWORD, let_in
from tests.usecases.conftest import Reviewed
from tests.usecases.test_access import ACTS, CONTENT
from tests.usecases.test_documents import words
from tests.usecases.world import World

RELATIONS = [one for one in Relation if one.closes]
STAFF_CONTENT = [act for act in CONTENT if act != "documents"]


def colleague(world: World, role: Role, name: str) -> Actor:
    email = f"{name.lower().replace(' ', '.')}@voorbeeld.example"
    by = system_actor(world.clerk.organisation_id)
    made = people.add_person(world.db, world.settings, by, name=name, email=email, role=role, password=PASSWORD)
    assert isinstance(made, PersonLine)
    return let_in(world.db, world.settings, email).actor


def closed_declaration(world: World, reader: Actor, case_id: str) -> independence.Declared:
    shown = independence.page(world.db, reader, case_id)
    assert isinstance(shown, IndependencePage)
    return next(one for one in shown.declarations if one.closed)


@pytest.mark.parametrize("act", CONTENT)
@pytest.mark.parametrize("role", [Role.CLERK, Role.PRINCIPAL])
def test_nothing_of_a_case_opens_before_a_declaration(reviewed: Reviewed, act: str, role: Role):
    world, case = reviewed.world, reviewed.case
    newcomer = colleague(world, role, "Nieuwe Collega")
    with pytest.raises(DeclarationNeeded):
        ACTS[act](world, newcomer, case.id)
    independence.declare(world.db, newcomer, case.id, Relation.NONE)
    assert reviewing.case_review(world.db, newcomer, case.id).case.id == case.id


def test_where_a_case_stands_is_known_without_a_declaration_but_no_reason_is(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    from app.usecases import recording  # noqa: PLC0415

    recording.request_correction(world.db, world.analyst, case.id, ("is_resident",), "U noemde De Vlieghei.")
    newcomer = colleague(world, Role.PRINCIPAL, "Nieuwe Collega")
    shown = case_pages.case_page(world.db, newcomer, case.id)
    assert not shown.reads_content
    assert shown.standing is Standing.UNDECLARED
    assert not [line.reason for line in shown.timeline if line.reason]
    seen = case_pages.case_page(world.db, world.principal, case.id)
    assert "U noemde De Vlieghei." in [line.reason for line in seen.timeline]


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_closes_the_case_for_good_and_asks_for_a_substitute(reviewed: Reviewed, relation: Relation):
    world, case = reviewed.world, reviewed.case
    assert independence.declare(world.db, world.analyst, case.id, relation, "Wij werkten samen.") is Standing.CLOSED
    with pytest.raises(NotFound):
        reviewing.case_review(world.db, world.analyst, case.id)
    with pytest.raises(NotFound):
        case_pages.case_page(world.db, world.analyst, case.id)
    with pytest.raises(NotFound):
        independence.declare(world.db, world.analyst, case.id, Relation.NONE)
    assert case.id not in [line.case.id for line in worklist.waiting(world.db, world.analyst)]
    assert isinstance(independence.page(world.db, world.analyst, case.id), SteppedAside)
    mailed = world.db.exec(select(OutboxRow).where(OutboxRow.name == "substitute_needed")).all()
    assert sorted(one.to_address for one in mailed) == [
        "bram.burgers@voorbeeld.example",
        "gerda.griffioen@voorbeeld.example",
    ]


@pytest.mark.parametrize("act", sorted(ACTS))
def test_for_who_stepped_aside_the_case_does_not_exist(reviewed: Reviewed, act: str):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.clerk, case.id, Relation.FAMILY, "Mijn zwager.")
    with pytest.raises(NotFound):
        ACTS[act](world, world.clerk, case.id)


def test_a_relation_needs_a_sentence_and_none_needs_nothing(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    with pytest.raises(NotAllowed, match="waarom u niet meedoet"):
        independence.declare(world.db, world.analyst, case.id, Relation.WORK, "  ")
    assert independence.declare(world.db, world.analyst, case.id, Relation.NONE) is Standing.OPEN


def test_declaring_none_twice_is_once(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    before = independence.page(world.db, world.principal, case.id)
    independence.declare(world.db, world.principal, case.id, Relation.NONE)
    assert independence.page(world.db, world.principal, case.id) == before


def test_who_cannot_open_a_case_declares_nothing_about_it(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    for stranger in (world.elsewhere, world.idle_analyst, world.admin, world.auditor, reviewed.candidate):
        with pytest.raises(NotFound):
            independence.declare(world.db, stranger, case.id, Relation.NONE)
        with pytest.raises(NotFound):
            independence.page(world.db, stranger, case.id)


def test_the_explanation_is_for_who_may_read_the_case(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.analyst, case.id, Relation.FAMILY, "Mijn zwager.")
    assert closed_declaration(world, world.principal, case.id).explanation == "Mijn zwager."
    newcomer = colleague(world, Role.PRINCIPAL, "Nieuwe Collega")
    assert not closed_declaration(world, newcomer, case.id).explanation


def test_coming_back_takes_two_others_and_a_reason(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.analyst, case.id, Relation.OTHER, "Zelfde straat.")
    declaration = closed_declaration(world, world.clerk, case.id).id
    with pytest.raises(NotAllowed, match="nog geen voorstel"):
        independence.confirm_lift(world.db, world.clerk, case.id, declaration)
    with pytest.raises(NotAllowed, match="Schrijf op waarom"):
        independence.propose_lift(world.db, world.clerk, case.id, declaration, " ")
    independence.propose_lift(world.db, world.clerk, case.id, declaration, "Zij kennen elkaar niet.")
    with pytest.raises(NotAllowed, match="zelf voorgesteld"):
        independence.confirm_lift(world.db, world.clerk, case.id, declaration)
    with pytest.raises(NotFound):
        independence.confirm_lift(world.db, world.analyst, case.id, declaration)
    with pytest.raises(NotFound):
        independence.confirm_lift(world.db, world.admin, case.id, declaration)
    newcomer = colleague(world, Role.PRINCIPAL, "Nieuwe Collega")
    with pytest.raises(DeclarationNeeded):
        independence.confirm_lift(world.db, newcomer, case.id, declaration)
    independence.confirm_lift(world.db, world.principal, case.id, declaration)
    assert reviewing.case_review(world.db, world.analyst, case.id).case.id == case.id
    with pytest.raises(NotAllowed, match="doet al mee"):
        independence.confirm_lift(world.db, world.principal, case.id, declaration)


def test_stepping_aside_later_closes_what_was_open(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    assert reviewing.case_review(world.db, world.principal, case.id).case.id == case.id
    independence.declare(world.db, world.principal, case.id, Relation.STEPS_ASIDE, "Liever niet.")
    with pytest.raises(NotFound):
        reviewing.case_review(world.db, world.principal, case.id)


@pytest.mark.parametrize("who", ["clerk", "principal", "admin"])
def test_a_substitute_has_the_same_role_and_declares_first(reviewed: Reviewed, who: str):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.analyst, case.id, Relation.PARTY, "Zelfde fractie.")
    points_out: Actor = getattr(world, who)
    (asked,) = substituting.asked(world.db, points_out)
    assert bool(asked.case_id) is (who != "admin")
    assert [one.name for one in asked.colleagues] == ["Ilse Inkwart"]
    for wrong in (world.principal.id, world.analyst.id, world.elsewhere.id, "x"):
        with pytest.raises(NotAllowed):
            substituting.point_out(world.db, points_out, asked.declaration_id, wrong)
    substituting.point_out(world.db, points_out, asked.declaration_id, world.idle_analyst.id)
    assert substituting.asked(world.db, points_out) == ()
    with pytest.raises(DeclarationNeeded):
        reviewing.case_review(world.db, world.idle_analyst, case.id)
    assert closed_declaration(world, world.principal, case.id).substitute == "Ilse Inkwart"


def test_nobody_points_out_their_own_substitute_nor_one_elsewhere(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.clerk, case.id, Relation.FAMILY, "Mijn zwager.")
    second = colleague(world, Role.CLERK, "Tweede Griffier")
    declaration = closed_declaration(world, world.principal, case.id).id
    assert substituting.asked(world.db, world.clerk) == ()
    assert substituting.asked(world.db, world.elsewhere) == ()
    for stranger in (world.clerk, world.elsewhere, world.analyst, world.auditor):
        with pytest.raises(NotFound):
            substituting.point_out(world.db, stranger, declaration, second.id)
    for other in (world.analyst, world.auditor, reviewed.candidate):
        with pytest.raises(NotFound):
            substituting.asked(world.db, other)


def test_only_administrators_are_asked_when_nobody_else_can(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.clerk, case.id, Relation.FAMILY, "Mijn zwager.")
    people.deactivate(world.db, world.admin, world.clerk.id)
    independence.declare(world.db, world.principal, case.id, Relation.WORK, "Oud-collega.")
    mailed = world.db.exec(select(OutboxRow).where(OutboxRow.name == "substitute_needed")).all()
    assert sorted(one.to_address for one in mailed) == [
        "bea.beheer@voorbeeld.example",
        "bram.burgers@voorbeeld.example",
    ]


def test_who_stepped_aside_gets_no_mail_about_the_case(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    rounds.assign(world.db, world.clerk, case.id, world.idle_analyst.id)
    independence.declare(world.db, world.analyst, case.id, Relation.FAMILY, "Mijn zwager.")
    assert "Olga Onderwater" not in reminding.remind(world.db, world.settings, world.clerk, case.id).names


ACTIONS: dict[str, Callable[[World, str], Any]] = {
    "independence_declared": lambda w, c: independence.declare(w.db, w.idle_analyst, c, Relation.NONE),
    "stepped_aside": lambda w, c: independence.declare(w.db, w.idle_analyst, c, Relation.WORK, "Oud-collega."),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_declaring_is_on_record_without_what_was_declared(reviewed: Reviewed, action: str):
    world, case = reviewed.world, reviewed.case
    rounds.assign(world.db, world.clerk, case.id, world.idle_analyst.id)
    ACTIONS[action](world, case.id)
    line = world.db.exec(select(AuditRow).where(AuditRow.actor_id == world.idle_analyst.id)).all()[-1]
    assert line.action == action
    assert "collega" not in str(line.detail)


def test_the_candidate_reads_who_declared_and_who_stepped_aside_but_not_why(reviewed: Reviewed):
    world, case, candidate = reviewed.world, reviewed.case, reviewed.candidate
    independence.declare(world.db, world.clerk, case.id, Relation.FAMILY, "Een zwager van mijn buurvrouw.")
    told = {one.name: one for one in reviewers.of_own_case(world.db, candidate, case.id)}
    clerk, analyst = told[world.clerk.name], told[world.analyst.name]
    assert clerk.free_since is not None  # declared first, and stepped aside later
    assert clerk.aside_since is not None
    assert (analyst.free_since is not None, analyst.aside_since, analyst.lifted_at) == (True, None, None)
    assert "zwager" not in repr(told)
    assert "family" not in repr(told)
    for other in (world.analyst, reviewed.other_candidate, world.elsewhere):
        with pytest.raises(NotFound):
            reviewers.of_own_case(world.db, other, case.id)


def test_who_came_back_by_four_eyes_is_told_as_such(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.clerk, case.id, Relation.WORK, "Wij zaten in één werkgroep.")
    closed = closed_declaration(world, world.principal, case.id)
    independence.propose_lift(world.db, world.principal, case.id, closed.id, "Het was één vergadering.")
    independence.confirm_lift(world.db, world.analyst, case.id, closed.id)
    told = {one.name: one for one in reviewers.of_own_case(world.db, reviewed.candidate, case.id)}[world.clerk.name]
    assert told.aside_since is None
    assert told.lifted_at is not None


def test_the_declarations_are_printed_for_the_record_and_only_for_reviewers(reviewed: Reviewed):
    world, case = reviewed.world, reviewed.case
    independence.declare(world.db, world.clerk, case.id, Relation.FAMILY, "Een zwager van mijn buurvrouw.")
    made = documents.make_document(world.db, world.settings, world.principal, case.id, documents.DECLARATIONS)
    text = words(documents.fetch(world.db, world.analyst, made.id)[1])
    for needed in (world.clerk.name, world.analyst.name, "Een zwager van mijn buurvrouw.", "Familie of vriendschap"):
        assert needed in text
    for stranger in (reviewed.candidate, world.clerk, world.idle_analyst, world.admin):
        with pytest.raises(NotFound):
            documents.fetch(world.db, stranger, made.id)
    council = "\n".join(documents.preview(world.db, world.principal, case.id, documents.COUNCIL).texts())
    assert "wie dat niet kon of wilde verklaren, deed niet mee" in council
    assert "zwager" not in council
    record = own_copy.gather(world.db, stored_cases.access(world.db, reviewed.candidate, case.id))[0]
    told = {one.name: one for one in record.reviewers}
    assert told[world.analyst.name].free_since is not None
    assert told[world.clerk.name].aside_since is not None
    assert "Een zwager" not in repr(record)
