"""Content is sealed on its way into the database and opened on its way out: here, for every table, in one place.

A column declared with `Content` or `ContentBytes` takes nothing but sealed bytes, so that forgetting to seal is an error
and not a leak. The hooks below turn what a row holds into those bytes just before it is written, and back as soon as it
is read. Statements without row objects use `sealed_values` and `opened_values`.

What a sealed text belongs to: its table, its column, its owner (case or organisation), the identity of its row, and what
the table names in `bound`, such as path and revision of an answer. So no text can be moved to another case, question or
version, not even by somebody who can write in the database.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, event
from sqlalchemy.orm import attributes

from app.crypto.envelope import ContentKey, about
from app.store.keys import Kind, ring_of
from app.store.rows.row import Row
from app.store.types import Sealed, SealedType


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: SealedType
    empty: Callable[[], Any]
    """What stands there when the key was destroyed."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a table is sealed, and what each text belongs to."""

    table: str
    columns: tuple[_Column, ...]
    identity: tuple[str, ...]
    owns: str

    def owner_id(self, values: Mapping[str, Any]) -> str:
        """Tell whose key seals a row."""
        return str(values["id"] if self.owns else values.get("case_id") or values["organisation_id"])

    def belongs_to(self, column: _Column, owner_id: str, values: Mapping[str, Any]) -> bytes:
        """Say what a text belongs to."""
        return about(self.table, column.name, owner_id, *[values[name] for name in self.identity])

    def seal(self, key: ContentKey, column: _Column, owner_id: str, values: Mapping[str, Any]) -> Sealed:
        """Seal the value of a column."""
        plain = values[column.name]
        return Sealed(key.seal(column.kind.written(plain), self.belongs_to(column, owner_id, values)), plain)

    def open(self, key: ContentKey | None, column: _Column, owner_id: str, values: Mapping[str, Any]) -> Any:
        """Open the value of a column; without a key, which was destroyed then, it is empty."""
        if key is None:
            return column.empty()
        sealed: Sealed = values[column.name]
        return column.kind.read(key.open(sealed.text, self.belongs_to(column, owner_id, values)))


def classes() -> tuple[type[Row], ...]:
    """Give every table that holds sealed content."""
    return tuple(one for one in Row.__subclasses__() if _plan(one).columns)


@cache
def _plan(table_class: type[Row]) -> _Plan:
    mapper: Any = cast("Any", table_class).__mapper__
    columns = tuple(
        _Column(column.key, column.type, _empty(table_class.model_fields[column.key].annotation))
        for column in mapper.local_table.columns
        if isinstance(column.type, SealedType)
    )
    identity = tuple(column.key for column in mapper.primary_key)
    return _Plan(str(mapper.local_table.name), columns, identity + table_class.bound, table_class.owns_key)


def _empty(annotation: Any) -> Callable[[], Any]:
    kind = getattr(annotation, "__origin__", annotation)
    return cast("Callable[[], Any]", kind) if kind in {str, dict, list, bytes} else lambda: None


def sealed_values(connection: Connection, table_class: type[Row], values: dict[str, Any]) -> dict[str, Any]:
    """Seal the content in the values of a row that is written without a row object."""
    plan = _plan(table_class)
    owner_id = plan.owner_id(values)
    key = ring_of(connection).living(connection, owner_id)
    written = dict(values)
    for column in plan.columns:
        if written[column.name] is not None:
            written[column.name] = plan.seal(key, column, owner_id, values)
    return written


def opened_values(connection: Connection, table_class: type[Row], values: dict[str, Any]) -> dict[str, Any]:
    """Open the content in the values of a row that was read without a row object."""
    plan = _plan(table_class)
    owner_id = plan.owner_id(values)
    key = ring_of(connection).key(connection, owner_id)
    read = dict(values)
    for column in plan.columns:
        if isinstance(values.get(column.name), Sealed):
            read[column.name] = plan.open(key, column, owner_id, values)
    return read


def opened_in_passing(
    connection: Connection, table_class: type[Row], rows: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Open the content of many rows that are looked at once, in one query for their keys, none of which is kept."""
    plan = _plan(table_class)
    keys = ring_of(connection).passing(connection, [plan.owner_id(values) for values in rows])
    for values in rows:
        owner_id = plan.owner_id(values)
        read = dict(values)
        for column in plan.columns:
            if isinstance(values.get(column.name), Sealed):
                read[column.name] = plan.open(keys[owner_id], column, owner_id, values)
        yield read


def _on_read(row: Row, context: Any, *_names: Any) -> None:
    plan = _plan(type(row))
    values = row.__dict__
    waiting = [column for column in plan.columns if isinstance(values.get(column.name), Sealed)]
    if not waiting:
        return
    connection = context.session.connection()
    owner_id = plan.owner_id(values)
    key = ring_of(connection).key(connection, owner_id)
    for column in waiting:
        values[column.name] = plan.open(key, column, owner_id, values)


def _before_insert(_mapper: Any, connection: Connection, row: Row) -> None:
    plan = _plan(type(row))
    values = row.__dict__
    if plan.owns:
        organisation_id = values.get("organisation_id") or values["id"]
        ring_of(connection).create(connection, values["id"], cast("Kind", plan.owns), organisation_id)
    _seal(plan, connection, values, [column for column in plan.columns if values.get(column.name) is not None])


def _before_update(_mapper: Any, connection: Connection, row: Row) -> None:
    plan = _plan(type(row))
    if plan.columns:
        values, before = row.__dict__, attributes.instance_state(row).committed_state
        changed = [one for one in plan.columns if one.name in before and values.get(one.name) is not None]
        changed = [one for one in changed if before[one.name] != values[one.name]]
        _seal(plan, connection, values, changed)


def _seal(plan: _Plan, connection: Connection, values: dict[str, Any], columns: list[_Column]) -> None:
    if not columns:
        return
    owner_id = plan.owner_id(values)
    key = ring_of(connection).living(connection, owner_id)
    for column in columns:
        if not isinstance(values[column.name], Sealed):
            values[column.name] = plan.seal(key, column, owner_id, values)


def _after_write(_mapper: Any, _connection: Connection, row: Row) -> None:
    values = row.__dict__
    for column in _plan(type(row)).columns:
        value = values.get(column.name)
        if isinstance(value, Sealed):
            values[column.name] = value.plain


event.listen(Row, "load", _on_read, propagate=True)
event.listen(Row, "refresh", _on_read, propagate=True)
event.listen(Row, "before_insert", _before_insert, propagate=True)
event.listen(Row, "before_update", _before_update, propagate=True)
event.listen(Row, "after_insert", _after_write, propagate=True)
event.listen(Row, "after_update", _after_write, propagate=True)
