"""The chains of the audit log: every line hangs on the line before it, and on the line before it about the same case.

The digest of a line is the SHA-256 of the digest of the line before it in the installation, the digest of the line
before it about the same case (nothing when there is none), and its own canonical text. One digest so carries two
chains: over everything, and over each case by itself.

Lines are written here and nowhere else, for single acts and for groups of saves alike.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.actor import Actor
from app.store.prepared import Prepared, among, wanted
from app.store.processing import Operation, Processed, begun
from app.store.rows import AuditHeadRow, AuditRow
from app.store.types import canonical, utc_now

GENESIS = "0" * 64
"""What the first line of the installation has before it."""

WHOLE = "all"
"""The name of the chain over everything; the chain of a case is named by the id of the case."""

FIELDS = (
    "number",
    "case_number",
    "organisation_id",
    "at",
    "actor_id",
    "actor_name",
    "actor_role",
    "action",
    "object_kind",
    "object_id",
    "case_id",
    "origin",
    "result",
    "operation",
    "detail",
)
"""What is hashed of a line, in this order."""

_heads: Any = AuditHeadRow.__table__  # type: ignore[attr-defined]
_lines: Any = AuditRow.__table__  # type: ignore[attr-defined]

Head = tuple[int, str]
"""Number and digest of the last line of a chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line will say. Its place in the chains follows when it is written."""

    actor: Actor
    action: str
    object_kind: str
    object_id: str
    case_id: str | None = None
    result: str = "ok"
    detail: str = "{}"
    origin: str | None = None
    """Where it came from, in place of what the actor says."""
    operation: Operation = field(default_factory=begun)
    at: datetime = field(default_factory=utc_now)

    def fields(self, number: int, case_number: int | None) -> tuple[Any, ...]:
        """Give the values in the order of `FIELDS`.

        The name of a candidate is left out: the log outlives the case, and nothing can be taken out of a chain.
        """
        actor = self.actor
        return (
            number,
            case_number,
            actor.organisation_id,
            self.at.isoformat(timespec="microseconds"),
            actor.id,
            "" if actor.is_candidate else actor.name,
            actor.role.value,
            self.action,
            self.object_kind,
            self.object_id,
            self.case_id,
            actor.origin if self.origin is None else self.origin,
            self.result,
            self.operation.id,
            self.detail,
        )

    def processed(self, case_id: str) -> Processed:
        """Give what the processing log says about this line, which is about this case."""
        return Processed(self.operation, self.action, case_id, self.at)


def chained(previous: str, previous_of_case: str, fields: Iterable[Any]) -> str:
    """Give the digest of a line that follows these two digests; the second is empty for the first line of a case."""
    return hashlib.sha256(previous.encode() + previous_of_case.encode() + canonical(list(fields))).hexdigest()


class _Statements:
    """What writing lines needs of the database, written out for one engine."""

    def __init__(self, dialect: Dialect) -> None:
        columns = _heads.c.chain, _heads.c.number, _heads.c.digest
        upsert: Any = (sqlite if dialect.name == "sqlite" else postgresql).insert(_heads)
        moved = {"number": upsert.excluded.number, "digest": upsert.excluded.digest}
        whole = select(*columns).where(_heads.c.chain == bindparam("whole")).with_for_update()
        self.whole = Prepared(whole, dialect)
        self.heads = Prepared(select(*columns).where(among(_heads.c.chain, dialect)), dialect)
        self.insert = Prepared(insert(_lines), dialect)
        self.move = Prepared(upsert.on_conflict_do_update(index_elements=["chain"], set_=moved), dialect)


_written_out: dict[str, _Statements] = {}


def write(connection: Connection, lines: Sequence[Line]) -> None:
    """Write lines in the transaction of the caller, in this order. Nobody else writes any until it ends."""
    dialect = connection.dialect
    say = _written_out.get(dialect.name) or _written_out.setdefault(dialect.name, _Statements(dialect))
    # First the lock, then the rest: what is read after it cannot change until this transaction ends.
    heads = _read(say.whole.run(connection, {"whole": WHOLE}))
    number, digest = heads.get(WHOLE, (0, GENESIS))
    about = {line.case_id for line in lines if line.case_id is not None}
    cases = _read(say.heads.run(connection, wanted(about, dialect))) if about else {}
    rows = []
    for line in lines:
        number += 1
        of_case = None
        previous_of_case = ""
        if line.case_id is not None:
            of_case, previous_of_case = cases.get(line.case_id, (0, ""))
            of_case += 1
        values = line.fields(number, of_case)
        digest = chained(digest, previous_of_case, values)
        if line.case_id is not None and of_case is not None:
            cases[line.case_id] = of_case, digest
        rows.append({**dict(zip(FIELDS, values, strict=True)), "digest": digest})
    say.insert.run_many(connection, rows)
    cases[WHOLE] = number, digest
    say.move.run_many(connection, [{"chain": chain, "number": at, "digest": one} for chain, (at, one) in cases.items()])


def _read(rows: Iterable[Any]) -> dict[str, Head]:
    return {row[0]: (row[1], row[2]) for row in rows}
