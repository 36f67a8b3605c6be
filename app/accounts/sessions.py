"""Sessions in the database: an opaque token in a cookie, its hash in a row, and two ways to end.

A session ends after some minutes without requests and after some hours whatever happens. Signing in always makes a new
token and ends the session that this browser had; signing out, switching off an account or changing a role ends it at
once. A session knows the role it began with: whoever is something else by now has to sign in again, whichever way the
role was changed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts import local_ways
from app.accounts.actor import Actor
from app.accounts.devices import device_of
from app.accounts.tokens import fingerprint, new_token
from app.errors import NotAllowed
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import signins
from app.store.people import CLOSED_TO_CLERK
from app.store.rows import CaseRow, OrganisationRow, PersonRow, SignInRow
from app.store.signins import FoundSignIn
from app.store.types import utc_now

# Seeing a session again is written down at most once a minute: a write per request would buy nothing.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody got in: the token for the cookie, who it is, and when the session ends at the latest."""

    token: str
    actor: Actor
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A session that lives: where its owner signed in, and until when at the latest. `here` is the one that asks."""

    id: str
    device: str
    origin: str
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Remaining:
    """How long a session still lives when nothing is done, and whether doing something makes that longer."""

    time: timedelta
    can_stay: bool


def start_for_person(
    db: Session, settings: Settings, person: PersonRow, origin: str, *, single_sign_on: bool = False
) -> SignedIn:
    """Begin a session for somebody with an account; `single_sign_on` when the organisation said who it is.

    The one end of every way in. Raises NotAllowed when it is a way of this installation, and those are closed for them.
    """
    if not single_sign_on and local_ways.closed(db, settings, person.id):
        raise NotAllowed(local_ways.ELSEWHERE)
    now = utc_now()
    person.signed_in_at = now
    token, row = _new(settings, person.organisation_id, now, origin)
    row.person_id = person.id
    row.role = person.role
    row.single_sign_on = single_sign_on
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
    found = _living(db, settings, token)
    if found is None:
        return None
    now = utc_now()
    if mark and now - found.sign_in.seen_at >= SEEN_EVERY:
        signins.seen(db, found.sign_in, now)
    if found.person is not None:
        return _person_actor(found.person, found.organisation, found.sign_in, origin)
    # Not a person's, so it belongs to the candidate of a case: the database holds one of the two.
    return None if found.case is None else _candidate_actor(found.case, found.organisation, found.sign_in, origin)


def settle(db: Session, session_id: str, user_agent: str, old_token: str) -> None:
    """Finish the beginning of a session in a browser: note the device, and end the session this browser had before."""
    signins.on_device(db, session_id, device_of(user_agent))
    if old_token:
        signins.revoke_token(db, fingerprint(old_token), utc_now())


def remaining(db: Session, settings: Settings, token: str) -> Remaining | None:
    """Tell how long a session still lives, or `None` when it is over. Asking does not make it longer."""
    found = _living(db, settings, token)
    if found is None:
        return None
    row = found.sign_in
    idle = row.seen_at + timedelta(minutes=settings.session_idle_minutes)
    return Remaining(min(idle, row.ends_at) - utc_now(), can_stay=idle < row.ends_at)


def stay(db: Session, settings: Settings, token: str) -> bool:
    """Let a session live on from now, at most until it ends anyway. False: it was over already."""
    found = _living(db, settings, token)
    if found is not None:
        signins.seen(db, found.sign_in, utc_now())
    return found is not None


def standing(db: Session, settings: Settings, actor: Actor) -> tuple[Standing, ...]:
    """Give every living session of somebody: the one that asks first, then the one seen last."""
    now = utc_now()
    rows = [row for row in signins.sessions_of(db, actor) if _lives(row, settings, now)]
    found = (
        Standing(row.id, row.device, row.origin, row.started_at, row.seen_at, row.ends_at, row.id == actor.session_id)
        for row in rows
    )
    return tuple(sorted(found, key=lambda one: (not one.here, -one.seen_at.timestamp())))


def end(db: Session, session_id: str) -> None:
    """End one session now."""
    signins.revoke(db, session_id, utc_now())


def end_all_of(db: Session, person_id: str) -> None:
    """End every session of somebody: the account was switched off, the password or the role changed."""
    signins.revoke_all(db, person_id, utc_now())


def end_others_of(db: Session, actor: Actor) -> None:
    """End every session of somebody but the one that acts: a proof was added, replaced or taken away."""
    signins.revoke_all(db, actor.id, utc_now(), but=actor.session_id)


def _living(db: Session, settings: Settings, token: str) -> FoundSignIn | None:
    found = signins.find(db, fingerprint(token))
    if found is None or not _lives(found.sign_in, settings, utc_now()):
        return None
    person = found.person
    if person is None:
        return found
    # Where only the organisation lets people in, a session that began another way is over as well.
    allowed = settings.local_accounts or found.sign_in.single_sign_on
    return found if person.active and person.role is found.sign_in.role and allowed else None


def _lives(row: SignInRow, settings: Settings, now: datetime) -> bool:
    idle = timedelta(minutes=settings.session_idle_minutes)
    # Seen in the future: the clock was ahead then and has been set back. Such a session would outlive both limits.
    return row.revoked_at is None and now < row.ends_at and abs(now - row.seen_at) < idle


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
        clerk_reads=not organisation.settings.get(CLOSED_TO_CLERK, False),
    )
