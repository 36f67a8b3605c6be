"""Queries about how candidates prove who they are. Unscoped on purpose: here we still find out who is asking."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.reviews.lifecycle import Step
from app.store.lasting import lasting, lately
from app.store.proofs import STEP_LASTS
from app.store.rows import (
    CandidateDeviceRow,
    CandidateStepRow,
    CandidateWayRow,
    CaseRow,
    InvitationRow,
    OutboxRow,
    SignInRow,
)
from app.store.sealing import opened_in_passing

_AT_ONCE = 500
"""So many addresses are read together."""


def way_of(db: Session, case_id: str) -> CandidateWayRow | None:
    """Give what the candidate of a case chose, as it stands now: whoever holds the case must not see what was before."""
    query = select(CandidateWayRow).where(CandidateWayRow.case_id == case_id)
    return db.exec(query.execution_options(populate_existing=True)).first()


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
        CandidateStepRow.token_sha256 == token_sha256, *lasting(CandidateStepRow.expires_at, now, STEP_LASTS)
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


def hold(db: Session, case_id: str) -> None:
    """Hold a case until this transaction ends: what happens at its door happens one by one."""
    db.exec(select(CaseRow.id).where(CaseRow.id == case_id).with_for_update())


def codes_mailed(db: Session, case_id: str, name: str, now: datetime, within: timedelta) -> int:
    """Count the mails of this name in a case within the last while."""
    query = select(func.count()).where(
        col(OutboxRow.case_id) == case_id, col(OutboxRow.name) == name, *lately(OutboxRow.written_at, now, within)
    )
    return db.exec(query).one()


def knows_device(db: Session, token_sha256: str, case_id: str) -> bool:
    """Tell whether the candidate of a case came in with this device before."""
    same = (CandidateDeviceRow.token_sha256 == token_sha256, CandidateDeviceRow.case_id == case_id)
    return db.exec(select(CandidateDeviceRow.id).where(*same)).first() is not None


def remember_device(db: Session, case: CaseRow, token_sha256: str, at: datetime) -> None:
    """Write down that the candidate of a case came in with this device."""
    same = (col(CandidateDeviceRow.token_sha256) == token_sha256, col(CandidateDeviceRow.case_id) == case.id)
    if db.exec(update(CandidateDeviceRow).where(*same).values(seen_at=at)).rowcount == 0:
        db.add(
            CandidateDeviceRow(
                organisation_id=case.organisation_id, case_id=case.id, token_sha256=token_sha256, seen_at=at
            )
        )


def forget_devices(db: Session, case_id: str) -> None:
    """Forget every device of the candidate of a case: they begin again."""
    db.exec(delete(CandidateDeviceRow).where(col(CandidateDeviceRow.case_id) == case_id))


def held(db: Session, case_id: str) -> CaseRow | None:
    """Give a case, held until the end of the transaction: what is counted meanwhile stays so. `None` when it is gone."""
    return db.exec(select(CaseRow).where(CaseRow.id == case_id).with_for_update()).first()


def with_address(db: Session, email: str, closed: frozenset[Step]) -> list[str]:
    """Find the cases of a candidate by address, of those not at a step in `closed`; gives their ids.

    Addresses are sealed, each with the key of its case, so every one is opened and looked at: it takes as long as there
    are open cases, and wants a session that only reads. A mark to search by would tell whoever has a copy of the database
    whether somebody they know is a candidate.
    """
    wanted = email.strip().casefold()
    invited = select(InvitationRow.case_id).where(col(InvitationRow.revoked_at).is_(None))
    query = select(CaseRow.id, CaseRow.candidate_email).where(
        col(CaseRow.step).not_in(closed), col(CaseRow.id).in_(invited)
    )
    found: list[str] = []
    last = ""
    while page := db.exec(query.where(col(CaseRow.id) > last).order_by(col(CaseRow.id)).limit(_AT_ONCE)).all():
        last = page[-1][0]
        rows = [{"id": case_id, "candidate_email": address} for case_id, address in page]
        opened = opened_in_passing(db.connection(), CaseRow, rows)
        found += [row["id"] for row in opened if row["candidate_email"].strip().casefold() == wanted]
    return found


def end_sessions(db: Session, case_id: str, at: datetime) -> None:
    """End every session of the candidate of a case."""
    living = col(SignInRow.revoked_at).is_(None)
    db.exec(update(SignInRow).where(col(SignInRow.case_id) == case_id, living).values(revoked_at=at))
