"""A backup that was put back: everything is there, damage is noticed, and what was destroyed stays unreadable."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.crypto import masters
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.reviews.retention import Kept
from app.store import audit, backup, copying
from app.store.backup import Place
from app.store.engine import open_engine, open_session
from app.store.rows import PersonRow, metadata
from app.usecases import (
    attachments,
    cases,
    concluding,
    declarations,
    destroying,
    documents,
    people,
    retention,
    retention_overview,
    retention_policy,
    reviewer_files,
)
from app.usecases.attachments import AttachmentLine, NewFile
from app.usecases.lines import CaseLine, PersonLine, today
from app.usecases.retention import Ask
from tests.databases import Databases
from tests.signing_in import PASSWORD, let_in
from tests.usecases.conftest import CHEAP
from tests.usecases.files import PDF
from tests.usecases.test_retention import destroyed, policy
from tests.usecases.test_reviewer_files import SOURCE
from tests.usecases.world import World, make_world

NAME = "Anna Veld"


@dataclass
class Home:
    """An installation with one case that was concluded, and one whose candidate withdrew."""

    place: Place
    world: World
    concluded: str
    withdrawn: str
    folder: Path

    @property
    def files(self) -> tuple[Path, Path]:
        return self.folder / "out" / "rows.backup", self.folder / "apart" / "keys.backup"

    def elsewhere(self, url: str) -> Place:
        return Place(url, self.folder / "new", self.place.masters)


@pytest.fixture
def home(own_database_url: str, tmp_path: Path) -> Iterator[Home]:
    keys = masters.from_text(masters.new_line())
    engine = open_engine(own_database_url, keys)
    data = tmp_path / "data"
    (data / "packs").mkdir(parents=True)
    (data / "packs" / "onze-code.yaml").write_text("rules: []\n", encoding="utf-8")
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        retention_policy.set_policy(db, world.admin, policy())
        concluded, _ = world.concluded()
        documents.make_document(db, CHEAP, world.clerk, concluded.id, "council_version")
        withdrawn, candidate = world.in_review()
        found = reviewer_files.add(db, CHEAP, world.analyst, withdrawn.id, NewFile("a.pdf", "Brief", PDF), SOURCE)
        assert isinstance(found, AttachmentLine)
        cases.withdraw(db, candidate, withdrawn.id)
        db.commit()
        yield Home(Place(own_database_url, data, keys), world, concluded.id, withdrawn.id, tmp_path)
    engine.dispose()


def counts(url: str) -> dict[str, int]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {table.name: copying.how_many(connection, table) for table in copying.tables()}
    engine.dispose()
    return found


def test_what_was_put_back_is_what_was_there(home: Home, databases: Databases, tmp_path: Path):
    file, keys = home.files
    made = backup.back_up(home.place, file, keys)
    assert made.files == 1
    assert made.tables["answer"] > 0
    for url in (f"sqlite:///{tmp_path / 'back.db'}", databases.bare()):
        there = home.elsewhere(url)
        assert backup.restore(there, file, keys).tables == made.tables
        assert counts(url) == counts(home.place.url) == made.tables
        assert (there.data_dir / "packs" / "onze-code.yaml").read_text(encoding="utf-8") == "rules: []\n"
        engine = open_engine(url, there.masters)
        with open_session(engine) as db:
            again = make_reader(home.world, db)
            assert cases.case_page(db, again.clerk, home.concluded).case.candidate_name == NAME
            (line,) = documents.documents(db, again.clerk, home.concluded)
            assert documents.fetch(db, again.clerk, line.id)[1].startswith(b"PK")
            (kept,) = attachments.list_attachments(db, again.clerk, home.withdrawn)
            assert (kept.source, attachments.fetch(db, again.clerk, kept.id)[1]) == (SOURCE, PDF)
        engine.dispose()
    databases.drop(url)


def make_reader(world: World, db: Session) -> World:
    return replace(world, db=db)


def test_a_backup_can_be_tried_without_touching_anything(home: Home):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    before = counts(home.place.url)
    tried = backup.check(file, keys, home.place.masters)
    assert tried.problems == ()
    assert tried.read > 50
    assert counts(home.place.url) == before


def test_old_rows_of_a_destroyed_case_cannot_be_read_any_more(home: Home, tmp_path: Path):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    old_keys = keys.read_bytes()
    destroyed(home.world, cases.case_page(home.world.db, home.world.clerk, home.withdrawn).case)
    home.world.db.commit()
    # The rows stay the old ones, as on a tape; of the keys the newest file replaces the one before.
    backup.back_up(home.place, file.with_name("newer"), keys)
    assert old_keys != keys.read_bytes()
    there = home.elsewhere(f"sqlite:///{tmp_path / 'back.db'}")
    backup.restore(there, file, keys)
    engine = open_engine(there.url, there.masters)
    with open_session(engine) as db:
        reader = make_reader(home.world, db)
        with pytest.raises(NotFound):
            cases.case_page(db, reader.clerk, home.withdrawn)
        assert cases.case_page(db, reader.clerk, home.concluded).case.candidate_name == NAME
        (proof,) = destroying.destructions(db, reader.auditor)
        assert proof.case_id == home.withdrawn
        left = db.connection().execute(
            sa.text("SELECT count(*) FROM answer WHERE case_id = :case"), {"case": home.withdrawn}
        )
        assert left.scalar_one() == 0
    engine.dispose()
    assert backup.check(file, keys, home.place.masters).destroyed == 1


def restored(home: Home, folder: Path) -> Iterator[World]:
    """The rows of before with the keys of now, put back elsewhere."""
    file, keys = home.files
    home.world.db.commit()
    backup.back_up(home.place, file.with_name("newer"), keys)
    there = home.elsewhere(f"sqlite:///{folder / 'back.db'}")
    backup.restore(there, file, keys)
    assert backup.check(file, keys, home.place.masters).problems == ()
    engine = open_engine(there.url, there.masters)
    with open_session(engine) as db:
        yield make_reader(home.world, db)
    engine.dispose()


def test_what_stays_of_a_case_that_was_destroyed_later_is_not_lost(home: Home, tmp_path: Path):
    backup.back_up(home.place, *home.files)
    destroyed(home.world, outcome(home))
    for reader in restored(home, tmp_path):
        (left,) = documents.outliving(reader.db, reader.clerk)
        assert documents.fetch(reader.db, reader.clerk, left.id)[1].startswith(b"PK")
        (line,) = (one for one in retention_overview.list_of(reader.db, reader.auditor) if one.destroyed)
        assert line.left == {Kept.COUNCIL_VERSION}


@pytest.mark.parametrize("first", ["case", "documents"])
def test_documents_of_the_council_that_were_destroyed_do_not_come_back(home: Home, tmp_path: Path, first: str):
    everything = replace(policy(), terms=tuple(replace(one, months=0) for one in policy().terms))
    retention_policy.set_policy(home.world.db, home.world.admin, everything)
    case = outcome(home)
    home.world.db.commit()
    if first == "case":
        destroyed(home.world, case)
        home.world.db.commit()
    backup.back_up(home.place, *home.files)
    asked = retention.ask(home.world.db, home.world.clerk, case.id, Ask.DESTROY_COUNCIL, "Termijn voorbij.")
    destroying.confirm(home.world.db, CHEAP, home.world.principal, case.id, asked, accepted=True)
    for reader in restored(home, tmp_path):
        assert documents.outliving(reader.db, reader.clerk) == ()
        for table in ("document", "kept_document"):
            query = sa.text(f"SELECT count(*) FROM {table} WHERE kind = 'council_version'")  # noqa: S608 - a fixed name
            assert reader.db.connection().execute(query).scalar_one() == 0
        assert {one.kept for one in destroying.destructions(reader.db, reader.auditor)} >= {"council_version"}


def test_a_case_that_began_and_was_destroyed_after_the_backup_is_no_hindrance(home: Home, tmp_path: Path):
    backup.back_up(home.place, *home.files)
    later, candidate = home.world.in_review()
    destroyed(home.world, cases.withdraw(home.world.db, candidate, later.id))
    for reader in restored(home, tmp_path):
        assert cases.case_page(reader.db, reader.clerk, home.concluded).case.candidate_name == NAME
        (proof,) = destroying.destructions(reader.db, reader.auditor)
        body = destroying.declaration(reader.db, reader.auditor, proof.id)[1]
        # The log was put back from before: it says again what was destroyed, so that the declaration can be held against it.
        told = declarations.declared(reader.db, body)
        assert told is not None
        assert (told.reference, told.manifest_sha256, told.whole) == (later.reference, proof.manifest_sha256, True)
        assert audit.verify(reader.db) == ()


def test_a_case_of_somebody_who_came_later_brings_no_account(home: Home, tmp_path: Path):
    backup.back_up(home.place, *home.files)
    world, email = home.world, "nieuwe.griffier@voorbeeld.example"
    added = people.add_person(
        world.db, CHEAP, world.admin, name="Nina Nieuw", email=email, role=Role.CLERK, password=PASSWORD
    )
    assert isinstance(added, PersonLine), added
    newcomer = replace(world, clerk=let_in(world.db, CHEAP, email).actor)
    later, candidate = newcomer.in_review()
    newcomer.declare(later.id, world.clerk)
    destroyed(world, cases.withdraw(world.db, candidate, later.id))
    for reader in restored(home, tmp_path):
        (proof,) = destroying.destructions(reader.db, reader.auditor)
        assert proof.case_id == later.id
        back = reader.db.get_one(PersonRow, added.id)
        assert (back.active, back.password_hash, email in back.email) == (False, "", False)


def test_a_hold_and_an_extension_of_after_the_backup_still_count(home: Home, tmp_path: Path):
    backup.back_up(home.place, *home.files)
    world, until = home.world, today() + timedelta(days=90)
    asked = retention.ask(world.db, world.clerk, home.withdrawn, Ask.EXTEND, "Bezwaar loopt.", until)
    retention.decided(world.db, world.principal, home.withdrawn, asked, accepted=True)
    retention.ask(world.db, world.clerk, home.withdrawn, Ask.HOLD, "Er loopt een procedure.")
    outcome(home)
    for reader in restored(home, tmp_path):
        shown = retention.keeping(reader.db, reader.clerk, home.withdrawn)
        assert (shown.extended_to, shown.held_since is not None) == (until, True)
        # What the rows do not know yet has not happened there.
        assert retention.keeping(reader.db, reader.clerk, home.concluded).outcome is None


def outcome(home: Home) -> CaseLine:
    """The case that was concluded, of which the council decided today."""
    concluding.present(home.world.db, home.world.clerk, home.concluded)
    return concluding.record_outcome(home.world.db, home.world.clerk, home.concluded, appointed=False, on=today())


def test_rows_without_their_keys_and_keys_without_the_master_key_say_nothing(home: Home):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    with tarfile.open(file) as archive:
        plain = b"".join(archive.extractfile(entry).read() for entry in archive if entry.isfile())  # type: ignore[union-attr]
    for secret in (NAME, "anna@voorbeeld.example", "De Vlieghei"):
        assert secret.encode() not in plain
        assert secret.encode() not in keys.read_bytes()
    assert b"data_key" not in plain
    assert b"sign_in" not in plain
    assert file.stat().st_mode & 0o077 == 0
    assert keys.stat().st_mode & 0o077 == 0
    stranger = masters.from_text(masters.new_line())
    assert backup.check(file, keys, stranger).problems


@pytest.mark.parametrize("table", ["answer", "audit_entry"])
def test_a_changed_row_is_noticed(home: Home, table: str, tmp_path: Path):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    bad = tmp_path / "bad.backup"
    with tarfile.open(file) as old, tarfile.open(bad, "w:gz") as new:
        for entry in old:
            body = old.extractfile(entry).read()  # type: ignore[union-attr]
            if entry.name == f"tables/{table}.jsonl":
                body = b"".join(body.splitlines(keepends=True)[:-1])
                entry.size = len(body)
            new.addfile(entry, io.BytesIO(body))
    with pytest.raises(NotAllowed, match=f"the rows of {table} were changed"):
        backup.check(bad, keys, home.place.masters)


def test_half_a_file_is_refused(home: Home, tmp_path: Path):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    half = tmp_path / "half.backup"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(NotAllowed, match="damaged"):
        backup.check(half, keys, home.place.masters)
    with pytest.raises(NotAllowed, match="damaged"):
        backup.check(file, half, home.place.masters)
    no_backup = tmp_path / "other.gz"
    no_backup.write_bytes(gzip.compress(b"something else"))
    with pytest.raises(NotAllowed, match="damaged"):
        backup.check(no_backup, keys, home.place.masters)


def test_nothing_is_put_over_a_database_that_is_in_use(home: Home):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    before = counts(home.place.url)
    with pytest.raises(NotAllowed, match="not empty"):
        backup.restore(home.place, file, keys)
    assert counts(home.place.url) == before


def test_keys_that_are_older_than_the_rows_are_refused(home: Home, tmp_path: Path):
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    held = json.loads(keys.read_bytes())
    held["tables"]["data_key"] = [row for row in held["tables"]["data_key"] if home.concluded not in row]
    keys.write_bytes(json.dumps(held).encode())
    there = home.elsewhere(f"sqlite:///{tmp_path / 'back.db'}")
    with pytest.raises(NotAllowed, match="older than the backup"):
        backup.restore(there, file, keys)


def test_every_table_is_copied_or_named(home: Home):
    del home
    copied = {table.name for table in copying.tables()}
    assert copied | copying.NEVER | copying.BESIDE >= set(metadata.tables)
    assert {table.name for table in copying.tables(copying.BESIDE)} == copying.BESIDE
