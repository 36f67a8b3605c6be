"""An installation with something in every table, and its backups: of now, of later, and of every older release."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from app.accounts.actor import Actor
from app.crypto import masters
from app.crypto.masters import MasterKeys
from app.reviews.retention import End, Policy, Term
from app.reviews.retention import Kept as What
from app.store import backup, documents, migrating, restoring, revisions
from app.store import cases as stored
from app.store.backup import Copied, Place
from app.store.engine import open_engine, open_session
from app.usecases import attachments, destroying, retention, retention_policy
from app.usecases import cases as acts
from app.usecases import documents as made_documents
from app.usecases.retention import Ask
from tests.databases import Databases
from tests.store import older
from tests.store.filling import fill_what_is_empty
from tests.usecases.conftest import CHEAP
from tests.usecases.files import PDF
from tests.usecases.world import CLEAN, World, make_world

NAME = "Anna Veld"
PACK = b"rules: []\n"
RELEASED = revisions.line()[revisions.line().index(restoring.OLDEST) :]
"""Every shape of which a backup can exist, the oldest first."""


@dataclass(frozen=True)
class Files:
    """A backup."""

    rows: Path
    keys: Path


@dataclass(frozen=True)
class Kept:
    """Backups of one installation, and what was in it."""

    masters: MasterKeys
    folder: Path
    world: World
    """Its people. The session in it is closed."""
    copied: Copied
    """What the backup of now says to hold."""
    now: Files
    later: Files
    """After `destroyed` was destroyed and the documents of the council of `open` and `gone` were, and `open` got a new one."""
    older: dict[str, Files]
    """The same as now, as the release of each shape would have copied it."""
    stays: str
    open: str
    gone: str
    """It was destroyed before any backup; its documents of the council were not."""
    destroyed: str
    after: str
    """It was opened after now, and destroyed before later."""

    def place(self, url: str, data_dir: Path) -> Place:
        return Place(url, data_dir, self.masters)


@contextmanager
def session_in(place: Place) -> Iterator[Session]:
    engine = open_engine(place.url, place.masters)
    with open_session(engine) as db:
        yield db
    engine.dispose()


def tables_in(url: str) -> list[str]:
    """The tables of a database, as it says itself."""
    engine = open_engine(url)
    try:
        return sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def policy() -> Policy:
    """Everything may go on the day of the outcome."""
    return Policy(
        "Selectielijst van het voorbeeld", tuple(Term(end, what, 0, category="1") for end in End for what in What)
    )


def keep(databases: Databases, folder: Path) -> Kept:
    """Make the installation, and copy it."""
    place = Place(databases.make(), folder / "data", masters.from_text(masters.new_line()))
    (place.data_dir / "packs").mkdir(parents=True)
    (place.data_dir / "packs" / "onze-code.yaml").write_bytes(PACK)
    with session_in(place) as db:
        world = make_world(db, CHEAP)
        retention_policy.set_policy(db, world.admin, policy())
        stays, _ = world.concluded()
        made_documents.make_document(db, CHEAP, world.clerk, stays.id, "council_version")
        others = {name: withdrawn(world) for name in ("open", "gone", "destroyed")}
        destroy(world, others["gone"])
        fill_what_is_empty(
            db, {"organisation": world.clerk.organisation_id, "case_file": stays.id, "person": world.clerk.id}
        )
        db.commit()
    now = Files(folder / "now" / "rows.backup", folder / "now" / "keys.backup")
    copied = backup.back_up(place, now.rows, now.keys)
    of_before = walk_down(place, databases, folder, now)
    with session_in(place) as db:
        world = replace(world, db=db)
        after = withdrawn(world)
        destroy(world, after)
        destroy(world, others["destroyed"])
        for case in (others["open"], others["gone"]):
            destroy(world, case, Ask.DESTROY_COUNCIL)
        add_document(db, world.clerk, others["open"], 2)
        db.commit()
    later = Files(folder / "later" / "rows.backup", folder / "later" / "keys.backup")
    backup.back_up(place, later.rows, later.keys)
    databases.drop(place.url)
    return Kept(
        place.masters, folder, world, copied, now, later, of_before, stays=stays.id, after=after, **others
    )  # fmt: skip


def walk_down(place: Place, databases: Databases, folder: Path, now: Files) -> dict[str, Files]:
    """Take a copy back through the shapes of older releases, and copy it in each."""
    url = databases.bare()
    restoring.restore(replace(place, url=url, data_dir=folder / "down"), now.rows, now.keys)
    found = {}
    for revision in reversed(RELEASED):
        migrating.downgrade(url, revision)
        found[revision] = Files(folder / f"{revision}.rows", folder / f"{revision}.keys")
        older.back_up(url, found[revision].rows, found[revision].keys)
    databases.drop(url)
    return found


def withdrawn(world: World) -> str:
    """A case with a document of the council, whose candidate withdrew."""
    case, candidate = world.answering()
    world.fill_in(candidate, CLEAN)
    taken = attachments.add(world.db, CHEAP, candidate, case.id, filename="a.pdf", subject="Brief", body=PDF)
    assert isinstance(taken, attachments.AttachmentLine)
    add_document(world.db, world.clerk, case.id)
    acts.withdraw(world.db, candidate, case.id)
    return case.id


def add_document(db: Session, actor: Actor, case_id: str, number: int = 1) -> None:
    access = stored.access(db, actor, case_id, lock=True)
    documents.keep(
        db, access, kind="council_version", number=number, filename="raad.docx", media_type="text/plain",
        body=b"PK aan de raad", receipt={"soort": "proef"},
    )  # fmt: skip
    db.flush()


def destroy(world: World, case_id: str, what: Ask = Ask.DESTROY) -> None:
    asked = retention.ask(world.db, world.clerk, case_id, what, "De termijn is voorbij.")
    assert destroying.confirm(world.db, CHEAP, world.principal, case_id, asked, accepted=True)
