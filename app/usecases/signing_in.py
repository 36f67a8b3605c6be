"""Signing in and out. A refusal says the same for a wrong password and for somebody who does not exist."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.passwords import verify_password
from app.accounts.sessions import SignedIn
from app.settings import Settings
from app.store import audit, signins
from app.store.engine import let_go
from app.store.types import utc_now

WRONG = "Deze combinatie van e-mailadres en wachtwoord klopt niet. Controleer beide en probeer het opnieuw."


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody got in. `message` says in Dutch what to do now."""

    message: str


def sign_in(db: Session, settings: Settings, email: str, password: str, origin: str = "") -> SignedIn | Refused:
    """Let somebody with an account in. After a few failures the address rests for a while; the pause ends by itself."""
    subject = _subject(email)
    since = utc_now() - timedelta(minutes=settings.lock_minutes)
    if signins.failures_since(db, subject, since) >= settings.attempts_before_lock:
        return Refused(
            f"Er is te vaak geprobeerd om in te loggen. Wacht {settings.lock_minutes} minuten en probeer het opnieuw."
        )
    person = signins.person_by_email(db, email)
    let_go(db)  # hashing takes long on purpose; nobody else should wait for it
    usable = person if person is not None and person.active else None
    fits, new_hash = verify_password(settings, password, usable.password_hash if usable else None)
    if usable is None or not fits:
        signins.failed(db, subject, utc_now(), origin)
        return Refused(WRONG)
    if new_hash is not None:
        usable.password_hash = new_hash
    signed_in = sessions.start_for_person(db, settings, usable, origin)
    audit.append(db, signed_in.actor, "signed_in", "person", usable.id)
    return signed_in


def who(db: Session, settings: Settings, token: str, origin: str = "", *, mark: bool = True) -> Actor | None:
    """Tell whose session this is, or `None` when it is over. With `mark=False` nothing is written."""
    return sessions.who(db, settings, token, origin, mark=mark)


def sign_out(db: Session, actor: Actor) -> None:
    """End the session of this actor."""
    sessions.end(db, actor.session_id)
    audit.append(
        db, actor, "signed_out", "person" if actor.kind == "person" else "case", actor.id, case_id=actor.case_id
    )


def _subject(email: str) -> str:
    # Addresses of people who do not exist are typed too; they are nobody's business.
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()
