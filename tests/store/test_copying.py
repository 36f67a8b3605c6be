"""Rows as lines and back: every value of every type arrives as it was, on both engines, in little memory."""

import base64
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import NotAllowed
from app.store import archives, copying, migrating
from app.store.engine import open_engine
from app.store.rows import metadata
from app.store.types import canonical
from tests.databases import Databases

TEXTS = (
    "",
    "gewoon",
    "é\u0301ë",
    "\u202eomgekeerd",
    "\u200b",
    "🧾",
    "'; DROP",
    '"\\',
    "\n\r\t\x01",
    "\uffff",
    "0",
    "null",
)
NUMBERS = (0, 1, -1, 2**31 - 1, -(2**31))
MOMENTS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, 999_999, UTC))  # fmt: skip


def invented(random: Random, shape: dict[str, sa.Table]) -> dict[str, list[bytes]]:
    """Rows for every table, by the types of its columns; those that refer to others refer to invented ones."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, table in shape.items():
        taken: set[Any] = set()
        rows[name] = []
        for _ in range(random.randint(1, 2)):
            row = {copying.plain(column.name): value(random, column, rows) for column in table.columns}
            keys = [tuple(row[one.name] for one in unique) for unique in uniques(table)]
            if not taken.intersection(enumerate(keys)):
                taken.update(enumerate(keys))
                rows[name].append(row)
    # A migration made this row already; it is written over.
    rows["audit_head"].append({"chain": "all", "number": 5, "digest": "d"})
    return {name: [canonical(row) + b"\n" for row in of_table] for name, of_table in rows.items()}


def uniques(table: sa.Table) -> Iterator[list[Any]]:
    yield list(table.primary_key.columns)
    for one in [*table.constraints, *table.indexes]:
        if isinstance(one, sa.UniqueConstraint) or getattr(one, "unique", False):
            yield list(one.columns)  # type: ignore[attr-defined]


def value(random: Random, column: Any, rows: dict[str, list[dict[str, Any]]]) -> Any:
    for key in column.foreign_keys:
        return random.choice(rows[key.column.table.name])[key.column.name]
    if column.nullable and random.random() < 0.3:
        return None
    kind, make = next((kind, make) for kind, make in MAKERS if isinstance(column.type, kind))
    made = make(random)
    if kind is sa.String:
        own = f"{random.randint(0, 10**9)} " if column.primary_key else ""
        made = (own + made)[: column.type.length or 40]
    return made


def text(random: Random) -> str:
    return "".join(random.choice((*TEXTS, chr(random.randint(1, 0xD7FF)))) for _ in range(random.randint(0, 4)))


def moment(random: Random) -> str:
    return random.choice((*MOMENTS, MOMENTS[0] + timedelta(microseconds=random.randrange(7 * 10**15)))).isoformat()


MAKERS: tuple[tuple[Any, Callable[[Random], Any]], ...] = (
    (sa.Boolean, lambda random: random.random() < 0.5),
    (sa.BigInteger, lambda random: random.choice((*NUMBERS, 2**63 - 1, random.randint(-(2**63), 2**63 - 1)))),
    (sa.Integer, lambda random: random.choice((*NUMBERS, random.randint(-(2**31), 2**31 - 1)))),
    (sa.LargeBinary, lambda random: base64.b64encode(random.randbytes(random.choice((0, 1, 2, 3, 300)))).decode()),
    (sa.DateTime, moment),
    (sa.Date, lambda random: date.fromordinal(random.randint(1, date.max.toordinal())).isoformat()),
    (sa.String, text),
)
"""How to invent a value for a type of column, the narrower type first."""


@contextmanager
def emptied(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection of which nothing remains."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@cache
def shape_of(engine: sa.Engine) -> dict[str, sa.Table]:
    """The tables of a database whose shape stays as it is. First asked for when nobody writes in it."""
    with engine.connect() as connection:
        return copying.tables(connection)


def there_and_back(connection: sa.Connection, lines: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
    found = {}
    for name, table in shape_of(connection.engine).items():
        assert copying.put_back(connection, table, lines[name]) == len(lines[name])
        found[name] = list(copying.lines(connection, table))
    return found


@pytest.fixture(scope="module")
def both(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sa.Engine, sa.Engine]]:
    """An empty database of the engine of this run, and one of SQLite."""
    url, file = databases.make(), f"sqlite:///{tmp_path_factory.mktemp('other') / 'other.db'}"
    migrating.upgrade(file)
    engines = open_engine(url), open_engine(file)
    for engine in engines:
        shape_of(engine)
    yield engines
    for engine in engines:
        engine.dispose()
    databases.drop(url)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**64))
def test_every_value_of_every_table_arrives_as_it_was_and_the_same_on_both_engines(
    both: tuple[sa.Engine, sa.Engine], seed: int
):
    one, other = both
    with emptied(one) as connection:
        lines = invented(Random(seed), shape_of(one))  # noqa: S311 - nothing secret
        first = there_and_back(connection, lines)
    with emptied(other) as connection:
        second = there_and_back(connection, first)
    with emptied(one) as connection:
        third = there_and_back(connection, second)
    told = {name: sorted(of_table) for name, of_table in lines.items()}
    for found in (first, second, third):
        assert {name: sorted(of_table) for name, of_table in found.items()} == told


def test_the_tables_and_types_that_are_copied_are_those_of_the_code(both: tuple[sa.Engine, sa.Engine]):
    """Going by what the database says loses nothing: no table, no column, and none becomes another kind of thing."""
    kinds = (sa.Boolean, sa.Integer, sa.LargeBinary, sa.DateTime, sa.Date, sa.String)
    for engine in both:
        with engine.connect() as connection:
            shape = copying.tables(connection)
        assert set(shape) == set(metadata.tables)
        for name, table in metadata.tables.items():
            assert set(shape[name].c.keys()) == set(table.c.keys())
            assert [one.name for one in shape[name].primary_key] == [one.name for one in table.primary_key]
            for column in table.columns:
                stored = getattr(column.type, "impl_instance", column.type)
                kind = next(one for one in kinds if isinstance(stored, one))
                assert isinstance(shape[name].c[column.name].type, kind), column


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda row: row | {"later": 1}, "other columns"),
        (lambda row: {name: row[name] for name in row if name != "theme"}, "other columns"),
        (lambda row: row | {"created_at": "yesterday"}, "does not fit"),
        (lambda row: row | {"created_at": 5}, "does not fit"),
        (lambda row: row | {"name": None}, "refuses a row of organisation"),
        (lambda row: [row], "other columns"),
        (lambda _: orjson.Fragment("no row"), "does not fit"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(both: tuple[sa.Engine, sa.Engine], change: Any, told: str):
    for engine in both:
        with emptied(engine) as connection:
            table = copying.tables(connection)["organisation"]
            row = orjson.loads(invented(Random(1), copying.tables(connection))["organisation"][0])  # noqa: S311 - same
            with pytest.raises(NotAllowed, match=told):
                copying.put_back(connection, table, [orjson.dumps(change(row))])


def test_bytes_that_are_no_base64_are_refused(both: tuple[sa.Engine, sa.Engine]):
    for engine in both:
        with emptied(engine) as connection:
            shape = copying.tables(connection)
            row = orjson.loads(invented(Random(1), shape)["data_key"][0])  # noqa: S311 - same
            with pytest.raises(NotAllowed, match="does not fit"):
                copying.put_back(connection, shape["data_key"], [orjson.dumps(row | {"wrapped": "no base64!"})])


def test_many_large_files_take_no_more_memory_than_a_few(
    both: tuple[sa.Engine, sa.Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(copying, "MEMORY", 1_000_000)
    few, many = (there_and_back_by_file(both, tmp_path / "all.backup", count) for count in (5, 40))
    for used_by_few, used_by_many in zip(few, many, strict=True):
        assert used_by_many < used_by_few + 4 * LARGE


LARGE = 500_000


def there_and_back_by_file(both: tuple[sa.Engine, sa.Engine], file: Path, count: int) -> tuple[int, int]:
    """Copy so many large files, and put them back. Gives the most memory that either took."""
    one, other = both
    with emptied(one) as connection:
        shape = copying.tables(connection)
        lines = invented(Random(7), shape)  # noqa: S311 - same
        of_one = orjson.loads(lines.pop("attachment")[0])
        for name, of_table in lines.items():
            copying.put_back(connection, shape[name], of_table)
        for number in range(count):
            body = base64.b64encode(Random(number).randbytes(LARGE)).decode()  # noqa: S311 - same
            row = orjson.dumps(of_one | {"id": f"{number}", "body": body})
            copying.put_back(connection, shape["attachment"], [row])
        with memory() as written:
            told = {name: copying.lines(connection, table) for name, table in shape.items()}
            archives.write(file, "0001", told, "rows", file.parent)
    assert file.stat().st_size > count * LARGE
    with emptied(other) as connection:
        shape = copying.tables(connection)
        with memory() as read:
            for name, found in archives.read_rows(file).each_table():
                copying.put_back(connection, shape[name], found)
        assert copying.how_many(connection, shape["attachment"]) == count
    return written[0], read[0]


@contextmanager
def memory() -> Iterator[list[int]]:
    """Measure the most memory that was in use meanwhile; it stands in the list afterwards."""
    used: list[int] = []
    tracemalloc.start()
    yield used
    used.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
