"""Requests of candidates to correct an answer. Whoever reads them opens their case first."""

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.store.cases import CaseAccess
from app.store.rows import RectificationRow


def add(db: Session, row: RectificationRow) -> None:
    """Write a request down, or what was answered to it."""
    db.add(row)


def of_case(db: Session, access: CaseAccess) -> list[RectificationRow]:
    """Give every request of a case, oldest first."""
    access.require_content()
    query = select(RectificationRow).where(RectificationRow.case_id == access.case.id)
    return list(db.exec(query.order_by(col(RectificationRow.id))).all())


def get(db: Session, access: CaseAccess, rectification_id: str) -> RectificationRow:
    """Give one request of a case. Raises NotFound."""
    found = next((row for row in of_case(db, access) if row.id == rectification_id), None)
    if found is None:
        raise NotFound("no such request")
    return found
