"""Migrations go up and down on both engines, and make exactly the tables the code works with."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from app.settings import Settings
from app.store import migrating, proofs, revisions, signins
from app.store.engine import open_engine, open_session
from app.store.rows import metadata
from tests.usecases.world import make_world


def tables(url: str) -> set[str]:
    engine = open_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_there_is_one_line_of_migrations():
    script = ScriptDirectory.from_config(migrating.configuration("sqlite://"))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_the_migrations_make_the_tables_of_the_code(own_database_url: str):
    migrating.check(own_database_url)
    assert tables(own_database_url) == {*metadata.tables, "alembic_version"}


def test_down_leaves_nothing_and_up_makes_it_again(own_database_url: str):
    migrating.downgrade(own_database_url)
    assert tables(own_database_url) == {"alembic_version"}
    assert revisions.current(own_database_url) is None
    migrating.upgrade(own_database_url)
    assert revisions.current(own_database_url) == revisions.newest()
    migrating.check(own_database_url)


def test_upgrading_twice_changes_nothing(own_database_url: str):
    migrating.upgrade(own_database_url)
    assert revisions.current(own_database_url) == revisions.newest()


def test_an_sqlite_file_is_copied_with_what_is_still_in_its_log(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'case.db'}"
    migrating.upgrade(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO login_attempt (id, subject_sha256, at, origin) VALUES ('a', 'b', 0, '')"
        )
    # still open: what was written may only be in the write-ahead log
    copy = migrating.back_up(url, "0001")
    engine.dispose()
    assert copy is not None
    copied = open_engine(f"sqlite:///{copy}")
    with copied.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM login_attempt").scalar_one() == 1
    copied.dispose()


def test_an_old_sqlite_file_is_copied_before_it_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    url = f"sqlite:///{tmp_path / 'case.db'}"
    migrating.upgrade(url)
    monkeypatch.setattr(migrating, "newest", lambda: "later")
    migrating.upgrade(url)
    assert [path.name.split("-")[0] for path in tmp_path.glob("*.backup.db")] == ["case"]


def test_a_new_database_needs_no_copy(tmp_path: Path):
    migrating.upgrade(f"sqlite:///{tmp_path / 'case.db'}")
    assert list(tmp_path.glob("*.backup.db")) == []


def test_which_codes_of_an_app_were_used_is_not_forgotten_on_the_way(settings: Settings):
    def used(column: str) -> list[object]:
        engine = open_engine(settings.database)
        with engine.connect() as connection:
            found = connection.execute(sa.text(f"SELECT {column} FROM authenticator ORDER BY id")).scalars().all()  # noqa: S608 - ours
        engine.dispose()
        return list(found)

    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        world = make_world(db, settings)
        for person, steps in ((world.clerk, (58_000_000, 58_000_007)), (world.principal, ())):
            proofs.set_authenticator(db, signins.person(db, person.id), b"secret", steps)
        db.commit()
    engine.dispose()
    migrating.downgrade(settings.database, "0018")
    assert used("last_step") == [58_000_007, 0]
    migrating.upgrade(settings.database)
    assert used("used_steps") == ["[58000007]", "[]"]
