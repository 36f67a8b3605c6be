"""A file of a backup: tables as lines of JSON, other files as they are, and a list with the digest of each part.

The list comes last, because only then the digests are known. So a file is read twice: once to hold every part against the
list, and once to use it. No table is ever in memory as a whole.
"""

import hashlib
import io
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal

import orjson

from app import __version__
from app.errors import NotAllowed
from app.store.rows import metadata
from app.store.types import canonical, utc_now

FORMAT = 1
FOLDERS = ("packs", "house_styles")
"""What stands beside the database in the data folder and belongs in a backup."""

Holds = Literal["rows", "keys"]

_LIST = "manifest.json"
_TABLES, _LINES = "tables/", ".jsonl"
_FILES = "files/"
_PIECE = 1 << 20
_DAMAGE = (OSError, EOFError, tarfile.TarError, zlib.error, LookupError, AttributeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Archive:
    """A file that was read through: every part in it is what its list says."""

    file: Path
    revision: str
    """The shape of the database that the rows came from."""
    tables: Mapping[str, int]
    """How many rows there are of each table."""
    files: Mapping[str, str]
    """The SHA-256 of each file, by its place in the data folder."""

    def each_table(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Give the tables, those that others refer to first, each with its lines. Take the lines before the next table."""
        for name, body in self._parts(_TABLES):
            yield name.removesuffix(_LINES), body

    def each_file(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Give the files by their place in the data folder."""
        return self._parts(_FILES)

    def _parts(self, kind: str) -> Iterator[tuple[str, IO[bytes]]]:
        with tarfile.open(self.file, "r:gz") as archive:
            for entry in archive:
                if entry.name.startswith(kind):
                    yield entry.name.removeprefix(kind), _body(archive, entry)


@dataclass(frozen=True, slots=True)
class OldKeys:
    """A file of keys as older releases wrote it: one text of JSON, which as a rule names no revision."""

    revision: str
    tables: Mapping[str, int]
    lines: Mapping[str, list[bytes]]

    def each_table(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        """Give the tables, each with its lines."""
        yield from self.lines.items()


Parts = Archive | OldKeys


def write(target: Path, revision: str, tables: Mapping[str, Iterable[bytes]], holds: Holds, data_dir: Path) -> Archive:
    """Write the lines of tables into one file, in this order; with rows go the files of the data folder."""
    rows: list[tuple[str, int, str]] = []
    files: dict[str, str] = {}
    with tarfile.open(target, "w:gz") as archive:
        for name, lines in tables.items():
            rows.append((name, *_add_table(archive, name, lines, target.parent)))
        for place in _places(data_dir) if holds == "rows" else ():
            body = Path(data_dir, place).read_bytes()
            files[place] = hashlib.sha256(body).hexdigest()
            _add(archive, _FILES + place, io.BytesIO(body), len(body))
        listed = {
            "format": FORMAT,
            "holds": holds,
            "release": __version__,
            "revision": revision,
            "at": utc_now().isoformat(),
            "tables": rows,
            "files": files,
        }
        _add(archive, _LIST, io.BytesIO(body := canonical(listed)), len(body))
    return Archive(target, revision, {name: count for name, count, _ in rows}, files)


def read_rows(file: Path) -> Archive:
    """Read a file of rows through. Raises NotAllowed when it is no such file, or when anything in it was changed."""
    return _held_against_its_list(file, "rows")


def read_keys(file: Path, revision: str) -> Parts:
    """Read a file of keys through. One that names no revision has this one. Raises NotAllowed as `read_rows` does."""
    try:
        with file.open("rb") as opened:
            old = opened.read(1) == b"{"
        return _old_keys(orjson.loads(file.read_bytes()), revision) if old else _held_against_its_list(file, "keys")
    except _DAMAGE as error:
        raise NotAllowed(f"{file.name} is not a file of keys of this product, or it is damaged: {error}") from None


def _old_keys(read: dict[str, Any], revision: str) -> OldKeys:
    _require(read["format"] == FORMAT, "this file of keys was made by a release that this one cannot read")
    lines = {str(name): [line.encode() for line in of_one] for name, of_one in read["tables"].items()}
    rows = (orjson.loads(line) for of_one in lines.values() for line in of_one)
    _require(
        all(isinstance(row, dict) for row in rows), "this file of keys is damaged: it holds something else than rows"
    )
    lines = {name: lines[name] for name in sorted(lines, key=_place_in_line)}
    return OldKeys(read.get("revision", revision), {name: len(of_one) for name, of_one in lines.items()}, lines)


def _place_in_line(name: str) -> int:
    """Those first that others refer to; what is no table of ours comes last, and is refused where it has no place."""
    known = [table.name for table in metadata.sorted_tables]
    return known.index(name) if name in known else len(known)


def _held_against_its_list(file: Path, holds: Holds) -> Archive:
    try:
        found, listed = _read_through(file)
        _require(listed["format"] == FORMAT, f"{file.name} was made by a release that this one cannot read")
        other = "keys" if holds == "rows" else "rows"
        _require(listed.get("holds", "rows") == holds, f"{file.name} holds {other}, not {holds}: the two were swapped")
        tables = {name: (count, digest) for name, count, digest in listed["tables"]}
        for name, part in tables.items():
            whole = found.pop(f"{_TABLES}{name}{_LINES}", None) == part
            _require(whole, f"the rows of {name} were changed or cut off")
        files = {name.removeprefix(_FILES): digest for name, (_, digest) in found.items() if name.startswith(_FILES)}
        for name, digest in listed.get("files", files).items():
            _require(files.get(name) == digest, f"the file {name} was changed or cut off")
            found.pop(_FILES + name)
            place = PurePosixPath(name)
            inside = place.parts[0] in FOLDERS and len(place.parts) > 1 and ".." not in place.parts
            _require(inside, f"{file.name} holds a file for a place where none belongs")
        _require(not found, f"{file.name} holds something that its list does not name")
        return Archive(file, str(listed["revision"]), {name: count for name, (count, _) in tables.items()}, files)
    except _DAMAGE as error:
        raise NotAllowed(f"{file.name} is not a backup of this product, or it is damaged: {error}") from None


def _read_through(file: Path) -> tuple[dict[str, tuple[int, str]], dict[str, Any]]:
    """Give how many lines each part has and its digest, and the list."""
    found: dict[str, tuple[int, str]] = {}
    listed: dict[str, Any] | None = None
    with tarfile.open(file, "r:gz") as archive:
        for entry in archive:
            body = _body(archive, entry)
            if entry.name == _LIST:
                listed = orjson.loads(body.read())
            elif entry.name in found:
                raise ValueError("a part stands in it twice")
            else:
                found[entry.name] = _measured(body)
    if listed is None:
        raise ValueError("its list is missing")
    return found, listed


def _measured(body: IO[bytes]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    while piece := body.read(_PIECE):
        digest.update(piece)
        count += piece.count(b"\n")
    return count, digest.hexdigest()


def _body(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    found = archive.extractfile(entry) if entry.isreg() else None
    if found is None:
        raise ValueError("a part is no ordinary file")
    return found


def _add_table(archive: tarfile.TarFile, name: str, lines: Iterable[bytes], beside: Path) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    # The length stands before the rows, so they wait in a file that has no name and is gone with this process.
    with tempfile.TemporaryFile(dir=beside) as waiting:
        for line in lines:
            waiting.write(line)
            digest.update(line)
            count += 1
        size = waiting.tell()
        waiting.seek(0)
        _add(archive, f"{_TABLES}{name}{_LINES}", waiting, size)
    return count, digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, body: IO[bytes], size: int) -> None:
    # Whose file this is and since when says nothing on another machine, and stays out.
    entry = tarfile.TarInfo(name)
    entry.size = size
    archive.addfile(entry, body)


def _places(data_dir: Path) -> list[str]:
    found = [one for folder in FOLDERS for one in Path(data_dir, folder).rglob("*") if one.is_file()]
    found = [one for one in found if one.suffix != ".part"]  # half written, by somebody who was cut off
    return sorted(one.relative_to(data_dir).as_posix() for one in found)


def _require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - the condition is the point
    if not holds:
        raise NotAllowed(otherwise)
