"""The commands for backups, from the outside: what they print, and how they end."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.crypto import masters
from app.store import migrating, people
from app.store.engine import open_engine, open_session


@pytest.fixture
def home(tmp_path: Path, own_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOETSSTEEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TOETSSTEEN_DATABASE_URL", own_database_url)
    monkeypatch.setenv("TOETSSTEEN_MASTER_KEY", masters.new_line())
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


def test_there_and_back(home: Path, monkeypatch: pytest.MonkeyPatch):
    rows, keys = str(home / "rows.backup"), str(home / "keys.backup")
    status, said = run("backup", rows, "--keys", keys)
    assert (status, "keys in" in said) == (0, True)
    status, said = run("restore-check", rows, "--keys", keys)
    assert (status, "the audit log holds" in said) == (0, True)
    status, said = run("restore", rows, "--keys", keys)
    assert (status, "not empty" in said) == (2, True)
    elsewhere = f"sqlite:///{home / 'new.db'}"
    monkeypatch.setenv("TOETSSTEEN_DATABASE_URL", elsewhere)
    status, said = run("restore", rows, "--keys", keys)
    assert (status, "were put back" in said) == (0, True)
    migrating.check(elsewhere)


def test_a_file_that_is_no_backup_ends_with_two(home: Path):
    (home / "letter.txt").write_text("Beste", encoding="utf-8")
    status, said = run("restore-check", str(home / "letter.txt"), "--keys", str(home / "letter.txt"))
    assert (status, "damaged" in said) == (2, True)


def test_the_wrong_master_key_is_named_when_it_is_tried_and_when_it_is_put_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    rows, keys = str(home / "rows.backup"), str(home / "keys.backup")
    keyed = masters.from_text(os.environ["TOETSSTEEN_MASTER_KEY"])
    engine = open_engine(os.environ["TOETSSTEEN_DATABASE_URL"], keyed)
    with open_session(engine) as db:
        people.add_organisation(db, "Gemeente Voorbeeldstad", "municipality", theme="default", settings={})
        db.commit()
    engine.dispose()
    needed = keyed.current().id
    assert run("backup", rows, "--keys", keys)[0] == 0
    monkeypatch.setenv("TOETSSTEEN_MASTER_KEY", masters.new_line())
    status, said = run("restore-check", rows, "--keys", keys)
    assert (status, f"needs master key {needed}, which is not set here" in said) == (2, True)
    monkeypatch.setenv("TOETSSTEEN_DATABASE_URL", f"sqlite:///{home / 'new.db'}")
    status, said = run("restore", rows, "--keys", keys)
    assert (status, f"master key {needed} is not set here" in said) == (0, True)


def test_a_place_that_cannot_be_written_ends_with_two(home: Path):
    (home / "letter.txt").write_text("Beste", encoding="utf-8")
    status, said = run("backup", str(home / "letter.txt" / "rows"), "--keys", str(home / "keys.backup"))
    assert (status, "was not written; what stood there before still does" in said) == (2, True)
