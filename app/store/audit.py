"""The audit log: who did what to which thing, when and from where. Never what an answer says.

Lines are chained per organisation: each carries the SHA-256 of the line before it and of its own canonical text. A
changed, inserted, removed or reordered line breaks the chain from there on; a line cut off at the end shows in the head.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.store.rows import AuditHeadRow, AuditRow
from app.store.types import canonical, utc_now

GENESIS = "0" * 64
"""What the first line of a chain has before it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold, and how."""

    organisation_id: str
    number: int
    reason: str


def append(
    db: Session,
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: str,
    *,
    case_id: str | None = None,
    detail: dict[str, Any] | None = None,
    result: str = "ok",
) -> None:
    """Add a line, in the transaction of the act itself. `detail` holds ids, steps and counts, never content."""
    head = _locked_head(db, actor.organisation_id)
    number = head.number + 1
    line = line_of(
        actor, number, action, object_kind, object_id, case_id=case_id, at=utc_now(), detail=detail, result=result
    )
    digest = chained(head.digest, line)
    head.number, head.digest = number, digest
    db.add(head)
    db.add(AuditRow(**dict(zip(FIELDS, line, strict=True)), digest=digest))


def line_of(
    actor: Actor,
    number: int,
    action: str,
    object_kind: str,
    object_id: str,
    *,
    case_id: str | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
    result: str = "ok",
) -> tuple[Any, ...]:
    """Give the values of a line in the order of `FIELDS`.

    The name of a candidate is left out: the log outlives the case, and nothing can be taken out of a chain.
    """
    return (
        actor.organisation_id,
        number,
        at.isoformat(),
        actor.id,
        "" if actor.is_candidate else actor.name,
        actor.role.value,
        action,
        object_kind,
        object_id,
        case_id,
        actor.origin,
        result,
        canonical(detail or {}).decode(),
    )


FIELDS = (
    "organisation_id",
    "number",
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
    "detail",
)
"""What is hashed of a line, in this order."""


def chained(previous: str, line: Iterable[Any]) -> str:
    """Give the digest of a line that follows the line with digest `previous`."""
    return hashlib.sha256(previous.encode() + canonical(list(line))).hexdigest()


def verify(db: Session, organisation_id: str | None = None) -> tuple[Broken, ...]:
    """Check every chain, or the one of one organisation. Empty: nothing was changed, added, removed or cut off."""
    broken: list[Broken] = []
    heads = select(AuditHeadRow).order_by(col(AuditHeadRow.organisation_id))
    if organisation_id is not None:
        heads = heads.where(AuditHeadRow.organisation_id == organisation_id)
    for head in db.exec(heads).all():
        broken += _verify_chain(db, head)
    return tuple(broken)


def _verify_chain(db: Session, head: AuditHeadRow) -> Iterator[Broken]:
    previous, number = GENESIS, 0
    columns = ", ".join((*FIELDS, "digest"))
    # Plain rows: a hundred thousand objects of a row class would take most of the time.
    query = text(f"SELECT {columns} FROM audit_entry WHERE organisation_id = :id ORDER BY number")  # noqa: S608 - constants
    for row in db.connection().execute(query, {"id": head.organisation_id}):
        number += 1
        *line, digest = row
        if line[1] != number:
            yield Broken(head.organisation_id, number, "this line is missing")
            return
        if chained(previous, line) != digest:
            yield Broken(head.organisation_id, number, "this line does not follow from the one before it")
            return
        previous = digest
    if (number, previous) != (head.number, head.digest):
        yield Broken(head.organisation_id, number + 1, "lines are missing at the end")


def of_case(db: Session, organisation_id: str, case_id: str, actions: tuple[str, ...] = ()) -> list[AuditRow]:
    """Give the lines about one case, newest first; only those with one of `actions` when any are named."""
    query = select(AuditRow).where(AuditRow.organisation_id == organisation_id, AuditRow.case_id == case_id)
    if actions:
        query = query.where(col(AuditRow.action).in_(actions))
    return list(db.exec(query.order_by(col(AuditRow.number).desc())).all())


def _locked_head(db: Session, organisation_id: str) -> AuditHeadRow:
    query = select(AuditHeadRow).where(AuditHeadRow.organisation_id == organisation_id).with_for_update()
    # What this session read before the lock may be old by now.
    head = db.exec(query.execution_options(populate_existing=True)).first()
    if head is None:
        head = AuditHeadRow(organisation_id=organisation_id, number=0, digest=GENESIS)
        db.add(head)
    return head
