"""The same proof twice at the same moment, with real commits: it works once, on either engine."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts import second_factor
from app.accounts.passwords import hash_password, verify_password
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint
from app.settings import Settings
from app.store import candidate_ways, proofs
from app.store.engine import open_engine, open_session
from app.store.types import utc_now
from app.usecases import entering, joining, own_account, second_step, setting_up, signing_in
from app.usecases.entering import AtDoor
from app.usecases.signing_in import Halfway, Place, Refused
from tests.accounts.authenticator import SITE, Device
from tests.signing_in import PASSWORD, code_of, give_app, let_in, mailed_code, person
from tests.usecases.world import World, make_world, token_of

CLERK = "gerda.griffioen@voorbeeld.example"
AT_ONCE = 4


class Crowd:
    """The world, committed, and several who act in it at the same moment."""

    def __init__(self, engine: Engine, settings: Settings, world: World) -> None:
        self.engine, self.settings, self.world = engine, settings, world

    def act(self, act: Callable[[Session], Any]) -> Any:
        with open_session(self.engine) as db:
            done = act(db)
            db.commit()
            return done

    def how_many_get_in(self, *acts: Callable[[Session], Any]) -> int:
        """Let everybody act at once; gives how many have a session, and sees to it that it lives."""
        start = Barrier(len(acts))

        def go(act: Callable[[Session], Any]) -> Any:
            start.wait(timeout=30)
            return self.act(act)

        with ThreadPoolExecutor(len(acts)) as pool:
            done = [one for one in pool.map(go, acts) if isinstance(one, SignedIn)]
        with open_session(self.engine) as db:
            assert all(signing_in.who(db, self.settings, one.token) for one in done)
        return len(done)


@pytest.fixture
def crowd(settings: Settings) -> Iterator[Crowd]:
    chosen = settings.model_copy(update={"base_url": SITE})
    engine = open_engine(chosen.database, chosen.master_keys)
    with open_session(engine) as db:
        world = make_world(db, chosen)
        give_app(db, CLERK)
        db.commit()
    yield Crowd(engine, chosen, world)
    engine.dispose()


def halfway(crowd: Crowd) -> str:
    def begin(db: Session) -> Any:
        return signing_in.begin(db, crowd.settings, CLERK, PASSWORD)

    done = crowd.act(begin)
    assert isinstance(done, Halfway)
    return done.token


def test_a_code_of_the_app_at_several_doors_at_once_opens_one(crowd: Crowd):
    code, tokens = code_of(CLERK), [halfway(crowd) for _ in range(AT_ONCE)]

    def give(token: str) -> Callable[[Session], Any]:
        return lambda db: second_step.finish(db, crowd.settings, token, code, Place(f"192.0.2.{token[:2]}"))

    assert crowd.how_many_get_in(*map(give, tokens)) == 1


def test_a_code_of_the_app_twice_at_one_door_opens_it_once(crowd: Crowd):
    code, token = code_of(CLERK), halfway(crowd)
    acts = [lambda db: second_step.finish(db, crowd.settings, token, code) for _ in range(AT_ONCE)]
    assert crowd.how_many_get_in(*acts) == 1


def test_a_recovery_code_at_several_doors_at_once_opens_one(crowd: Crowd):
    codes = crowd.act(lambda db: setting_up.new_codes(db, let_in(db, crowd.settings, CLERK).actor))
    tokens = [halfway(crowd) for _ in range(AT_ONCE)]

    def give(token: str) -> Callable[[Session], Any]:
        return lambda db: second_step.finish(db, crowd.settings, token, codes[0])

    assert crowd.how_many_get_in(*map(give, tokens)) == 1
    with open_session(crowd.engine) as db:
        assert proofs.recovery_codes_left(db, person(db, CLERK).id) == len(codes) - 1


def test_the_answer_of_a_device_sent_twice_at_once_opens_once(crowd: Crowd):
    device = Device()

    def give_key(db: Session) -> None:
        proofs.forget_all(db, person(db, CLERK).id)
        begun = signing_in.begin(db, crowd.settings, CLERK, PASSWORD)
        assert isinstance(begun, Halfway)
        options = setting_up.ask_for_passkey(db, crowd.settings, begun.token)
        assert options is not None
        entered = setting_up.confirm_passkey(db, crowd.settings, begun.token, device.make(options))
        assert isinstance(entered, setting_up.Entered)

    crowd.act(give_key)
    token, options = crowd.act(lambda db: second_step.ask_for_passkey(db, crowd.settings))
    answer = device.sign(options)
    acts = [lambda db: second_step.with_passkey(db, crowd.settings, token, answer) for _ in range(AT_ONCE)]
    assert crowd.how_many_get_in(*acts) == 1


def test_a_copy_of_a_device_and_the_device_itself_at_once_are_not_both_let_in(crowd: Crowd):
    device = Device()

    def give_key(db: Session) -> None:
        proofs.forget_all(db, person(db, CLERK).id)
        begun = signing_in.begin(db, crowd.settings, CLERK, PASSWORD)
        assert isinstance(begun, Halfway)
        options = setting_up.ask_for_passkey(db, crowd.settings, begun.token)
        assert options is not None
        setting_up.confirm_passkey(db, crowd.settings, begun.token, device.make(options))

    crowd.act(give_key)
    asked = [crowd.act(lambda db: second_step.ask_for_passkey(db, crowd.settings)) for _ in range(AT_ONCE)]
    acts = []
    for token, options in asked:
        device.count = 6
        answer = device.sign(options)

        def use(db: Session, token: str = token, answer: str = answer) -> Any:
            return second_step.with_passkey(db, crowd.settings, token, answer)

        acts.append(use)
    assert crowd.how_many_get_in(*acts) == 1


def test_a_link_for_a_password_used_twice_at_once_sets_one(crowd: Crowd):
    link = crowd.act(
        lambda db: joining.send_link(db, crowd.settings, crowd.world.admin, person(db, CLERK), "password")
    ).rpartition("/")[2]
    taken = []

    def choose(password: str) -> Callable[[Session], Any]:
        def act(db: Session) -> Any:
            done = joining.choose_password(db, crowd.settings, link, password)
            taken.append(password) if isinstance(done, Halfway) else None
            return done

        return act

    words = [f"{number} hele andere woorden achter elkaar" for number in range(AT_ONCE)]
    crowd.how_many_get_in(*map(choose, words))
    assert len(taken) == 1
    with open_session(crowd.engine) as db:
        assert isinstance(signing_in.begin(db, crowd.settings, CLERK, taken[0]), Halfway)


def test_a_code_of_a_candidates_app_at_several_doors_at_once_opens_one(crowd: Crowd):
    invited = crowd.act(lambda db: _invited(crowd, db))
    token = token_of(invited)
    door = crowd.act(lambda db: entering.begin(db, crowd.settings, token, invited.code))
    assert isinstance(door, AtDoor)

    def choose(db: Session) -> bytes:
        found = candidate_ways.step(db, fingerprint(door.token), utc_now())
        assert found is not None
        secret = bytes(found[0].secret or b"")
        code = second_factor.code_of(secret, second_factor.step_at(utc_now()) - 1)
        assert isinstance(entering.with_app(db, crowd.settings, door.token, code), SignedIn)
        return secret

    secret = crowd.act(choose)
    code = second_factor.code_of(secret, second_factor.step_at(utc_now()))
    acts = [lambda db: entering.link_and_app(db, crowd.settings, token, code) for _ in range(AT_ONCE)]
    assert crowd.how_many_get_in(*acts) == 1


def test_a_mailed_code_sent_twice_at_once_opens_once(crowd: Crowd):
    invited = crowd.act(lambda db: _invited(crowd, db))
    door = crowd.act(lambda db: entering.begin(db, crowd.settings, token_of(invited), invited.code))
    assert isinstance(door, AtDoor)
    crowd.act(lambda db: entering.send_code(db, door.token))
    code = crowd.act(mailed_code)
    acts = [lambda db: entering.with_mailed_code(db, crowd.settings, door.token, code) for _ in range(AT_ONCE)]
    assert crowd.how_many_get_in(*acts) == 1


def _invited(crowd: Crowd, db: Session) -> Any:
    world = replace(crowd.world, db=db)
    return world.invited(world.case())


def test_a_password_that_was_changed_while_it_was_looked_at_opens_nothing(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
):
    """Also not when its hash would be made anew: that would put the old password back."""
    new = "een heel andere zin om te onthouden"
    real = verify_password

    def slow(settings: Settings, password: str, stored: str | None) -> tuple[bool, str | None]:
        done = real(settings, password, stored)
        if stored is not None:
            with open_session(crowd.engine) as db:
                person(db, CLERK).password_hash = hash_password(settings, new)
                db.commit()
        return done[0], stored

    monkeypatch.setattr("app.usecases.signing_in.verify_password", slow)
    begun = crowd.act(lambda db: signing_in.begin(db, crowd.settings, CLERK, PASSWORD))
    assert begun == Refused(signing_in.WRONG)
    monkeypatch.undo()
    assert isinstance(crowd.act(lambda db: signing_in.begin(db, crowd.settings, CLERK, new)), Halfway)


def test_of_two_new_passwords_at_once_one_is_refused(crowd: Crowd):
    """The second was typed with the old password in mind, which is not the old one any more."""
    actors = [crowd.act(lambda db: let_in(db, crowd.settings, CLERK).actor) for _ in range(2)]
    done = []

    def change(number: int) -> Callable[[Session], Any]:
        def act(db: Session) -> Any:
            words = f"{number} hele andere woorden achter elkaar"
            done.append(own_account.change_password(db, crowd.settings, actors[number], PASSWORD, words))

        return act

    crowd.how_many_get_in(change(0), change(1))
    assert [one is None for one in done].count(True) == 1
