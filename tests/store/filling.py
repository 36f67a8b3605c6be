"""Rows for tables that a world leaves empty, so that a backup can be held against every table there is."""

from datetime import UTC, date, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, select

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Json, SealedType, Word

MOMENT = datetime(2026, 11, 23, 10, 30, 0, 250_000, tzinfo=UTC)


def fill_what_is_empty(db: Session, refers: dict[str, str]) -> None:
    """Add a row to every table that has none. `refers` gives the id to refer to, by table."""
    for kind in Row.__subclasses__():
        if db.exec(select(kind).limit(1)).first() is None:
            db.add(_row(kind, refers))
            db.flush()


def _row(kind: type[Row], refers: dict[str, str]) -> Row:
    table = cast("Any", kind).__table__
    return kind(**{column.key: _value(kind, column, refers) for column in table.columns})


def _value(kind: type[Row], column: Any, refers: dict[str, str]) -> Any:
    for key in column.foreign_keys:
        return refers[key.column.table.name]
    if isinstance(column.type, Word):
        return next(iter(column.type.words))
    if isinstance(column.type, SealedType):
        return _sealed(kind.model_fields[column.key].annotation)
    if column.primary_key:
        return new_id()[-(getattr(column.type, "length", None) or 26) :]
    if isinstance(column.type, Json):
        return {"ja": [1, None]}
    stored = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return _plain(stored)


def _sealed(annotation: Any) -> Any:
    text = str(annotation)
    for word, value in (("bytes", b"\x00bestand\xff"), ("dict", {"stuk": "één"}), ("list", ["stuk"])):
        if word in text:
            return value
    return "Wat iemand schreef."


def _plain(stored: Any) -> Any:
    for kind, value in (
        (sa.Boolean, True),
        (sa.Integer, 7),
        (sa.LargeBinary, b"\x00\x01bytes\xff"),
        (sa.DateTime, MOMENT),
        (sa.Date, date(2026, 11, 23)),
        (sa.String, "woord"),
    ):
        if isinstance(stored, kind):
            return value
    raise AssertionError(f"nobody thought of {stored!r}")
