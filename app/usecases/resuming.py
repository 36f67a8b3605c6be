"""Going on after a session ended by itself, at the same page and with what was typed."""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.invitations import present_newest
from app.accounts.sessions import SignedIn
from app.errors import NotFound
from app.settings import Settings
from app.usecases.invitations import let_in
from app.usecases.signing_in import Refused, sign_in


@dataclass(frozen=True, slots=True)
class SessionFace:
    """A session that ended by itself: whose it was, so that going on takes one field and not a search for a mail."""

    kind: Literal["person", "candidate"]
    email: str
    """The address of the account; empty for a candidate."""
    organisation_name: str
    theme: str


def session_face(db: Session, settings: Settings, token: str) -> SessionFace | None:
    """Tell whose session ended by itself, or `None`: then people start at the beginning."""
    over = sessions.ended(db, settings, token)
    if over is None:
        return None
    kind: Literal["person", "candidate"] = "person" if over.person is not None else "candidate"
    email = over.person.email if over.person is not None else ""
    return SessionFace(kind, email, over.organisation.name, over.organisation.theme)


def resume(db: Session, settings: Settings, token: str, secret: str, origin: str = "") -> SignedIn | Refused:
    """Go on after a session ended by itself: with the password, or as a candidate with the code of the invitation.

    Raises NotFound when this token never was such a session.
    """
    over = sessions.ended(db, settings, token)
    if over is None:
        raise NotFound("no such session")
    if over.person is not None:
        return sign_in(db, settings, over.person.email, secret, origin)
    presented = None if over.case is None else present_newest(db, over.case)
    if presented is None:
        raise NotFound("no invitation to go on with")
    return let_in(db, settings, presented, secret, origin)
