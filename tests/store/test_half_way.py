"""Putting a backup back stops half-way: nothing of it is there, the product does not start on it, and again is enough."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from app.crypto import masters
from app.errors import NotAllowed
from app.main import NotMigratedError, create_app
from app.settings import Settings
from app.store import restoring, revisions
from tests.house.repository import ROOT
from tests.store.kept import Kept, tables_in

pytestmark = pytest.mark.massive


def require_no_start(url: str, folder: Path) -> None:
    settings = Settings(database_url=url, data_dir=folder, master_key=masters.new_line())
    with pytest.raises(NotMigratedError), TestClient(create_app(settings)):
        pass


@pytest.mark.parametrize("point", ["organisation", "outbox", "data_key", "destroying again", "the last moment"])
def test_a_process_that_is_killed_leaves_the_database_empty(kept: Kept, bare: str, tmp_path: Path, point: str):
    around = {name: value for name, value in os.environ.items() if not name.startswith("TOETSSTEEN_")}
    settings = {"TOETSSTEEN_DATABASE_URL": bare, "TOETSSTEEN_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(Path(__file__).with_name("dying.py")), point]
    done = subprocess.run(
        [*command, "restore", str(kept.now.rows), "--keys", str(kept.later.keys)],
        env={**around, **settings, "TOETSSTEEN_MASTER_KEY": masters.new_line()},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert tables_in(bare) == []
    require_no_start(bare, tmp_path)
    place = kept.place(bare, tmp_path)
    assert restoring.restore(place, kept.now.rows, kept.later.keys).gone.cases == 1
    assert revisions.current(bare) == revisions.newest()


NO_ROOM: dict[str, tuple[str, str]] = {
    "sqlite": ("PRAGMA max_page_count = 120", "no room on the disk"),
    # A disk of its own for a database server is not to be had here.
    "postgresql": ("SET default_transaction_read_only = on", "closed for writing"),
}
"""What makes a connection find the storage in trouble, by engine, and how that is told."""


@pytest.fixture
def in_trouble(bare: str) -> Iterator[Callable[[], str]]:
    """Let every new connection find the storage in trouble. Gives what ends that, and how it is told."""
    statement, told = NO_ROOM[sa.make_url(bare).get_backend_name()]

    def begin(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if statement.startswith("SET"):
            connection.commit()

    def end() -> str:
        if sa.event.contains(sa.Engine, "connect", begin):
            sa.event.remove(sa.Engine, "connect", begin)
        return told

    sa.event.listen(sa.Engine, "connect", begin)
    yield end
    end()


def test_a_disk_that_is_full_leaves_the_database_empty_and_is_told(
    kept: Kept, bare: str, tmp_path: Path, in_trouble: Callable[[], str]
):
    place = kept.place(bare, tmp_path)
    with pytest.raises(NotAllowed) as refusal:
        restoring.restore(place, kept.now.rows, kept.now.keys)
    assert in_trouble() in refusal.value.reason
    assert refusal.value.reason.endswith("nothing was put back, and the database is as empty as it was")
    assert tables_in(bare) == []
    require_no_start(bare, tmp_path)
    assert restoring.restore(place, kept.now.rows, kept.now.keys).copied == kept.copied


def test_a_data_folder_that_cannot_be_written_leaves_the_database_empty(kept: Kept, bare: str, tmp_path: Path):
    (tmp_path / "data").write_text("no folder", encoding="utf-8")
    with pytest.raises(NotAllowed, match="nothing was put back"):
        restoring.restore(kept.place(bare, tmp_path / "data"), kept.now.rows, kept.now.keys)
    assert tables_in(bare) == []
