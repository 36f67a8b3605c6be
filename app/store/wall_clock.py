"""What the database tells about time: how far the clock was, and what was made last."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, select, union_all
from sqlmodel import Session

from app.store import ids
from app.store.rows import ClockRow
from app.store.rows.row import Row

_ONLY = "installation"


def last_look(db: Session) -> datetime | None:
    """Tell how far the clock was when it was last looked at; `None` before the first time."""
    row = db.get(ClockRow, _ONLY)
    return None if row is None else row.at


def looked(db: Session, at: datetime) -> None:
    """Write down how far the clock is."""
    db.merge(ClockRow(id=_ONLY, at=at))


def go_on_after_newest(db: Session) -> None:
    """Let every identity that is made from now on sort after all that were made, also while the clock was ahead."""
    newest = union_all(*(select(func.max(table.c.id).label("id")) for table in _in_order()))
    found = db.connection().execute(select(func.max(newest.subquery().c.id))).scalar()
    if found is not None:
        ids.go_on_after(found)


def _in_order() -> Iterator[Table]:
    """Give the tables whose rows have an identity that tells in which order they were made."""
    for row in Row.__subclasses__():
        kind: Any = row
        field = kind.model_fields.get("id")
        if field is not None and field.default_factory is ids.new_id:
            yield kind.__table__
