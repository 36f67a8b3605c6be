"""Making a file of a backup anew with something changed in it, by somebody who gets the digests right."""

import hashlib
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from app.store.types import canonical

Body = dict[str, bytes]
Change = Callable[[Body, dict[str, Any]], None]


def changed(file: Path, target: Path, change: Change, *, honest: bool = True) -> Path:
    """Change the parts or the list of a file. `honest`: the list says afterwards what is in it."""
    parts: Body = {}
    with tarfile.open(file) as archive:
        for entry in archive:
            parts[entry.name] = archive.extractfile(entry).read()  # type: ignore[union-attr]
    listed = orjson.loads(parts.pop("manifest.json"))
    change(parts, listed)
    if honest:
        listed["tables"] = [
            [name.removeprefix("tables/").removesuffix(".jsonl"), body.count(b"\n"), hashlib.sha256(body).hexdigest()]
            for name, body in parts.items()
            if name.startswith("tables/")
        ]
        listed["files"] = {
            name.removeprefix("files/"): hashlib.sha256(body).hexdigest()
            for name, body in parts.items()
            if name.startswith("files/")
        }
    parts["manifest.json"] = canonical(listed)
    with tarfile.open(target, "w:gz") as archive:
        for name, body in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    return target


def rows(parts: Body, table: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Change every row of a table; `None` takes it away."""
    name = f"tables/{table}.jsonl"
    found = [change(orjson.loads(line)) for line in parts[name].splitlines()]
    parts[name] = b"".join(canonical(row) + b"\n" for row in found if row is not None)
