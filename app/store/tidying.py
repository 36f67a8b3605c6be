"""What nobody needs any more and that belongs to no case: what belongs to one goes with it."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from app.store.rows import OutboxRow, SignInRow

KEPT = timedelta(days=30)
"""How long a session of a colleague that is over, and a mail to a colleague that went out, are still there to look at."""


def tidy(db: Session, now: datetime) -> None:
    """Take away sessions of colleagues and mails about no case that were over longer ago than `KEPT`."""
    over = now - KEPT
    db.exec(delete(SignInRow).where(col(SignInRow.case_id).is_(None), col(SignInRow.ends_at) < over))
    db.exec(delete(OutboxRow).where(col(OutboxRow.case_id).is_(None), col(OutboxRow.sent_at) < over))
