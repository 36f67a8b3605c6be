"""A backup: the rows in one file, the keys in another, and a way back that was rehearsed.

The two files belong apart. The rows are unreadable without the keys, and the keys without the master key of the
installation. Of the keys only the newest file counts: it no longer holds what was destroyed, so old rows of a destroyed
case stay unreadable after they are put back.
"""

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, text
from sqlmodel import Session, select

from app import __version__
from app.crypto.masters import MasterKeys
from app.errors import KeysMissing, NotAllowed, Unreadable
from app.store import audit, beside, copying, migrating, revisions, sealing
from app.store import retention as kept
from app.store.engine import READ_ONLY, Engine, open_engine, open_session
from app.store.types import canonical, utc_now

FORMAT = 1
_MANIFEST = "manifest.json"
_FOLDERS = ("packs", "house_styles")
"""What stands beside the database in the data folder and belongs in a backup."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database, its data folder, and where its master keys come from."""

    url: str
    data_dir: Path
    masters: MasterKeys


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup holds: rows by table, and how many files of the data folder."""

    tables: dict[str, int]
    files: int

    @property
    def rows(self) -> int:
        """All rows together."""
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of putting a backup back somewhere to try it. `problems` is empty when all is well."""

    copied: Copied
    read: int
    """How many rows with content were opened."""
    destroyed: int
    """How many cases of the backup were destroyed since: their rows were taken away again."""
    problems: tuple[str, ...]


def back_up(place: Place, file: Path, keys: Path) -> Copied:
    """Write rows and keys of one moment, each to a file of its own. Both are replaced only when they are whole.

    The keys come first: rows that are older than their keys can be read, rows that are younger cannot.
    """
    engine = open_engine(place.url)
    try:
        with _one_moment(engine) as connection:
            held = {"format": FORMAT, "at": utc_now().isoformat(), "revision": _revision(connection)}
            with _whole(keys) as target:
                target.write_bytes(canonical(held | {"tables": beside.told(connection)}))
            with _whole(file) as target:
                return _write(connection, place.data_dir, target)
    finally:
        engine.dispose()


def restore(place: Place, file: Path, keys: Path) -> Copied:
    """Put a backup back into an empty database and bring it to the shape of this release.

    What was destroyed since is taken away again. Raises NotAllowed when the database is not empty or a file is not ours;
    nothing has changed then.
    """
    manifest, held = _manifest(file), _bundle(keys)
    if revisions.current(place.url) is not None:
        raise NotAllowed("the database is not empty: restore into a new one, and point the product to it afterwards")
    place.data_dir.mkdir(parents=True, exist_ok=True)
    migrating.upgrade_to(place.url, manifest["revision"])
    engine = open_engine(place.url, place.masters)
    try:
        with engine.begin() as connection:
            counts = _put_back(connection, file, manifest)
        # The keys are newer than the rows as a rule, and so may be the release that wrote them.
        migrating.upgrade_to(place.url, held.get("revision", manifest["revision"]))
        with engine.begin() as connection:
            beside.put_back(connection, held["tables"])
        files = _put_files_back(place.data_dir, file)
    finally:
        engine.dispose()
    migrating.upgrade(place.url)
    _take_away_again(place)
    return Copied(counts, files)


def check(file: Path, keys: Path, masters: MasterKeys) -> Checked:
    """Put a backup back in a place of its own, open everything in it, verify its audit log, and throw it away again."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(f"sqlite:///{Path(folder, 'check.db').as_posix()}", Path(folder), masters)
        copied = restore(place, file, keys)
        engine = open_engine(place.url, masters)
        try:
            with open_session(engine, writes=False) as db:
                problems = [str(fault) for fault in audit.verify(db)]
                gone = kept.how_many_destroyed(db)
                taken = len(kept.council_destructions(db))
                read, unreadable = _everything_opened(db)
            problems += unreadable
            with engine.connect() as connection:
                problems += _missing(connection, copied, destroyed=gone + taken)
        finally:
            engine.dispose()
        return Checked(copied, read, gone, tuple(problems))


def _everything_opened(db: Session) -> tuple[int, list[str]]:
    """Read every row that holds content, as the product would; what does not open is named by its table."""
    count, problems = 0, []
    for kind in sealing.classes():
        try:
            for _ in db.exec(select(kind).execution_options(yield_per=copying.BATCH)):
                count += 1
        except (KeysMissing, Unreadable) as error:
            problems.append(f"{kind.__tablename__}: {error}")
    return count, problems


def _missing(connection: Connection, copied: Copied, *, destroyed: int) -> Iterator[str]:
    for table in copying.tables(copied.tables):
        count = copying.how_many(connection, table)
        if count != copied.tables[table.name] and not destroyed:
            yield f"{table.name}: {copied.tables[table.name]} rows in the backup, {count} after putting it back"


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
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _write(connection: Connection, data_dir: Path, target: Path) -> Copied:
    counts: dict[str, int] = {}
    digests: dict[str, str] = {}
    with tarfile.open(target, "w:gz") as archive, tempfile.TemporaryDirectory(dir=target.parent) as folder:
        for table in copying.tables():
            name = copying.plain(table.name)
            rows, digest = Path(folder, name), hashlib.sha256()
            counts[name] = 0
            with rows.open("wb") as written:
                for line in copying.lines(connection, table):
                    written.write(line)
                    digest.update(line)
                    counts[name] += 1
            digests[name] = digest.hexdigest()
            archive.add(rows, f"tables/{name}.jsonl", filter=_anonymous)
        files = [one for name in _FOLDERS for one in sorted(Path(data_dir, name).rglob("*")) if one.is_file()]
        for one in files:
            archive.add(one, f"files/{one.relative_to(data_dir).as_posix()}", filter=_anonymous)
        manifest = {
            "format": FORMAT,
            "release": __version__,
            "revision": _revision(connection),
            "at": utc_now().isoformat(),
            "tables": [[name, counts[name], digests[name]] for name in counts],
        }
        body = canonical(manifest)
        entry = tarfile.TarInfo(_MANIFEST)
        entry.size = len(body)
        archive.addfile(entry, io.BytesIO(body))
    return Copied(counts, len(files))


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    # Whose files these were on the old machine says nothing on the new one.
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _revision(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _manifest(file: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file, "r:gz") as archive:
            manifest: dict[str, Any] = orjson.loads(_member(archive, _MANIFEST))
            _require(manifest.get("format") == FORMAT, "this backup was made by a release that this one cannot read")
            for name, _, digest in manifest["tables"]:
                body = _member(archive, f"tables/{name}.jsonl")
                _require(hashlib.sha256(body).hexdigest() == digest, f"the rows of {name} were changed or cut off")
            return manifest
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError) as error:
        raise NotAllowed(f"{file.name} is not a backup of this product, or it is damaged: {error}") from None


def _bundle(keys: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = orjson.loads(keys.read_bytes())
        _require(read["format"] == FORMAT, "this file of keys was made by a release that this one cannot read")
        _require(isinstance(read["tables"], dict), "there is nothing in it")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotAllowed(f"{keys.name} is not a file of keys of this product, or it is damaged: {error}") from None
    return read


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - the condition is the point
    if not holds:
        raise NotAllowed(otherwise)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found.read()


def _put_back(connection: Connection, file: Path, manifest: dict[str, Any]) -> dict[str, int]:
    counts = {}
    with tarfile.open(file, "r:gz") as archive:
        for table in copying.tables(name for name, _, _ in manifest["tables"]):
            body = _member(archive, f"tables/{table.name}.jsonl")
            counts[table.name] = copying.put_back(connection, table, body.splitlines())
    return counts


def _put_files_back(data_dir: Path, file: Path) -> int:
    count = 0
    with tarfile.open(file, "r:gz") as archive:
        for entry in archive:
            place = Path(entry.name)
            if not entry.isfile() or place.parts[0] != "files" or place.parts[1] not in _FOLDERS or ".." in place.parts:
                continue
            target = data_dir.joinpath(*place.parts[1:])
            target.parent.mkdir(parents=True, exist_ok=True)
            source = archive.extractfile(entry)
            if source is not None:
                with target.open("wb") as written:
                    shutil.copyfileobj(source, written)
                count += 1
    return count


def _take_away_again(place: Place) -> None:
    """Take away again what was destroyed after the backup was made: rows that cannot be read, and council documents."""
    engine = open_engine(place.url, place.masters)
    try:
        with open_session(engine) as db:
            lost = kept.never_had_a_key(db)
            if lost:
                raise NotAllowed(
                    f"{lost} cases have no key in this file of keys: it is older than the backup. "
                    "Use the newest one; the database that was made here is of no use"
                )
            for case in kept.destroyed_since(db):
                kept.remove_case(db, case, ())
            kept.remove_documents_again(db)
            kept.log_again(db)
            db.commit()
    finally:
        engine.dispose()
