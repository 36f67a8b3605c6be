"""All rows of a database as lines of text, and back: the same on SQLite and PostgreSQL.

Content stays sealed. The keys do not go along with the rows: they are a file of their own, of which only the newest
counts, so that what was destroyed since cannot be opened by putting old rows back.
"""

import base64
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Select,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.types import TypeDecorator

from app.store.rows import metadata

NEVER = frozenset(
    {
        "account_link",
        "candidate_device",
        "candidate_step",
        "failure_peak",
        "known_device",
        "login_attempt",
        "sign_in",
        "sign_in_step",
        "start_over",
    }
)
"""What is never copied: putting it back would open doors again that somebody closed, or tell of a moment that is over."""

BESIDE = frozenset({"data_key", "destruction", "kept_document"})
"""What travels in the file of keys alone: see `app.store.beside`."""

BATCH = 500


def tables(names: Iterable[str] | None = None) -> tuple[Table, ...]:
    """Give the tables to copy, those that others refer to first; with `names` only these."""
    chosen = None if names is None else set(names)
    return tuple(
        _plain(table)
        for table in metadata.sorted_tables
        if (table.name in chosen if chosen is not None else table.name not in NEVER | BESIDE)
    )


def lines(connection: Connection, table: Table, chosen: Select[Any] | None = None) -> Iterator[bytes]:
    """Give every row of a table, or those that are chosen, as a line of JSON, in the order of its primary key."""
    query = (select(table) if chosen is None else chosen).order_by(*table.primary_key.columns)
    rows = connection.execution_options(yield_per=BATCH).execute(query)
    names = tuple(plain(column.name) for column in table.columns)
    for row in rows:
        yield orjson.dumps(dict(zip(names, map(_written, row), strict=True))) + b"\n"


def put_back(connection: Connection, table: Table, written: Iterable[bytes]) -> int:
    """Write rows that `lines` gave; gives how many. Columns that came later get their default from the database."""
    batch: list[dict[str, Any]] = []
    count = 0
    there = {tuple(row) for row in connection.execute(select(*table.primary_key.columns))}
    for line in written:
        row = _read(table, orjson.loads(line))
        if (identity := tuple(row[column.name] for column in table.primary_key.columns)) in there:
            _overwrite(connection, table, row, identity)
        else:
            batch.append(row)
        count += 1
        if len(batch) == BATCH:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)
    return count


def plain(name: str) -> str:
    """Give a name as ordinary text; those of tables and columns also know whether they need quotes."""
    return "".join(tuple(name))


def how_many(connection: Connection, table: Table) -> int:
    """Count the rows of a table."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _overwrite(connection: Connection, table: Table, row: dict[str, Any], identity: tuple[Any, ...]) -> None:
    """Write over a row that a migration made, such as the beginning of the audit log."""
    which = [column == value for column, value in zip(table.primary_key.columns, identity, strict=True)]
    now = connection.execute(select(table).where(*which)).mappings().one()
    if dict(now) != row:
        connection.execute(update(table).where(*which).values(row))


def _plain(table: Table) -> Table:
    """The same table without what our types do on the way: rows are copied as they lie there."""
    columns = [
        Column(
            column.name,
            column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type,
            primary_key=column.primary_key,
        )
        for column in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


def _written(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items() if name in table.c}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
