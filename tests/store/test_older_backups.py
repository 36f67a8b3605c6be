"""A backup of any older release comes back whole, in the shape of this one."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from app.errors import NotFound
from app.store import archives, audit, copying, migrating, restoring, revisions
from app.store.archives import Parts
from app.store.restoring import Restored
from app.usecases import cases, destroying
from tests.databases import Databases
from tests.store.kept import RELEASED, Files, Kept, session_in

pytestmark = pytest.mark.massive

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
DROPPED = {"invitation.failed", "invitation.locked_until", "authenticator.last_step", "candidate_way.last_step"}
"""What a later release took away on purpose, or keeps elsewhere."""
APART = ((RELEASED[0], RELEASED[1]), ("0006", "0012"), (RELEASED[0], RELEASED[-1]))
"""A release that made the rows, and a later one that made the keys."""


def rows_of(connection: Connection) -> Rows:
    """Every row of a database, by table and primary key."""
    return {
        name: {identity(table, row): row for row in map(orjson.loads, copying.lines(connection, table))}
        for name, table in copying.tables(connection).items()
    }


def identity(table: Any, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key.columns)


def lines_in(*files: Parts) -> dict[str, list[dict[str, Any]]]:
    return {name: [orjson.loads(line) for line in lines] for one in files for name, lines in one.each_table()}


def put_back(kept: Kept, url: str, folder: Path, rows: Path, keys: Path) -> Restored:
    return restoring.restore(kept.place(url, folder), rows, keys)


def require_everything(kept: Kept, url: str, files: Files) -> None:
    """Hold a database against the files it came from: every row, every value, readable, and the log whole."""
    assert revisions.current(url) == revisions.newest()
    migrating.check(url)
    rows = archives.read_rows(files.rows)
    with session_in(kept.place(url, kept.folder)) as db:
        connection = db.connection()
        there, shape = rows_of(connection), copying.tables(connection)
        for name, told in lines_in(rows, archives.read_keys(files.keys, rows.revision)).items():
            if name in copying.NEVER:
                assert there[name] == {}
                continue
            assert len(there[name]) == len(told), name
            for row in told:
                back = there[name][identity(shape[name], row)]
                dropped = {f"{name}.{column}" for column in row.keys() - back.keys()}
                assert dropped <= DROPPED, dropped
                assert back == {**back, **{column: row[column] for column in row.keys() & back.keys()}}
        read, problems = restoring.everything_opened(db)
        assert problems == []
        assert read > 150
        assert not audit.verify(db)
        assert cases.case_page(db, kept.world.clerk, kept.stays).case.candidate_name == "Anna Veld"


@pytest.mark.parametrize("revision", RELEASED)
def test_every_row_of_an_older_release_is_there_and_opens(
    kept: Kept, databases: Databases, tmp_path: Path, revision: str
):
    url, files = databases.bare(), kept.older[revision]
    done = put_back(kept, url, tmp_path, files.rows, files.keys)
    assert (done.gone.cases, done.strangers, done.missing) == (0, 0, ())
    require_everything(kept, url, files)
    databases.drop(url)


@pytest.mark.parametrize(("older", "newer"), APART)
def test_keys_of_a_newer_release_open_rows_of_an_older_one(
    kept: Kept, databases: Databases, tmp_path: Path, older: str, newer: str
):
    """The rows were not copied yet with the new release, the keys were; the file of keys names no revision."""
    url, files = databases.bare(), Files(kept.older[older].rows, kept.older[newer].keys)
    put_back(kept, url, tmp_path, files.rows, files.keys)
    require_everything(kept, url, files)
    databases.drop(url)


@pytest.mark.parametrize("revision", [RELEASED[0], "0006", RELEASED[-1]])
def test_what_was_destroyed_since_stays_gone_whatever_release_made_the_rows(
    kept: Kept, databases: Databases, tmp_path: Path, revision: str
):
    url, rows = databases.bare(), kept.older[revision].rows
    done = put_back(kept, url, tmp_path, rows, kept.later.keys)
    assert done.gone.cases == 1
    with session_in(kept.place(url, tmp_path)) as db:
        with pytest.raises(NotFound):
            cases.case_page(db, kept.world.clerk, kept.destroyed)
        there = rows_of(db.connection())
        for name, rows_of_table in there.items():
            about = [row for row in rows_of_table.values() if row.get("case_id") == kept.destroyed]
            assert about == [] or name in {"destruction", "retention", "audit_entry"}, name
        assert kept.destroyed in {one.case_id for one in destroying.destructions(db, kept.world.auditor)}
        assert cases.case_page(db, kept.world.clerk, kept.stays).case.candidate_name == "Anna Veld"
        assert restoring.everything_opened(db)[1] == []
        assert not audit.verify(db)
    databases.drop(url)
