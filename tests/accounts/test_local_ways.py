"""Where the organisation lets people in, nothing of this installation does: for everybody, or for who belongs to it there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlmodel import Session, select

from app.accounts import local_ways, recovery, second_factor, sessions
from app.accounts.sessions import SignedIn
from app.errors import NotAllowed
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import identities, outbox, proofs
from app.store.rows import AccountLinkRow, AuditRow, IdentityRow
from app.store.types import utc_now
from app.usecases import joining, own_account, people, second_step, setting_up, signing_in, starting_over
from app.usecases.lines import PersonLine
from app.usecases.people import FieldProblem
from app.usecases.signing_in import Halfway, Refused
from tests.signing_in import PASSWORD, code_of, enter, give_app, let_in, person
from tests.usecases.world import World, make_world

OPEN = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8)
SWITCHED_OFF = OPEN.model_copy(update={"local_accounts": False, "oidc_issuer": "https://login.voorbeeld.example"})
BESIDE = OPEN.model_copy(update={"oidc_issuer": "https://login.voorbeeld.example"})
CLERK, OTHER = "gerda.griffioen@voorbeeld.example", "bram.burgers@voorbeeld.example"
NEW = "nieuw.mens@voorbeeld.example"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, OPEN)


@pytest.fixture(params=["for everybody", "for who belongs to it"])
def closed(request: pytest.FixtureRequest) -> Settings:
    """Settings under which the ways of this installation are closed for whom `close` closed them."""
    return SWITCHED_OFF if request.param == "for everybody" else BESIDE


def close(world: World, email: str = CLERK) -> None:
    """Let an account belong to somebody at the provider, as if it did so in spite of what joining takes away."""
    identities.link(world.db, person(world.db, email).id, "https://login.voorbeeld.example", email, utc_now())
    world.db.flush()


@contextmanager
def nothing_changes(world: World, told: str | None = None) -> Iterator[None]:
    def stand() -> tuple[object, ...]:
        row = person(world.db, CLERK)
        return row.password_hash, row.role, proofs.has_factor(world.db, row.id), identities.is_linked(world.db, row.id)

    world.db.flush()
    before = stand()
    with pytest.raises(NotAllowed, match=told), world.db.begin_nested():
        yield
    assert stand() == before


def link_of(world: World, email: str) -> str:
    """The token of the last link that was mailed to somebody."""
    text = next(str(row.content["text"]) for row in outbox.newest(world.db) if row.to_address == email)
    found = re.search(r"/welkom/([\w-]+)", text)
    assert found is not None
    return found[1]


def test_no_proof_of_this_installation_opens_anything(world: World, closed: Settings) -> None:
    give_app(world.db, CLERK)
    step = signing_in.begin(world.db, OPEN, CLERK, PASSWORD)
    assert isinstance(step, Halfway)
    codes = setting_up.new_codes(world.db, let_in(world.db, OPEN, CLERK).actor)
    close(world)
    for typed in (code_of(CLERK), codes[0]):
        # Halfway already: the right password was given before.
        try:
            outcome: object = second_step.finish(world.db, closed, step.token, typed)
        except NotAllowed as refusal:
            outcome = Refused(refusal.reason)
        assert isinstance(outcome, Refused), typed
    assert recovery.looks_like_one(codes[0])


def test_the_first_second_proof_opens_nothing_either(world: World, closed: Settings) -> None:
    step = signing_in.begin(world.db, OPEN, CLERK, PASSWORD)
    assert isinstance(step, Halfway)
    found = setting_up.found_step(world.db, step.token, "setup")
    assert found is not None
    assert found[0].secret is not None
    code = second_factor.code_of(found[0].secret, second_factor.step_at(utc_now()))
    close(world)
    with nothing_changes(world):
        setting_up.confirm_app(world.db, closed, step.token, code)


def test_no_command_signs_anybody_in(world: World, closed: Settings) -> None:
    give_app(world.db, CLERK)
    close(world)
    try:
        outcome: object = second_step.at_once(world.db, closed, CLERK, PASSWORD, code_of(CLERK))
    except NotAllowed as refusal:
        outcome = Refused(refusal.reason)
    assert isinstance(outcome, Refused)


def test_a_passkey_opens_nothing(world: World, closed: Settings) -> None:
    """Every way ends in one place, which looks once more: also the one of a passkey, which needs a browser to try."""
    close(world)
    row = person(world.db, CLERK)
    with pytest.raises(NotAllowed):
        sessions.start_for_person(world.db, closed, row, "")
    assert isinstance(sessions.start_for_person(world.db, closed, row, "", single_sign_on=True), SignedIn)


def test_no_link_is_mailed_and_one_that_was_opens_nothing(world: World, closed: Settings) -> None:
    row = person(world.db, CLERK)
    joining.send_link(world.db, OPEN, world.admin, row, "password")
    token = link_of(world, CLERK)
    close(world)
    shown = joining.face(world.db, closed, token)
    assert shown is not None
    assert not shown.open
    assert joining.choose_password(world.db, closed, token, PASSWORD) == Refused(joining.USED_UP, over=True)
    assert joining.without_password(world.db, closed, token) == Refused(joining.USED_UP, over=True)
    with nothing_changes(world):
        joining.send_link(world.db, closed, world.admin, row, "invitation")


def test_asking_for_a_new_password_mails_nothing(world: World, closed: Settings) -> None:
    close(world)
    before = len(outbox.newest(world.db))
    engine = SimpleNamespace()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "open_session", lambda _engine: _Kept(world.db))
        joining.forgotten(engine, closed, CLERK, signing_in.NOWHERE)  # type: ignore[arg-type]
        assert len(outbox.newest(world.db)) == before
        joining.forgotten(engine, OPEN, CLERK, signing_in.NOWHERE)  # type: ignore[arg-type]
        assert len(outbox.newest(world.db)) == before + 1


class _Kept:
    """The session of the test, which stays open."""

    def __init__(self, db: Session) -> None:
        self._db = db

    def __enter__(self) -> Session:
        return self._db

    def __exit__(self, *_: object) -> None:
        self._db.flush()


def test_nobody_is_let_begin_again_here(world: World, closed: Settings) -> None:
    give_app(world.db, CLERK)
    assert starting_over.ask(world.db, OPEN, world.admin, world.clerk.id, "Telefoon kwijt") is None
    waiting = starting_over.waiting(world.db, world.admin)[-1].id
    close(world)
    with nothing_changes(world):
        starting_over.agree(world.db, closed, world.principal, waiting)
    starting_over.take_back(world.db, world.admin, waiting)
    asked = starting_over.ask(world.db, closed, world.admin, world.clerk.id, "Telefoon kwijt")
    assert asked == FieldProblem("reason", starting_over.ELSEWHERE)


def test_the_role_of_who_signs_in_there_is_not_given_here(world: World, closed: Settings) -> None:
    close(world)
    with nothing_changes(world):
        people.change_role(world.db, closed, world.admin, world.clerk.id, Role.ANALYST)


def test_whoever_came_in_there_changes_no_proof_here(world: World) -> None:
    actor = sessions.start_for_person(world.db, BESIDE, person(world.db, CLERK), "", single_sign_on=True).actor
    assert own_account.look(world.db, actor).elsewhere
    for change in (
        lambda: own_account.change_password(world.db, BESIDE, actor, "", PASSWORD),
        lambda: own_account.begin_adding(world.db, actor),
        lambda: own_account.add_app(world.db, actor, "", ""),
        lambda: own_account.add_passkey(world.db, BESIDE, actor, "", "", ""),
        lambda: own_account.renew_codes(world.db, actor),
    ):
        with nothing_changes(world):
            change()


def test_a_session_that_began_here_is_over_when_local_accounts_are_switched_off(world: World) -> None:
    here = let_in(world.db, OPEN, CLERK)
    there = sessions.start_for_person(world.db, OPEN, person(world.db, OTHER), "", single_sign_on=True)
    candidate = world.enter(world.invited(world.case()))
    assert signing_in.who(world.db, SWITCHED_OFF, here.token) is None
    assert sessions.remaining(world.db, SWITCHED_OFF, here.token) is None
    assert not sessions.stay(world.db, SWITCHED_OFF, here.token)
    assert signing_in.who(world.db, SWITCHED_OFF, there.token) is not None
    assert signing_in.who(world.db, OPEN, here.token) is not None
    assert candidate.is_candidate


def test_a_candidate_comes_in_as_before(world: World) -> None:
    there = replace(world, settings=SWITCHED_OFF)
    assert there.enter(there.invited(there.case())).is_candidate


def test_nobody_is_invited_where_everybody_comes_in_there(world: World) -> None:
    with pytest.raises(NotAllowed):
        people.invite(world.db, SWITCHED_OFF, world.admin, name="Nieuw Mens", email=NEW, role=Role.ANALYST)
    with pytest.raises(NotAllowed):
        people.may_invite(SWITCHED_OFF, world.admin)
    with pytest.raises(NotAllowed, match="local accounts are switched off"):
        people.add_person_by_command(
            world.db, SWITCHED_OFF, organisation="Gemeente Voorbeeldstad", tier=None, name="Nieuw Mens", email=NEW,
            role=Role.ANALYST,
        )  # fmt: skip
    # Beside single sign-on they are: for who is not in the directory of the organisation.
    done = people.invite(world.db, BESIDE, world.admin, name="Nieuw Mens", email=NEW, role=Role.ANALYST)
    assert isinstance(done, PersonLine)
    assert isinstance(joining.choose_password(world.db, BESIDE, link_of(world, NEW), PASSWORD), Halfway)


def test_others_keep_their_ways_beside_single_sign_on(world: World) -> None:
    close(world)
    assert isinstance(enter(world.db, BESIDE, OTHER), SignedIn)


def test_where_local_accounts_are_off_the_command_takes_nothing_away(world: World) -> None:
    give_app(world.db, CLERK)
    with nothing_changes(world, "TOETSSTEEN_LOCAL_ACCOUNTS"):
        starting_over.by_command(world.db, SWITCHED_OFF, CLERK, "Er is niemand anders")


def test_a_command_parts_an_account_from_a_provider_that_is_gone(world: World) -> None:
    close(world)
    with pytest.raises(NotAllowed, match="--reason"):
        starting_over.by_command(world.db, BESIDE, CLERK, "")
    address = starting_over.by_command(world.db, BESIDE, CLERK, "De inlogdienst is weg")
    assert not identities.is_linked(world.db, world.clerk.id)
    step = joining.choose_password(world.db, BESIDE, address.rpartition("/")[2], PASSWORD)
    assert isinstance(step, Halfway)
    assert "identity_unlinked" in {row.action for row in world.db.exec(select(AuditRow)).all()}


def test_without_single_sign_on_an_account_that_belonged_to_it_is_one_of_this_installation_again(world: World) -> None:
    close(world)
    assert local_ways.closed(world.db, BESIDE, world.clerk.id)
    assert not local_ways.closed(world.db, OPEN, world.clerk.id)
    address = joining.send_link(world.db, OPEN, world.admin, person(world.db, CLERK), "password")
    step = joining.choose_password(world.db, OPEN, address.rpartition("/")[2], PASSWORD)
    assert isinstance(step, Halfway)


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_provider_is_the_same_with_and_without_a_slash(world: World, slash: str) -> None:
    close(world)
    named = BESIDE.model_copy(update={"oidc_issuer": f"https://login.voorbeeld.example{slash}"})
    assert local_ways.closed(world.db, named, world.clerk.id)
    identities.link(world.db, world.clerk.id, "https://login.voorbeeld.example/", CLERK, utc_now())
    assert local_ways.closed(world.db, named, world.clerk.id)


def test_with_another_provider_an_account_of_the_old_one_is_open_here_again(world: World) -> None:
    """So that its person gets in by mail and a new second proof, and joins it to who they are at the new one."""
    close(world)
    moved = BESIDE.model_copy(update={"oidc_issuer": "https://nieuw.voorbeeld.example"})
    assert not local_ways.closed(world.db, moved, world.clerk.id)
    assert not people.account(world.db, moved, world.admin, world.clerk.id).elsewhere
    assert local_ways.closed(world.db, moved.model_copy(update={"local_accounts": False}), world.clerk.id)


def test_an_administrator_sees_who_comes_in_there(world: World) -> None:
    close(world)
    about = people.account(world.db, BESIDE, world.admin, world.clerk.id)
    assert (about.elsewhere, about.begun) == (True, True)
    other = people.account(world.db, BESIDE, world.admin, world.principal.id)
    assert (other.elsewhere, other.begun) == (False, True)
    left = people.account(world.db, SWITCHED_OFF, world.admin, world.principal.id)
    assert (left.elsewhere, left.begun) == (True, False)


def test_a_subject_belongs_to_one_account_and_an_account_to_one_subject(world: World) -> None:
    close(world)
    identities.link(world.db, world.clerk.id, "https://elders.voorbeeld.example", "iemand", utc_now())
    world.db.flush()
    [row] = world.db.exec(select(IdentityRow).where(IdentityRow.person_id == world.clerk.id)).all()
    assert row.issuer == "https://elders.voorbeeld.example"
    assert world.db.exec(select(AccountLinkRow)).all() == []
