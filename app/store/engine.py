"""How a connection is opened, and which promises it keeps.

SQLite: write-ahead log so that readers never wait for a writer, `synchronous=FULL` so that what was acknowledged
survives a power cut, foreign keys on, and a wait instead of an error when another connection writes. A transaction
takes the write lock when it begins: a transaction that reads first and writes later could otherwise fail half-way,
and waiting does not help there (SQLITE_BUSY_SNAPSHOT).
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Engine  # noqa: PLC0414 - others name the type without knowing sqlalchemy
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, ExceptionContext, make_url
from sqlmodel import Session

from app.crypto.masters import MasterKeys
from app.store import sealing as sealing  # noqa: PLC0414 - no row is read or written without its hooks
from app.store.keys import RING, KeyRing
from app.store.trouble import outlives_its_cause

# Forty threads on a few cores wreck the slowest requests; eight connections keep them busy.
CONNECTIONS = 8
BUSY_SECONDS = 10
# A server that vanished without a word (its machine lost power, a cable) is given up after half a minute; the system
# would wait for a quarter of an hour, and everybody with it. What the URL says counts before this.
_PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
READ_ONLY = "toetssteen_reads"
HELD = "held for this transaction"
"""Where a session keeps the rows that every part of one request asks for."""


def open_engine(url: str, masters: MasterKeys | None = None) -> Engine:
    """Open an engine on SQLite or PostgreSQL. The folder of an SQLite file is made when it is missing.

    Without `masters` no content can be read or written: enough to look at the shape of a database.
    """
    engine = _open(url)
    if masters is not None:
        engine.update_execution_options(**{RING: KeyRing(masters)})
    return engine


def _open(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(url, parsed.database)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={name: value for name, value in _PATIENCE.items() if name not in parsed.query},
    )
    event.listen(engine, "reset", _end)
    event.listen(engine, "handle_error", _replace)
    return engine


def open_session(engine: Engine, *, writes: bool = True) -> Session:
    """Open a session. With `writes=False` it sees one moment of the database and never waits for a writer."""
    bound = engine if writes else engine.execution_options(**{READ_ONLY: True})
    return Session(bound, expire_on_commit=False)


def let_go(db: Session) -> None:
    """End the transaction so far, so that nobody waits for this one while something slow happens (hashing, a document).

    Only for use cases that have written nothing yet, or nothing that may not stand by itself. The next query begins a
    new transaction: whatever was read before must be looked at again before anything is written.
    """
    db.info.pop(HELD, None)
    db.commit()


def require_writable(engine: Engine) -> None:
    """Raise what the database raises when it takes no changes: a process that begins so could go on so."""
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        connection.rollback()


def _open_sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        # What was to be written does not stand in the text of an error, which ends up in logs and terminals.
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "reset", _end)
    event.listen(engine, "handle_error", _replace)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions of its own: it would begin too late and break savepoints.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted or overwritten, such as a key that was destroyed, does not stay behind in free pages.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _end(connection: Any, _record: Any, _state: Any) -> None:
    # After a COMMIT that failed (disk full) the connection may still be inside the transaction, while the pool believes
    # that it is over. Without this the next request on the connection could not begin.
    connection.rollback()


def _replace(context: ExceptionContext) -> None:
    if outlives_its_cause(context.original_exception):
        cursor = getattr(context.execution_context, "cursor", None)
        if cursor is not None:
            cursor.close()  # or else the file stays open until the garbage collector comes by
        context.is_disconnect = True
        # Only this connection of SQLite: when all of them are closed while the disk is, what they share of the write-ahead
        # log is opened for reading only, and stays so in this process.
        context.invalidate_pool_on_disconnect = context.dialect.name != "sqlite"


def _begin(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
