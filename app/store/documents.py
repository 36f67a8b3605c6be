"""Documents as they were made. Every one is kept under a new number; none is ever overwritten."""

import hashlib
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from sqlalchemy import func
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.crypto.envelope import OVERHEAD
from app.errors import NotFound
from app.store import audit
from app.store.cases import CaseAccess, access
from app.store.rows import DocumentRow, KeptDocumentRow

_Kept = TypeVar("_Kept", DocumentRow, KeptDocumentRow)


def next_number(db: Session, case: CaseAccess, kind: str) -> int:
    """Give the number of the next document of this kind; the caller holds the lock on the case."""
    query = select(func.max(DocumentRow.number)).where(DocumentRow.case_id == case.case.id, DocumentRow.kind == kind)
    return (db.exec(query).one() or 0) + 1


def keep(
    db: Session,
    case: CaseAccess,
    *,
    kind: str,
    number: int,
    filename: str,
    media_type: str,
    body: bytes,
    receipt: dict[str, Any],
) -> DocumentRow:
    """Store the bytes of a document with their SHA-256."""
    row = DocumentRow(
        organisation_id=case.case.organisation_id,
        case_id=case.case.id,
        kind=kind,
        number=number,
        filename=filename,
        media_type=media_type,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        receipt=receipt,
        case_version=case.case.version,
        made_by=case.actor.id,
        made_by_name=case.actor.name,
    )
    db.add(row)
    return row


def of_case(db: Session, case: CaseAccess, kinds: tuple[str, ...]) -> list[DocumentRow]:
    """Give the documents of a case of these kinds, newest first."""
    query = select(DocumentRow).where(DocumentRow.case_id == case.case.id, col(DocumentRow.kind).in_(kinds))
    # Not the documents themselves: a list of ten would read half a megabyte.
    query = query.options(defer(cast("Any", DocumentRow.body)))
    return list(db.exec(query.order_by(col(DocumentRow.id).desc())).all())


def presented(db: Session, organisation_id: str, case_id: str, rows: Iterable[_Kept]) -> list[_Kept]:
    """Give of the council versions of a case those that went to the council: each time the newest of that moment.

    The audit log tells when that was, also when the case itself was destroyed since: by the order of its lines, because
    the clock may have been set back in between.
    """
    lines = audit.of_case(db, organisation_id, case_id, ("presented", "document_made"))
    made = {line.object_id: line.number for line in lines if line.action == "document_made"}
    newest_first = sorted(rows, key=lambda row: made.get(row.id, 0), reverse=True)
    sent = [line.number for line in lines if line.action == "presented"]
    chosen = {next((row.id for row in newest_first if made.get(row.id, 0) < number), "") for number in sent}
    return [row for row in newest_first if row.id in chosen]


def filenames(db: Session, case: CaseAccess) -> dict[str, str]:
    """Give the names of all documents of a case, by id, without reading them."""
    query = select(DocumentRow).where(DocumentRow.case_id == case.case.id)
    rows = db.exec(query.options(defer(cast("Any", DocumentRow.body)))).all()
    return {row.id: row.filename for row in rows}


def sizes(db: Session, document_ids: Iterable[str]) -> dict[str, int]:
    """Give the size of documents in bytes, without reading them."""
    query = select(DocumentRow.id, func.length(DocumentRow.body) - OVERHEAD).where(
        col(DocumentRow.id).in_(list(document_ids))
    )
    return dict(db.exec(query).all())


def fetch(db: Session, actor: Actor, document_id: str) -> tuple[CaseAccess, DocumentRow]:
    """Open a document through its case. Raises NotFound when the case is not for this actor."""
    query = select(DocumentRow).where(
        DocumentRow.id == document_id, DocumentRow.organisation_id == actor.organisation_id
    )
    row = db.exec(query).first()
    if row is None:
        raise NotFound("no such document for you")
    return access(db, actor, row.case_id), row
