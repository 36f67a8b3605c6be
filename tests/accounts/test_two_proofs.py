"""Two proofs: setting up, getting in, what a stranger can and cannot do, and what an administrator may."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from app.accounts import passwords, second_factor
from app.accounts.sessions import SignedIn
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import outbox, proofs
from app.store.rows import LoginAttemptRow
from app.store.types import utc_now
from app.usecases import entering, joining, own_account, people, second_step, setting_up, signing_in
from app.usecases.demo import codes
from app.usecases.lines import PersonLine
from app.usecases.signing_in import Halfway, Place, Refused
from tests.signing_in import PASSWORD, code_of, enter, give_app, let_in, person
from tests.usecases.world import World, make_world

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8)
CLERK = "gerda.griffioen@voorbeeld.example"
NEW = "nieuw.mens@voorbeeld.example"
HERE, ELSEWHERE = Place("192.0.2.1"), Place("198.51.100.7")


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def begin(world: World, password: str = PASSWORD, place: Place = HERE, email: str = CLERK) -> Halfway | Refused:
    return signing_in.begin(world.db, CHEAP, email, password, place)


def halfway(result: Halfway | Refused) -> Halfway:
    assert isinstance(result, Halfway), result
    return result


def set_up(world: World, step: Halfway, email: str) -> setting_up.Entered:
    """Scan the picture and type the first code."""
    assert step.purpose == "setup"
    found = setting_up.found_step(world.db, step.token, "setup")
    assert found is not None
    assert found[0].secret is not None
    code = second_factor.code_of(found[0].secret, second_factor.step_at(utc_now()))
    done = setting_up.confirm_app(world.db, CHEAP, step.token, code, HERE)
    assert isinstance(done, setting_up.Entered), done
    return done


def invited(world: World, email: str = NEW) -> str:
    """Invite a colleague; gives the token of the link in the mail."""
    done = people.invite(world.db, CHEAP, world.admin, name="Nieuw Mens", email=email, role=Role.ANALYST)
    assert isinstance(done, PersonLine)
    mail = outbox.newest(world.db)[0]
    assert mail.name == "account_invitation"
    text = str(mail.content["text"])
    return next(line for line in text.splitlines() if "/welkom/" in line).rpartition("/")[2]


def test_from_an_invitation_to_a_session(world: World):
    token = invited(world)
    assert isinstance(joining.choose_password(world.db, CHEAP, token, "kort"), Refused)
    step = halfway(joining.choose_password(world.db, CHEAP, token, PASSWORD))
    done = set_up(world, step, NEW)
    assert done.signed_in.actor.name == "Nieuw Mens"
    assert len(done.codes) == 10
    assert isinstance(joining.choose_password(world.db, CHEAP, token, PASSWORD), Refused)
    assert setting_up.look(world.db, step.token) is None


def test_an_invitation_ends(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        token = invited(world)
        clock.shift(timedelta(hours=72))
        face = joining.face(world.db, CHEAP, token)
        assert face is not None
        assert not face.open
        assert isinstance(joining.choose_password(world.db, CHEAP, token, PASSWORD), Refused)
        assert joining.face(world.db, CHEAP, "geen link") is None


def test_a_password_alone_opens_nothing(world: World):
    give_app(world.db, CLERK)
    step = halfway(begin(world))
    assert step.purpose == "factor"
    assert signing_in.who(world.db, CHEAP, step.token) is None
    refused = second_step.finish(world.db, CHEAP, step.token, "000000", HERE)
    assert refused == Refused(second_step.WRONG_CODE)
    assert isinstance(second_step.finish(world.db, CHEAP, step.token, code_of(CLERK), HERE), SignedIn)
    over = second_step.finish(world.db, CHEAP, step.token, code_of(CLERK), HERE)
    assert isinstance(over, Refused)
    assert over.over


def test_who_has_a_second_proof_cannot_set_up_another_one_with_the_password(world: World):
    first = halfway(begin(world))
    assert first.purpose == "setup"
    give_app(world.db, CLERK)
    assert isinstance(setting_up.confirm_app(world.db, CHEAP, first.token, "123456"), Refused)
    assert setting_up.look(world.db, first.token) is None


def test_a_code_of_the_app_works_once(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        assert isinstance(enter(world.db, CHEAP, CLERK), SignedIn)
        assert isinstance(enter(world.db, CHEAP, CLERK), Refused)
        clock.shift(30)
        assert isinstance(enter(world.db, CHEAP, CLERK), SignedIn)


def test_a_step_ends_after_a_quarter_of_an_hour_and_after_five_wrong_codes(world: World):
    give_app(world.db, CLERK)
    with time_machine.travel(NOON, tick=False) as clock:
        step = halfway(begin(world))
        clock.shift(timedelta(minutes=15))
        assert second_step.waiting(world.db, step.token) is None
        step = halfway(begin(world))
        for _ in range(4):
            assert second_step.finish(world.db, CHEAP, step.token, "000000", HERE) == Refused(second_step.WRONG_CODE)
        assert second_step.finish(world.db, CHEAP, step.token, "000000", HERE) == Refused(second_step.OVER, over=True)
        assert outbox.newest(world.db)[0].name == "sign_in_warning"
        again = halfway(begin(world, place=ELSEWHERE))
        assert isinstance(second_step.finish(world.db, CHEAP, again.token, code_of(CLERK), ELSEWHERE), SignedIn)


def test_a_recovery_code_works_once_and_is_told_by_mail(world: World):
    done = set_up(world, halfway(begin(world)), CLERK)
    step = halfway(begin(world))
    assert isinstance(second_step.finish(world.db, CHEAP, step.token, done.codes[0].lower(), HERE), SignedIn)
    assert outbox.newest(world.db)[0].name == "recovery_used"
    step = halfway(begin(world))
    assert isinstance(second_step.finish(world.db, CHEAP, step.token, done.codes[0], HERE), Refused)
    assert proofs.recovery_codes_left(world.db, person(world.db, CLERK).id) == 9


def test_a_stranger_cannot_keep_somebody_out(world: World):
    entered = enter(world.db, CHEAP, CLERK)
    assert isinstance(entered, SignedIn)
    device = signing_in.remember_device(world.db, entered.actor, "")
    with time_machine.travel(NOON, tick=False):
        for number in range(60):
            assert isinstance(begin(world, "geraden", Place(f"198.51.100.{number}")), Refused)
        for _ in range(6):
            assert isinstance(begin(world, "geraden", HERE), Refused)
        resting = begin(world, PASSWORD, HERE)
        assert resting == Refused(signing_in.resting(CHEAP))
        # the same network, but a device that this person used before: nothing changed
        halfway(begin(world, PASSWORD, Place("192.0.2.1", device)))
        # somewhere new there is one attempt, and not five
        halfway(begin(world, PASSWORD, Place("203.0.113.5")))
        assert begin(world, "geraden", Place("203.0.113.6")) == Refused(signing_in.WRONG)
        assert begin(world, PASSWORD, Place("203.0.113.6")) == Refused(signing_in.resting(CHEAP))


def test_somebody_who_does_not_exist_costs_as_much_work(world: World, monkeypatch: pytest.MonkeyPatch):
    hashed: list[str | None] = []
    real = passwords.verify_password

    def noted(settings: Settings, password: str, stored: str | None) -> tuple[bool, str | None]:
        hashed.append(stored)
        return real(settings, password, stored)

    monkeypatch.setattr(signing_in, "verify_password", noted)
    assert begin(world, "geraden") == begin(world, "geraden", email="niemand@voorbeeld.example")
    assert len(hashed) == 2
    assert hashed[1] is None


def test_an_administrator_sees_failures_at_accounts_of_the_own_organisation(world: World):
    begin(world, "geraden")
    begin(world, "geraden", email="niemand@voorbeeld.example")
    begin(world, "geraden", email="stijn.statenman@voorbeeld.example")
    world.db.flush()
    found = people.failures(world.db, world.admin)
    assert [(one.name, one.what, one.origin) for one in found.attempts] == [
        ("Gerda Griffioen", "password", HERE.origin)
    ]
    assert found.at_nobody >= 1
    with pytest.raises(NotFound):
        people.failures(world.db, world.clerk)


def test_an_administrator_sees_that_a_candidate_failed_and_not_which(world: World):
    invited = world.invited(world.case(name="Anna Veld"))
    token = invited.link.rpartition("/")[2]
    entering.begin(world.db, CHEAP, token, "FOUT-FOUT", HERE)
    door = entering.begin(world.db, CHEAP, token, invited.code, HERE)
    assert isinstance(door, entering.AtDoor)
    entering.with_app(world.db, CHEAP, door.token, "000000", HERE)
    world.db.flush()
    found = people.failures(world.db, world.admin).attempts
    assert {(one.what, one.name, one.origin) for one in found} == {
        ("code", "", HERE.origin),
        ("candidate", "", HERE.origin),
    }
    assert "Anna" not in repr(found)


def test_attempts_of_long_ago_are_kept_nowhere(world: World):
    def kept() -> int:
        return len(world.db.exec(select(LoginAttemptRow)).all())

    with time_machine.travel(NOON, tick=False) as clock:
        before = kept()
        begin(world, "een verkeerde zin")
        clock.shift(timedelta(days=29))
        begin(world, "een verkeerde zin")
        assert kept() == before + 2
        clock.shift(timedelta(days=2))
        begin(world, "een verkeerde zin")
        assert kept() == before + 2


def test_another_role_ends_the_sessions(world: World):
    signed_in = let_in(world.db, CHEAP, CLERK)
    people.change_role(world.db, CHEAP, world.admin, signed_in.actor.id, Role.AUDITOR)
    assert signing_in.who(world.db, CHEAP, signed_in.token) is None
    with pytest.raises(NotAllowed):
        people.change_role(world.db, CHEAP, world.admin, world.admin.id, Role.CLERK)


def test_one_changes_the_own_account_only_right_after_signing_in(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        actor = let_in(world.db, CHEAP, CLERK).actor
        assert own_account.look(world.db, actor).fresh
        assert len(own_account.renew_codes(world.db, actor)) == 10
        assert isinstance(own_account.change_password(world.db, CHEAP, actor, PASSWORD, "gerdagriffioen"), Refused)
        clock.shift(timedelta(minutes=15))
        for change in (own_account.renew_codes, own_account.begin_adding):
            with pytest.raises(NotAllowed):
                change(world.db, actor)
        with pytest.raises(NotAllowed):
            own_account.change_password(world.db, CHEAP, actor, PASSWORD, "een heel andere zin")


def test_a_new_password_ends_the_sessions_and_replaces_the_old_one(world: World):
    done = let_in(world.db, CHEAP, CLERK)
    assert own_account.change_password(world.db, CHEAP, done.actor, PASSWORD, "een heel andere zin") is None
    assert signing_in.who(world.db, CHEAP, done.token) is None
    assert isinstance(begin(world), Refused)
    assert halfway(begin(world, "een heel andere zin")).token
    assert outbox.newest(world.db)[0].name == "account_changed"


def test_a_new_password_asks_for_the_old_one_and_wrong_ones_count(world: World):
    actor = let_in(world.db, CHEAP, CLERK).actor
    for _ in range(CHEAP.attempts_before_lock):
        refused = own_account.change_password(world.db, CHEAP, actor, "een verkeerde zin", "een heel andere zin", HERE)
        assert refused == Refused(own_account.WRONG_CURRENT)
    resting = Refused(signing_in.resting(CHEAP))
    assert own_account.change_password(world.db, CHEAP, actor, PASSWORD, "een heel andere zin", HERE) == resting
    assert begin(world) == resting
    assert halfway(begin(world, place=ELSEWHERE)).token


def test_after_a_change_of_proofs_the_other_sessions_are_over(world: World):
    give_app(world.db, CLERK)
    elsewhere, done = let_in(world.db, CHEAP, CLERK), let_in(world.db, CHEAP, CLERK)
    own_account.renew_codes(world.db, done.actor)
    assert signing_in.who(world.db, CHEAP, elsewhere.token) is None
    elsewhere = let_in(world.db, CHEAP, CLERK)
    token = own_account.begin_adding(world.db, done.actor)
    found = setting_up.found_step(world.db, token, "add")
    assert found is not None
    assert found[0].secret is not None
    code = second_factor.code_of(found[0].secret, second_factor.step_at(utc_now()))
    assert own_account.add_app(world.db, done.actor, token, code) is None
    assert signing_in.who(world.db, CHEAP, elsewhere.token) is None
    assert signing_in.who(world.db, CHEAP, done.token) is not None


def test_a_new_app_takes_the_place_of_the_old_one(world: World):
    give_app(world.db, CLERK)
    actor = let_in(world.db, CHEAP, CLERK).actor
    token = own_account.begin_adding(world.db, actor)
    assert own_account.add_app(world.db, actor, token, "000000") == Refused(setting_up.WRONG_FIRST_CODE)
    found = setting_up.found_step(world.db, token, "add")
    assert found is not None
    assert found[0].secret is not None
    code = second_factor.code_of(found[0].secret, second_factor.step_at(utc_now()))
    assert own_account.add_app(world.db, world.principal, token, code) is not None
    assert own_account.add_app(world.db, actor, token, code) is None
    assert isinstance(enter(world.db, CHEAP, CLERK), Refused)


def test_without_local_accounts_nobody_gets_in_with_a_password(world: World):
    off = CHEAP.model_copy(update={"local_accounts": False})
    assert signing_in.begin(world.db, off, CLERK, PASSWORD) == Refused(signing_in.NO_PASSWORDS)
    assert second_step.with_passkey(world.db, off, "", "") == Refused(signing_in.NO_PASSWORDS)
    with pytest.raises(NotAllowed):
        people.invite(world.db, off, world.admin, name="Nieuw Mens", email=NEW, role=Role.ANALYST)


def test_a_device_answers_a_question_once_and_unknown_keys_are_refused(world: World):
    local = CHEAP.model_copy(update={"base_url": "http://localhost"})
    token, options = second_step.ask_for_passkey(world.db, local)
    assert '"userVerification": "required"' in options
    assert second_step.with_passkey(world.db, local, token, '{"id": "AAEC"}') == Refused(second_step.WRONG_PASSKEY)
    assert second_step.with_passkey(world.db, local, token, '{"id": "AAEC"}') == Refused(second_step.OVER, over=True)


def test_codes_of_invented_people_are_for_development_only(world: World):
    with time_machine.travel(NOON, tick=False):
        assert codes.code_now(world.db, CHEAP, CLERK) == ""
        codes.give_app(world.db, CLERK)
        for _ in range(2):
            step = halfway(begin(world))
            shown = codes.code_now(world.db, CHEAP, CLERK)
            assert isinstance(second_step.finish(world.db, CHEAP, step.token, shown, HERE), SignedIn)
        assert codes.code_now(world.db, CHEAP, CLERK) == ""
    production = CHEAP.model_construct(**{**CHEAP.model_dump(), "environment": "production"})
    with pytest.raises(NotAllowed):
        codes.code_now(world.db, production, CLERK)
