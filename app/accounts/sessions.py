"""Sessions in the database: an opaque token in a cookie, its hash in a row, and two ways to end.

A session ends after some minutes without requests and after some hours whatever happens. Signing in always makes a new
token; signing out, or switching off an account, ends it at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.actor import Actor
from app.accounts.tokens import fingerprint, new_token
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import signins
from app.store.rows import CaseRow, OrganisationRow, PersonRow, SignInRow
from app.store.types import utc_now

# Seeing a session again is written down at most once a minute: a write per request would buy nothing.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody got in: the token for the cookie, who it is, and when the session ends at the latest."""

    token: str
    actor: Actor
    ends_at: datetime


def start_for_person(db: Session, settings: Settings, person: PersonRow, origin: str) -> SignedIn:
    """Begin a session for somebody with an account."""
    now = utc_now()
    person.signed_in_at = now
    token, row = _new(settings, person.organisation_id, now, origin)
    row.person_id = person.id
    signins.add(db, row)
    organisation = signins.organisation(db, person.organisation_id)
    return SignedIn(token, _person_actor(person, organisation, row, origin), row.ends_at)


def start_for_candidate(db: Session, settings: Settings, case: CaseRow, origin: str) -> SignedIn:
    """Begin a session for the candidate of one case."""
    token, row = _new(settings, case.organisation_id, utc_now(), origin)
    row.case_id = case.id
    signins.add(db, row)
    organisation = signins.organisation(db, case.organisation_id)
    return SignedIn(token, _candidate_actor(case, organisation, row, origin), row.ends_at)


def who(db: Session, settings: Settings, token: str, origin: str = "", *, mark: bool = True) -> Actor | None:
    """Tell whose token this is, or `None` when it is nobody's (any more).

    With `mark=False` it is not written down that the session was seen; then the caller does that.
    """
    found = signins.find(db, fingerprint(token))
    now = utc_now()
    if found is None or not _lives(found.sign_in, settings, now):
        return None
    if mark and now - found.sign_in.seen_at >= SEEN_EVERY:
        signins.seen(db, found.sign_in, now)
    if found.person is not None:
        return _person_actor(found.person, found.organisation, found.sign_in, origin) if found.person.active else None
    if found.case is not None:
        return _candidate_actor(found.case, found.organisation, found.sign_in, origin)
    return None


def end(db: Session, session_id: str) -> None:
    """End one session now."""
    signins.revoke(db, session_id, utc_now())


def end_all_of(db: Session, person_id: str) -> None:
    """End every session of somebody: the account was switched off, or the password changed."""
    signins.revoke_all(db, person_id, utc_now())


def _lives(row: SignInRow, settings: Settings, now: datetime) -> bool:
    idle = timedelta(minutes=settings.session_idle_minutes)
    return row.revoked_at is None and now < row.ends_at and now - row.seen_at < idle


def _new(settings: Settings, organisation_id: str, now: datetime, origin: str) -> tuple[str, SignInRow]:
    token = new_token()
    row = SignInRow(
        token_sha256=fingerprint(token),
        organisation_id=organisation_id,
        started_at=now,
        seen_at=now,
        ends_at=now + timedelta(hours=settings.session_hours),
        origin=origin[:100],
    )
    return token, row


def _person_actor(person: PersonRow, organisation: OrganisationRow, row: SignInRow, origin: str) -> Actor:
    return Actor(
        kind="person",
        id=person.id,
        name=person.name,
        role=person.role,
        organisation_id=person.organisation_id,
        organisation_name=organisation.name,
        tier=organisation.tier,
        theme=organisation.theme,
        session_id=row.id,
        origin=origin,
    )


def _candidate_actor(case: CaseRow, organisation: OrganisationRow, row: SignInRow, origin: str) -> Actor:
    return Actor(
        kind="candidate",
        # The candidate has no account: the case is who they are.
        id=case.id,
        name=case.candidate_name,
        role=Role.CANDIDATE,
        organisation_id=case.organisation_id,
        organisation_name=organisation.name,
        tier=organisation.tier,
        theme=organisation.theme,
        case_id=case.id,
        session_id=row.id,
        origin=origin,
    )
