"""Whether a database has the shape of this release, without loading the migration tool: a server asks it at every start.

The tool keeps the revision in a table of one row, and each migration file names itself and the one before it. A test
holds both answers against the tool's own.
"""

import re
from pathlib import Path

from sqlalchemy import inspect, text

from app.store.engine import open_engine

_REVISION = re.compile(r"""^(down_)?revision\b[^=]*=\s*(?:"([^"]+)"|'([^']+)'|None)""", re.MULTILINE)


def current(url: str) -> str | None:
    """Tell the revision of a database, or `None` when it is empty."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return None if found is None else str(found)
    finally:
        engine.dispose()


def newest() -> str | None:
    """Tell the newest revision there is: the one that no other migration follows. `None` when there are none."""
    names, followed = set[str](), set[str]()
    for file in migrations_directory().joinpath("versions").glob("*.py"):
        for down, double, single in _REVISION.findall(file.read_text(encoding="utf-8")):
            if name := double or single:
                (followed if down else names).add(name)
    return next(iter(names - followed), None)


def migrations_directory() -> Path:
    """Find the migrations: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).parents[1]
    inside = package / "_migrations"
    return inside if inside.is_dir() else package.parent / "migrations"
