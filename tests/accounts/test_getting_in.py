"""Getting in: passwords, sessions, and the two halves of an invitation."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.accounts import passwords, tokens
from app.accounts.actor import Actor
from app.accounts.invitations import present
from app.accounts.sessions import SignedIn
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, Step
from app.settings import Settings
from app.store import audit, cases, outbox, signins
from app.store.rows import AuditRow
from app.usecases import entering, invitations, people, signing_in
from app.usecases.entering import AtDoor
from app.usecases.signing_in import NOWHERE, Halfway, Place, Refused
from tests.signing_in import PASSWORD, enter
from tests.usecases.world import World, make_world, token_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8)
CLERK = "gerda.griffioen@voorbeeld.example"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def sign_in(world: World, email: str = CLERK, password: str = PASSWORD) -> Halfway | Refused:
    return signing_in.begin(world.db, CHEAP, email, password, Place("127.0.0.1"))


def halfway(result: Halfway | Refused) -> Halfway:
    assert isinstance(result, Halfway), result
    return result


def session_of(world: World, email: str = CLERK) -> SignedIn:
    return inside(enter(world.db, CHEAP, email))


def inside(result: SignedIn | Refused) -> SignedIn:
    assert isinstance(result, SignedIn), result
    return result


def who(world: World, token: str) -> Actor | None:
    return signing_in.who(world.db, CHEAP, token)


def test_the_right_password_opens_and_the_token_is_nowhere_in_the_database(world: World):
    done = session_of(world)
    actor = who(world, done.token)
    assert actor is not None
    assert (actor.name, actor.role) == ("Gerda Griffioen", Role.CLERK)
    found = signins.find(world.db, tokens.fingerprint(done.token))
    assert found is not None
    assert done.token not in repr(found.sign_in.model_dump())


def test_somebody_who_does_not_exist_hears_the_same_as_a_wrong_password(world: World):
    assert sign_in(world, password="verkeerd") == sign_in(world, email="niemand@voorbeeld.example")


def test_capitals_and_spaces_around_an_address_do_not_matter(world: World):
    assert session_of(world, f"  {CLERK.upper()} ").actor.name == "Gerda Griffioen"


def test_after_five_failures_an_address_rests_and_the_pause_ends_by_itself(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            assert sign_in(world, password="verkeerd") == Refused(signing_in.WRONG)
        resting = sign_in(world)
        assert isinstance(resting, Refused)
        assert resting.message != signing_in.WRONG
        clock.shift(timedelta(minutes=15, seconds=1))
        assert halfway(sign_in(world)).token


def test_a_session_ends_after_half_an_hour_without_requests(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        token = session_of(world).token
        for _ in range(3):
            clock.shift(timedelta(minutes=29))
            assert who(world, token) is not None
        clock.shift(timedelta(minutes=30))
        assert who(world, token) is None


def test_a_session_ends_after_twelve_hours_whatever_happens(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        token = session_of(world).token
        for _ in range(48):
            clock.shift(timedelta(minutes=14, seconds=59))
            assert who(world, token) is not None
        clock.shift(timedelta(minutes=5))
        assert who(world, token) is None


def test_signing_out_ends_the_session_at_once_and_for_good(world: World):
    done = session_of(world)
    signing_in.sign_out(world.db, done.actor)
    assert who(world, done.token) is None


def test_switching_off_an_account_ends_its_sessions(world: World):
    done = session_of(world)
    people.deactivate(world.db, world.admin, done.actor.id)
    assert who(world, done.token) is None
    assert sign_in(world) == Refused(signing_in.WRONG)


def test_only_an_administrator_adds_people_and_never_a_candidate(world: World):
    new = {"name": "Nieuw Mens", "email": "nieuw@voorbeeld.example", "password": PASSWORD}
    with pytest.raises(NotFound):
        people.add_person(world.db, CHEAP, world.clerk, role=Role.ANALYST, **new)
    refused = people.add_person(world.db, CHEAP, world.admin, role=Role.CANDIDATE, **new)
    assert isinstance(refused, tuple)
    assert [problem.field for problem in refused] == ["role"]
    assert not isinstance(people.add_person(world.db, CHEAP, world.admin, role=Role.ANALYST, **new), tuple)
    again = people.add_person(world.db, CHEAP, world.admin, role=Role.ANALYST, **new)
    assert isinstance(again, tuple)
    assert [problem.field for problem in again] == ["email"]


def test_every_problem_with_a_new_account_is_told_at_once(world: World):
    done = people.add_person(world.db, CHEAP, world.admin, name=" ", email="geen adres", role=Role.CLERK, password="x")
    assert isinstance(done, tuple)
    assert [problem.field for problem in done] == ["name", "email", "password"]


def test_an_administrator_cannot_switch_off_the_own_account(world: World):
    with pytest.raises(NotAllowed):
        people.deactivate(world.db, world.admin, world.admin.id)


@given(st.text(max_size=600))
def test_any_text_can_be_tried_as_a_password(text: str):
    stored = passwords.hash_password(CHEAP, PASSWORD)
    assert passwords.verify_password(CHEAP, text, stored)[0] is (text == PASSWORD)


def test_a_password_hashed_at_a_lower_cost_is_hashed_again(world: World):
    dearer = CHEAP.model_copy(update={"argon2_time_cost": 2})
    before = signins.person_by_email(world.db, CLERK)
    assert before is not None
    old = before.password_hash
    assert isinstance(signing_in.begin(world.db, dearer, CLERK, PASSWORD), Halfway)
    assert before.password_hash != old
    assert passwords.verify_password(dearer, PASSWORD, before.password_hash) == (True, None)


def test_a_link_alone_tells_whose_it_is_and_no_name(world: World):
    invited = world.invited(world.case())
    face = invitations.face(world.db, token_of(invited))
    assert (face.organisation_name, face.state) == ("Gemeente Voorbeeldstad", "open")
    assert "Anna" not in repr(face)
    with pytest.raises(NotFound):
        invitations.face(world.db, "geen link")


def test_link_and_code_together_open_as_often_as_needed(world: World):
    case = world.case()
    invited = world.invited(case)
    for _ in range(3):
        actor = world.enter(invited)
        assert actor.case_id == case.id
        signing_in.sign_out(world.db, actor)
    assert cases.access(world.db, world.clerk, case.id).case.step is Step.ANSWERING


@pytest.mark.parametrize("change", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_how_a_code_is_typed_does_not_matter(world: World, change: Callable[[str], str]):
    invited = world.invited(world.case())
    assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), change(invited.code)), AtDoor)


def test_neither_token_nor_code_is_stored(world: World):
    invited = world.invited(world.case())
    row = outbox.newest(world.db)[0]
    assert invited.code not in repr(row.content)
    presented = present(world.db, token_of(invited))
    assert presented is not None
    stored = repr(presented.invitation.model_dump())
    assert token_of(invited) not in stored
    assert invited.code not in stored


def test_wrong_codes_make_the_invitation_rest_for_a_while_and_lock_nobody_out(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        invited = world.invited(world.case())
        for _ in range(5):
            assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), "FOUT"), Refused)
        assert entering.rests(world.db, CHEAP, token_of(invited), NOWHERE)
        assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), invited.code), Refused)
        clock.shift(timedelta(minutes=15))
        assert not entering.rests(world.db, CHEAP, token_of(invited), NOWHERE)
        assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), invited.code), AtDoor)


def test_an_invitation_ends(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        invited = world.invited(world.case())
        clock.shift(timedelta(days=60))
        assert invitations.face(world.db, token_of(invited)).state == "expired"
        assert isinstance(entering.begin(world.db, CHEAP, token_of(invited), invited.code), Refused)


def test_inviting_again_makes_the_old_link_useless(world: World):
    case = world.case()
    old, new = world.invited(case), world.invited(case)
    assert invitations.face(world.db, token_of(old)).state == "revoked"
    assert isinstance(entering.begin(world.db, CHEAP, token_of(old), old.code), Refused)
    assert world.enter(new).case_id == case.id


def test_the_code_travels_in_a_mail_of_its_own_when_asked(world: World):
    case = world.case()
    invited = invitations.invite(world.db, CHEAP, world.clerk, case.id, code_by="mail")
    mails = {row.name: repr(row.content) for row in outbox.newest(world.db) if row.case_id == case.id}
    assert invited.code in mails["invitation_code"]
    assert invited.link not in mails["invitation_code"]
    assert invited.code not in mails["invitation_link"]


def test_a_preview_of_the_letter_sends_nothing(world: World):
    case = world.case()
    letter = invitations.preview(world.db, CHEAP, world.clerk, case.id)
    assert "/uitnodiging/voorbeeld" in letter.text
    assert outbox.newest(world.db) == []


def test_getting_in_and_out_is_on_record(world: World):
    done = session_of(world)
    signing_in.sign_out(world.db, done.actor)
    audit.settle(world.db)
    assert audit.verify(world.db) == ()
    rows = world.db.exec(select(AuditRow).where(AuditRow.actor_id == done.actor.id)).all()
    came, left = sorted(rows, key=lambda row: row.number)
    # BIO2 8.15.01: act, object, outcome, origin, who, when; and with which proof.
    assert (came.action, came.object_kind, came.object_id, came.result) == ("signed_in", "person", done.actor.id, "ok")
    assert (came.origin, came.actor_name, came.actor_role) == (done.actor.origin, "Gerda Griffioen", "clerk")
    assert datetime.fromisoformat(came.at).utcoffset() == timedelta(0)
    assert json.loads(came.detail) == {"with": "app"}
    assert left.action == "signed_out"


@pytest.mark.parametrize("password", ["kort", "a" * 12, "ababababababab", "x" * 501])
def test_a_password_that_is_easy_to_guess_or_endless_is_refused_with_advice(password: str):
    problem = passwords.password_problem(password)
    assert problem is not None
    assert problem.endswith(".")
    assert passwords.password_problem("een korte zin") is None


def test_the_same_letters_composed_differently_are_the_same_password():
    stored = passwords.hash_password(CHEAP, "een zin met caf\u00e9")
    assert passwords.verify_password(CHEAP, "een zin met cafe\u0301", stored)[0]


def test_a_password_longer_than_anybody_types_is_not_even_hashed():
    stored = passwords.hash_password(CHEAP, PASSWORD)
    assert passwords.verify_password(CHEAP, "x" * 5_000_000, stored) == (False, None)


def test_a_lockout_ends_when_a_clock_that_was_ahead_is_set_back(world: World):
    with time_machine.travel(NOON + timedelta(days=2000), tick=False) as clock:
        for _ in range(CHEAP.attempts_before_lock):
            sign_in(world, password="verkeerd")
        clock.shift(timedelta(minutes=-10))
        assert isinstance(sign_in(world), Refused), "a small step back frees nobody"
        clock.move_to(NOON)
        halfway(sign_in(world))


def test_a_session_does_not_outlive_its_limits_when_a_clock_that_was_ahead_is_set_back(world: World):
    with time_machine.travel(NOON + timedelta(days=2000), tick=False) as clock:
        token = session_of(world).token
        clock.shift(timedelta(minutes=-10))
        assert who(world, token) is not None, "a small step back sends nobody away"
        clock.move_to(NOON)
        assert who(world, token) is None


def test_a_link_and_a_session_that_were_over_stay_over_when_the_clock_leaps_ahead(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        token = session_of(world).token
        clock.shift(timedelta(days=4000))
        assert who(world, token) is None
