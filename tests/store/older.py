"""Backups as releases made them that are older than this one: they named no revision in the file of keys."""

import hashlib
import io
import tarfile
from pathlib import Path

import orjson
import sqlalchemy as sa

from app.store import copying
from app.store.engine import READ_ONLY, open_engine
from app.store.types import canonical

LEFT_OUT = copying.NEVER - {"sign_on"}
BESIDE = ("data_key", "destruction")


def back_up(url: str, file: Path, keys: Path) -> None:
    """Write both files, with the tables and columns that the database has."""
    engine = open_engine(url)
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        told = {
            name: [orjson.dumps(orjson.loads(line)) for line in copying.lines(connection, table)]
            for name, table in copying.tables(connection).items()
            if name not in LEFT_OUT
        }
        revision = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    held = {name: [line.decode() for line in told.pop(name)] for name in BESIDE}
    keys.write_bytes(canonical({"format": 1, "at": "2026-11-23T10:00:00+00:00", "tables": held}))
    listed = []
    with tarfile.open(file, "w:gz") as archive:
        for name, lines in told.items():
            body = b"".join(line + b"\n" for line in lines)
            listed.append([name, len(lines), hashlib.sha256(body).hexdigest()])
            _add(archive, f"tables/{name}.jsonl", body)
        manifest = {"format": 1, "release": "0.1.0", "revision": revision, "at": "", "tables": listed}
        _add(archive, "manifest.json", canonical(manifest))


def _add(archive: tarfile.TarFile, name: str, body: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(body)
    archive.addfile(entry, io.BytesIO(body))
