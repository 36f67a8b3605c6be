"""Candidates without a link at hand: mails without links, references, new links, links that were taken back, other places."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlmodel import Session, select

from app import mail
from app.accounts.sessions import SignedIn
from app.accounts.tokens import CODE_LETTERS, new_reference, plain_code, shown_reference
from app.errors import NotAllowed, NotFound
from app.reviews.retention import End, Kept, Policy, Start, Term
from app.settings import Settings
from app.store import invitations as stored
from app.store import outbox
from app.store.outbox import Letter
from app.store.rows import AuditRow, CaseRow, InvitationRow, LoginAttemptRow
from app.usecases import (
    candidate_mail,
    concluding,
    entering,
    invitations,
    keeping_daily,
    links,
    organisations,
    recording,
    rectifying,
    rectifying_answers,
    reminding,
    retention_policy,
)
from app.usecases.answering import Typed
from app.usecases.entering import AtDoor
from app.usecases.lines import CaseLine, today
from app.usecases.signing_in import Place, Refused
from tests.signing_in import by_mail
from tests.usecases.world import World, make_world, token_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="https://toetssteen.voorbeeldstad.example", argon2_time_cost=1, argon2_memory_kib=8)
TYPED = "toetssteen.voorbeeldstad.example/kandidaat"
HERE, THERE = Place("192.0.2.1"), Place("198.51.100.7")
ANNA = "anna@voorbeeld.example"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def newest(world: World, case: CaseLine) -> InvitationRow:
    row = stored.newest(world.db, world.db.get_one(CaseRow, case.id))
    assert row is not None
    return row


def reference(world: World, case: CaseLine) -> str:
    return shown_reference(newest(world, case).reference or "")


def mails(world: World, name: str = "invitation_again") -> list[Letter]:
    return [outbox.letter_of(row) for row in outbox.newest(world.db) if row.name == name and row.to_address == ANNA]


def ask(world: World, typed: str, place: Place = HERE) -> None:
    """What happens after the answer went out, in the transaction of the test."""
    if links.may_ask(world.db, CHEAP, place):
        for case_id in links.found(world.db, typed):
            links.mail_one(world.db, CHEAP, case_id)


def every_mail(world: World) -> dict[str, Letter]:
    """Everything that is mailed to a candidate on the way from an invitation to the end, by name."""
    first = world.case()
    invited = invitations.invite(world.db, CHEAP, world.clerk, first.id, code_by="mail")
    assert isinstance(by_mail(world.db, CHEAP, invited.link, invited.code), SignedIn)
    reminding.remind(world.db, CHEAP, world.clerk, first.id)
    links.revoke(world.db, CHEAP, world.clerk, first.id, "Verkeerd adres.", again=True)
    in_review, candidate = world.in_review()
    asked = rectifying.ask(
        world.db, CHEAP, candidate, in_review.id, Typed("is_resident", ("no",)), "", "Ik vergiste mij."
    )
    assert isinstance(asked, rectifying.RequestLine)
    rectifying_answers.answer(world.db, world.analyst, in_review.id, asked.id, agreed=True, reason="")
    recording.request_correction(world.db, world.analyst, in_review.id, ("side_positions",), "Graag meer.")
    concluded, _ = world.concluded()
    months = [Term(end, kept, 1 if kept is Kept.CASE else None, Start.OUTCOME, "1") for end in End for kept in Kept]
    retention_policy.set_policy(world.db, world.admin, Policy("Selectielijst", tuple(months), warn_days=60))
    concluding.present(world.db, world.principal, concluded.id)
    concluding.record_outcome(world.db, world.clerk, concluded.id, appointed=False, on=today())
    assert keeping_daily.warn(world.db, CHEAP).cases == 1
    return {row.name: outbox.letter_of(row) for row in outbox.newest(world.db) if row.to_address == ANNA}


def test_no_mail_to_a_candidate_holds_a_link_when_the_organisation_wants_none(world: World):
    organisations.set_mail_links(world.db, world.principal, links=False)
    sent = every_mail(world)
    assert set(sent) == mail.TO_CANDIDATES, "a mail that this test does not send, or that is not in the list"
    for name, letter in sent.items():
        for part in (letter.subject, letter.text, letter.html):
            assert "http" not in part, name
            assert "<a " not in part, name
            assert "uitnodiging/" not in part, name
    for name in (
        "invitation_link",
        "invitation_again",
        "correction_request",
        "rectification_decided",
        "concept_report",
        "concluded",
        "reminder",
    ):
        assert TYPED in sent[name].text, name
        assert TYPED in sent[name].html, name
        assert "kenmerk" in sent[name].text, name
    assert "met een link" not in sent["invitation_code"].text


def test_with_links_every_mail_that_asks_something_leads_to_the_own_door(world: World):
    sent = every_mail(world)
    assert set(sent) == mail.TO_CANDIDATES
    for name in (
        "invitation_link",
        "invitation_again",
        "correction_request",
        "rectification_decided",
        "concept_report",
        "concluded",
        "reminder",
    ):
        assert f"{CHEAP.base_url}/uitnodiging/" in sent[name].text, name
        assert f'<a href="{CHEAP.base_url}/uitnodiging/' in sent[name].html, name
    assert TYPED in sent["invitation_link"].text, "who cannot click may type"
    for name in ("invitation_code", "candidate_code", "candidate_way_changed"):
        assert "http" not in sent[name].text + sent[name].html, name


def test_a_letter_that_is_only_shown_names_no_working_reference(world: World):
    case = world.case()
    organisations.set_mail_links(world.db, world.admin, links=False)
    shown = invitations.preview(world.db, CHEAP, world.clerk, case.id).text
    assert shown_reference(candidate_mail.EXAMPLE) in shown
    with pytest.raises(NotFound):
        invitations.face(world.db, candidate_mail.EXAMPLE)


@pytest.mark.parametrize("who", ["clerk", "analyst", "auditor"])
def test_only_principal_and_administrator_choose_how_mails_look(world: World, who: str):
    with pytest.raises(NotFound):
        organisations.set_mail_links(world.db, getattr(world, who), links=False)
    assert organisations.agreements(world.db, world.clerk).mail_links


def test_a_reference_names_the_case_and_opens_nothing_by_itself(world: World):
    case = world.case()
    invited = world.invited(case)
    typed = reference(world, case)
    assert invitations.face(world.db, typed).state == "open"
    assert isinstance(entering.begin(world.db, CHEAP, typed, typed), Refused)
    assert isinstance(entering.begin(world.db, CHEAP, typed, invited.code), AtDoor)
    assert typed not in invited.link
    assert plain_code(typed) not in invited.code


@how(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_a_reference_is_typed_it_is_the_same(data: st.DataObject):
    given_out = new_reference()
    assert set(given_out) <= set(CODE_LETTERS)
    typed = "".join(
        data.draw(st.sampled_from(("", " ", "-", " - ", "."))) + data.draw(st.sampled_from((one, one.lower())))
        for one in given_out
    )
    assert plain_code(typed) == given_out


def test_asking_mails_the_door_that_is_open_and_takes_nothing_away(world: World):
    case = world.case()
    invited = world.invited(case)
    ask(world, ANNA.upper())
    ask(world, reference(world, case).lower())
    assert len(mails(world)) == 2
    assert plain_code(reference(world, case)) in mails(world)[0].text
    assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), invited.code), AtDoor), "the old link too"
    assert len(world.db.exec(select(InvitationRow)).all()) == 1
    recorded = world.db.exec(select(AuditRow).where(AuditRow.action == "link_mailed")).all()
    assert len(recorded) == 2
    assert ANNA not in repr([row.model_dump() for row in recorded])


def test_asking_after_the_end_gives_a_new_link_with_the_same_code(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        case = world.case()
        invited = world.invited(case)
        old = reference(world, case)
        clock.shift(timedelta(days=CHEAP.invitation_days + 1))
        assert invitations.face(world.db, old).state == "expired"
        ask(world, ANNA)
        new = reference(world, case)
        assert new != old
        assert invitations.face(world.db, old).state == "expired"
        assert isinstance(entering.begin(world.db, CHEAP, new, "FOUT-FOUT"), Refused)
        assert isinstance(entering.begin(world.db, CHEAP, new, invited.code), AtDoor)


def test_asking_is_bounded_for_a_place_and_for_a_case(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        world.invited(world.case())
        for _ in range(CHEAP.attempts_before_lock):
            ask(world, "niemand@voorbeeld.example")
        ask(world, ANNA)
        assert mails(world) == [], "this place asked too often"
        for number in range(links.MOST_LINKS + 2):
            ask(world, ANNA, Place(f"198.51.100.{number}"))
        assert len(mails(world)) == links.MOST_LINKS
        clock.shift(timedelta(minutes=61))
        ask(world, ANNA)
        assert len(mails(world)) == links.MOST_LINKS + 1


@pytest.mark.parametrize("typed", ["", "niemand@voorbeeld.example", "BCDF-GHJK-MNPQ", "@", "x" * 300])
def test_asking_for_what_nobody_has_mails_nothing_and_is_counted_the_same(world: World, typed: str):
    world.invited(world.case())
    ask(world, typed)
    assert mails(world) == []
    assert len(world.db.exec(select(LoginAttemptRow).where(LoginAttemptRow.what == "door")).all()) == 1


def test_a_clerk_takes_a_link_back_with_a_reason_and_the_candidate_is_told(world: World):
    case = world.case()
    invited = world.invited(case)
    typed = reference(world, case)
    with pytest.raises(NotAllowed):
        links.revoke(world.db, CHEAP, world.clerk, case.id, "  ")
    links.revoke(world.db, CHEAP, world.clerk, case.id, "Naar een verkeerd adres gestuurd.")
    for token in (token_of(invited), typed):
        assert invitations.face(world.db, token).state == "revoked"
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code), Refused)
    assert "ingetrokken" in mails(world, "candidate_way_changed")[0].text
    ask(world, ANNA)
    assert mails(world) == [], "what a clerk took back, nobody gets by asking"
    assert newest(world, case).revoked_why == "Naar een verkeerd adres gestuurd."
    recorded = world.db.exec(select(AuditRow).where(AuditRow.action == "link_revoked")).one()
    assert "verkeerd adres" not in repr(recorded.model_dump())
    with pytest.raises(NotAllowed):
        links.revoke(world.db, CHEAP, world.clerk, case.id, "Nog eens.")
    links.send_again(world.db, CHEAP, world.clerk, case.id)
    assert plain_code(reference(world, case)) in mails(world)[0].text
    assert isinstance(entering.begin(world.db, CHEAP, reference(world, case), invited.code), AtDoor)
    assert invitations.face(world.db, typed).state == "revoked"


def test_taking_back_a_link_ends_what_was_halfway_and_nobody_who_is_inside(world: World):
    case = world.case()
    invited = world.invited(case)
    inside = by_mail(world.db, CHEAP, invited.link, invited.code)
    door = entering.begin(world.db, CHEAP, token_of(invited), invited.code)
    assert isinstance(inside, SignedIn)
    assert isinstance(door, AtDoor)
    links.revoke(world.db, CHEAP, world.principal, case.id, "Te vroeg.", again=True)
    assert entering.waiting(world.db, door.token) is None
    assert entering.own_way(world.db, inside.actor, case.id) == "mail"


@pytest.mark.parametrize("who", ["analyst", "idle_analyst", "auditor", "admin", "elsewhere"])
@pytest.mark.parametrize(
    "act",
    [
        lambda world, actor, case: links.look(world.db, actor, case),
        lambda world, actor, case: links.revoke(world.db, CHEAP, actor, case, "Zomaar."),
        lambda world, actor, case: links.send_again(world.db, CHEAP, actor, case),
    ],
)
def test_nobody_else_touches_a_link(world: World, who: str, act: Callable[..., None]):
    case = world.case()
    world.invited(case)
    with pytest.raises(NotFound):
        act(world, getattr(world, who), case.id)


def test_whoever_holds_the_link_cannot_make_it_rest_for_somebody_else(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        case = world.case()
        invited = world.invited(case)
        token = token_of(invited)
        inside = by_mail(world.db, CHEAP, invited.link, invited.code)
        assert isinstance(inside, SignedIn)
        mine = Place(HERE.origin, entering.remember_device(world.db, inside.actor, ""))
        for _ in range(CHEAP.attempts_before_lock):
            assert isinstance(entering.begin(world.db, CHEAP, token, "FOUT-FOUT", HERE), Refused)
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code, HERE), Refused), "rests here"
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code, THERE), AtDoor), "and not elsewhere"
        for number in range(60):  # many places at once
            entering.begin(world.db, CHEAP, token, "FOUT-FOUT", Place(f"203.0.113.{number}"))
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code, Place("2001:db8::1")), AtDoor), (
            "still one"
        )
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code, mine), AtDoor), "my device, same network"
        made_up = Place(HERE.origin, "een verzonnen apparaat")
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code, made_up), Refused)
        clock.shift(timedelta(minutes=15, seconds=1))
        assert isinstance(entering.begin(world.db, CHEAP, token, invited.code, HERE), AtDoor)


def test_a_device_of_one_candidate_is_nothing_at_another_door(world: World):
    first, second = world.invited(world.case()), world.invited(world.case(name="Bert Veld"))
    inside = by_mail(world.db, CHEAP, first.link, first.code)
    assert isinstance(inside, SignedIn)
    mine = Place(HERE.origin, entering.remember_device(world.db, inside.actor, ""))
    for _ in range(CHEAP.attempts_before_lock):
        entering.begin(world.db, CHEAP, token_of(second), "FOUT-FOUT", HERE)
    assert isinstance(entering.begin(world.db, CHEAP, token_of(second), second.code, mine), Refused)


def test_who_begins_again_is_a_stranger_on_every_device(world: World):
    case = world.case()
    invited = world.invited(case)
    inside = by_mail(world.db, CHEAP, invited.link, invited.code)
    assert isinstance(inside, SignedIn)
    mine = Place(HERE.origin, entering.remember_device(world.db, inside.actor, ""))
    new = invitations.begin_again(world.db, CHEAP, world.clerk, case.id, "Laptop gestolen.")
    for _ in range(CHEAP.attempts_before_lock):
        entering.begin(world.db, CHEAP, token_of(new), "FOUT-FOUT", HERE)
    assert isinstance(entering.begin(world.db, CHEAP, token_of(new), new.code, mine), Refused)
