"""The one-time codes of invented people, who have no phone. Only in development: the secrets are known to everybody."""

import hashlib

from sqlmodel import Session

from app.accounts import second_factor
from app.errors import NotAllowed
from app.settings import Settings
from app.store import proofs, signins
from app.store.types import utc_now


def secret_of(email: str) -> bytes:
    """Give the secret in the app of an invented person. Anybody can compute it."""
    return hashlib.sha256(b"toetssteen demo " + email.encode()).digest()[: second_factor.SECRET_BYTES]


def give_app(db: Session, email: str) -> None:
    """Give an invented person an app."""
    person = signins.person_by_email(db, email)
    if person is not None:
        proofs.set_authenticator(db, person, secret_of(person.email))


def code_now(db: Session, settings: Settings, email: str) -> str:
    """Give the next code that works for an invented person; empty for real people, and when one has to wait.

    Raises NotAllowed outside development.
    """
    if not settings.development:
        raise NotAllowed("Voorbeeldgegevens zijn er alleen in een ontwikkelomgeving.")
    person = signins.person_by_email(db, email)
    app = proofs.authenticator_of(db, person.id) if person is not None else None
    if person is None or app is None or app.secret != secret_of(person.email):
        return ""
    present = second_factor.step_at(utc_now())
    step = max(present, second_factor.last_used(app.used_steps, present) + 1)  # a code works once
    if step > present + second_factor.STEPS_OFF:
        return ""
    code = second_factor.code_of(app.secret, step)
    return f"{code[:3]} {code[3:]}"
