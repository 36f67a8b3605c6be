"""The way back: a backup of this release or an older one, put into an empty database. And a rehearsal of that.

Each file names the shape of the database that it came from. So the database gets that shape first, takes the rows as
they were, and goes on to the shape of this release from there, as it would have gone by itself. Everything happens in one
transaction: whatever fails, the database is as empty as before.
"""

import tempfile
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import Connection, inspect
from sqlmodel import Session, select

from app.crypto.masters import MasterKeys
from app.errors import KeysMissing, NotAllowed, Unreadable
from app.store import archives, audit, beside, copying, migrating, revisions, sealing
from app.store.archives import Archive, Parts
from app.store.backup import Copied, Place, on_disk
from app.store.engine import open_engine, open_session
from app.store.taking_away import TakenAway, take_away_again
from app.store.trouble import told

OLDEST = "0004"
"""The first shape with keys: a database of before is taken along by no release, so no backup of one is either."""

_NOTHING = "nothing was put back, and the database is as empty as it was"
_NOT_TRIED = "the backup could not be tried in the folder for temporary files; TMPDIR names another one"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what did not stay."""

    copied: Copied
    beside: Mapping[str, int]
    """Rows of each table of which the file of keys holds something, after that was put back too."""
    strangers: int
    """Proofs and documents in the file of keys of organisations that came after the rows: they were left out."""
    gone: TakenAway
    missing: tuple[str, ...]
    """Master keys that the database needs and that are not set here."""

    def expected(self) -> dict[str, int]:
        """Tell how many rows of each table there must be now."""
        put = {**self.copied.tables, **self.beside}
        gone, logged = self.gone.rows, self.gone.logged
        return {table: count - gone.get(table, 0) + logged.get(table, 0) for table, count in put.items()}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of putting a backup back somewhere to try it. `problems` is empty when all is well."""

    restored: Restored
    read: int
    """How many rows with content were opened."""
    problems: tuple[str, ...]


def restore(place: Place, file: Path, keys: Path) -> Restored:
    """Put a backup back into an empty database and bring it to the shape of this release.

    What was destroyed since is taken away again. Raises NotAllowed when the database is not empty, when a file is not
    ours, or when anything in it has no place in the shape it names; nothing has changed then.
    """
    rows = archives.read_rows(file)
    return _restored(place, rows, archives.read_keys(keys, rows.revision), _NOTHING)


def check(file: Path, keys: Path, masters: MasterKeys) -> Checked:
    """Put a backup back in a place of its own, open everything in it, verify its audit log, and throw it away again.

    Raises what `restore` raises, and KeysMissing when a master key that it needs is not set here.
    """
    rows = archives.read_rows(file)
    held = archives.read_keys(keys, rows.revision)
    if missing := _missing(held, masters):
        raise KeysMissing(
            f"this backup needs master key {', '.join(missing)}, which is not set here; set it and try again"
        )
    with tempfile.TemporaryDirectory() as folder:
        place = Place(f"sqlite:///{Path(folder, 'check.db').as_posix()}", Path(folder), masters)
        restored = _restored(place, rows, held, _NOT_TRIED)
        engine = open_engine(place.url, masters)
        try:
            with open_session(engine, writes=False) as db:
                problems = [str(fault) for fault in audit.verify(db)]
                read, unreadable = everything_opened(db)
            problems += unreadable
            with engine.connect() as connection:
                problems += _differences(connection, restored)
        finally:
            engine.dispose()
        return Checked(restored, read, tuple(problems))


def everything_opened(db: Session) -> tuple[int, list[str]]:
    """Read every row that holds content, as the product would; what does not open is named by its table."""
    count, problems = 0, []
    shape = copying.tables(db.connection())
    for kind in sealing.classes():
        table = str(kind.__tablename__)
        at_once = copying.at_once(db.connection(), shape[table])
        try:
            for _ in db.exec(select(kind).execution_options(yield_per=at_once)):
                count += 1
        except (KeysMissing, Unreadable) as error:
            problems.append(f"{table}: {error}")
    return count, problems


def _differences(connection: Connection, restored: Restored) -> Iterator[str]:
    shape = copying.tables(connection)
    for name, expected in restored.expected().items():
        count = copying.how_many(connection, shape[name]) if name in shape else expected
        if count != expected:
            yield f"{name}: {expected} rows were to be there, {count} are"


def _restored(place: Place, rows: Archive, held: Parts, otherwise: str) -> Restored:
    _require_order(rows, held)
    engine = open_engine(place.url, place.masters)
    try:
        with told(otherwise), engine.connect() as connection, connection.begin():
            _require_empty(connection)
            _require_no_other_files(place.data_dir, rows)
            migrating.upgrade_within(connection, rows.revision)
            put = _put_rows_back(connection, rows, held)
            migrating.upgrade_within(connection, held.revision)
            newest, strangers = _put_keys_back(connection, rows, held)
            migrating.upgrade_within(connection)
            gone = take_away_again(connection)
            _put_files_back(place.data_dir, rows)
    finally:
        engine.dispose()
    return Restored(Copied(put, len(rows.files)), newest, strangers, gone, _missing(held, place.masters))


def _require_order(rows: Archive, held: Parts) -> None:
    line = revisions.line()
    for parts in (rows, held):
        if parts.revision not in line:
            raise NotAllowed(
                f"this backup has the shape {parts.revision}, which this release does not know: it was made by a newer "
                "release, so put it back with that one"
            )
    if line.index(rows.revision) < line.index(OLDEST):
        raise NotAllowed("this backup is of a release that did not seal content yet, and cannot be taken along")
    if line.index(held.revision) < line.index(rows.revision):
        raise NotAllowed("the file of keys is of an older release than the rows: use the newest one")


def _require_empty(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names()) - {revisions.TABLE}
    if there or revisions.of(connection) is not None:
        raise NotAllowed("the database is not empty: restore into a new one, and point the product to it afterwards")


def _put_rows_back(connection: Connection, rows: Archive, held: Parts) -> dict[str, int]:
    shape = copying.tables(connection)
    # Releases before this one kept with the rows what travels with the keys now; the newest counts.
    passed_over = copying.NEVER | (copying.BESIDE & held.tables.keys())
    _require_same(rows.tables.keys(), shape.keys(), shape.keys() - copying.NEVER - copying.BESIDE, rows.revision)
    put = {}
    for name, lines in rows.each_table():
        if name not in passed_over:
            put[name] = copying.put_back(connection, shape[name], lines)
            _require_all(copying.how_many(connection, shape[name]), rows.tables[name], name)
    return put


def _put_keys_back(connection: Connection, rows: Archive, held: Parts) -> tuple[dict[str, int], int]:
    shape = copying.tables(connection)
    possible = (beside.WHOLE | beside.PARTLY) & shape.keys()
    _require_same(held.tables.keys(), possible, possible - rows.tables.keys(), held.revision)
    there, strangers = {}, 0
    for name, lines in held.each_table():
        put = beside.put_back(connection, shape[name], lines)
        _require_all(copying.how_many(connection, shape[name]), put.there, name)
        there[name] = put.there
        strangers += held.tables[name] - put.written if name in beside.WHOLE else 0
    return there, strangers


def _require_same(found: AbstractSet[str], possible: AbstractSet[str], needed: AbstractSet[str], revision: str) -> None:
    if unknown := sorted(found - possible):
        raise NotAllowed(f"the backup holds {', '.join(unknown)}, which do not belong in it in shape {revision}")
    if lost := sorted(needed - found):
        raise NotAllowed(f"the backup does not hold {', '.join(lost)}, which belong in it in shape {revision}")


def _require_all(there: int, expected: int, table: str) -> None:
    if there != expected:
        raise NotAllowed(f"{table}: {expected} rows were put back, but {there} are there")


def _require_no_other_files(data_dir: Path, rows: Archive) -> None:
    for place, body in rows.each_file():
        there = Path(data_dir, place)
        if there.exists() and there.read_bytes() != body.read():
            raise NotAllowed(
                f"{there} is there already, and it is another file than the one in the backup: move it away"
            )


def _put_files_back(data_dir: Path, rows: Archive) -> None:
    for place, body in rows.each_file():
        target = Path(data_dir, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_bytes(body.read())
        on_disk(part)
        part.replace(target)
        on_disk(target.parent)


def _missing(held: Parts, masters: MasterKeys) -> tuple[str, ...]:
    """Give the master keys that wrap what lives, and that are not set here."""
    needed = set()
    for name, lines in held.each_table():
        if name == "data_key":
            needed = {str(row.get("master_id")) for row in map(orjson.loads, lines) if row.get("wrapped") is not None}
    try:
        known = {master.id for master in masters.again()} if needed else set()
    except KeysMissing:
        known = set()
    return tuple(sorted(needed - known))
