"""Whether a database has the shape of this release, without loading the migration tool: a server asks it at every start.

The tool keeps the revision in a table of one row, and each migration file names itself and the one before it. A test
holds both answers against the tool's own.
"""

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.store.engine import open_engine

TABLE = "alembic_version"
"""Where the tool keeps the revision."""

_REVISION = re.compile(r"""^(down_)?revision\b[^=]*=\s*(?:"([^"]+)"|'([^']+)'|None)""", re.MULTILINE)


def current(url: str) -> str | None:
    """Tell the revision of a database, or `None` when it is empty."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return of(connection)
    finally:
        engine.dispose()


def of(connection: Connection) -> str | None:
    """Tell the revision of a database that is open, or `None` when it is empty."""
    if not inspect(connection).has_table(TABLE):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a constant
    return None if found is None else str(found)


def newest() -> str | None:
    """Tell the newest revision there is: the one that no other migration follows. `None` when there are none."""
    return next(reversed(line()), None)


def line() -> tuple[str, ...]:
    """Give every revision that this release knows, the oldest first."""
    after: dict[str, str] = {}
    for file in migrations_directory().joinpath("versions").glob("*.py"):
        named = {down: double or single for down, double, single in _REVISION.findall(file.read_text(encoding="utf-8"))}
        if "" in named:
            after[named.get("down_", "")] = named[""]
    found, last = [], ""
    while last in after:
        found.append(last := after[last])
    return tuple(found)


def migrations_directory() -> Path:
    """Find the migrations: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).parents[1]
    inside = package / "_migrations"
    return inside if inside.is_dir() else package.parent / "migrations"
