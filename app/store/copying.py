"""All rows of a database as lines of text, and back: the same bytes on SQLite and PostgreSQL.

Tables and columns are those that the database has at that moment, so a database of an older release is copied, and put
back, as it was. Rows are copied as they lie there: content stays sealed. The keys do not go along with the rows: they are
a file of their own, of which only the newest counts, so that what was destroyed since cannot be opened by putting old
rows back.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import (
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
from sqlalchemy.exc import StatementError

from app.errors import NotAllowed
from app.store import revisions
from app.store.trouble import trouble_of
from app.store.types import canonical

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
        "sign_on",
        "start_over",
    }
)
"""What is never copied: putting it back would open doors again that somebody closed, or tell of a moment that is over.

A name that is taken out of here is missing in every backup of before, and restoring refuses what is missing.
"""

BESIDE = frozenset({"data_key", "destruction", "kept_document"})
"""What travels in the file of keys alone: see `app.store.beside`."""

BATCH = 500
MEMORY = 8_000_000
"""How many rows are in memory at once, and how many bytes of them: a row may hold a file of some megabytes."""

Values = dict[str, Any]


def tables(connection: Connection) -> dict[str, Table]:
    """Give the tables as the database has them now, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return {plain(table.name): table for table in found.sorted_tables if table.name != revisions.TABLE}


def lines(connection: Connection, table: Table, chosen: Select[Any] | None = None) -> Iterator[bytes]:
    """Give every row of a table, or those that are chosen, as a line of JSON, in the order of its primary key."""
    query = (select(table) if chosen is None else chosen).order_by(*table.primary_key.columns)
    rows = connection.execute(query, execution_options={"yield_per": at_once(connection, table)})
    names = tuple(plain(column.name) for column in table.columns)
    for row in rows:
        yield canonical(dict(zip(names, map(_written, row), strict=True))) + b"\n"


def put_back(
    connection: Connection, table: Table, written: Iterable[bytes], fits: Callable[[Values], bool] = lambda _: True
) -> int:
    """Write rows that `lines` gave, as far as they fit; gives how many.

    Raises NotAllowed for a row that has other columns than the table, or that the database refuses.
    """
    batch: list[Values] = []
    count = size = 0
    kinds = {plain(column.name): column.type for column in table.columns}
    there = {tuple(row) for row in connection.execute(select(*table.primary_key.columns))}
    for line in written:
        row = _read(table.name, kinds, line)
        if not fits(row):
            continue
        if (identity := tuple(row[column.name] for column in table.primary_key.columns)) in there:
            _overwrite(connection, table, row, identity)
        else:
            batch.append(row)
        count += 1
        size += len(line)
        if len(batch) == BATCH or size > MEMORY:
            _insert(connection, table, batch)
            batch, size = [], 0
    _insert(connection, table, batch)
    return count


def refers_to_what_is_there(connection: Connection, table: Table) -> Callable[[Values], bool]:
    """Give a test for rows of a table: whether everything that a row refers to is in the database."""
    there = {key.parent.name: set(connection.execute(select(key.column)).scalars()) for key in table.foreign_keys}
    return lambda row: all(row[name] is None or row[name] in known for name, known in there.items())


def plain(name: str) -> str:
    """Give a name as ordinary text; those of tables and columns also know whether they need quotes."""
    return "".join(tuple(name))


def how_many(connection: Connection, table: Table) -> int:
    """Count the rows of a table."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def at_once(connection: Connection, table: Table) -> int:
    """Tell how many rows of a table may be in memory together, going by its largest ones."""
    # The length of bytes is known without reading them, on both engines.
    largest = [func.max(func.length(column)) for column in table.columns if isinstance(column.type, LargeBinary)]
    if not largest:
        return BATCH
    bytes_of_one = sum(found or 0 for found in connection.execute(select(*largest)).one())
    return max(1, min(BATCH, MEMORY // (bytes_of_one + 1)))


def _insert(connection: Connection, table: Table, batch: list[Values]) -> None:
    if batch:
        with _refusal_told(table):
            connection.execute(insert(table), batch)


def _overwrite(connection: Connection, table: Table, row: Values, identity: tuple[Any, ...]) -> None:
    """Write over a row that a migration made, such as the beginning of the audit log."""
    which = [column == value for column, value in zip(table.primary_key.columns, identity, strict=True)]
    now = connection.execute(select(table).where(*which)).mappings().one()
    if any(_written(now[name]) != _written(value) for name, value in row.items()):
        with _refusal_told(table):
            connection.execute(update(table).where(*which).values(row))


@contextmanager
def _refusal_told(table: Table) -> Iterator[None]:
    """Say of which table the database refuses a row. What stands in the row is nobody's business here."""
    try:
        yield
    except StatementError as error:
        if trouble_of(error) is not None:
            raise
        raise NotAllowed(f"the database refuses a row of {table.name} ({type(error).__name__})") from None


def _written(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _read(table: str, kinds: dict[str, Any], line: bytes) -> Values:
    try:
        row = orjson.loads(line)
        if not isinstance(row, dict) or row.keys() != kinds.keys():
            raise NotAllowed(f"a row of {table} has other columns than this table had in its release")
        return {name: _value(kinds[name], value) for name, value in row.items()}
    except (TypeError, ValueError):
        raise NotAllowed(f"a row of {table} holds what does not fit in its columns") from None


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value, validate=True)
    if isinstance(kind, DateTime):
        # SQLite keeps no zone: everything there is UTC.
        return datetime.fromisoformat(value).astimezone(UTC)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
