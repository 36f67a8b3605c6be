"""Who lost every proof begins again: two people, everybody concerned is told, and nobody does it alone."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from app.accounts.actor import Actor
from app.accounts.sessions import SignedIn
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import audit, outbox, proofs
from app.store.rows import AuditRow, StartOverRow
from app.usecases import people, signing_in, starting_over
from app.usecases.lines import PersonLine
from app.usecases.people import FieldProblem
from app.usecases.signing_in import Place, Refused
from tests.signing_in import PASSWORD, enter, let_in
from tests.usecases.world import World, make_world

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8)
CLERK = "gerda.griffioen@voorbeeld.example"
SECOND = "tweede.beheerder@voorbeeld.example"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def second_admin(world: World) -> Actor:
    done = people.add_person_by_command(
        world.db, CHEAP, organisation="Gemeente Voorbeeldstad", tier=None, name="Tweede Beheerder", email=SECOND,
        role=Role.ADMIN, password=PASSWORD,
    )  # fmt: skip
    assert isinstance(done, PersonLine)
    return let_in(world.db, CHEAP, SECOND).actor


def asked(world: World, about: str, reason: str = "Telefoon kwijt") -> str:
    """Let the administrator ask it; gives the id of the request."""
    assert starting_over.ask(world.db, CHEAP, world.admin, about, reason) is None
    return starting_over.waiting(world.db, world.admin)[-1].id


def mailed(world: World) -> list[str]:
    """To whom the mails about requests went."""
    return [row.to_address for row in outbox.newest(world.db) if row.name == "start_over"]


def told(world: World) -> list[tuple[str, str]]:
    """Who did what to a request."""
    audit.settle(world.db)
    rows = world.db.exec(select(AuditRow).where(AuditRow.object_kind == "start_over").order_by(AuditRow.number))  # type: ignore[arg-type]
    return [(row.actor_id, row.action) for row in rows]


def test_nothing_changes_until_another_administrator_agrees(world: World):
    second = second_admin(world)
    entered = enter(world.db, CHEAP, CLERK)
    assert isinstance(entered, SignedIn)
    clerk = entered.actor.id
    request = asked(world, clerk)
    assert signing_in.who(world.db, CHEAP, entered.token) is not None
    assert proofs.has_factor(world.db, clerk)
    assert set(mailed(world)) == {CLERK, SECOND, "bea.beheer@voorbeeld.example"}
    with pytest.raises(NotAllowed):
        starting_over.agree(world.db, CHEAP, world.admin, request)
    with pytest.raises(NotAllowed):
        starting_over.agree(world.db, CHEAP, world.principal, request)
    starting_over.agree(world.db, CHEAP, second, request)
    assert signing_in.who(world.db, CHEAP, entered.token) is None
    assert signing_in.begin(world.db, CHEAP, CLERK, PASSWORD, Place()) == Refused(signing_in.WRONG)
    assert not people.account(world.db, CHEAP, world.admin, clerk).begun
    [link] = [row for row in outbox.newest(world.db) if (row.name, row.to_address) == ("account_invitation", CLERK)]
    assert "Telefoon kwijt" in str(link.content["text"])
    assert told(world) == [(world.admin.id, "start_over_asked"), (second.id, "start_over_agreed")]
    with pytest.raises(NotAllowed):
        starting_over.agree(world.db, CHEAP, second, request)


def test_with_one_administrator_the_principal_agrees(world: World):
    request = asked(world, world.clerk.id)
    starting_over.agree(world.db, CHEAP, world.principal, request)
    assert not people.account(world.db, CHEAP, world.admin, world.clerk.id).begun


def test_whom_it_is_about_never_decides(world: World):
    second = second_admin(world)
    request = asked(world, second.id)
    with pytest.raises(NotAllowed):
        starting_over.agree(world.db, CHEAP, second, request)
    starting_over.agree(world.db, CHEAP, world.principal, request)
    assert not people.account(world.db, CHEAP, world.admin, second.id).begun


def test_nobody_makes_a_second_person_for_the_occasion(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        made = people.add_person(
            world.db, CHEAP, world.admin, name="Stro Man", email=SECOND, role=Role.ADMIN, password=PASSWORD
        )
        assert isinstance(made, PersonLine)
        straw = let_in(world.db, CHEAP, SECOND).actor
        request = asked(world, world.clerk.id)
        assert SECOND not in mailed(world)
        with pytest.raises(NotAllowed):
            starting_over.agree(world.db, CHEAP, straw, request)
        starting_over.refuse(world.db, world.principal, request)
        clock.shift(starting_over.SETTLED + timedelta(seconds=1))
        starting_over.agree(world.db, CHEAP, straw, asked(world, world.clerk.id))


def test_an_administrator_who_was_only_invited_is_no_second_person(world: World):
    people.invite(world.db, CHEAP, world.admin, name="Nog Niet", email=SECOND, role=Role.ADMIN)
    request = asked(world, world.clerk.id)
    assert SECOND not in mailed(world)
    starting_over.agree(world.db, CHEAP, world.principal, request)


def test_without_a_second_person_only_a_command_is_left(world: World):
    people.deactivate(world.db, world.admin, world.principal.id)
    refused = starting_over.ask(world.db, CHEAP, world.admin, world.clerk.id, "Telefoon kwijt")
    assert refused == FieldProblem("reason", starting_over.NOBODY_ELSE)
    enter(world.db, CHEAP, CLERK)
    with pytest.raises(NotAllowed):
        starting_over.by_command(world.db, CHEAP, CLERK, "")
    link = starting_over.by_command(world.db, CHEAP, CLERK, "Telefoon kwijt")
    assert "/welkom/" in link
    assert not people.account(world.db, CHEAP, world.admin, world.clerk.id).begun
    assert told(world) == [("system", "start_over_agreed")]
    [kept] = world.db.exec(select(StartOverRow)).all()
    assert (kept.reason, kept.outcome) == ("Telefoon kwijt", "agreed")


@pytest.mark.parametrize("ended", ["refused", "taken_back", "expired"])
def test_what_was_refused_taken_back_or_is_over_does_nothing(world: World, ended: str):
    with time_machine.travel(NOON, tick=False) as clock:
        entered = enter(world.db, CHEAP, CLERK)
        assert isinstance(entered, SignedIn)
        request = asked(world, world.clerk.id)
        if ended == "refused":
            with pytest.raises(NotAllowed):
                starting_over.refuse(world.db, world.admin, request)
            starting_over.refuse(world.db, world.principal, request)
        elif ended == "taken_back":
            with pytest.raises(NotAllowed):
                starting_over.take_back(world.db, world.principal, request)
            starting_over.take_back(world.db, world.admin, request)
        else:
            clock.shift(timedelta(hours=CHEAP.start_over_hours))
        with pytest.raises(NotAllowed):
            starting_over.agree(world.db, CHEAP, world.principal, request)
        assert proofs.has_factor(world.db, world.clerk.id)
        assert starting_over.waiting(world.db, world.admin) == ()
        assert starting_over.ask(world.db, CHEAP, world.admin, world.clerk.id, "Nog een keer") is None


def test_only_one_request_waits_and_it_needs_a_reason(world: World):
    ask = starting_over.ask
    assert ask(world.db, CHEAP, world.admin, world.clerk.id, " ") == FieldProblem("reason", starting_over.NO_REASON)
    asked(world, world.clerk.id)
    again = ask(world.db, CHEAP, world.admin, world.clerk.id, "Toch nog eens")
    assert again == FieldProblem("reason", starting_over.WAITS)


def test_where_only_the_organisation_lets_people_in_nothing_is_asked(world: World):
    elsewhere = CHEAP.model_copy(update={"local_accounts": False})
    refused = starting_over.ask(world.db, elsewhere, world.admin, world.clerk.id, "Telefoon kwijt")
    assert refused == FieldProblem("reason", starting_over.ELSEWHERE)


def test_only_administrators_ask_and_nobody_elsewhere_sees_it(world: World):
    for actor in (world.clerk, world.principal, world.auditor, world.analyst):
        with pytest.raises(NotFound):
            starting_over.ask(world.db, CHEAP, actor, world.idle_analyst.id, "Telefoon kwijt")
    with pytest.raises(NotAllowed):
        starting_over.ask(world.db, CHEAP, world.admin, world.admin.id, "Telefoon kwijt")
    with pytest.raises(NotFound):
        starting_over.ask(world.db, CHEAP, world.admin, world.elsewhere.id, "Telefoon kwijt")
    request = asked(world, world.clerk.id)
    for actor in (world.clerk, world.elsewhere, world.auditor, world.analyst):
        with pytest.raises(NotFound):
            starting_over.waiting(world.db, actor)
        with pytest.raises(NotFound):
            starting_over.agree(world.db, CHEAP, actor, request)
    there = people.add_person_by_command(
        world.db, CHEAP, organisation="Provincie Middenland", tier=None, name="Elders Beheerder",
        email="elders@voorbeeld.example", role=Role.ADMIN, password=PASSWORD,
    )  # fmt: skip
    assert isinstance(there, PersonLine)
    stranger = let_in(world.db, CHEAP, "elders@voorbeeld.example").actor
    assert starting_over.waiting(world.db, stranger) == ()
    with pytest.raises(NotFound):
        starting_over.agree(world.db, CHEAP, stranger, request)
