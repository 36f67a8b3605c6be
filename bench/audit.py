"""P12: checking the audit log, against reading the same lines and taking one SHA-256 of each.

python -m bench.audit [lines]
"""

import hashlib
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.accounts.actor import system_actor
from app.store import chain, migrating, verifying
from app.store.chain import FIELDS, Line
from app.store.engine import Engine, open_engine

ROUNDS = 7
CASES = 50


def fill(engine: Engine, count: int) -> None:
    """Write lines as saves do: most of them about one of a number of cases."""
    actor = system_actor("0" * 26)
    lines = [
        Line(
            actor=actor,
            action="answer_saved",
            object_kind="answer",
            object_id="side_positions[0123456789ab].authority_ties",
            case_id=f"{number % CASES:026}" if number % 20 else None,
        )
        for number in range(count)
    ]
    with engine.begin() as connection:
        for first in range(0, count, 1000):
            chain.write(connection, lines[first : first + 1000])


def scan(path: Path) -> None:
    """Read every line and hash its text: what any check has to do at least."""
    columns = ", ".join(FIELDS)
    with sqlite3.connect(path) as connection:
        for row in connection.execute(f"SELECT {columns}, digest FROM audit_entry ORDER BY number"):  # noqa: S608 - constants
            hashlib.sha256(repr(row).encode()).hexdigest()
    connection.close()


def lines() -> Iterator[str]:
    """Measure and tell."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[0].endswith("audit.py") else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.db"
        migrating.upgrade(f"sqlite:///{path}")
        engine = open_engine(f"sqlite:///{path}")
        fill(engine, count)

        def check() -> None:
            with engine.connect() as connection:
                found = verifying.verify(connection)
            if found != verifying.Verified(count, ()):
                raise AssertionError(found)

        pairs = [(_time(check), _time(lambda: scan(path))) for _ in range(ROUNDS)]
        engine.dispose()
    ratios = [mine / theirs for mine, theirs in pairs]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    yield (
        f"P12 {count:,} lines checked in {mine:.2f} s, read and hashed in {theirs:.2f} s: "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}), to reach ≤ 3, goal ≤ 1.5"
    )


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
