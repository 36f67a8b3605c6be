"""Bring a database to the present shape. An SQLite file is copied first: a failed change cannot be undone there."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from app.store.revisions import current, migrations_directory, newest
from app.store.types import utc_now


def upgrade(url: str) -> None:
    """Migrate to the newest revision. Does nothing when the database is there already."""
    before = current(url)
    if before == newest():
        return
    if before is not None:
        back_up(url, before)
    command.upgrade(configuration(url), "head")


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Migrate in a transaction of the caller: when that is undone, so is this."""
    config = configuration("")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Go back to an older revision: for tests, and for a rollback of a release."""
    command.downgrade(configuration(url), revision)


def check(url: str) -> None:
    """Raise when the tables in the code differ from what the migrations make."""
    command.check(configuration(url))


def back_up(url: str, revision: str, at: datetime | None = None) -> Path | None:
    """Copy an SQLite file next to itself, also while it is in use. Gives the copy, or `None` on another engine."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    source = Path(parsed.database)
    copy = source.with_name(f"{source.stem}-{revision}-{at or utc_now():%Y%m%d%H%M%S}.backup.db")
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(copy)) as target:
        original.backup(target)
    return copy


def configuration(url: str) -> Config:
    """Alembic's configuration: where the migrations are, and for which database."""
    config = Config()
    config.set_main_option("script_location", migrations_directory().as_posix())
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config
