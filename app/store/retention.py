"""Queries about keeping and destroying. What is left of a destroyed case stands here too."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, text
from sqlmodel import Session, col
from sqlmodel import select as choose

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.lifecycle import Step
from app.store.rows import (
    CaseRow,
    DestructionRow,
    DocumentRow,
    RetentionRequestRow,
    RetentionRow,
    metadata,
)
from app.store.types import canonical

SURVIVES = {
    "audit_entry": "the log proves what happened, and names no candidate",
    "audit_head": "the end of the log",
    "case_key": "it is destroyed by itself, after everything that it opens",
    "destruction": "it is the proof",
    "retention": "an outcome and dates, without a person",
}
"""The tables with lines about a case that a destruction leaves alone, each with its reason. Every other table loses them."""


@dataclass(frozen=True, slots=True)
class Removed:
    """How many lines of one table were there, and the SHA-256 over their exact contents."""

    table: str
    count: int
    sha256: str


def find(db: Session, case: CaseRow) -> RetentionRow | None:
    """Give what is known about keeping a case; `None` before its outcome."""
    return db.get(RetentionRow, case.id)


def add(db: Session, row: RetentionRow | RetentionRequestRow | DestructionRow) -> None:
    """Write a new row."""
    db.add(row)
    db.flush()  # pages of the same request read it back


def requests(db: Session, case: CaseRow) -> list[RetentionRequestRow]:
    """Give every request about a case, newest first."""
    query = choose(RetentionRequestRow).where(RetentionRequestRow.case_id == case.id)
    return list(db.exec(query.order_by(col(RetentionRequestRow.id).desc())).all())


def request_of(db: Session, case: CaseRow, request_id: str) -> RetentionRequestRow:
    """Give one request about a case. Raises NotFound."""
    row = db.get(RetentionRequestRow, request_id)
    if row is None or row.case_id != case.id:
        raise NotFound("no such request")
    return row


def in_organisation(db: Session, actor: Actor) -> list[tuple[RetentionRow, CaseRow]]:
    """Give every case with an outcome in one's own organisation, the ones that were destroyed too."""
    query = (
        choose(RetentionRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == RetentionRow.case_id)
        .where(RetentionRow.organisation_id == actor.organisation_id)
        .order_by(col(RetentionRow.outcome_on), col(RetentionRow.case_id))
    )
    return list(db.exec(query).all())


def everywhere(db: Session) -> list[tuple[RetentionRow, CaseRow]]:
    """Give every case with an outcome that was not destroyed, of all organisations: for the daily round only."""
    query = (
        choose(RetentionRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == RetentionRow.case_id)
        .where(CaseRow.step != Step.DESTROYED)
        .order_by(col(RetentionRow.case_id))
    )
    return list(db.exec(query).all())


def destructions(db: Session, actor: Actor) -> list[DestructionRow]:
    """Give every destruction in one's own organisation, newest first."""
    query = choose(DestructionRow).where(DestructionRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(DestructionRow.id).desc())).all())


def destruction_of(db: Session, actor: Actor, destruction_id: str) -> DestructionRow:
    """Give one destruction in one's own organisation. Raises NotFound."""
    row = db.get(DestructionRow, destruction_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound("no such destruction for you")
    return row


def tables_of_a_case() -> Iterator[Table]:
    """Give every table that loses its lines about a case, those that refer to others first."""
    for table in reversed(metadata.sorted_tables):
        if "case_id" in table.c and table.name not in SURVIVES:
            yield table


def remove_case(db: Session, case: CaseRow, keep_documents: tuple[str, ...]) -> tuple[Removed, ...]:
    """Take away everything about a case except what `SURVIVES` and documents of these kinds, and count it.

    What stays of the case itself is a stub without a name, an address or a plan.
    """
    db.flush()
    removed = []
    for table in tables_of_a_case():
        if table.name == DocumentRow.__tablename__:
            gone = {row.kind for row in of_kinds(db, case)} - set(keep_documents)
            removed += [_removed(db, table, case, kind) for kind in sorted(gone)]
        else:
            removed.append(_removed(db, table, case))
    case.candidate_name = case.candidate_email = ""
    case.context = {}
    case.appointment_date = None
    case.step = Step.DESTROYED
    db.add(case)
    # Objects that this session read before would bring back what is gone.
    db.flush()
    db.expire_all()
    return tuple(one for one in removed if one.count)


def remove_documents(db: Session, case: CaseRow, kinds: tuple[str, ...]) -> tuple[Removed, ...]:
    """Take away the documents of these kinds of a case, and count them."""
    db.flush()
    removed = [_removed(db, metadata.tables["document"], case, kind) for kind in kinds]
    db.expire_all()
    return tuple(one for one in removed if one.count)


def of_kinds(db: Session, case: CaseRow) -> list[DocumentRow]:
    """Give every document of a case, with its bytes."""
    return list(db.exec(choose(DocumentRow).where(DocumentRow.case_id == case.id)).all())


def _removed(db: Session, table: Table, case: CaseRow, kind: str | None = None) -> Removed:
    lines = "case_id = :case" + ("" if kind is None else " AND kind = :kind")
    named = {"case": case.id} | ({} if kind is None else {"kind": kind})
    order = ", ".join(column.name for column in table.primary_key.columns)
    digest, count = hashlib.sha256(), 0
    # As they lie in the database, sealed where they are sealed: nothing needs to be read to be destroyed.
    for row in db.connection().execute(text(f"SELECT * FROM {table.name} WHERE {lines} ORDER BY {order}"), named):  # noqa: S608 - names of our tables
        digest.update(hashlib.sha256(canonical([_plain(value) for value in row])).digest())
        count += 1
    db.connection().execute(text(f"DELETE FROM {table.name} WHERE {lines}"), named)  # noqa: S608 - names of our tables
    return Removed(table.name if kind is None else f"{table.name}:{kind}", count, digest.hexdigest())


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
