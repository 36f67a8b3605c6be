"""Data keys: one for each case and one for each organisation, made with their owner and kept wrapped in `data_key`.

To keep something secret, declare its column with `Content` (JSON) or `ContentBytes` in a table with `organisation_id`:
it is then sealed on writing and opened on reading, with the key of the row's `case_id` when it has one, else with that of
its organisation. For what is in no column there are `seal` and `open_sealed`.

    sealed = keys.seal(db, actor.organisation_id, secret, "totp", person.id)
    secret = keys.open_sealed(db, actor.organisation_id, sealed, "totp", person.id)
"""

import base64
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, Literal

from sqlalchemy import Connection, Engine, event, insert, select, update
from sqlmodel import Session

from app.crypto.envelope import ContentKey, MasterKey, about, new_key
from app.crypto.masters import MasterKeys
from app.errors import KeysMissing, Unreadable
from app.store import write_ahead_log
from app.store.rows.keys import ContentKeyRow
from app.store.types import utc_now

RING = "toetssteen_keys"
"""The execution option of an engine under which its key ring goes along with every connection."""

KEPT = 4096
"""How many unwrapped keys stay in memory."""

ORIGIN_LENGTH = 40
"""An address of IPv6 is shorter than this; sealed and written as text it fits in its column."""

SEALED_ORIGIN = "~"
"""How an origin begins that is sealed."""

Kind = Literal["case", "organisation"]

_keys: Any = ContentKeyRow.__table__  # type: ignore[attr-defined]


class KeyRing:
    """The unwrapped keys of one engine: read when first needed, at most `KEPT` at a time, gone with the process."""

    def __init__(self, masters: MasterKeys) -> None:
        self.masters = masters
        self.when_gone: list[Callable[[str], None]] = []
        """Told whose key was destroyed: for whoever keeps something of it in memory."""
        self._open: dict[str, ContentKey] = {}
        self._gone: set[str] = set()
        self._traces = False
        self._lock = Lock()

    def key(self, connection: Connection, owner_id: str) -> ContentKey | None:
        """Give the key of a case or organisation; None when it was destroyed. Raises KeysMissing."""
        found = self._open.get(owner_id)
        if found is not None:
            return found
        query = select(_keys.c.owner_id, _keys.c.wrapped, _keys.c.master_id).where(_keys.c.owner_id == owner_id)
        row = connection.execute(query).first()
        if row is None:
            raise KeysMissing(f"there is no key for {owner_id}")
        return self._unwrapped(*row)

    def living(self, connection: Connection, owner_id: str) -> ContentKey:
        """Give the key of a case or organisation. Raises Unreadable when it was destroyed."""
        found = self.key(connection, owner_id)
        if found is None:
            raise Unreadable(f"the key of {owner_id} was destroyed")
        return found

    def ready(self, connection: Connection, owner_ids: Iterable[str]) -> None:
        """Read several keys in one query, so that a list does not ask for them one by one."""
        missing = [one for one in owner_ids if one not in self._open]
        if missing:
            query = select(_keys.c.owner_id, _keys.c.wrapped, _keys.c.master_id).where(_keys.c.owner_id.in_(missing))
            for row in connection.execute(query):
                self._unwrapped(*row)

    def passing(self, connection: Connection, owner_ids: Iterable[str]) -> dict[str, ContentKey | None]:
        """Give several keys without keeping them; one that was destroyed is None.

        For whoever goes through everything once: the keys of those who work here now stay in memory.
        """
        wanted = list(owner_ids)
        kept = {one: self._open.get(one) for one in wanted}
        found: dict[str, ContentKey | None] = {one: key for one, key in kept.items() if key is not None}
        missing = [one for one in wanted if one not in found]
        query = select(_keys.c.owner_id, _keys.c.wrapped, _keys.c.master_id).where(_keys.c.owner_id.in_(missing))
        for owner_id, wrapped, master_id in connection.execute(query) if missing else ():
            opens = wrapped is not None
            found[owner_id] = (
                ContentKey(self.masters.find(master_id).unwrap(bytes(wrapped), owner_id)) if opens else None
            )
        return found

    def create(self, connection: Connection, owner_id: str, kind: Kind, organisation_id: str) -> None:
        """Make the key of a new case or organisation, in the transaction that makes its owner."""
        raw = new_key()
        master = self._master_now(connection, organisation_id)
        row = {"owner_id": owner_id, "kind": kind, "wrapped": master.wrap(raw, owner_id), "master_id": master.id}
        connection.execute(insert(_keys), {**row, "created_at": utc_now(), "shredded_at": None})
        self._keep(owner_id, ContentKey(raw))

    def forget(self, owner_id: str) -> None:
        """Drop a key from memory."""
        with self._lock:
            self._open.pop(owner_id, None)

    def gone(self, owner_id: str) -> None:
        """Drop a key from memory for good: somebody who read before it was destroyed may still want to keep it here."""
        with self._lock:
            self._gone.add(owner_id)
            self._open.pop(owner_id, None)
            self._traces = True
        for tell in self.when_gone:
            tell(owner_id)

    def look_for_gone(self, engine: Engine) -> None:
        """Drop what other processes destroyed, and see that the log of SQLite holds no wrapped key any more."""
        with engine.connect() as connection:
            found = connection.execute(select(_keys.c.owner_id).where(_keys.c.shredded_at.is_not(None))).scalars()
            destroyed = set(found)
        for owner_id in destroyed - self._gone:
            self.gone(owner_id)
        if self._traces:
            self._traces = not write_ahead_log.emptied(engine)

    def _master_now(self, connection: Connection, organisation_id: str) -> MasterKey:
        """Give the master key that wraps now: the one that wraps the organisation.

        Whoever replaces the master key begins with the organisations. So a server that read its master keys before
        notices it here, and wraps nothing with a key that is about to be thrown away. The lock makes that person wait for
        this transaction, and so see the key that is made in it.
        """
        query = select(_keys.c.master_id).where(_keys.c.owner_id == organisation_id).with_for_update(read=True)
        found = connection.execute(query).scalar()
        return self.masters.current() if found is None else self.masters.find(found)

    def _unwrapped(self, owner_id: str, wrapped: bytes | None, master_id: str) -> ContentKey | None:
        if wrapped is None:
            return None
        key = ContentKey(self.masters.find(master_id).unwrap(bytes(wrapped), owner_id))
        self._keep(owner_id, key)
        return key

    def _keep(self, owner_id: str, key: ContentKey) -> None:
        with self._lock:
            if owner_id in self._gone:
                return
            self._open[owner_id] = key
            while len(self._open) > KEPT:
                del self._open[next(iter(self._open))]


def ring_of(connection: Connection) -> KeyRing:
    """Give the key ring that goes along with a connection. Raises KeysMissing when its engine was opened without."""
    found = connection.get_execution_options().get(RING)
    if not isinstance(found, KeyRing):
        raise KeysMissing("this engine was opened without master keys: open_engine(url, settings.master_keys)")
    return found


def ring_of_engine(engine: Engine) -> KeyRing:
    """Give the key ring of an engine. Raises KeysMissing when it was opened without."""
    with engine.connect() as connection:
        return ring_of(connection)


def look_for_gone(engine: Engine) -> None:
    """Drop from the memory of this process what other processes destroyed, and from the log of SQLite too."""
    ring_of_engine(engine).look_for_gone(engine)


def seal(db: Session, owner_id: str, content: bytes, *parts: str | int) -> bytes:
    """Seal something with the key of a case or organisation; `parts` say what it is, and open it again."""
    connection = db.connection()
    return ring_of(connection).living(connection, owner_id).seal(content, about(owner_id, *parts))


def open_sealed(db: Session, owner_id: str, sealed: bytes, *parts: str | int) -> bytes:
    """Open what `seal` gave. Raises Unreadable when it belongs to something else, or its key was destroyed."""
    connection = db.connection()
    return ring_of(connection).living(connection, owner_id).open(sealed, about(owner_id, *parts))


def mark(db: Session, owner_id: str, name: str) -> str:
    """Give something by which the same name is known again as long as the key of a case lives, and nothing afterwards."""
    connection = db.connection()
    return ring_of(connection).living(connection, owner_id).mark(name)


def sealed_origin(ring: KeyRing, connection: Connection, case_id: str, origin: str) -> str:
    """Seal where a request about a case came from, as text of one length. Raises Unreadable when the key was destroyed."""
    even = origin.encode()[:ORIGIN_LENGTH].ljust(ORIGIN_LENGTH)
    sealed = ring.living(connection, case_id).seal(even, about("audit_entry", "origin", case_id))
    return SEALED_ORIGIN + base64.urlsafe_b64encode(sealed).decode()


def opened_origin(db: Session, case_id: str | None, origin: str) -> str:
    """Give the origin of a line of the log as it was; empty when it was sealed for a case that was destroyed."""
    if case_id is None or not origin.startswith(SEALED_ORIGIN):
        return origin
    connection = db.connection()
    key = ring_of(connection).key(connection, case_id)
    if key is None:
        return ""
    sealed = base64.urlsafe_b64decode(origin.removeprefix(SEALED_ORIGIN))
    return key.open(sealed, about("audit_entry", "origin", case_id)).decode(errors="replace").rstrip()


def lives(db: Session, owner_id: str) -> bool:
    """Tell whether the key of a case or organisation is still there. Raises KeysMissing when there never was one."""
    connection = db.connection()
    return ring_of(connection).key(connection, owner_id) is not None


def ready(db: Session, owner_ids: Iterable[str]) -> None:
    """Read the keys of several cases at once, before their rows are read."""
    connection = db.connection()
    ring_of(connection).ready(connection, owner_ids)


def shred(db: Session, owner_id: str) -> None:
    """Destroy the key of a case: what it sealed stays unreadable for ever, also for us. Twice is once.

    Afterwards rows of the case still load, with empty texts in place of content; writing content is refused. This process
    forgets the key at once, others when they look (`KeyRing.look_for_gone`); the rows are for the caller to take away.
    """
    db.flush()  # what still waits may need the key
    connection = db.connection()
    ring = ring_of(connection)
    gone = update(_keys).where(_keys.c.owner_id == owner_id, _keys.c.shredded_at.is_(None))
    connection.execute(gone.values(wrapped=None, shredded_at=utc_now()))
    ring.forget(owner_id)
    event.listen(db, "after_commit", lambda _: ring.gone(owner_id), once=True)
