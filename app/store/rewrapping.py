"""Replacing the master key while the product runs: every data key is unwrapped with the old one and wrapped with the new.

Nothing that was sealed is touched, so this takes seconds, however much was written.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from app.crypto.envelope import MasterKey
from app.errors import KeysMissing
from app.store.keys import ring_of
from app.store.rows.keys import ContentKeyRow

AT_ONCE = 500
"""Keys in one transaction, so that nobody waits long."""

_keys: Any = ContentKeyRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How many living data keys one master key wraps, whether it is at hand, and whether it is the one used now."""

    master_id: str
    count: int
    known: bool
    current: bool


def wrappings(connection: Connection) -> tuple[Wrapping, ...]:
    """Give every master key that is at hand or that wraps something, the one that is used now first."""
    masters = ring_of(connection).masters.again()
    living = select(_keys.c.master_id, func.count()).where(_keys.c.wrapped.is_not(None)).group_by(_keys.c.master_id)
    counts: dict[str, int] = {row[0]: row[1] for row in connection.execute(living)}
    known = [master.id for master in masters]
    found = dict.fromkeys([*known, *sorted(counts)])
    return tuple(Wrapping(one, counts.get(one, 0), one in known, one == known[0]) for one in found)


def destroyed(connection: Connection) -> int:
    """Count the data keys that were destroyed."""
    return int(connection.execute(select(func.count()).where(_keys.c.shredded_at.is_not(None))).scalar_one())


def destroyed_but_at_hand(connection: Connection) -> int:
    """Count the destroyed data keys whose master key is still here: a copy of the database of before opens with it."""
    here = [master.id for master in ring_of(connection).masters.all()]
    query = select(func.count()).where(_keys.c.shredded_at.is_not(None), _keys.c.master_id.in_(here))
    return int(connection.execute(query).scalar_one())


def require_masters(engine: Engine) -> None:
    """Raise KeysMissing when a master key that the database needs is not there: better at the start than half-way."""
    with engine.connect() as connection:
        missing = [one.master_id for one in wrappings(connection) if not one.known]
    if missing:
        raise KeysMissing(
            f"the database needs master key {', '.join(missing)}, which is not there. Put it back, below the key that "
            "is used now; `toetssteen keys status` tells which keys are needed"
        )


def rewrap(engine: Engine) -> int:
    """Wrap every data key with the master key that is used now; gives how many were changed. Twice does no harm.

    Raises KeysMissing when a master key of before is not there.
    """
    with engine.connect() as connection:
        now = ring_of(connection).masters.again()[0]
    done = 0
    while True:
        with engine.begin() as connection:
            changed = _some(connection, now)
        done += changed
        # Until nothing is left: a key may have been made while its organisation was waited for.
        if not changed:
            return done


def _some(connection: Connection, now: MasterKey) -> int:
    masters = ring_of(connection).masters
    # Organisations first: their master key is the one that new cases are wrapped with.
    old = (
        select(_keys.c.owner_id, _keys.c.wrapped, _keys.c.master_id)
        .where(_keys.c.master_id != now.id, _keys.c.wrapped.is_not(None))
        .order_by(_keys.c.kind.desc(), _keys.c.owner_id)
        .limit(AT_ONCE)
        .with_for_update()
    )
    rows = connection.execute(old).all()
    for owner_id, wrapped, master_id in rows:
        raw = masters.find(master_id).unwrap(bytes(wrapped), owner_id)
        change = update(_keys).where(_keys.c.owner_id == owner_id, _keys.c.wrapped.is_not(None))
        connection.execute(change.values(wrapped=now.wrap(raw, owner_id), master_id=now.id))
    return len(rows)
