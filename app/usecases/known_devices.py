"""Devices that people sign in with: one that is new to somebody is told to them by mail, whichever way they came in."""

from sqlmodel import Session

from app.accounts.actor import Actor
from app.accounts.devices import device_of
from app.accounts.tokens import fingerprint
from app.store import proofs, signins
from app.usecases.second_step import warn
from app.usecases.signing_in import remember_device


def remember(db: Session, actor: Actor, token: str, user_agent: str) -> str:
    """Write down that somebody signed in with this device, and give the token for the cookie that says so.

    Whoever signed in with another device before gets a mail about this one; the very first device is no news.
    """
    known = bool(token) and proofs.knows_device(db, fingerprint(token), actor.id)
    news = not known and proofs.has_devices(db, actor.id)
    given = remember_device(db, actor, token)
    if news:
        warn(db, signins.person(db, actor.id), "new_device", device=device_of(user_agent))
    return given
