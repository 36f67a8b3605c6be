"""Guessing at six digits from ever new places: bounded over a day, and no way to keep anybody out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session

from app.accounts import second_factor
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint
from app.settings import Settings
from app.store import candidate_ways, outbox
from app.store.types import utc_now
from app.usecases import (
    code_first,
    entering,
    guessing,
    invitations,
    joining,
    own_account,
    second_step,
    setting_up,
    signing_in,
)
from app.usecases.entering import AtDoor
from app.usecases.signing_in import Halfway, Place, Refused
from tests.signing_in import PASSWORD, code_of, enter, give_app, person, secret_of
from tests.usecases.world import World, make_world, token_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8)
CLERK = "gerda.griffioen@voorbeeld.example"
OTHER_PASSWORD = "een heel andere zin om te onthouden"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def places() -> Iterator[Place]:
    """Networks that never end, as somebody with a network of their own has."""
    number = 0
    while True:
        number += 1
        yield Place(f"2001:db8:0:{number:x}::1")


STRANGE = places()


def wrong_code(secret: bytes) -> str:
    """Six digits that fit at no moment near now."""
    near = {second_factor.code_of(secret, second_factor.step_at(utc_now()) + off) for off in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def guess(world: World, typed: str = "", place: Place | None = None, password: str = PASSWORD) -> SignedIn | Refused:
    """Somebody with the password tries a code from a place, by itself a new one."""
    at = place or next(STRANGE)
    halfway = signing_in.begin(world.db, CHEAP, CLERK, password, at)
    assert isinstance(halfway, Halfway), halfway
    return second_step.finish(world.db, CHEAP, halfway.token, typed or wrong_code(secret_of(CLERK)), at)


def warnings(world: World) -> int:
    return sum(row.name == "sign_in_warning" for row in outbox.newest(world.db))


def test_whoever_has_the_password_gets_so_many_guesses_a_day_from_wherever(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        entered = enter(world.db, CHEAP, CLERK, origin="192.0.2.1")
        assert isinstance(entered, SignedIn)
        device = signing_in.remember_device(world.db, entered.actor, "")
        codes = setting_up.new_codes(world.db, entered.actor)
        for number in range(guessing.MOST_IN_A_DAY):
            assert guess(world) == Refused(second_step.WRONG_CODE), number
        clock.shift(timedelta(minutes=CHEAP.lock_minutes + 1))
        assert guess(world, code_of(CLERK)) == Refused(second_step.GUESSED), "also the right one"
        assert warnings(world) == 1
        # On a device of before nothing changed, and a long code cannot be guessed anyway.
        assert isinstance(guess(world, code_of(CLERK), Place("192.0.2.9", device)), SignedIn)
        assert isinstance(guess(world, codes[0]), SignedIn)
        clock.shift(timedelta(days=1))
        assert isinstance(guess(world, code_of(CLERK)), SignedIn)


def test_a_new_password_ends_the_guessing_for_good(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        give_app(world.db, CLERK)
        for _ in range(guessing.MOST_IN_A_DAY):
            guess(world)
        at_the_code = signing_in.begin(world.db, CHEAP, CLERK, PASSWORD, next(STRANGE))
        assert isinstance(at_the_code, Halfway)
        link = joining.send_link(world.db, CHEAP, world.admin, person(world.db, CLERK), "password")
        chosen = joining.choose_password(world.db, CHEAP, link.rpartition("/")[2], OTHER_PASSWORD)
        assert isinstance(chosen, Halfway)
        over = second_step.finish(world.db, CHEAP, at_the_code.token, code_of(CLERK), next(STRANGE))
        assert over == Refused(second_step.OVER, over=True), "what was proven with the old password is over"
        assert isinstance(second_step.finish(world.db, CHEAP, chosen.token, code_of(CLERK), next(STRANGE)), SignedIn)
        clock.shift(timedelta(minutes=2))
        assert isinstance(guess(world, code_of(CLERK), password=OTHER_PASSWORD), SignedIn)


def test_changing_the_password_oneself_ends_what_others_are_halfway_through(world: World):
    entered = enter(world.db, CHEAP, CLERK)
    assert isinstance(entered, SignedIn)
    at_the_code = signing_in.begin(world.db, CHEAP, CLERK, PASSWORD, next(STRANGE))
    assert isinstance(at_the_code, Halfway)
    assert own_account.change_password(world.db, CHEAP, entered.actor, PASSWORD, OTHER_PASSWORD) is None
    assert second_step.waiting(world.db, at_the_code.token) is None


def test_nobody_without_the_password_brings_it_about(world: World):
    give_app(world.db, CLERK)
    for _ in range(guessing.MOST_IN_A_DAY * 2):
        refused = signing_in.begin(world.db, CHEAP, CLERK, "geraden", next(STRANGE))
        assert refused == Refused(signing_in.WRONG)
    assert isinstance(guess(world, code_of(CLERK)), SignedIn)


def test_the_person_hears_of_it_also_when_it_goes_slowly(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        give_app(world.db, CLERK)
        for _ in range(CHEAP.attempts_before_lock):
            assert warnings(world) == 0
            guess(world)
            clock.shift(timedelta(minutes=CHEAP.lock_minutes + 1))
        assert warnings(world) == 1


# ── candidates ──


def with_app(world: World, invited: invitations.Invited) -> tuple[bytes, SignedIn]:
    """Choose an app; gives its secret."""
    door = entering.begin(world.db, CHEAP, token_of(invited), invited.code)
    assert isinstance(door, AtDoor)
    found = candidate_ways.step(world.db, fingerprint(door.token), utc_now())
    assert found is not None
    assert found[0].secret is not None
    secret = bytes(found[0].secret)
    done = entering.with_app(world.db, CHEAP, door.token, now(secret))
    assert isinstance(done, SignedIn)
    return secret, done


def now(secret: bytes, later: int = 0) -> str:
    return second_factor.code_of(secret, second_factor.step_at(utc_now()) + later)


def test_whoever_has_only_the_link_of_a_candidate_gets_so_many_guesses_a_day(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        invited = world.invited(world.case())
        token = token_of(invited)
        secret, done = with_app(world, invited)
        device = entering.remember_device(world.db, done.actor, "")
        clock.shift(timedelta(minutes=2))
        assert isinstance(entering.link_and_app(world.db, CHEAP, token, now(secret), next(STRANGE)), SignedIn)
        for number in range(guessing.MOST_IN_A_DAY):
            assert not code_first.asks_code_first(world.db, CHEAP, token, next(STRANGE)), number
            tried = entering.link_and_app(world.db, CHEAP, token, wrong_code(secret), next(STRANGE))
            assert tried == Refused(entering.WRONG_APP), number
        clock.shift(timedelta(minutes=2))
        assert code_first.asks_code_first(world.db, CHEAP, token, next(STRANGE))
        right = entering.link_and_app(world.db, CHEAP, token, now(secret), next(STRANGE))
        assert right == Refused(entering.CODE_FIRST, over=True)
        # The candidate has the other code too: first that one, then the one of the app, at any place.
        here = next(STRANGE)
        door = entering.begin(world.db, CHEAP, token, invited.code, here)
        assert isinstance(door, AtDoor)
        assert isinstance(entering.with_app(world.db, CHEAP, door.token, now(secret), here), SignedIn)
        # And in a browser of before, link and app are enough.
        clock.shift(timedelta(minutes=2))
        known = Place("192.0.2.1", device)
        assert not code_first.asks_code_first(world.db, CHEAP, token, known)
        assert isinstance(entering.link_and_app(world.db, CHEAP, token, now(secret), known), SignedIn)


def test_with_link_and_code_the_guesses_end_too_and_the_clerk_helps(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        case = world.case()
        invited = world.invited(case)
        secret, _ = with_app(world, invited)
        clock.shift(timedelta(minutes=2))
        for _ in range(guessing.MOST_IN_A_DAY):
            assert entering_after_code(world, invited, wrong_code(secret)) == Refused(entering.WRONG_APP)
        clock.shift(timedelta(minutes=2))
        assert entering_after_code(world, invited, now(secret)) == Refused(entering.GUESSED)
        again = invitations.begin_again(world.db, CHEAP, world.clerk, case.id, "Iemand raadt codes.")
        secret, _ = with_app(world, again)
        clock.shift(timedelta(minutes=2))
        assert isinstance(entering.link_and_app(world.db, CHEAP, token_of(again), now(secret), next(STRANGE)), SignedIn)


def entering_after_code(world: World, invited: invitations.Invited, typed: str) -> SignedIn | Refused:
    place = next(STRANGE)
    door = entering.begin(world.db, CHEAP, token_of(invited), invited.code, place)
    assert isinstance(door, AtDoor)
    return entering.with_app(world.db, CHEAP, door.token, typed, place)


def test_nothing_is_asked_first_where_nothing_was_guessed(world: World):
    invited = world.invited(world.case())
    assert not code_first.asks_code_first(world.db, CHEAP, token_of(invited), next(STRANGE))
    assert not code_first.asks_code_first(world.db, CHEAP, "geen link", next(STRANGE))
