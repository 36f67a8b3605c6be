"""What travels in the file of keys: of this the newest counts, however old the rows are that are put back.

Besides the keys these are the proofs of what was destroyed and the documents that outlive their case. They say about which
case they are, so the stub of every destroyed case goes along, with its round and whoever made them in case these came
later than the rows. Outcomes go along too, so that a hold or an extension of yesterday is not undone by rows of last week.
"""

from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, Select, Table, select

from app.reviews.lifecycle import Step
from app.store import copying

WHOLE = copying.BESIDE
"""Tables of which every row goes along."""


def told(connection: Connection) -> dict[str, list[str]]:
    """Give all of it as lines by table, in the order in which they can be put back."""
    person, round_, case = (_table(name) for name in ("person", "round", "case_file"))
    destroyed = select(case.c.id).where(case.c.step == Step.DESTROYED.value)
    rounds = select(case.c.round_id).where(case.c.step == Step.DESTROYED.value)
    makers = select(case.c.created_by).where(case.c.step == Step.DESTROYED.value)
    openers = select(round_.c.opened_by).where(round_.c.id.in_(rounds))
    people = person.c.id.in_(makers) | person.c.id.in_(openers)
    held = {
        "person": [_without_account(line) for line in _lines(connection, select(person).where(people), person)],
        "round": _lines(connection, select(round_).where(round_.c.id.in_(rounds)), round_),
        "case_file": _lines(connection, select(case).where(case.c.id.in_(destroyed)), case),
        "retention": _lines(connection, select(_table("retention")), _table("retention")),
    }
    return held | {name: _lines(connection, select(_table(name)), _table(name)) for name in _in_order()}


def put_back(connection: Connection, held: dict[str, list[str]]) -> None:
    """Put it back over older rows. What came later than the rows and belongs to nothing that is left stays out."""
    there = {name: _ids(connection, name) for name in ("organisation", "person", "round", "case_file", "retention")}
    for name in ("person", "round"):
        lines = [line for line in held.get(name, ()) if _of(line, "id") not in there[name]]
        _put(connection, name, (line for line in lines if _of(line, "organisation_id") in there["organisation"]))
    stubs = [line for line in held.get("case_file", ()) if _of(line, "organisation_id") in there["organisation"]]
    _put(connection, "case_file", stubs)
    gone = {_of(line, "id") for line in stubs}
    outcomes = there["retention"] | gone
    _put(connection, "retention", (line for line in held.get("retention", ()) if _of(line, "case_id") in outcomes))
    cases = there["case_file"] | gone
    for name in _in_order():
        owner = {"destruction": "case_id", "kept_document": "stub_id"}.get(name)
        _put(connection, name, (line for line in held.get(name, ()) if owner is None or _of(line, owner) in cases))


def _in_order() -> tuple[str, ...]:
    return tuple(copying.plain(table.name) for table in copying.tables(WHOLE))


def _table(name: str) -> Table:
    (found,) = copying.tables((name,))
    return found


def _lines(connection: Connection, query: Select[tuple[object, ...]], table: Table) -> list[str]:
    return [line.decode() for line in copying.lines(connection, table, query)]


def _put(connection: Connection, name: str, lines: Iterable[str]) -> None:
    copying.put_back(connection, _table(name), (line.encode() for line in lines))


def _ids(connection: Connection, name: str) -> set[str]:
    (key,) = _table(name).primary_key.columns
    return {str(one) for one in connection.execute(select(key)).scalars()}


def _of(line: str, name: str) -> str:
    return str(orjson.loads(line)[name])


def _without_account(line: str) -> str:
    """Name somebody only as a maker: putting the account itself back would open a door that somebody may have closed."""
    row = orjson.loads(line)
    row |= {"email": f"{row['id']}@weg.invalid", "password_hash": "", "active": False}
    return orjson.dumps(row).decode()
