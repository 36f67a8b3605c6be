"""Queries about sessions, people and failed attempts. Unscoped on purpose: here we still find out who is asking."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, or_, update
from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.errors import NotFound
from app.store.engine import HELD
from app.store.lasting import lately
from app.store.rows import CaseRow, LoginAttemptRow, OrganisationRow, PersonRow, SignInRow

FAILURES_KEPT = timedelta(days=30)
"""How long failed attempts are kept: they tell from where somebody tried."""


@dataclass(frozen=True, slots=True)
class FoundSignIn:
    """A session with the one it belongs to: a person, or the candidate of a case."""

    sign_in: SignInRow
    organisation: OrganisationRow
    person: PersonRow | None
    case: CaseRow | None


# Made once: putting this query together costs as much as running it, and every request runs it.
_BY_TOKEN = (
    select(SignInRow, OrganisationRow, PersonRow, CaseRow)
    .join(OrganisationRow, col(OrganisationRow.id) == SignInRow.organisation_id)
    .outerjoin(PersonRow, col(PersonRow.id) == SignInRow.person_id)
    .outerjoin(CaseRow, col(CaseRow.id) == SignInRow.case_id)
    .where(SignInRow.token_sha256 == bindparam("token"))
)


def add(db: Session, row: SignInRow) -> None:
    """Write a new session."""
    db.add(row)


def find(db: Session, token_sha256: str) -> FoundSignIn | None:
    """Find a session by the hash of its token, in one query."""
    row = db.exec(_BY_TOKEN, params={"token": token_sha256}).first()
    if row is None:
        return None
    found = FoundSignIn(*row)
    # A session forgets rows that nobody holds, and every page asks for these several times.
    db.info[HELD] = found
    return found


def seen(db: Session, row: SignInRow, at: datetime) -> None:
    """Write down that a session is still in use."""
    row.seen_at = at
    db.add(row)


def revoke(db: Session, session_id: str, at: datetime) -> None:
    """End one session."""
    db.exec(
        update(SignInRow)
        .where(col(SignInRow.id) == session_id, col(SignInRow.revoked_at).is_(None))
        .values(revoked_at=at)
    )


def revoke_token(db: Session, token_sha256: str, at: datetime) -> None:
    """End the session with this token, when there is one."""
    ours = (col(SignInRow.token_sha256) == token_sha256, col(SignInRow.revoked_at).is_(None))
    db.exec(update(SignInRow).where(*ours).values(revoked_at=at))


def on_device(db: Session, session_id: str, device: str) -> None:
    """Write down on which kind of device a session began."""
    db.flush()
    db.exec(update(SignInRow).where(col(SignInRow.id) == session_id).values(device=device))


def sessions_of(db: Session, actor: Actor) -> list[SignInRow]:
    """Give the sessions of one person, or of the candidate of one case, that nobody ended."""
    own = SignInRow.case_id == actor.case_id if actor.is_candidate else SignInRow.person_id == actor.id
    return list(db.exec(select(SignInRow).where(own, col(SignInRow.revoked_at).is_(None))).all())


def by_single_sign_on(db: Session, session_id: str) -> bool:
    """Tell whether a session began through the organisation."""
    query = select(SignInRow.single_sign_on).where(SignInRow.id == session_id)
    return bool(db.exec(query).first())


def revoke_all(db: Session, person_id: str, at: datetime, *, but: str = "") -> None:
    """End every session of a person, perhaps but one."""
    living = (col(SignInRow.revoked_at).is_(None), col(SignInRow.id) != but)
    db.exec(update(SignInRow).where(col(SignInRow.person_id) == person_id, *living).values(revoked_at=at))


def organisation(db: Session, organisation_id: str) -> OrganisationRow:
    """Give an organisation. Raises NotFound."""
    row = db.get(OrganisationRow, organisation_id)
    if row is None:
        raise NotFound("no such organisation")
    return row


def person_by_email(db: Session, email: str) -> PersonRow | None:
    """Find an account by its address; capitals do not matter."""
    return db.exec(select(PersonRow).where(PersonRow.email == email.strip().lower())).first()


def failed(db: Session, row: LoginAttemptRow) -> None:
    """Write down a failed attempt; those of longer ago than anybody looks back go."""
    db.exec(delete(LoginAttemptRow).where(col(LoginAttemptRow.at) < row.at - FAILURES_KEPT))
    db.add(row)


def failures_around(
    db: Session, subject_sha256: str, account_sha256: str, now: datetime, pause: timedelta
) -> tuple[int, int]:
    """Count failed attempts of the last `pause`: from one place, and from everywhere.

    Attempts that lie further ahead than that were written by a clock that has been set back since: they would keep an
    account shut until that moment comes again.
    """
    query = select(func.count()).where(*lately(LoginAttemptRow.at, now, pause))
    here = db.exec(query.where(col(LoginAttemptRow.subject_sha256) == subject_sha256)).one()
    everywhere = db.exec(query.where(col(LoginAttemptRow.account_sha256) == account_sha256)).one()
    return here, everywhere


def failures_since(db: Session, account_sha256: str, since: datetime, until: datetime) -> int:
    """Count failed attempts at an account from everywhere, between two moments."""
    query = select(func.count()).where(col(LoginAttemptRow.at) > since, col(LoginAttemptRow.at) < until)
    return db.exec(query.where(col(LoginAttemptRow.account_sha256) == account_sha256)).one()


def failures_of(
    db: Session, organisation_id: str, since: datetime, limit: int = 200
) -> list[tuple[LoginAttemptRow, PersonRow | None]]:
    """Give the failed attempts at an organisation, newest first; whose account it was, unless it was a candidate's door."""
    query = select(LoginAttemptRow, PersonRow).outerjoin(PersonRow, col(PersonRow.id) == LoginAttemptRow.person_id)
    query = query.where(LoginAttemptRow.organisation_id == organisation_id, col(LoginAttemptRow.at) > since)
    rows = db.exec(query.order_by(col(LoginAttemptRow.at).desc()).limit(limit)).all()
    return [(attempt, person) for attempt, person in rows]


def failures_at(db: Session, organisation_id: str, now: datetime, within: timedelta) -> int:
    """Count what failed lately at an organisation and at nobody. Asking for a mail is none."""
    whose = or_(col(LoginAttemptRow.organisation_id) == organisation_id, col(LoginAttemptRow.organisation_id).is_(None))
    query = select(func.count()).where(whose, *lately(LoginAttemptRow.at, now, within))
    return db.exec(query.where(col(LoginAttemptRow.what).not_in(("forgotten", "door")))).one()


def held(db: Session, organisation_id: str) -> OrganisationRow:
    """Give an organisation, held until this transaction ends: one at a time decides something about it."""
    return db.exec(select(OrganisationRow).where(OrganisationRow.id == organisation_id).with_for_update()).one()


def failures_at_nobody(db: Session, since: datetime) -> int:
    """Count the failed attempts at accounts that do not exist, in the whole installation."""
    query = select(func.count()).where(col(LoginAttemptRow.organisation_id).is_(None), col(LoginAttemptRow.at) > since)
    return db.exec(query).one()


def person(db: Session, person_id: str) -> PersonRow:
    """Give an account. Raises NotFound."""
    row = db.get(PersonRow, person_id)
    if row is None:
        raise NotFound("no such account")
    return row


def held_person(db: Session, person_id: str) -> PersonRow:
    """Give an account as it stands now, held until this transaction ends. Raises NotFound."""
    row = db.get(PersonRow, person_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise NotFound("no such account")
    return row


def began(db: Session, session_id: str) -> datetime | None:
    """Tell when somebody signed in for this session."""
    row = db.get(SignInRow, session_id)
    return row.started_at if row is not None else None
