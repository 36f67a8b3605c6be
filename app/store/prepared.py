"""Statements that are written out once for an engine, for the one place where saying them again each time is too slow.

SQLAlchemy works out the text and the parameters of a statement each time it is used. For a save that is more work than
the database itself does. Here it is done once; the columns still say how a value is stored.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.sql.expression import ClauseElement

Row = Mapping[str, Any]


class Prepared:
    """One statement, ready for one kind of database. Parameters go by the names of its `bindparam`s or its columns."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._order: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positional else None
        stored = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        }
        self._stored = {name: processor for name, processor in stored.items() if processor is not None}

    def run(self, connection: Connection, row: Row) -> list[Any]:
        """Execute it once; gives the rows it found, each as a tuple of what the database holds."""
        found = connection.exec_driver_sql(self._text, self._written(row))
        return list(found) if found.returns_rows else []

    def run_many(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Execute it for every row."""
        connection.exec_driver_sql(self._text, [self._written(row) for row in rows])

    def _written(self, row: Row) -> Any:
        ready = {**row, **{name: store(row[name]) for name, store in self._stored.items()}}
        return ready if self._order is None else tuple(ready[name] for name in self._order)


def among(column: Column[Any], dialect: Dialect) -> ColumnElement[bool]:
    """Say that a column holds one of the texts in the parameter `wanted`, which `wanted` writes."""
    if dialect.name == "sqlite":
        listed = func.json_each(bindparam("wanted", type_=Text)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam("wanted", type_=ARRAY(Text)))


def wanted(texts: Iterable[str], dialect: Dialect) -> Row:
    """Give the parameter that `among` reads."""
    found = sorted(set(texts))
    return {"wanted": json.dumps(found) if dialect.name == "sqlite" else found}
