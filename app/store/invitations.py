"""Queries about invitations."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app.store.rows import CaseRow, InvitationRow, OrganisationRow


def add(db: Session, row: InvitationRow) -> None:
    """Write a new invitation."""
    db.add(row)


def find(
    db: Session, token_sha256: str, reference: str, *, lock: bool = False
) -> tuple[InvitationRow, CaseRow, OrganisationRow] | None:
    """Find an invitation by the hash of its link or by its reference, with its case and organisation."""
    query = select(InvitationRow).where(
        or_(col(InvitationRow.token_sha256) == token_sha256, col(InvitationRow.reference) == reference)
    )
    row = db.exec(query).first()
    if row is None:
        return None
    case = db.get_one(CaseRow, row.case_id)
    if lock:
        # Attempts are counted one by one, however many come at once. The case first, as everybody else does: two who
        # lock the same things in another order wait for each other for ever.
        db.exec(select(CaseRow).where(CaseRow.id == row.case_id).with_for_update())
        row = db.exec(query.with_for_update().execution_options(populate_existing=True)).one()
    return row, case, db.get_one(OrganisationRow, row.organisation_id)


def newest(db: Session, case: CaseRow) -> InvitationRow | None:
    """Give the last invitation of a case."""
    query = select(InvitationRow).where(InvitationRow.case_id == case.id).order_by(col(InvitationRow.id).desc())
    return db.exec(query).first()


def revoke_all(db: Session, case: CaseRow, at: datetime) -> None:
    """Make every earlier invitation of a case useless."""
    living = col(InvitationRow.revoked_at).is_(None)
    db.exec(update(InvitationRow).where(col(InvitationRow.case_id) == case.id, living).values(revoked_at=at))
