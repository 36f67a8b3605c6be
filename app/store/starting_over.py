"""Queries about requests to let a colleague begin again."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.errors import NotFound
from app.store.lasting import lasts
from app.store.rows import PersonRow, StartOverRow


def add(db: Session, row: StartOverRow) -> None:
    """Write a new request."""
    db.add(row)
    db.flush()


def find(db: Session, actor: Actor, request_id: str) -> StartOverRow:
    """Give a request of one's own organisation, held until this transaction ends. Raises NotFound."""
    query = select(StartOverRow).where(
        StartOverRow.id == request_id, StartOverRow.organisation_id == actor.organisation_id
    )
    row = db.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound("no such request")
    return row


def waiting(db: Session, organisation_id: str, now: datetime) -> list[tuple[StartOverRow, PersonRow]]:
    """Give the requests of an organisation that nobody decided on and that are not over, oldest first."""
    query = (
        select(StartOverRow, PersonRow)
        .join(PersonRow, col(PersonRow.id) == StartOverRow.person_id)
        .where(
            StartOverRow.organisation_id == organisation_id,
            StartOverRow.outcome == "",
            col(StartOverRow.expires_at) > now,
        )
        .order_by(col(StartOverRow.asked_at))
    )
    found = db.exec(query).all()
    return [(row, person) for row, person in found if lasts(row.expires_at, now, row.expires_at - row.asked_at)]
