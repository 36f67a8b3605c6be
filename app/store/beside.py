"""What travels in the file of keys: of this the newest counts, however old the rows are that are put back.

Besides the keys these are the proofs of what was destroyed and the documents that outlive their case. They say about which
case they are, so the stub of every destroyed case goes along, with its round and whoever made them in case these came
later than the rows. Outcomes go along too, so that a hold or an extension of yesterday is not undone by rows of last week.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, Select, Table, select

from app.errors import NotAllowed
from app.reviews.lifecycle import Step
from app.store import copying
from app.store.copying import Values
from app.store.types import canonical

WHOLE = copying.BESIDE
"""Tables of which every row goes along, and none goes with the rows."""

PARTLY = frozenset({"person", "round", "case_file", "retention"})
"""Tables that go with the rows, and of which what the rows of before may lack goes along here too."""


@dataclass(frozen=True, slots=True)
class Put:
    """What became of the lines of one table."""

    there: int
    """How many rows the table must have now."""
    written: int
    """How many of the lines were put back; the others belong to nothing that is there, or need nothing done."""


def told(connection: Connection) -> dict[str, Iterator[bytes]]:
    """Give the lines of every table of which something goes along, in the order in which they can be put back."""
    shape = copying.tables(connection)
    chosen = _chosen(shape)
    held = {
        name: copying.lines(connection, table, chosen.get(name))
        for name, table in shape.items()
        if name in WHOLE | PARTLY
    }
    return held | {"person": map(_without_account, held["person"])}


def put_back(connection: Connection, table: Table, lines: Iterable[bytes]) -> Put:
    """Put the lines of one table back over rows that may be older, as far as they belong to what is there.

    Raises NotAllowed for what no file of keys holds: an account, or a case that was not destroyed.
    """
    key = tuple(copying.plain(column.name) for column in table.primary_key.columns)
    before = {tuple(row) for row in connection.execute(select(*table.primary_key.columns))}
    has_a_place = copying.refers_to_what_is_there(connection, table)
    needed = _needed(connection, table.name, {identity[0] for identity in before})
    written = set()

    def fits(row: Values) -> bool:
        if not (has_a_place(row) and needed(row)):
            return False
        written.add(tuple(row[name] for name in key))
        return True

    copying.put_back(connection, table, lines, fits)
    return Put(len(before | written), len(written))


def _chosen(shape: Mapping[str, Table]) -> dict[str, Select[tuple[object, ...]]]:
    person, round_, case = (shape[name] for name in ("person", "round", "case_file"))
    destroyed = case.c.step == Step.DESTROYED.value
    rounds = round_.c.id.in_(select(case.c.round_id).where(destroyed))
    makers = person.c.id.in_(select(case.c.created_by).where(destroyed))
    openers = person.c.id.in_(select(round_.c.opened_by).where(rounds))
    return {
        "person": select(person).where(makers | openers),
        "round": select(round_).where(rounds),
        "case_file": select(case).where(destroyed),
    }


def _needed(connection: Connection, table: str, there: set[object]) -> Callable[[Values], bool]:
    """Give a test for rows of a table: whether this one is to be put back, over what may be there."""
    if table in {"person", "round"}:
        return lambda row: _names_a_maker(table, row) and row["id"] not in there
    if table == "case_file":
        return _is_a_stub
    if table == "retention":
        case = copying.tables(connection)["case_file"]
        stubs = set(connection.execute(select(case.c.id).where(case.c.step == Step.DESTROYED.value)).scalars())
        # Of a case that lives, what the rows do not know yet has not happened there.
        return lambda row: row["case_id"] in there | stubs
    return lambda _: True


def _names_a_maker(table: str, row: Values) -> bool:
    if table == "person" and (row["active"] or row["password_hash"] or row["email"] != _nowhere(row["id"])):
        raise NotAllowed("the file of keys holds an account, which does not belong in it: it was changed")
    return True


def _is_a_stub(row: Values) -> bool:
    if row["step"] != Step.DESTROYED.value:
        raise NotAllowed("the file of keys holds a case that was not destroyed: it was changed")
    return True


def _without_account(line: bytes) -> bytes:
    """Name somebody only as a maker: putting the account itself back would open a door that somebody may have closed."""
    row = orjson.loads(line)
    return canonical(row | {"email": _nowhere(row["id"]), "password_hash": "", "active": False}) + b"\n"


def _nowhere(person_id: str) -> str:
    return f"{person_id}@weg.invalid"
