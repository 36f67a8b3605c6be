"""Signing in and out. First a password, then a code or a passkey; a passkey alone is enough, for it is two proofs.

A refusal says the same for a wrong password and for somebody who does not exist, and costs as much work: the same
queries, one hash. What stands between the two proofs is a step, not a session: it opens no page.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session

from app.accounts import lockout, sessions
from app.accounts.actor import Actor
from app.accounts.passwords import verify_password
from app.accounts.second_factor import new_secret
from app.accounts.tokens import fingerprint, new_token
from app.settings import Settings
from app.store import audit, proofs, signins
from app.store.engine import let_go
from app.store.rows import LoginAttemptRow, PersonRow, SignInStepRow
from app.store.types import utc_now

WRONG = "Deze combinatie van e-mailadres en wachtwoord klopt niet. Controleer beide en probeer het opnieuw."
NO_PASSWORDS = "Hier logt u in via uw organisatie, niet met een wachtwoord."
STEP_MINUTES = int(proofs.STEP_LASTS.total_seconds() // 60)
"""How long somebody may take between two proofs, or to set up the second one."""

Purpose = Literal["factor", "setup", "passkey", "add", "join"]
"""What a step is for: the second proof, setting up the first one, a passkey alone, adding a proof, joining single sign-on."""
What = Literal["password", "factor", "passkey", "forgotten", "candidate", "code", "door"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody got in. `message` says in Dutch what to do now; with `over` one has to begin again."""

    message: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Halfway:
    """The first proof was right. `token` carries on; `purpose` says with what: a second proof, or setting one up."""

    token: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: an address, and the token of a device when the browser sent one."""

    origin: str = ""
    device: str = ""


NOWHERE = Place()


def begin(db: Session, settings: Settings, email: str, password: str, place: Place = NOWHERE) -> Halfway | Refused:
    """Look at address and password. After a few failures a place rests for a while; the pause ends by itself."""
    if not settings.local_accounts:
        return Refused(NO_PASSWORDS)
    person = signins.person_by_email(db, email)
    counted = count(db, settings, "password", email, person, place)
    if counted.left == 0:
        return Refused(resting(settings))
    let_go(db)  # hashing takes long on purpose; nobody else should wait for it
    usable = person if person is not None and person.active and person.password_hash else None
    fits, new_hash = verify_password(settings, password, usable.password_hash if usable else None)
    if usable is None or not fits:
        fail(db, counted)
        return Refused(WRONG)
    looked_at = usable.password_hash
    usable = signins.held_person(db, usable.id)
    if not usable.active or usable.password_hash != looked_at:
        return Refused(WRONG)  # changed meanwhile: this was the old one
    if new_hash is not None:
        usable.password_hash = new_hash
        db.add(usable)
    return start_step(db, usable)


def start_step(db: Session, person: PersonRow) -> Halfway:
    """Let somebody who gave the first proof go on: to the second, or to setting it up when there is none yet."""
    if proofs.has_factor(db, person.id):
        return Halfway(new_step(db, "factor", person), "factor")
    return Halfway(new_step(db, "setup", person, secret=new_secret()), "setup")


def new_step(
    db: Session,
    purpose: Purpose,
    person: PersonRow | None = None,
    *,
    secret: bytes | None = None,
    challenge: bytes | None = None,
) -> str:
    """Write a step and give its token."""
    token, now = new_token(), utc_now()
    row = SignInStepRow(
        token_sha256=fingerprint(token),
        purpose=purpose,
        organisation_id=person.organisation_id if person else None,
        person_id=person.id if person else None,
        secret=secret,
        challenge=challenge,
        expires_at=now + proofs.STEP_LASTS,
    )
    proofs.add_step(db, row, now)
    return token


def who(db: Session, settings: Settings, token: str, origin: str = "", *, mark: bool = True) -> Actor | None:
    """Tell whose session this is, or `None` when it is over. With `mark=False` nothing is written."""
    return sessions.who(db, settings, token, origin, mark=mark)


def sign_out(db: Session, actor: Actor) -> None:
    """End the session of this actor."""
    sessions.end(db, actor.session_id)
    audit.append(
        db, actor, "signed_out", "person" if actor.kind == "person" else "case", actor.id, case_id=actor.case_id
    )


def remember_device(db: Session, actor: Actor, device: str) -> str:
    """Write down that somebody signed in here, and give the token for the cookie that says so from now on."""
    token = device if 0 < len(device) <= 100 else new_token()  # noqa: PLR2004 - longer than any token of ours
    proofs.remember_device(db, fingerprint(token), actor.id, utc_now())
    return token


@dataclass(frozen=True, slots=True)
class Counted:
    """How often somebody already failed at an account from here, and what to write when they fail again."""

    left: int
    everywhere: int
    known: bool
    """Whether the person used this device before."""
    failure: LoginAttemptRow


def count(
    db: Session, settings: Settings, what: What, account: str, person: PersonRow | None, place: Place,
    *, known: bool | None = None,
) -> Counted:  # fmt: skip
    """Count earlier failures: with the same queries whether there is such an account or not.

    `known` tells whether a candidate used this device before; for people with an account it is looked up here.
    """
    device = fingerprint(place.device) if place.device else ""
    if known is None:
        known = bool(device) and proofs.knows_device(db, device, person.id if person else "")
    account_mark = lockout.account_mark(what, account)
    subject = lockout.subject_mark(what, account, lockout.place_of(place.origin, device if known else ""))
    pause = timedelta(minutes=settings.lock_minutes)
    here, everywhere = signins.failures_around(db, subject, account_mark, utc_now(), pause)
    left = lockout.attempts_left(settings.attempts_before_lock, here=here, everywhere=everywhere, known_device=known)
    failure = LoginAttemptRow(
        subject_sha256=subject,
        account_sha256=account_mark,
        what=what,
        organisation_id=person.organisation_id if person else None,
        person_id=person.id if person else None,
        at=utc_now(),
        origin=place.origin[:100],
    )
    return Counted(left, everywhere, known, failure)


def fail(db: Session, counted: Counted) -> None:
    """Write down that an attempt failed, for the administrators to see."""
    counted.failure.at = utc_now()
    signins.failed(db, counted.failure)


def resting(settings: Settings) -> str:
    """Say that there were too many attempts from here."""
    return f"Er is te vaak geprobeerd om in te loggen. Wacht {settings.lock_minutes} minuten en probeer het opnieuw."
