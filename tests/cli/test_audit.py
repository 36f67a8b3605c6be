"""The commands that keep an eye on the audit log."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.store.engine import Engine, open_engine, open_session
from app.store.processing import pseudonym
from app.usecases import audit_log
from tests.cli.conftest import Run
from tests.store.chains import forge, guard_again, unguard, write

CASE = "1k0z00000000000000000000aa"
NAMED = {"processing_log_key": "a key that is long enough for a name"}


@dataclass(frozen=True)
class Log:
    """A database with seven lines, three of them about a case."""

    url: str
    engine: Engine
    actor: Actor

    def tamper(self, statement: str) -> None:
        with self.engine.begin() as connection:
            taken = unguard(connection)
            connection.execute(sa.text(statement))
            guard_again(connection, taken)

    def more(self) -> None:
        with open_session(self.engine) as db:
            write(db, self.actor, 2, CASE)
            db.commit()


@pytest.fixture
def log(own_database_url: str) -> Iterator[Log]:
    engine = open_engine(own_database_url)
    with open_session(engine) as db:
        actor = system_actor("o")
        write(db, actor, 4)
        write(db, actor, 3, CASE)
        db.commit()
    yield Log(own_database_url, engine, actor)
    engine.dispose()


def test_a_log_that_is_whole_is_told_to_be_and_that_it_was_looked_at(run: Run, log: Log):
    done = run("audit", "verify", "--no-record", database_url=log.url)
    assert (done.exit_code, done.stdout) == (0, "the audit log is whole: 7 lines\n")
    assert run("audit", "verify").exit_code == 0
    assert "8 lines" in run("audit", "verify").stdout
    with Session(log.engine) as db:
        last = audit_log.last_check(db)
    assert last is not None
    assert last.whole


def test_where_the_log_does_not_hold_is_told(run: Run, log: Log):
    log.tamper("UPDATE audit_entry SET detail = '{}' WHERE number = 3")
    done = run("audit", "verify", database_url=log.url)
    assert done.exit_code == 1
    assert done.stderr.splitlines()[0].startswith("all 3: ")
    with Session(log.engine) as db:
        last = audit_log.last_check(db)
    assert last is not None
    assert not last.whole


def test_a_database_that_guards_the_log_no_more_is_told(run: Run, log: Log):
    with log.engine.begin() as connection:
        unguard(connection)
    done = run("audit", "verify", database_url=log.url)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, "the audit log is not guarded")
    assert "audit_head_forward: this trigger is gone or switched off" in done.stderr
    with Session(log.engine) as db:
        last = audit_log.last_check(db)
    assert last is not None
    assert not last.whole


def test_a_forgery_shows_although_its_own_head_was_exported_after_the_true_one(run: Run, log: Log, tmp_path: Path):
    kept = tmp_path / "heads.jsonl"
    assert run("audit", "heads", "--out", kept, "--cases", database_url=log.url).exit_code == 0
    with Session(log.engine) as db:
        forge(db, "UPDATE audit_entry SET actor_name = 'Iemand Anders' WHERE number = 2")
        db.commit()
    # The next hour, as long as nothing was written: another line with the same number.
    assert run("audit", "heads", "--out", kept, "--cases").exit_code == 0
    for case in ((), ("--case", CASE)):
        done = run("audit", "verify", "--heads", kept, "--no-record", *case)
        assert done.exit_code == 1
        assert "this is not the line that stood here when the heads were exported" in done.stderr


def test_one_case_is_checked_by_itself(run: Run, log: Log):
    log.tamper("UPDATE audit_entry SET detail = '{}' WHERE number = 3")
    done = run("audit", "verify", "--case", CASE, database_url=log.url)
    assert (done.exit_code, done.stdout) == (0, "the audit log is whole: 3 lines\n")
    log.tamper("UPDATE audit_entry SET detail = '{}' WHERE number = 6")
    done = run("audit", "verify", "--case", CASE)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{CASE} 2: ")


def test_the_log_is_held_against_what_was_exported_before(run: Run, log: Log, tmp_path: Path):
    kept = tmp_path / "heads.jsonl"
    assert run("audit", "heads", "--out", kept, "--cases", database_url=log.url).exit_code == 0
    log.more()
    assert run("audit", "heads", "--out", kept).exit_code == 0
    done = run("audit", "verify", "--heads", kept, "--no-record")
    assert done.stdout == "the audit log is whole: 9 lines, and goes through 3 exported heads\n"
    for statement in (
        "DELETE FROM audit_entry WHERE number > 4",
        f"DELETE FROM audit_head WHERE chain = '{CASE}'",  # noqa: S608 - our own words
        "UPDATE audit_head SET number = 4, digest = (SELECT digest FROM audit_entry WHERE number = 4) WHERE chain = 'all'",
    ):
        log.tamper(statement)
    assert run("audit", "verify", "--no-record").exit_code == 0
    done = run("audit", "verify", "--heads", kept)
    assert done.exit_code == 1
    assert f"{CASE} 3: lines are missing at the end" in done.stderr
    assert "all 9: lines are missing at the end" in done.stderr


def test_where_the_log_ends_is_told_without_a_file(run: Run, log: Log):
    told = [json.loads(line) for line in run("audit", "heads", database_url=log.url).stdout.splitlines()]
    assert [(one["chain"], one["number"]) for one in told] == [("all", 7)]
    told = [json.loads(line) for line in run("audit", "heads", "--cases").stdout.splitlines()]
    assert [(one["chain"], one["number"]) for one in told] == [("all", 7), (CASE, 3)]


@pytest.mark.parametrize("text", ["", "no JSON", '{"chain": "all"}', "[1]", None])
def test_a_file_without_heads_is_refused(run: Run, log: Log, tmp_path: Path, text: str | None):
    kept = tmp_path / "heads.jsonl"
    if text is not None:
        kept.write_text(f"{text}\n" if text else "")
    done = run("audit", "verify", "--heads", kept, database_url=log.url)
    assert done.exit_code == 2
    assert str(kept) in done.stderr


def test_the_name_of_somebody_in_the_processing_log_is_told(run: Run):
    done = run("audit", "subject", CASE, **NAMED)
    assert done.stdout == f"{pseudonym(NAMED['processing_log_key'].encode(), CASE)}\n"
