"""How a candidate gets in: link, code and an own proof; coming back; losing a phone; guessing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from app.accounts import second_factor, sessions
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint
from app.errors import NotAllowed, NotFound
from app.settings import Settings
from app.store import candidate_ways, keys, outbox
from app.store.rows import AuditRow, CandidateStepRow, CandidateWayRow
from app.store.types import utc_now
from app.usecases import entering, entering_by_passkey, invitations, signing_in
from app.usecases.entering import AtDoor
from app.usecases.signing_in import Place, Refused
from tests.signing_in import by_mail, mailed_code
from tests.usecases.world import World, make_world, token_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8)


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def at_door(world: World, invited: invitations.Invited) -> AtDoor:
    door = entering.begin(world.db, CHEAP, token_of(invited), invited.code)
    assert isinstance(door, AtDoor)
    return door


def secret_in(world: World, door: AtDoor) -> bytes:
    found = candidate_ways.step(world.db, fingerprint(door.token), utc_now())
    assert found is not None
    assert found[0].secret is not None
    return bytes(found[0].secret)


def code_now(secret: bytes, later: int = 0) -> str:
    return second_factor.code_of(secret, second_factor.step_at(utc_now()) + later)


def with_app(world: World, invited: invitations.Invited) -> bytes:
    """Choose an app; gives its secret."""
    door = at_door(world, invited)
    secret = secret_in(world, door)
    assert isinstance(entering.with_app(world.db, CHEAP, door.token, code_now(secret)), SignedIn)
    return secret


def test_link_and_code_alone_begin_no_session(world: World):
    case = world.case()
    door = at_door(world, world.invited(case))
    assert sessions.who(world.db, CHEAP, door.token) is None
    assert entering.with_mailed_code(world.db, CHEAP, door.token, "") == Refused(entering.WRONG_MAILED)
    assert entering.with_mailed_code(world.db, CHEAP, door.token, "00000000") == Refused(entering.WRONG_MAILED)


def test_a_candidate_pauses_twice_and_comes_back_with_the_same_link_and_codes_by_mail(world: World):
    case = world.case()
    invited = world.invited(case)
    for _ in range(3):
        done = by_mail(world.db, CHEAP, invited.link, invited.code)
        assert isinstance(done, SignedIn)
        assert done.actor.case_id == case.id
        signing_in.sign_out(world.db, done.actor)
        assert sessions.who(world.db, CHEAP, done.token) is None
    assert entering.way_of(world.db, case.id) == "mail"


def test_coming_back_on_another_device_while_still_inside_works(world: World):
    invited = world.invited(world.case())
    first, second = (by_mail(world.db, CHEAP, invited.link, invited.code) for _ in range(2))
    assert isinstance(first, SignedIn)
    assert isinstance(second, SignedIn)
    assert first.token != second.token
    assert sessions.who(world.db, CHEAP, first.token) is not None


def test_the_mail_with_a_code_holds_no_link_and_nothing_of_the_case(world: World):
    invited = world.invited(world.case())
    entering.send_code(world.db, at_door(world, invited).token)
    text = next(outbox.letter_of(row) for row in outbox.newest(world.db) if row.name == "candidate_code").text
    assert "http" not in text
    assert invited.code not in text
    assert "sport" not in text.lower()


def test_whoever_only_reads_the_mailbox_does_not_come_back_in(world: World):
    invited = world.invited(world.case())
    assert isinstance(by_mail(world.db, CHEAP, invited.link, invited.code), SignedIn)
    token = token_of(invited)
    assert isinstance(entering.begin(world.db, CHEAP, token, mailed_code(world.db)), Refused)
    assert isinstance(entering.link_and_app(world.db, CHEAP, token, "123456"), Refused)
    assert entering_by_passkey.ask(world.db, CHEAP, token) is None


def test_a_mailed_code_works_once_in_the_window_that_asked_and_only_the_last_one(world: World):
    invited = world.invited(world.case())
    one, two = at_door(world, invited), at_door(world, invited)
    entering.send_code(world.db, one.token)
    first = mailed_code(world.db)
    assert isinstance(entering.with_mailed_code(world.db, CHEAP, two.token, first), Refused), "another window"
    entering.send_code(world.db, two.token)
    assert isinstance(entering.with_mailed_code(world.db, CHEAP, one.token, first), Refused), "an older code"
    second = mailed_code(world.db)
    assert isinstance(entering.with_mailed_code(world.db, CHEAP, two.token, second), SignedIn)
    assert entering.with_mailed_code(world.db, CHEAP, two.token, second) == Refused(entering.OVER, over=True)


def test_a_mailed_code_ends_after_ten_minutes(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        door = at_door(world, world.invited(world.case()))
        entering.send_code(world.db, door.token)
        clock.shift(timedelta(minutes=10))
        typed = mailed_code(world.db)
        assert entering.with_mailed_code(world.db, CHEAP, door.token, typed) == Refused(entering.WRONG_MAILED)


def test_nobody_can_fill_a_mailbox_with_codes(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        invited = world.invited(world.case())
        for _ in range(entering.MOST_CODES):
            assert entering.send_code(world.db, at_door(world, invited).token) is None
        assert entering.send_code(world.db, at_door(world, invited).token) == Refused(entering.TOO_MANY_CODES)
        clock.shift(timedelta(minutes=61))
        assert entering.send_code(world.db, at_door(world, invited).token) is None


def test_guessing_ends_the_step_and_rests_here_but_not_elsewhere(world: World):
    invited = world.invited(world.case())
    secret = with_app(world, invited)
    token = token_of(invited)
    here, there = Place("192.0.2.1"), Place("198.51.100.7")
    for _ in range(CHEAP.attempts_before_lock):
        assert isinstance(entering.link_and_app(world.db, CHEAP, token, "0", here), Refused)
    good = code_now(secret, 1)
    assert entering.link_and_app(world.db, CHEAP, token, good, here) == Refused(signing_in.resting(CHEAP))
    assert isinstance(entering.link_and_app(world.db, CHEAP, token, good, there), SignedIn)
    failed = world.db.exec(select(AuditRow).where(AuditRow.action == "entering_failed")).all()
    assert len(failed) == CHEAP.attempts_before_lock
    # Where it was tried from is on record too, for who may read it.
    assert {keys.opened_origin(world.db, one.case_id, one.origin) for one in failed} == {"192.0.2.1"}
    assert not any("192.0.2.1" in one.origin for one in failed)


def test_link_and_app_are_enough_afterwards_and_a_code_of_it_works_once(world: World):
    invited = world.invited(world.case())
    secret = with_app(world, invited)
    code = code_now(secret, 1)
    assert isinstance(entering.link_and_app(world.db, CHEAP, token_of(invited), code), SignedIn)
    assert isinstance(entering.link_and_app(world.db, CHEAP, token_of(invited), code), Refused)


def test_who_chose_an_app_cannot_be_let_in_with_a_code_by_mail(world: World):
    invited = world.invited(world.case())
    early = at_door(world, invited)  # a window in which nothing was chosen yet
    with_app(world, invited)
    late = at_door(world, invited)
    for door in (early, late):
        assert entering.send_code(world.db, door.token) == Refused(entering.OVER, over=True)
        assert isinstance(entering.with_mailed_code(world.db, CHEAP, door.token, "12345678"), Refused)
        assert entering_by_passkey.ask_new(world.db, CHEAP, door.token) is None


def test_a_made_up_passkey_is_refused_and_a_question_to_a_device_is_asked_once(world: World):
    invited = world.invited(world.case())
    assert isinstance(by_mail(world.db, CHEAP, invited.link, invited.code), SignedIn)
    way = world.db.exec(select(CandidateWayRow)).one()
    way.way, way.public_key, way.credential_sha256 = "passkey", b"key", "0" * 64
    asked = entering_by_passkey.ask(world.db, CHEAP, token_of(invited))
    assert asked is not None
    assert entering_by_passkey.use(world.db, CHEAP, asked[0], '{"id": "AAEC"}') == Refused(
        entering_by_passkey.NO_PASSKEY
    )
    again = entering_by_passkey.use(world.db, CHEAP, asked[0], '{"id": "AAEC"}')
    assert again == Refused(entering.OVER, over=True)


def test_choosing_again_needs_a_fresh_sign_in_and_is_told_by_mail(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        invited = world.invited(world.case())
        inside = by_mail(world.db, CHEAP, invited.link, invited.code)
        assert isinstance(inside, SignedIn)
        door = AtDoor(entering.change(world.db, inside.actor), "mail")
        secret = secret_in(world, door)
        assert isinstance(entering.with_app(world.db, CHEAP, door.token, code_now(secret)), SignedIn)
        assert signing_in.who(world.db, CHEAP, inside.token) is None
        assert entering.way_of_link(world.db, token_of(invited)) == "app"
        assert "candidate_way_changed" in {row.name for row in outbox.newest(world.db)}
        clock.shift(timedelta(minutes=16))
        with pytest.raises(NotAllowed):
            entering.change(world.db, inside.actor)


def test_a_lost_phone_begins_again_with_a_reason_a_new_link_and_a_new_code(world: World):
    case = world.case()
    old = world.invited(case)
    secret = with_app(world, old)
    waiting = at_door(world, old)
    inside = entering.link_and_app(world.db, CHEAP, token_of(old), code_now(secret, 1))
    assert isinstance(inside, SignedIn)
    with pytest.raises(NotAllowed):
        invitations.begin_again(world.db, CHEAP, world.clerk, case.id, "  ")
    new = invitations.begin_again(world.db, CHEAP, world.clerk, case.id, "Telefoon kwijt, zelf gesproken.")
    assert sessions.who(world.db, CHEAP, inside.token) is None
    assert entering.waiting(world.db, waiting.token) is None
    assert isinstance(entering.begin(world.db, CHEAP, token_of(old), old.code), Refused)
    assert at_door(world, new).way == ""
    kept = world.db.exec(select(CandidateWayRow)).one()
    assert (kept.secret, kept.began_again_why) == (None, "Telefoon kwijt, zelf gesproken.")
    recorded = [row.action for row in world.db.exec(select(AuditRow).where(AuditRow.case_id == case.id)).all()]
    assert {"way_chosen", "way_taken_away"} <= set(recorded)


@pytest.mark.parametrize("who", ["analyst", "auditor", "admin", "elsewhere"])
def test_nobody_else_takes_away_how_a_candidate_gets_in(world: World, who: str):
    case = world.case()
    world.invited(case)
    with pytest.raises(NotFound):
        invitations.begin_again(world.db, CHEAP, getattr(world, who), case.id, "Zomaar.")


def test_what_is_kept_opens_nothing(world: World):
    invited = world.invited(world.case())
    door = at_door(world, invited)
    entering.send_code(world.db, door.token)
    step = world.db.exec(select(CandidateStepRow)).one()
    stored = repr(step.model_dump(exclude={"secret"}))
    assert door.token not in stored
    assert mailed_code(world.db) not in stored


@pytest.mark.parametrize("typed", [lambda code: f"{code[:4]} {code[4:]}", lambda code: f" {code[:4]}-{code[4:]} "])
def test_how_a_mailed_code_is_typed_does_not_matter(world: World, typed: Callable[[str], str]):
    door = at_door(world, world.invited(world.case()))
    entering.send_code(world.db, door.token)
    assert isinstance(entering.with_mailed_code(world.db, CHEAP, door.token, typed(mailed_code(world.db))), SignedIn)
