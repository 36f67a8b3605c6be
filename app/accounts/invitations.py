"""How a candidate gets in: a link that only names the case, and a code that travels another way.

After a few wrong codes the invitation rests for a while; the pause ends by itself, so nobody can lock somebody out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from app.accounts.passwords import hash_password, verify_password
from app.accounts.tokens import fingerprint, new_code, new_token, plain_code
from app.settings import Settings
from app.store import candidate_ways, invitations
from app.store.cases import CaseAccess
from app.store.rows import CaseRow, InvitationRow, OrganisationRow
from app.store.types import utc_now

State = Literal["open", "expired", "revoked", "locked"]


@dataclass(frozen=True, slots=True)
class Issued:
    """A new invitation. Token and code are shown once and stored nowhere."""

    token: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Presented:
    """Somebody holds a link: which case it names, and whether it still opens."""

    invitation: InvitationRow
    case: CaseRow
    organisation: OrganisationRow
    state: State


@dataclass(frozen=True, slots=True)
class Secret:
    """A code with its hash, made before anything is locked: hashing takes long on purpose."""

    code: str
    hashed: str


def new_secret(settings: Settings) -> Secret:
    """Make a code. It is short enough to guess from a stolen database, so it is hashed like a password."""
    code = new_code()
    return Secret(code, hash_password(settings, plain_code(code)))


def issue(db: Session, settings: Settings, access: CaseAccess, secret: Secret) -> Issued:
    """Make a new invitation. Earlier ones of the same case stop working."""
    now = utc_now()
    invitations.revoke_all(db, access.case, now)
    candidate_ways.end_steps(db, access.case.id)
    token = new_token()
    row = InvitationRow(
        organisation_id=access.case.organisation_id,
        case_id=access.case.id,
        token_sha256=fingerprint(token),
        code_hash=secret.hashed,
        expires_at=now + timedelta(days=settings.invitation_days),
        sent_by=access.actor.id,
        sent_at=now,
    )
    invitations.add(db, row)
    return Issued(token, secret.code, row.expires_at)


def present(db: Session, token: str, *, lock: bool = False) -> Presented | None:
    """Look at a link; `None` when there is no such invitation."""
    found = invitations.find(db, fingerprint(token), lock=lock)
    if found is None:
        return None
    invitation, case, organisation = found
    return Presented(invitation, case, organisation, _state(invitation, utc_now()))


def fits(settings: Settings, presented: Presented, code: str) -> bool:
    """Tell whether a code is the one of this link. Slow on purpose: call it while nothing is locked."""
    return verify_password(settings, plain_code(code), presented.invitation.code_hash)[0]


def count_attempt(db: Session, settings: Settings, presented: Presented, *, right: bool) -> bool:
    """Write down an attempt, on a link that was looked at with `lock`. True: it opens."""
    invitation, now = presented.invitation, utc_now()
    if presented.state != "open":
        return False
    if right:
        invitation.failed, invitation.locked_until = 0, None
        invitation.first_used_at = invitation.first_used_at or now
        db.add(invitation)
        return True
    invitation.failed += 1
    if invitation.failed % settings.attempts_before_lock == 0:
        invitation.locked_until = now + timedelta(minutes=settings.lock_minutes)
    db.add(invitation)
    return False


def _state(row: InvitationRow, now: datetime) -> State:
    if row.revoked_at is not None:
        return "revoked"
    if now >= row.expires_at:
        return "expired"
    if row.locked_until is not None and now < row.locked_until:
        return "locked"
    return "open"
