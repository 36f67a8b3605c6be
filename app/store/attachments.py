"""Files that came with a case. Whoever opens one opens its case first.

What reviewers added is the candidate's to read once a concept was sent, like everything else they wrote. That is decided
here, so no page and no copy can show it earlier.
"""

from typing import Any, cast

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.lifecycle import Role
from app.store import reviews
from app.store.cases import CaseAccess, access
from app.store.rows import AttachmentRow


def put(
    db: Session, case: CaseAccess, *, filename: str, subject: str, media_type: str, body: bytes,
    about: str = "", source: dict[str, str] | None = None,
) -> AttachmentRow:  # fmt: skip
    """Store a file with a case, in the name of whoever holds the case open. A candidate is not named: there is one."""
    actor = case.actor
    row = AttachmentRow(
        organisation_id=case.case.organisation_id,
        case_id=case.case.id,
        filename=filename,
        subject=subject,
        media_type=media_type,
        size=len(body),
        body=body,
        about=about or None,
        source=source,
        by_role=actor.role,
        by_id=None if actor.is_candidate else actor.id,
        by_name="" if actor.is_candidate else actor.name,
    )
    db.add(row)
    db.flush()  # a list that is made in this transaction has it
    return row


def of_case(db: Session, case: CaseAccess, *, as_candidate: bool = False) -> list[AttachmentRow]:
    """Give the files of a case that this actor may read now, oldest first, without reading what is in them.

    With `as_candidate` only those that the candidate may read now, whoever asks.
    """
    query = select(AttachmentRow).where(AttachmentRow.case_id == case.case.id)
    query = query.options(defer(cast("Any", AttachmentRow.body)))
    rows = list(db.exec(query.order_by(col(AttachmentRow.id))).all())
    if (as_candidate or case.actor.is_candidate) and any(not is_own(row) for row in rows):
        return rows if heard_with(db, case) else [row for row in rows if is_own(row)]
    return rows


def get(db: Session, actor: Actor, attachment_id: str, *, lock: bool = False) -> tuple[CaseAccess, AttachmentRow]:
    """Open a file through its case. Raises NotFound when the case is not for this actor, or its content is not."""
    own = AttachmentRow.organisation_id == actor.organisation_id
    row = db.exec(select(AttachmentRow).where(AttachmentRow.id == attachment_id, own)).first()
    if row is None:
        raise NotFound("no such file for you")
    case = access(db, actor, row.case_id, lock=lock)
    case.require_content()
    if actor.is_candidate and not is_own(row) and not heard_with(db, case):
        raise NotFound("no such file for you")
    return case, row


def is_own(row: AttachmentRow) -> bool:
    """Tell whether the candidate added this file."""
    return row.by_role is Role.CANDIDATE


def heard_with(db: Session, case: CaseAccess) -> str:
    """Give the identity of the newest concept that went to the candidate; empty before the first.

    What was added later has an identity that sorts after it, whatever the clock did.
    """
    sent = reviews.hearings(db, case.case)
    return sent[-1].id if sent else ""


def remove(db: Session, row: AttachmentRow) -> None:
    """Take a file away."""
    db.delete(row)
    db.flush()
