"""The clock jumps and terms run by it: nobody is warned or destroyed too soon, and everything keeps its order."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.cli import app
from app.errors import NotAllowed
from app.main import create_app
from app.questionnaires.answers import AnswerPath
from app.reviews.retention import End, Kept, Policy, Term
from app.settings import Settings
from app.store import answers, audit, ids, outbox
from app.store import retention as kept
from app.store.engine import Engine, open_engine, open_session
from app.store.rows import CaseRow
from app.usecases import (
    audit_log,
    cases,
    destroying,
    keeping_daily,
    retention,
    retention_policy,
    wall_clock,
    watching,
)
from app.usecases.answering import Typed
from app.usecases.autosaving import Autosaver
from app.usecases.lines import ZONE, today
from app.usecases.retention import Ask
from tests.usecases.world import World, make_world

pytestmark = pytest.mark.massive

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MONTHS, WARN_DAYS = 12, 30
"""How long the case of this module is kept after it was withdrawn, and how long before the end people are warned."""


@dataclass
class House:
    """An installation in which one case was withdrawn on the first day, and the clock of its machine."""

    engine: Engine
    settings: Settings
    world: World
    case: str
    clock: time_machine.Traveller

    def round(self) -> int:
        """The daily round; gives how many cases were warned about."""
        return keeping_daily.warn_once(self.engine, self.settings).cases

    def warned(self) -> int:
        """How many mails of warning there are to the candidate."""
        with open_session(self.engine) as db:
            to = "anna@voorbeeld.example"
            return sum(row.name == "retention_near" and row.to_address == to for row in outbox.newest(db, 1000))

    def pass_days(self, days: int) -> None:
        """Let days pass on a machine that is on, most of the time."""
        while days:
            step = min(days, 9)
            self.clock.shift(DAY * step)
            self.round()
            days -= step

    def destroy(self) -> None:
        """Two people destroy the case because its term is over."""
        with open_session(self.engine) as db:
            clerk, principal = self.world.clerk, self.world.principal
            asked = retention.ask(db, clerk, self.case, Ask.DESTROY, "Termijn voorbij.")
            destroying.confirm(db, self.settings, principal, self.case, asked, accepted=True)
            db.commit()


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    engine = open_engine(settings.database, settings.master_keys)
    terms = tuple(Term(end, what, MONTHS if what is Kept.CASE else None) for end in End for what in Kept)
    with time_machine.travel(NOON, tick=False) as clock:
        with open_session(engine) as db:
            world = make_world(db, settings)
            retention_policy.set_policy(db, world.admin, Policy("Selectielijst", terms, warn_days=WARN_DAYS))
            case, candidate = world.answering()
            cases.withdraw(db, candidate, case.id)
            db.commit()
        yield House(engine, settings, replace(world, db=db), case.id, clock)
    engine.dispose()


def test_a_clock_that_leaps_years_ahead_warns_nobody_and_destroys_nothing(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.round() == 0
    house.clock.shift(DAY * 2000)
    assert house.round() == 0
    told = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (told["event"], told["count"]) == ("clock_leapt", 2000)
    assert "toetssteen clock confirm" in told["advice"]
    with pytest.raises(NotAllowed, match="klok"):
        house.destroy()
    house.clock.move_to(NOON)
    assert house.round() == 0
    assert house.warned() == 0
    # And when the real day comes, everything goes as it should.
    house.pass_days(365 - WARN_DAYS - 1)
    assert house.warned() == 0
    house.pass_days(1)
    assert house.warned() == 1
    with pytest.raises(NotAllowed, match="nog niet voorbij"):
        house.destroy()
    house.pass_days(WARN_DAYS)
    house.destroy()


def test_a_product_that_was_off_for_long_goes_on_when_somebody_says_that_the_clock_is_right(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.round()
    house.clock.shift(DAY * 400)
    assert house.round() == 0
    for name, value in {"DATABASE_URL": house.settings.database, "DATA_DIR": str(house.settings.data_dir)}.items():
        monkeypatch.setenv(f"TOETSSTEEN_{name}", value)
    done = CliRunner().invoke(app, ["clock", "confirm"])
    assert (done.exit_code, "from 2026-11-23 12:00 to 2027-12-28 12:00" in done.stdout) == (0, True), done.output
    again = CliRunner().invoke(app, ["clock", "confirm"])
    assert (again.exit_code, again.stdout) == (0, "the clock did not leap\n")
    with open_session(house.engine) as db:
        line = audit.last_of(db, "", wall_clock.CONFIRMED, "installation")
        assert line is not None
        assert json.loads(line.detail)["before"] == NOON.isoformat()
        assert audit.verify(db) == ()
    assert house.round() == 1
    house.destroy()


def test_a_warning_from_the_time_ahead_does_not_replace_the_one_in_time(house: House) -> None:
    house.round()
    house.pass_days(365 - WARN_DAYS - 10)
    before = NOON + DAY * (365 - WARN_DAYS - 10)
    house.clock.shift(DAY * 12)  # too little to be seen as a leap
    assert house.round() == 1
    house.clock.move_to(before)
    assert house.round() == 0
    with open_session(house.engine) as db:
        row = kept.find(db, db.get_one(CaseRow, house.case))
        assert row is not None
        assert row.warned_at is None
    house.pass_days(10)
    assert house.warned() == 2


def test_a_clock_that_goes_back_is_believed_and_coming_back_from_there_is_a_leap(house: House) -> None:
    house.round()
    house.clock.move_to(NOON - DAY * 1000)
    house.round()
    with open_session(house.engine) as db:
        assert wall_clock.leap(db) is None
    house.clock.move_to(NOON)
    with open_session(house.engine) as db:
        found = wall_clock.leap(db)
        assert found is not None
        assert found.days == 1000


def test_saves_keep_their_order_and_both_chains_hold_whatever_the_clock_does(house: House, tmp_path: Path) -> None:
    with open_session(house.engine) as db:
        case, candidate = replace(house.world, db=db).answering(name="Bo Berg")
        db.commit()
    saver = Autosaver(house.engine, most_cases=10)
    written = []
    heads = house.settings.model_copy(update={"audit_heads": tmp_path / "heads"})
    # Ahead and back by less than a session lasts.
    for number, hours in enumerate((0, 5, -5, 0.5, -0.5, 1, -1)):
        house.clock.shift(timedelta(hours=hours))
        saved = asyncio.run(saver.save(candidate, case.id, Typed("own_points", (f"Tekst {number}.",))))
        assert saved is not None
        assert saved.changed
        written.append((f"Tekst {number}.", saved.at))
        audit_log.export_once(house.engine, heads)
    assert [moment for _, moment in written] != sorted(moment for _, moment in written)
    # A session that began years ahead by this clock, or is over by it, is asked for again on the ordinary road.
    for leap in (DAY * 400, -DAY * 800):
        house.clock.shift(leap)
        assert asyncio.run(saver.save(candidate, case.id, Typed("own_points", ("Te laat.",)))) is None
        house.clock.shift(-leap)
    saver.close()
    with open_session(house.engine) as db:
        row = db.get_one(CaseRow, case.id)
        path = AnswerPath.parse("own_points")
        tried = [(str(one.answer), one.at) for one in answers.history(db, row, path)]
        assert [moment for _, moment in tried] == [moment for _, moment in reversed(written)]
        assert all(text in found for (text, _), (found, _) in zip(reversed(written), tried, strict=True))
        assert "Tekst 6." in str(answers.load(db, row).answers.get(path))
        assert audit_log.check(db, audit_log.read_heads(tmp_path / "heads")).whole
        assert audit_log.check(db, case_id=case.id).whole


def test_a_process_goes_on_after_what_was_made_while_the_clock_was_ahead(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(settings.database, settings.master_keys)
    with time_machine.travel(NOON + DAY * 2000, tick=False), open_session(engine) as db:
        make_world(db, settings)
        db.commit()
        newest = ids.new_id()
    monkeypatch.setattr(ids, "_clock", type(ids._clock)())
    assert ids.new_id() < newest, "this process would not be a new one"
    with TestClient(create_app(settings)):
        assert ids.new_id() > newest[:10]
    # And a process that is running, after another one made something while its clock was ahead.
    monkeypatch.setattr(ids, "_clock", type(ids._clock)())
    watching.watch_once(engine, settings)
    assert ids.new_id() > newest[:10]
    engine.dispose()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2027-03-27T22:59:59Z", "2027-03-27"),
        ("2027-03-27T23:00:00Z", "2027-03-28"),  # the day that has 23 hours
        ("2027-03-28T21:59:59Z", "2027-03-28"),
        ("2027-03-28T22:00:00Z", "2027-03-29"),
        ("2026-10-24T22:00:00Z", "2026-10-25"),  # the day that has 25
        ("2026-10-25T22:59:59Z", "2026-10-25"),
        ("2026-10-25T23:00:00Z", "2026-10-26"),
    ],
)
def test_a_term_ends_at_midnight_in_the_netherlands_also_around_a_change_of_the_clock(moment: str, day: str) -> None:
    with time_machine.travel(moment, tick=False):
        assert today() == date.fromisoformat(day)
        assert datetime.now(ZONE).date() == today()
