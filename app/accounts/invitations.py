"""How a candidate gets in: a link that only names the case, and a code that travels another way.

A link can be typed too: its reference names the case as the link does. Wrong codes are counted by the use case, for
every place apart (`app.accounts.lockout`), so nobody can lock somebody else out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from app.accounts.passwords import hash_password, verify_password
from app.accounts.tokens import fingerprint, new_code, new_reference, new_token, plain_code
from app.settings import Settings
from app.store import candidate_ways, invitations
from app.store.cases import CaseAccess
from app.store.lasting import lasts
from app.store.rows import CaseRow, InvitationRow, OrganisationRow
from app.store.types import utc_now

State = Literal["open", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Issued:
    """A new invitation. Token and code are shown once and stored nowhere."""

    token: str
    code: str
    expires_at: datetime
    reference: str


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
        reference=(reference := new_reference()),
        site=settings.base_url,
    )
    invitations.add(db, row)
    return Issued(token, secret.code, row.expires_at, reference)


def renewed(db: Session, settings: Settings, row: InvitationRow) -> InvitationRow:
    """Give an invitation that opens with the same code as `row`: itself while it is open, else one with a new link."""
    now = utc_now()
    if _state(row, now) == "open":
        if row.reference is None:  # from before there were references
            row.reference, row.site = new_reference(), settings.base_url
            db.add(row)
        return row
    new = InvitationRow(
        organisation_id=row.organisation_id,
        case_id=row.case_id,
        token_sha256=fingerprint(new_token()),
        code_hash=row.code_hash,
        expires_at=now + timedelta(days=settings.invitation_days),
        sent_by=row.sent_by,
        sent_at=now,
        first_used_at=row.first_used_at,
        reference=new_reference(),
        site=settings.base_url,
    )
    invitations.add(db, new)
    return new


def present(db: Session, token: str, *, lock: bool = False) -> Presented | None:
    """Look at a link, or at the reference that was typed instead; `None` when there is no such invitation."""
    found = invitations.find(db, fingerprint(token), plain_code(token), lock=lock)
    if found is None:
        return None
    invitation, case, organisation = found
    return Presented(invitation, case, organisation, _state(invitation, utc_now()))


def fits(settings: Settings, presented: Presented, code: str) -> bool:
    """Tell whether a code is the one of this link. Slow on purpose: call it while nothing is locked."""
    return verify_password(settings, plain_code(code), presented.invitation.code_hash)[0]


def is_over(row: InvitationRow, now: datetime) -> bool:
    """Tell whether an invitation ended by itself."""
    return not lasts(row.expires_at, now, row.expires_at - row.sent_at)


def used(db: Session, presented: Presented) -> None:
    """Write down that a link was used with the right code."""
    presented.invitation.first_used_at = presented.invitation.first_used_at or utc_now()
    db.add(presented.invitation)


def _state(row: InvitationRow, now: datetime) -> State:
    if row.revoked_at is not None:
        return "revoked"
    if is_over(row, now):
        return "expired"
    return "open"
