"""What administrators hear without looking: a peak of failed attempts, and a colleague with special rights."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from app.crypto.masters import from_text, new_line
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import audit, outbox
from app.store.engine import Engine, open_engine, open_session
from app.store.rows import AuditRow, OutboxRow, SignInRow
from app.usecases import failure_peaks, people, signing_in, watching
from app.usecases.lines import PersonLine
from app.usecases.signing_in import Place
from tests.signing_in import PASSWORD
from tests.usecases.world import World, make_world

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHEAP = Settings(base_url="http://testserver", argon2_time_cost=1, argon2_memory_kib=8, failure_peak=6)
CLERK = "gerda.griffioen@voorbeeld.example"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session, CHEAP)


def fail(world: World, times: int, email: str = CLERK) -> None:
    for number in range(times):
        signing_in.begin(world.db, CHEAP, email, "geraden", Place(f"198.51.100.{number}"))
    world.db.flush()


def alerts(db: Session, name: str = "failure_peak") -> list[str]:
    """To whom alerts went, oldest first."""
    return [row.to_address for row in reversed(outbox.newest(db)) if row.name == name]


def look(world: World) -> bool:
    return failure_peaks.look(world.db, CHEAP, world.admin.organisation_id)


def test_a_peak_is_told_once_and_the_next_one_again(world: World):
    with time_machine.travel(NOON, tick=False) as clock:
        fail(world, 5)
        assert not look(world)
        fail(world, 1)
        assert look(world)
        assert alerts(world.db) == ["bea.beheer@voorbeeld.example"]
        fail(world, 20)
        assert not look(world)
        clock.shift(timedelta(minutes=CHEAP.failure_peak_minutes, seconds=1))
        fail(world, 3)  # half of it still goes on
        assert not look(world)
        fail(world, 3)
        assert not look(world)
        clock.shift(timedelta(minutes=CHEAP.failure_peak_minutes, seconds=1))
        assert not look(world)  # it is over
        fail(world, 6)
        assert look(world)
    assert len(alerts(world.db)) == 2
    audit.settle(world.db)
    told = world.db.exec(select(AuditRow).where(AuditRow.action == "failures_peaked")).all()
    assert [row.organisation_id for row in told] == [world.admin.organisation_id] * 2


def test_attempts_at_nobody_count_and_those_at_another_organisation_do_not(world: World):
    fail(world, 6, "stijn.statenman@voorbeeld.example")
    assert not look(world)
    fail(world, 6, "niemand@voorbeeld.example")
    assert look(world)


def test_the_watch_looks_by_itself_and_survives_a_failure(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    chosen = settings.model_copy(update={"failure_peak": 3})
    engine = open_engine(chosen.database, chosen.master_keys)
    with open_session(engine) as db:
        fail(make_world(db, chosen), 3)
        db.commit()
    watching.watch_once(engine, chosen)
    watching.watch_once(engine, chosen)
    with open_session(engine) as db:
        assert len([row for row in db.exec(select(OutboxRow)).all() if row.name == "failure_peak"]) == 1
    monkeypatch.setattr(failure_peaks, "look_once", lambda *_: 1 / 0)
    watching.watch_once(engine, chosen)
    engine.dispose()


@pytest.mark.parametrize(("role", "heard"), [(Role.ADMIN, 1), (Role.PRINCIPAL, 1), (Role.CLERK, 0), (Role.AUDITOR, 0)])
def test_other_administrators_hear_who_got_special_rights(world: World, role: Role, heard: int):
    added = people.add_person(
        world.db, CHEAP, world.admin, name="Tweede Beheerder", email="tweede@voorbeeld.example", role=Role.ADMIN,
        password=PASSWORD,
    )  # fmt: skip
    assert isinstance(added, PersonLine)
    told = alerts(world.db, "rights_given")
    assert told[-1:] == ["bram.burgers@voorbeeld.example"], "without another administrator the principal hears it"
    people.change_role(world.db, CHEAP, world.admin, world.idle_analyst.id, role)
    people.invite(world.db, CHEAP, world.admin, name="Nieuw Mens", email="nieuw@voorbeeld.example", role=role)
    assert alerts(world.db, "rights_given").count("tweede@voorbeeld.example") == 2 * heard


def test_what_is_over_for_a_month_and_belongs_to_no_case_is_tidied_away(own_database_url: str):
    engine = open_engine(own_database_url, from_text(new_line()))
    with time_machine.travel(NOON, tick=False) as clock:
        with open_session(engine) as db:
            world = make_world(db, CHEAP)
            case, candidate = world.answering()
            for about, sent in ((None, NOON), (None, None), (case.id, NOON)):
                letter = OutboxRow(
                    organisation_id=world.clerk.organisation_id, case_id=about, name="welcome",
                    to_address="gerda@voorbeeld.example", content={"sent": str(sent), "about": str(about)}, sent_at=sent,
                )  # fmt: skip
                db.add(letter)
            db.commit()
        clock.shift(timedelta(days=30))
        watching.tidy_once(engine)
        sessions, mails = left(engine)
        assert {world.clerk.session_id, candidate.session_id} < sessions
        assert len(mails) == 3
        clock.shift(timedelta(days=1))
        watching.tidy_once(engine)
        sessions, mails = left(engine)
        # What belongs to a case goes with the case, and what did not go out yet stays to be sent.
        assert sessions == {candidate.session_id}
        assert {(one["sent"], one["about"]) for one in mails} == {("None", "None"), (str(NOON), case.id)}
    engine.dispose()


def left(engine: Engine) -> tuple[set[str], list[dict[str, str]]]:
    with open_session(engine) as db:
        mails = [one.content for one in db.exec(select(OutboxRow)).all() if one.name == "welcome"]
        return set(db.exec(select(SignInRow.id)).all()), mails
