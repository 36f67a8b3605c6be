"""`toetssteen keys`: making, replacing and counting master keys."""

import re
import stat
from pathlib import Path

import pytest
from sqlmodel import select

from app.crypto import masters
from app.store import keys
from app.store.engine import open_engine, open_session
from app.store.rows import ContentKeyRow
from tests.cli.conftest import Run


@pytest.fixture
def installed(run: Run, tmp_path: Path) -> Path:
    """A database with an organisation in it, and the key file that was made with it."""
    assert run("migrate", data_dir=tmp_path).exit_code == 0
    added = run(
        "person", "add", "--organisation", "Gemeente Voorbeeldstad", "--tier", "municipality", "--name", "Noor",
        "--email", "noor@voorbeeld.example", "--role", "clerk", "--password", "een-heel-lang-wachtwoord",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    return tmp_path / "master.key"


def test_a_key_is_printed_or_written_once(run: Run, tmp_path: Path):
    printed = run("keys", "create").stdout
    assert len(masters.parse(printed)) == 1
    assert run("keys", "create").stdout != printed
    file = tmp_path / "made.key"
    made = run("keys", "create", file)
    assert made.exit_code == 0
    assert "apart from the database" in made.stdout
    assert file.read_text().strip() not in made.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_text()
    assert run("keys", "create", file).exit_code == 2
    assert file.read_text() == before


def test_status_names_every_master_key_and_what_it_wraps(run: Run, installed: Path):
    told = run("keys", "status")
    assert told.exit_code == 0
    master = masters.from_file(installed).current().id
    assert told.stdout.splitlines() == [f"master key {master} (used now): wraps 1", "destroyed: 0"]


def test_what_was_destroyed_under_a_master_key_that_is_still_here_is_told(run: Run, installed: Path):
    engine = open_engine(f"sqlite:///{installed.parent / 'toetssteen.db'}", masters.from_file(installed))
    with open_session(engine) as db:
        (organisation,) = db.exec(select(ContentKeyRow.owner_id)).all()
        keys.ring_of(db.connection()).create(db.connection(), "a case", "case", organisation)
        keys.shred(db, "a case")
        db.commit()
    engine.dispose()
    assert "1 of these were wrapped with a master key that is still here" in run("keys", "status").stdout
    assert run("keys", "rotate", "--new").exit_code == 0
    assert "still here" in run("keys", "status").stdout
    installed.write_text(installed.read_text().splitlines()[0])
    told = run("keys", "status").stdout
    assert "destroyed: 1" in told
    assert "still here" not in told


def test_a_new_master_key_takes_over_and_the_old_one_can_go(run: Run, installed: Path):
    old = masters.from_file(installed).current().id
    rotated = run("keys", "rotate", "--new")
    assert rotated.exit_code == 0, rotated.output
    new = masters.from_file(installed).current().id
    assert rotated.stdout.splitlines() == [f"new master key {new}", "1 keys wrapped anew"]
    told = run("keys", "status").stdout
    assert f"master key {new} (used now): wraps 1" in told
    assert f"master key {old} (of before): wraps 0" in told
    forgotten = run("keys", "forget", old)
    assert forgotten.exit_code == 0, forgotten.output
    assert "only with your copy" in forgotten.stdout
    assert [key.id for key in masters.from_file(installed).all()] == [new]
    assert run("keys", "rotate").stdout == "0 keys wrapped anew\n"
    assert run("keys", "status").exit_code == 0


def test_a_master_key_that_is_needed_is_not_forgotten(run: Run, installed: Path):
    old = masters.from_file(installed).current().id
    used = run("keys", "forget", old)
    assert used.exit_code == 2
    assert "the one that is used now" in used.stderr
    masters.add_to_file(installed)
    before = installed.read_text()
    wrapping = run("keys", "forget", old)
    assert wrapping.exit_code == 2
    assert "still wraps 1 keys; first: toetssteen keys rotate" in wrapping.stderr
    unknown = run("keys", "forget", "0000")
    assert unknown.exit_code == 2
    assert "is not in the key file" in unknown.stderr
    assert installed.read_text() == before


def test_a_key_file_that_others_can_read_is_told(run: Run, tmp_path: Path):
    assert run("migrate", data_dir=tmp_path).exit_code == 0
    file = tmp_path / "mounted.key"
    assert run("keys", "create", file).exit_code == 0
    assert run("keys", "status", master_key_file=file).stderr == ""
    file.chmod(0o644)
    told = run("keys", "status", master_key_file=file)
    assert told.exit_code == 0
    assert f"others than its owner can read the key file {file}; run: chmod 600 {file}" in told.stderr


def test_a_master_key_that_is_missing_is_named(run: Run, installed: Path):
    old = masters.from_file(installed).current().id
    installed.write_text(masters.new_line())
    told = run("keys", "status")
    assert told.exit_code == 2
    assert f"master key {old} (MISSING): wraps 1" in told.stdout
    assert run("keys", "rotate").exit_code == 2


def test_a_key_that_comes_from_elsewhere_is_replaced_there(run: Run, tmp_path: Path):
    assert run("migrate", data_dir=tmp_path, master_key=masters.new_line()).exit_code == 0
    refused = run("keys", "rotate", "--new")
    assert refused.exit_code == 2
    assert re.search("do not come from a file", refused.stderr)
    elsewhere = run("keys", "forget", "0000")
    assert elsewhere.exit_code == 2
    assert re.search("do not come from a file", elsewhere.stderr)
    assert run("keys", "rotate").exit_code == 0


def test_a_key_file_that_is_not_there_is_told_in_one_line(run: Run, tmp_path: Path):
    assert run("migrate", data_dir=tmp_path).exit_code == 0
    told = run("keys", "status", master_key_file=tmp_path / "gone.key")
    assert told.exit_code == 2
    assert "cannot be read" in told.stderr
