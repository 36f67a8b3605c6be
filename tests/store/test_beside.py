"""What the newest file of keys brings along, over rows of before: stubs, proofs, what outlives a case, and outcomes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.crypto import masters
from app.reviews.lifecycle import Role
from app.reviews.retention import Kept
from app.store import archives, audit, backup, restoring
from app.store.backup import Place
from app.store.engine import open_engine, open_session
from app.store.rows import CaseRow, PersonRow
from app.store.types import canonical
from app.usecases import (
    cases,
    concluding,
    declarations,
    destroying,
    documents,
    people,
    retention,
    retention_overview,
    retention_policy,
)
from app.usecases.lines import CaseLine, PersonLine, today
from app.usecases.retention import Ask
from tests.databases import Databases
from tests.signing_in import PASSWORD, let_in
from tests.store.kept import NAME, session_in
from tests.store.parts import changed, rows
from tests.usecases.conftest import CHEAP
from tests.usecases.test_retention import destroyed, policy
from tests.usecases.world import World, make_world

pytestmark = pytest.mark.massive


@dataclass
class Home:
    """An installation with one case that was concluded, and one whose candidate withdrew."""

    place: Place
    world: World
    concluded: str
    withdrawn: str
    folder: Path
    databases: Databases

    @property
    def files(self) -> tuple[Path, Path]:
        return self.folder / "out" / "rows.backup", self.folder / "apart" / "keys.backup"


@pytest.fixture
def home(own_database_url: str, tmp_path: Path, databases: Databases) -> Iterator[Home]:
    keys = masters.from_text(masters.new_line())
    engine = open_engine(own_database_url, keys)
    with open_session(engine) as db:
        world = make_world(db, CHEAP)
        retention_policy.set_policy(db, world.admin, policy())
        concluded, _ = world.concluded()
        documents.make_document(db, CHEAP, world.clerk, concluded.id, "council_version")
        withdrawn, candidate = world.in_review()
        cases.withdraw(db, candidate, withdrawn.id)
        db.commit()
        place = Place(own_database_url, tmp_path / "data", keys)
        yield Home(place, world, concluded.id, withdrawn.id, tmp_path, databases)
    engine.dispose()


def counted(db: Session, tables: dict[str, int]) -> dict[str, int]:
    return {
        name: db.connection().execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 - our tables
        for name in tables
    }


def restored(home: Home) -> Iterator[World]:
    """The rows of before with the keys of now, put back elsewhere; every row there is accounted for."""
    file, keys = home.files
    home.world.db.commit()
    backup.back_up(home.place, file.with_name("newer"), keys)
    there = Place(home.databases.bare(), home.folder / "new", home.place.masters)
    done = restoring.restore(there, file, keys)
    assert restoring.check(file, keys, home.place.masters).problems == ()
    with session_in(there) as db:
        assert counted(db, done.expected()) == done.expected()
        yield replace(home.world, db=db)
    home.databases.drop(there.url)


def outcome(home: Home) -> CaseLine:
    """The case that was concluded, of which the council decided today."""
    concluding.present(home.world.db, home.world.clerk, home.concluded)
    return concluding.record_outcome(home.world.db, home.world.clerk, home.concluded, appointed=False, on=today())


def test_what_stays_of_a_case_that_was_destroyed_later_is_not_lost(home: Home):
    backup.back_up(home.place, *home.files)
    destroyed(home.world, outcome(home))
    for reader in restored(home):
        (left,) = documents.outliving(reader.db, reader.clerk)
        assert documents.fetch(reader.db, reader.clerk, left.id)[1].startswith(b"PK")
        (line,) = (one for one in retention_overview.list_of(reader.db, reader.auditor) if one.destroyed)
        assert line.left == {Kept.COUNCIL_VERSION}


@pytest.mark.parametrize("first", ["case", "documents"])
def test_documents_of_the_council_that_were_destroyed_do_not_come_back(home: Home, first: str):
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
    for reader in restored(home):
        assert documents.outliving(reader.db, reader.clerk) == ()
        for table in ("document", "kept_document"):
            query = sa.text(f"SELECT count(*) FROM {table} WHERE kind = 'council_version'")  # noqa: S608 - a fixed name
            assert reader.db.connection().execute(query).scalar_one() == 0
        assert {one.kept for one in destroying.destructions(reader.db, reader.auditor)} >= {"council_version"}


def test_a_case_that_began_and_was_destroyed_after_the_backup_is_no_hindrance(home: Home):
    backup.back_up(home.place, *home.files)
    later, candidate = home.world.in_review()
    destroyed(home.world, cases.withdraw(home.world.db, candidate, later.id))
    for reader in restored(home):
        assert cases.case_page(reader.db, reader.clerk, home.concluded).case.candidate_name == NAME
        (proof,) = destroying.destructions(reader.db, reader.auditor)
        body = destroying.declaration(reader.db, reader.auditor, proof.id)[1]
        # The log was put back from before: it says again what was destroyed, so that the declaration can be held against it.
        told = declarations.declared(reader.db, body)
        assert told is not None
        assert (told.reference, told.manifest_sha256, told.whole) == (later.reference, proof.manifest_sha256, True)
        assert audit.verify(reader.db) == ()


def test_a_case_of_somebody_who_came_later_brings_no_account(home: Home):
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
    for reader in restored(home):
        (proof,) = destroying.destructions(reader.db, reader.auditor)
        assert proof.case_id == later.id
        back = reader.db.get_one(PersonRow, added.id)
        assert (back.active, back.password_hash, email in back.email) == (False, "", False)


def test_a_maker_who_is_there_keeps_the_account(home: Home):
    backup.back_up(home.place, *home.files)
    before = home.world.db.get_one(PersonRow, home.world.clerk.id).model_dump()
    destroyed(home.world, cases.case_page(home.world.db, home.world.clerk, home.withdrawn).case)
    for reader in restored(home):
        back = reader.db.get_one(PersonRow, home.world.clerk.id).model_dump()
        assert (back["email"], back["password_hash"], back["active"]) == (
            before["email"], before["password_hash"], True,
        )  # fmt: skip


def test_a_hold_and_an_extension_of_after_the_backup_still_count(home: Home):
    backup.back_up(home.place, *home.files)
    world, until = home.world, today() + timedelta(days=90)
    asked = retention.ask(world.db, world.clerk, home.withdrawn, Ask.EXTEND, "Bezwaar loopt.", until)
    retention.decided(world.db, world.principal, home.withdrawn, asked, accepted=True)
    retention.ask(world.db, world.clerk, home.withdrawn, Ask.HOLD, "Er loopt een procedure.")
    outcome(home)
    for reader in restored(home):
        shown = retention.keeping(reader.db, reader.clerk, home.withdrawn)
        assert (shown.extended_to, shown.held_since is not None) == (until, True)
        # What the rows do not know yet has not happened there.
        assert retention.keeping(reader.db, reader.clerk, home.concluded).outcome is None


@pytest.mark.parametrize("table", ["organisation", "case"])
def test_what_belongs_to_nothing_that_is_there_stays_out(home: Home, table: str):
    """Keys of this installation, with everything in them said to be of somebody whom the rows do not know."""
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    later, candidate = home.world.in_review()
    destroyed(home.world, cases.withdraw(home.world.db, candidate, later.id))
    home.world.db.commit()
    backup.back_up(home.place, file.with_name("newer"), keys)

    def of_another(row: dict[str, Any]) -> dict[str, Any] | None:
        if table == "case":
            return None
        return row | {"organisation_id": "0" * 26} if row["id"] == later.id else row

    strange = changed(keys, keys.with_name("strange"), lambda parts, _: rows(parts, "case_file", of_another))
    there = Place(home.databases.bare(), home.folder / "new", home.place.masters)
    done = restoring.restore(there, file, strange)
    assert (done.strangers, done.gone.cases, done.gone.logged["audit_entry"]) == (1, 0, 0)
    with session_in(there) as db:
        assert db.get(CaseRow, later.id) is None
        assert destroying.destructions(db, home.world.auditor) == ()
        assert counted(db, done.expected()) == done.expected()
    home.databases.drop(there.url)


def test_keys_that_were_written_as_one_text_bring_the_same_along(home: Home):
    """Some of these name their revision and hold stubs and outcomes too, in the order of the alphabet."""
    file, keys = home.files
    backup.back_up(home.place, file, keys)
    later, candidate = home.world.in_review()
    destroyed(home.world, cases.withdraw(home.world.db, candidate, later.id))
    home.world.db.commit()
    backup.back_up(home.place, file.with_name("newer"), keys)
    held = archives.read_keys(keys, "0004")
    tables = {name: [line.decode() for line in lines] for name, lines in held.each_table()}
    one_text = keys.with_name("one text")
    one_text.write_bytes(canonical({"format": 1, "revision": held.revision, "tables": tables}))
    there = Place(home.databases.bare(), home.folder / "new", home.place.masters)
    done = restoring.restore(there, file, one_text)
    assert done.strangers == 0
    with session_in(there) as db:
        (proof,) = destroying.destructions(db, home.world.auditor)
        assert proof.case_id == later.id
        assert counted(db, done.expected()) == done.expected()
    home.databases.drop(there.url)
