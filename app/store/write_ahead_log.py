"""The log beside the file of SQLite: pages as they were before a change stay readable in it until it is emptied."""

from sqlalchemy import Engine

WAIT_MILLISECONDS = 200
"""How long is waited for who reads or writes at that moment: it can be done a minute later too."""


def emptied(engine: Engine) -> bool:
    """Bring everything into the file and empty the log. False: not now. On PostgreSQL there is nothing to do here."""
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        (before,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MILLISECONDS}")
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
        return not busy
    finally:
        connection.close()
