"""Files that came with a case. Whoever opens one opens its case first."""

from typing import Any, cast

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.errors import NotFound
from app.store.cases import CaseAccess, access
from app.store.rows import AttachmentRow


def put(db: Session, case: CaseAccess, *, filename: str, subject: str, media_type: str, body: bytes) -> AttachmentRow:
    """Store a file with a case."""
    row = AttachmentRow(
        organisation_id=case.case.organisation_id,
        case_id=case.case.id,
        filename=filename,
        subject=subject,
        media_type=media_type,
        size=len(body),
        body=body,
    )
    db.add(row)
    return row


def of_case(db: Session, case: CaseAccess) -> list[AttachmentRow]:
    """Give the files of a case, oldest first, without reading what is in them."""
    query = select(AttachmentRow).where(AttachmentRow.case_id == case.case.id)
    query = query.options(defer(cast("Any", AttachmentRow.body)))
    return list(db.exec(query.order_by(col(AttachmentRow.id))).all())


def get(db: Session, actor: Actor, attachment_id: str, *, lock: bool = False) -> tuple[CaseAccess, AttachmentRow]:
    """Open a file through its case. Raises NotFound when the case is not for this actor, or its content is not."""
    own = AttachmentRow.organisation_id == actor.organisation_id
    row = db.exec(select(AttachmentRow).where(AttachmentRow.id == attachment_id, own)).first()
    if row is None:
        raise NotFound("no such file for you")
    case = access(db, actor, row.case_id, lock=lock)
    case.require_content()
    return case, row


def remove(db: Session, row: AttachmentRow) -> None:
    """Take a file away."""
    db.delete(row)
