"""Making a backup: the rows in one file, the keys in another.

The two files belong apart. The rows are unreadable without the keys, and the keys without the master key of the
installation. Of the keys only the newest file counts: it no longer holds what was destroyed, so old rows of a destroyed
case stay unreadable after they are put back (`app.store.restoring`).
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, select

from app.crypto.masters import MasterKeys
from app.errors import NotAllowed
from app.store import archives, beside, copying, revisions
from app.store.engine import READ_ONLY, Engine, open_engine
from app.store.rows import metadata
from app.store.trouble import told

_FOR_EVER = frozenset({"data_key", "destruction"})


@dataclass(frozen=True, slots=True)
class Place:
    """A database, its data folder, and where its master keys come from."""

    url: str
    data_dir: Path
    masters: MasterKeys


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup holds: rows by table, and how many files of the data folder."""

    tables: Mapping[str, int]
    files: int

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(self.tables.values())


def back_up(place: Place, file: Path, keys: Path) -> Copied:
    """Write rows and keys of one moment, each to a file of its own. Both are replaced only when they are whole.

    The keys come first: rows that are older than their keys can be read, rows that are younger cannot. Raises NotAllowed
    when one of them cannot be written, and when the file of keys that stands there is not an older one of this database:
    all rows that were ever copied depend on it. What stood there before still does then.
    """
    if file.resolve() == keys.resolve():
        raise NotAllowed("rows and keys belong in two files, apart from each other")
    engine = open_engine(place.url)
    try:
        with told("no backup was made"), _one_moment(engine) as connection:
            revision = revisions.of(connection)
            if revision is None:
                raise NotAllowed("there is nothing to copy: the database is empty")
            _require_nothing_lost(connection, keys, revision)
            with _whole(keys) as target:
                archives.write(target, revision, beside.told(connection), "keys", place.data_dir)
            with _whole(file) as target:
                made = archives.write(target, revision, _rows(connection, revision), "rows", place.data_dir)
    finally:
        engine.dispose()
    return Copied(made.tables, len(made.files))


def _rows(connection: Connection, revision: str) -> dict[str, Iterator[bytes]]:
    shape = copying.tables(connection)
    # What somebody else put in our database is not ours to copy. Only of this shape it is known what that is.
    ours = metadata.tables.keys() if revision == revisions.newest() else shape.keys()
    chosen = ours - copying.NEVER - copying.BESIDE
    return {name: copying.lines(connection, table) for name, table in shape.items() if name in chosen}


def _require_nothing_lost(connection: Connection, keys: Path, revision: str) -> None:
    """Keys and proofs never disappear from a database, so a newer file of keys has all that an older one had."""
    if not keys.exists() or keys.stat().st_size == 0:
        return
    shape = copying.tables(connection)
    lost = 0
    for name, lines in archives.read_keys(keys, revision).each_table():
        if name in _FOR_EVER:
            columns = [] if name not in shape else list(shape[name].primary_key.columns)
            there = {tuple(row) for row in connection.execute(select(*columns))} if columns else set()
            told = (orjson.loads(line) for line in lines)
            lost += sum(tuple(row.get(column.name) for column in columns) not in there for row in told)
    if lost:
        raise NotAllowed(
            f"{keys} holds {lost} keys or proofs that this database does not know: it is of another installation, or of a "
            "later moment of this one. Keep it, and write the new one to another place"
        )


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """Look at one moment of the database while others go on writing."""
    options: dict[str, Any] = {READ_ONLY: True}
    if engine.dialect.name != "sqlite":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """Give a place to write; only when that went well does it take the name of the file, and is it on the disk."""
    part = file.with_name(f".{file.name}.part")
    with told(f"{file} was not written; what stood there before still does"):
        file.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        try:
            yield part
            on_disk(part)
            part.replace(file)
            on_disk(file.parent)
        finally:
            part.unlink(missing_ok=True)


def on_disk(place: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut."""
    if place.is_dir() and os.name != "posix":
        return  # only there a folder can be told so
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
