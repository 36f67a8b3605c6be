"""Queries about keeping and destroying. What is left of a destroyed case stands here too."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, text
from sqlmodel import Session, col
from sqlmodel import select as choose

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.lifecycle import Step
from app.store import keys
from app.store.rows import (
    CaseRow,
    DestructionRow,
    DocumentRow,
    KeptDocumentRow,
    RetentionRequestRow,
    RetentionRow,
    metadata,
)
from app.store.rows.keys import ContentKeyRow
from app.store.types import canonical

SURVIVES = {
    "audit_entry": "the log proves what happened, and names no candidate",
    "audit_head": "the end of the log",
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


def requests(db: Session, case_id: str) -> list[RetentionRequestRow]:
    """Give every request about a case, newest first."""
    query = choose(RetentionRequestRow).where(RetentionRequestRow.case_id == case_id)
    return list(db.exec(query.order_by(col(RetentionRequestRow.id).desc())).all())


def request_of(db: Session, case_id: str, request_id: str) -> RetentionRequestRow:
    """Give one request about a case. Raises NotFound."""
    row = db.get(RetentionRequestRow, request_id)
    if row is None or row.case_id != case_id:
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


def destroyed_since(db: Session) -> list[CaseRow]:
    """Give the cases that were put back although their key was destroyed: their rows must go again."""
    query = (
        choose(CaseRow)
        .join(ContentKeyRow, col(ContentKeyRow.owner_id) == CaseRow.id)
        .where(col(ContentKeyRow.wrapped).is_(None), CaseRow.step != Step.DESTROYED)
    )
    return list(db.exec(query).all())


def how_many_destroyed(db: Session) -> int:
    """Count the cases whose key was destroyed."""
    query = choose(func.count()).where(col(ContentKeyRow.wrapped).is_(None), ContentKeyRow.kind == "case")
    return db.exec(query).one()


def never_had_a_key(db: Session) -> int:
    """Count the cases for which there is no key at all, not even one that was destroyed."""
    query = choose(func.count()).select_from(CaseRow)
    query = query.outerjoin(ContentKeyRow, col(ContentKeyRow.owner_id) == CaseRow.id)
    return db.exec(query.where(col(ContentKeyRow.owner_id).is_(None))).one()


def tables_of_a_case() -> Iterator[Table]:
    """Give every table that loses its lines about a case, those that refer to others first."""
    for table in reversed(metadata.sorted_tables):
        if "case_id" in table.c and table.name not in SURVIVES:
            yield table


def remove_case(db: Session, case: CaseRow, keep_documents: tuple[str, ...]) -> tuple[Removed, ...]:
    """Take away everything about a case except what `SURVIVES`, and the key that sealed it; tell what was there.

    Documents of the kinds to keep are sealed anew with the key of the organisation. What stays of the case itself is a
    stub without a name, an address or a plan.
    """
    keeping = [_outliving(row) for row in _documents(db, case) if row.kind in keep_documents]
    for one in keeping:
        db.add(one)
    db.flush()
    removed = [_removed(db, table, case) for table in tables_of_a_case()]
    if keys.lives(db, case.id):  # else it was destroyed before, and a backup brought the rows back
        case.candidate_name = case.candidate_email = ""
        case.context = {name: case.context[name] for name in ("tier", "office") if name in case.context}
    case.appointment_date = None
    case.step = Step.DESTROYED
    db.add(case)
    keys.shred(db, case.id)
    # Objects that this session read before would bring back what is gone.
    db.expire_all()
    return tuple(one for one in removed if one.count)


def remove_documents(db: Session, case: CaseRow, kinds: tuple[str, ...]) -> tuple[Removed, ...]:
    """Take away the documents of these kinds of a case, before or after the case itself, and tell what was there."""
    db.flush()
    removed = []
    for table, owner in ((metadata.tables["document"], "case_id"), (metadata.tables["kept_document"], "stub_id")):
        removed += [_removed(db, table, case, owner, kind) for kind in kinds]
    db.expire_all()
    return tuple(one for one in removed if one.count)


def outliving(db: Session, actor: Actor) -> list[KeptDocumentRow]:
    """Give the documents that are left of cases that were destroyed, in one's own organisation, newest first."""
    query = choose(KeptDocumentRow).where(KeptDocumentRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(KeptDocumentRow.id).desc())).all())


def outliving_document(db: Session, actor: Actor, document_id: str) -> KeptDocumentRow:
    """Give one document of a case that was destroyed, in one's own organisation. Raises NotFound."""
    row = db.get(KeptDocumentRow, document_id)
    if row is None or row.organisation_id != actor.organisation_id:
        raise NotFound("no such document for you")
    return row


def _documents(db: Session, case: CaseRow) -> list[DocumentRow]:
    return list(db.exec(choose(DocumentRow).where(DocumentRow.case_id == case.id)).all())


def _outliving(row: DocumentRow) -> KeptDocumentRow:
    return KeptDocumentRow(
        id=row.id,
        organisation_id=row.organisation_id,
        stub_id=row.case_id,
        kind=row.kind,
        number=row.number,
        filename=row.filename,
        media_type=row.media_type,
        body=row.body,
        sha256=row.sha256,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
    )


def _removed(db: Session, table: Table, case: CaseRow, owner: str = "case_id", kind: str | None = None) -> Removed:
    lines = f"{owner} = :case" + ("" if kind is None else " AND kind = :kind")
    named = {"case": case.id} | ({} if kind is None else {"kind": kind})
    order = ", ".join(column.name for column in table.primary_key.columns)
    digest, count = hashlib.sha256(), 0
    # As they lie in the database, sealed where they are sealed: nothing needs to be read to be destroyed.
    for row in db.connection().execute(text(f"SELECT * FROM {table.name} WHERE {lines} ORDER BY {order}"), named):  # noqa: S608 - names of our tables
        digest.update(hashlib.sha256(canonical([_plain(value) for value in row])).digest())
        count += 1
    db.connection().execute(text(f"DELETE FROM {table.name} WHERE {lines}"), named)  # noqa: S608 - names of our tables
    return Removed(table.name, count, digest.hexdigest())


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value
