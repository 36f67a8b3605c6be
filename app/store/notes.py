"""Working notes of reviewers. Who reads one is decided here, in the query: its author, and others only when it is shared.

Whoever asks holds a case they opened, and may read its content: a clerk for whom it is closed gets nothing, and neither
does a candidate, who is no reviewer.
"""

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from app.errors import NotFound
from app.reviews.lifecycle import REVIEWERS
from app.store.cases import CaseAccess
from app.store.rows import ReviewerNoteRow


def readable(db: Session, access: CaseAccess) -> list[ReviewerNoteRow]:
    """Give the notes of a case that this reviewer may read, oldest first. Raises NotFound for who reviews nothing here."""
    query = _of_case(access).where(or_(ReviewerNoteRow.by_id == access.actor.id, col(ReviewerNoteRow.shared).is_(True)))
    return list(db.exec(query.order_by(col(ReviewerNoteRow.id))).all())


def own(db: Session, access: CaseAccess, note_id: str) -> ReviewerNoteRow:
    """Give a note this reviewer wrote. Raises NotFound for anybody else's, shared or not."""
    query = _of_case(access).where(ReviewerNoteRow.id == note_id, ReviewerNoteRow.by_id == access.actor.id)
    row = db.exec(query).first()
    if row is None:
        raise NotFound("no such note of yours")
    return row


def add(
    db: Session, access: CaseAccess, *, rule: str | None, item: str | None, text: str, shared: bool
) -> ReviewerNoteRow:
    """Write a note."""
    row = ReviewerNoteRow(
        organisation_id=access.case.organisation_id,
        case_id=access.case.id,
        rule=rule,
        item=item,
        text=text,
        shared=shared,
        by_id=access.actor.id,
        by_name=access.actor.name,
    )
    db.add(row)
    db.flush()  # a list that is made in this transaction has it
    return row


def remove(db: Session, row: ReviewerNoteRow) -> None:
    """Take a note away."""
    db.delete(row)
    db.flush()


def _of_case(access: CaseAccess) -> SelectOfScalar[ReviewerNoteRow]:
    access.require_content()
    if access.actor.role not in REVIEWERS:
        raise NotFound("notes are for reviewers")
    return select(ReviewerNoteRow).where(
        ReviewerNoteRow.case_id == access.case.id, ReviewerNoteRow.organisation_id == access.actor.organisation_id
    )
