"""Queries about how candidates prove who they are. Unscoped on purpose: here we still find out who is asking."""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.store.rows import CandidateStepRow, CandidateWayRow, CaseRow, OutboxRow, SignInRow


def way_of(db: Session, case_id: str) -> CandidateWayRow | None:
    """Give what the candidate of a case chose."""
    return db.exec(select(CandidateWayRow).where(CandidateWayRow.case_id == case_id)).first()


def add_step(db: Session, row: CandidateStepRow, now: datetime) -> None:
    """Write a new step; those that are over go."""
    db.exec(delete(CandidateStepRow).where(col(CandidateStepRow.expires_at) <= now))
    db.add(row)
    db.flush()


def step(
    db: Session, token_sha256: str, now: datetime, *, lock: bool = False
) -> tuple[CandidateStepRow, CaseRow] | None:
    """Find a step that is not over, with its case. With `lock` both are held, the case first, as everybody does."""
    query = select(CandidateStepRow).where(
        CandidateStepRow.token_sha256 == token_sha256, col(CandidateStepRow.expires_at) > now
    )
    row = db.exec(query).first()
    if row is None:
        return None
    case_id = row.case_id
    if lock:
        held = select(CaseRow).where(CaseRow.id == case_id).with_for_update()
        case = db.exec(held.execution_options(populate_existing=True)).one()
        row = db.exec(query.with_for_update().execution_options(populate_existing=True)).first()
        return None if row is None else (row, case)
    return row, db.get_one(CaseRow, case_id)


def end_step(db: Session, row: CandidateStepRow) -> None:
    """End a step: it was taken, or failed too often."""
    db.delete(row)
    db.flush()


def end_steps(db: Session, case_id: str) -> None:
    """End all steps of the candidate of a case."""
    db.exec(delete(CandidateStepRow).where(col(CandidateStepRow.case_id) == case_id))


def forget_codes(db: Session, case_id: str) -> None:
    """Make every code that was mailed in a case useless: one works at a time."""
    query = update(CandidateStepRow).where(col(CandidateStepRow.case_id) == case_id)
    db.exec(query.values(code_sha256="", code_until=None))


def codes_mailed(db: Session, case_id: str, name: str, since: datetime) -> int:
    """Count the mails of this name in a case since a moment."""
    query = select(func.count()).where(
        col(OutboxRow.case_id) == case_id, col(OutboxRow.name) == name, col(OutboxRow.written_at) > since
    )
    return db.exec(query).one()


def end_sessions(db: Session, case_id: str, at: datetime) -> None:
    """End every session of the candidate of a case."""
    living = col(SignInRow.revoked_at).is_(None)
    db.exec(update(SignInRow).where(col(SignInRow.case_id) == case_id, living).values(revoked_at=at))
