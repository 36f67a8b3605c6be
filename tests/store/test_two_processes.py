"""Two processes of the product on one database: chains that do not fork, and master keys that are replaced meanwhile."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from sqlmodel import select

from app.crypto import masters
from app.store import audit, rewrapping
from app.store.engine import open_engine, open_session
from app.store.rows import AnswerRow, AuditHeadRow, CaseRow
from tests.store.test_sealing import make_two

ROOT = Path(__file__).parents[2]
TURNS = 3
EACH = 12
"""How many cases each process makes, at least, between two replacements."""


def test_the_master_key_is_replaced_again_and_again_while_two_processes_write(own_database_url: str, tmp_path: Path):
    file = tmp_path / "master.key"
    masters.create_file(file)
    engine = open_engine(own_database_url, masters.from_file(file))
    with open_session(engine) as db:
        first, _ = make_two(db)
        db.commit()
    made: list[str] = []
    with ExitStack() as running:
        busy = [running.enter_context(started(own_database_url, file, first.id)) for _ in range(2)]
        for _ in range(TURNS):
            made += [line(one) for one in busy for _ in range(EACH)]
            masters.add_to_file(file)
            assert rewrapping.rewrap(engine) >= len(made)
            with engine.connect() as connection:
                old = [one for one in rewrapping.wrappings(connection) if not one.current]
            assert {one.count for one in old} == {0}
            # As the manual says: what wraps nothing any more may go, with everybody still at work.
            for wrapping in old:
                masters.take_from_file(file, wrapping.master_id)
            made += [line(one) for one in busy for _ in range(EACH)]
        for one in busy:
            made += ended(one)
    engine.dispose()
    assert len(set(made)) == len(made) >= TURNS * 2 * 2 * EACH
    read_back(own_database_url, file, first.id, made)


def started(url: str, file: Path, first: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.store.busy", url, str(file), first],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def line(process: subprocess.Popen[str]) -> str:
    """Wait for the next case that a process made."""
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    assert said, "the process ended"
    return said


def ended(process: subprocess.Popen[str]) -> list[str]:
    """Let a process finish, and give the cases it made since."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    rest = process.stdout.read().split()
    assert process.wait(timeout=120) == 0
    return rest


def read_back(url: str, file: Path, first: str, made: list[str]) -> None:
    """Everything opens with the one key that is left, and no chain forked."""
    assert len(masters.from_file(file).all()) == 1
    engine = open_engine(url, masters.from_file(file))
    with open_session(engine) as db:
        assert {db.get_one(CaseRow, one).candidate_name for one in made} == {"Anna Veld"}
        answers = db.exec(select(AnswerRow).where(AnswerRow.case_id != first)).all()
        assert {one.content["value"] for one in answers if one.content and one.case_id in made} == {1, 2, 3}
        assert audit.verify(db) == ()
        assert db.get_one(AuditHeadRow, first).number == len(made)
    engine.dispose()
