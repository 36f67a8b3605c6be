"""Looks for words in everything a thief of a database gets: its files, its logs, and a dump of it."""

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa


def readable(url: str, words: Iterable[str]) -> set[str]:
    """Give the words that can be read somewhere, as themselves or in a spelling that anybody can undo."""
    wanted = {word: spellings(word) for word in words}
    found: set[str] = set()
    for text in everything(url):
        found |= {word for word, spellings in wanted.items() if any(one in text for one in spellings)}
    return found


def spellings(word: str) -> tuple[bytes, ...]:
    plain = word.encode()
    # In base64 a word looks different at each of three positions; its first and last characters mix with what is beside.
    shifted = (base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3))
    ways = [plain, word.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode(), *shifted]
    return tuple(one for one in ways if len(one) > 4)


def everything(url: str) -> Iterator[bytes]:
    """Give the bytes of every file of a database, and a dump of it."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        assert parsed.database is not None
        database = Path(parsed.database)
        for file in database.parent.glob(f"{database.name}*"):
            yield file.read_bytes()
        with closing(sqlite3.connect(database)) as connection:
            yield "\n".join(connection.iterdump()).encode()
        return
    engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    with engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            rows = connection.execute(sa.text(f'SELECT CAST(one AS text) FROM "{table}" AS one'))  # noqa: S608 - our own tables
            yield "\n".join(rows.scalars()).encode()
        connection.execute(sa.text("CHECKPOINT"))
        folder = Path(connection.execute(sa.text("SHOW data_directory")).scalar_one())
        own = connection.execute(sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
        files = [*folder.glob(f"base/{own}/*"), *folder.glob("pg_wal/*")]
        assert files, "the files of the database are not here"
        for file in files:
            if file.is_file():
                yield file.read_bytes()
