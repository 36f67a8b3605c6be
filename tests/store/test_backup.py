"""A backup that was put back: everything is there on either engine, nothing in it can be read, and making one is safe."""

import os
import resource
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.crypto import masters
from app.errors import KeysMissing, NotAllowed
from app.store import archives, backup, copying, migrating, restoring, revisions
from app.store.backup import Place
from app.store.engine import open_engine
from app.store.rows import AttachmentRow, metadata
from app.store.taking_away import TakenAway, take_away_again
from app.usecases import cases, documents
from tests.databases import Databases
from tests.readable import spellings
from tests.store.kept import NAME, PACK, RELEASED, Files, Kept, session_in
from tests.usecases.files import PDF


def everything(url: str) -> dict[str, list[bytes]]:
    """Every row of a database, as lines."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {name: sorted(copying.lines(connection, table)) for name, table in copying.tables(connection).items()}
    engine.dispose()
    return found


def counted(url: str) -> dict[str, int]:
    return {name: len(lines) for name, lines in everything(url).items()}


def test_what_was_put_back_is_what_was_there(kept: Kept, databases: Databases, tmp_path: Path):
    url = databases.bare()
    there = kept.place(url, tmp_path)
    done = restoring.restore(there, kept.now.rows, kept.now.keys)
    assert done.copied == kept.copied
    assert done.expected() == {name: count for name, count in counted(url).items() if name not in copying.NEVER}
    assert (tmp_path / "packs" / "onze-code.yaml").read_bytes() == PACK
    with session_in(there) as db:
        assert cases.case_page(db, kept.world.clerk, kept.stays).case.candidate_name == NAME
        (line,) = documents.documents(db, kept.world.clerk, kept.stays)
        assert documents.fetch(db, kept.world.clerk, line.id)[1].startswith(b"PK")
        # Its candidate withdrew before handing in, so no reviewer is shown it.
        assert db.exec(select(AttachmentRow).where(AttachmentRow.case_id == kept.open)).one().body == PDF
    databases.drop(url)


def test_from_one_engine_to_the_other_and_back_everything_stays_equal(kept: Kept, databases: Databases, tmp_path: Path):
    files, found = kept.now, list[dict[str, list[bytes]]]()
    for url in (databases.bare(), f"sqlite:///{tmp_path / 'other.db'}", databases.bare()):
        place = kept.place(url, tmp_path / str(len(found)))
        restoring.restore(place, files.rows, files.keys)
        found.append(everything(url))
        files = Files(tmp_path / f"{len(found)}.rows", tmp_path / f"{len(found)}.keys")
        backup.back_up(place, files.rows, files.keys)
        if not url.endswith("other.db"):
            databases.drop(url)
    assert found[0] == found[1] == found[2]
    assert len(found[0]["answer"]) == kept.copied.tables["answer"] > 0


def test_a_backup_can_be_tried_without_touching_anything(kept: Kept):
    tried = restoring.check(kept.now.rows, kept.now.keys, kept.masters)
    assert tried.problems == ()
    assert tried.read > 150
    assert tried.restored.gone.cases == 0


def test_rows_that_are_missing_afterwards_are_noticed_also_when_something_was_destroyed(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
):
    def too_much(connection: sa.Connection) -> TakenAway:
        done = take_away_again(connection)
        assert done.cases == 1
        connection.exec_driver_sql("DELETE FROM measure")
        return done

    monkeypatch.setattr(restoring, "take_away_again", too_much)
    tried = restoring.check(kept.now.rows, kept.later.keys, kept.masters)
    assert tried.problems == ("measure: 1 rows were to be there, 0 are",)


def test_neither_file_can_be_read(kept: Kept):
    for file in (kept.now.rows, kept.now.keys):
        with tarfile.open(file) as archive:
            plain = b"".join(archive.extractfile(entry).read() for entry in archive)  # type: ignore[union-attr]
        for secret in (NAME, "anna@voorbeeld.example", "De Vlieghei", "Wat iemand schreef.", "PK aan de raad"):
            assert not any(one in plain for one in spellings(secret))
        assert b'"verifier"' not in plain  # of somebody who was on the way in
        assert file.stat().st_mode & 0o077 == 0
    assert archives.read_rows(kept.now.rows).tables.keys().isdisjoint(copying.BESIDE | copying.NEVER)


def test_without_the_master_key_it_is_said_which_one_is_needed(kept: Kept, databases: Databases, tmp_path: Path):
    needed = kept.masters.current().id
    stranger = masters.from_text(masters.new_line())
    with pytest.raises(KeysMissing, match=f"needs master key {needed}, which is not set here"):
        restoring.check(kept.now.rows, kept.now.keys, stranger)
    url = databases.bare()
    done = restoring.restore(Place(url, tmp_path, stranger), kept.now.rows, kept.now.keys)
    assert done.missing == (needed,)
    databases.drop(url)


def test_every_table_is_copied_or_named(kept: Kept):
    copied = kept.copied.tables.keys()
    assert copied | copying.NEVER | copying.BESIDE == metadata.tables.keys()
    assert all(kept.copied.tables.values())
    assert archives.read_rows(kept.now.rows).tables == kept.copied.tables


def test_a_database_that_was_not_migrated_yet_is_copied_as_it_is(kept: Kept, databases: Databases, tmp_path: Path):
    """Whoever installs a new release makes a backup with it before migrating."""
    url = databases.make()
    migrating.downgrade(url, "0012")
    file, keys = tmp_path / "rows", tmp_path / "keys"
    backup.back_up(kept.place(url, tmp_path), file, keys)
    assert archives.read_rows(file).revision == "0012"
    databases.drop(url)
    assert restoring.check(file, keys, kept.masters).problems == ()


def test_what_somebody_else_put_in_the_database_is_not_copied(kept: Kept, databases: Databases, tmp_path: Path):
    url = databases.bare()
    restoring.restore(kept.place(url, tmp_path), kept.now.rows, kept.now.keys)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (one INTEGER)")
    engine.dispose()
    assert backup.back_up(kept.place(url, tmp_path), tmp_path / "rows", tmp_path / "keys") == kept.copied
    databases.drop(url)


@pytest.fixture
def home(own_database_url: str, tmp_path: Path) -> Place:
    return Place(own_database_url, tmp_path / "data", masters.from_text(masters.new_line()))


@contextmanager
def files_that_stay_small(size: int) -> Iterator[None]:
    """Let the system refuse to write more than so many bytes in one file, as a disk does that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_was_there_stays_when_the_disk_is_full(home: Place, tmp_path: Path):
    file, keys = tmp_path / "rows.backup", tmp_path / "keys.backup"
    backup.back_up(home, file, keys)
    (home.data_dir / "packs").mkdir(parents=True)
    (home.data_dir / "packs" / "groot.yaml").write_bytes(os.urandom(400_000))
    before = file.read_bytes()
    with (
        files_that_stay_small(100_000),
        pytest.raises(NotAllowed, match=r"rows\.backup was not written; .* still does"),
    ):
        backup.back_up(home, file, keys)
    assert file.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir() if one.suffix != ".db") == [
        "data", "keys.backup", "rows.backup",
    ]  # fmt: skip


def test_a_folder_that_is_not_there_is_made(home: Place, tmp_path: Path):
    backup.back_up(home, tmp_path / "new" / "deep" / "rows", tmp_path / "apart" / "keys")
    assert archives.read_rows(tmp_path / "new" / "deep" / "rows").revision == revisions.newest()


def test_a_file_that_was_half_written_is_not_copied(home: Place, tmp_path: Path):
    (home.data_dir / "packs").mkdir(parents=True)
    for name in ("whole.yaml", "half.part"):
        (home.data_dir / "packs" / name).write_bytes(PACK)
    backup.back_up(home, tmp_path / "rows", tmp_path / "keys")
    assert set(archives.read_rows(tmp_path / "rows").files) == {"packs/whole.yaml"}


@pytest.mark.parametrize("which", ["rows", "keys"])
def test_a_place_where_nothing_can_be_written_is_told(home: Place, tmp_path: Path, which: str):
    (tmp_path / "letter").write_text("Beste", encoding="utf-8")
    files = {"rows": tmp_path / "rows", "keys": tmp_path / "keys"} | {which: tmp_path / "letter" / which}
    with pytest.raises(NotAllowed, match=f"letter/{which} was not written"):
        backup.back_up(home, files["rows"], files["keys"])
    assert not files["rows"].exists()


def test_rows_and_keys_are_never_written_over_each_other(home: Place, tmp_path: Path):
    with pytest.raises(NotAllowed, match="two files"):
        backup.back_up(home, tmp_path / "both", tmp_path / "folder" / ".." / "both")


def test_keys_of_another_installation_are_never_written_over(kept: Kept, home: Place, tmp_path: Path):
    """An empty database that somebody points to by mistake must not cost all the rows that were ever copied."""
    keys = tmp_path / "keys"
    for before in (kept.now.keys, kept.older[RELEASED[0]].keys):
        keys.write_bytes(before.read_bytes())
        with pytest.raises(NotAllowed, match="of another installation, or of a later moment"):
            backup.back_up(home, tmp_path / "rows", keys)
        assert keys.read_bytes() == before.read_bytes()
        assert not (tmp_path / "rows").exists()
    keys.write_text("Beste", encoding="utf-8")
    with pytest.raises(NotAllowed, match="not a backup of this product"):
        backup.back_up(home, tmp_path / "rows", keys)


def test_newer_keys_take_the_place_of_older_ones_and_never_the_other_way_round(
    kept: Kept, databases: Databases, tmp_path: Path
):
    url, keys = databases.bare(), tmp_path / "keys"
    restoring.restore(kept.place(url, tmp_path), kept.later.rows, kept.later.keys)
    for before in (kept.now.keys, kept.older[RELEASED[-1]].keys, kept.later.keys):
        keys.write_bytes(before.read_bytes())
        backup.back_up(kept.place(url, tmp_path), tmp_path / "rows", keys)
    databases.drop(url)
    # Rows of before know it all too, once the newest keys were put back over them.
    restoring.restore(kept.place(url := databases.bare(), tmp_path), kept.now.rows, kept.later.keys)
    keys.write_bytes(kept.later.keys.read_bytes())
    backup.back_up(kept.place(url, tmp_path), tmp_path / "rows", keys)
    databases.drop(url)
    # This database knows neither the proofs of later nor the key of the case that came after: those are in this file alone.
    restoring.restore(kept.place(url := databases.bare(), tmp_path), kept.now.rows, kept.now.keys)
    keys.write_bytes(kept.later.keys.read_bytes())
    with pytest.raises(NotAllowed, match="holds 5 keys or proofs that this database does not know"):
        backup.back_up(kept.place(url, tmp_path), tmp_path / "rows", keys)
    databases.drop(url)


def test_of_an_empty_database_no_backup_is_made(databases: Databases, home: Place, tmp_path: Path):
    place = Place(databases.bare(), home.data_dir, home.masters)
    with pytest.raises(NotAllowed, match="nothing to copy"):
        backup.back_up(place, tmp_path / "rows", tmp_path / "keys")
    databases.drop(place.url)
