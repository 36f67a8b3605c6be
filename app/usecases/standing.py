"""Where somebody is signed in: seeing it, ending it there, and staying signed in here."""

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.sessions import Remaining, SignedIn, Standing
from app.errors import NotFound
from app.settings import Settings
from app.store import audit


def begin(db: Session, signed_in: SignedIn, user_agent: str, old_token: str) -> None:
    """Finish the beginning of a session in a browser: note the device, end the session it had before."""
    sessions.settle(db, signed_in.actor.session_id, user_agent, old_token)


def list_sessions(db: Session, settings: Settings, actor: Actor) -> tuple[Standing, ...]:
    """Give the places where this person is signed in; this one first."""
    return sessions.standing(db, settings, actor)


def end_one(db: Session, settings: Settings, actor: Actor, session_id: str) -> None:
    """End one of one's own sessions. Raises NotFound for every other."""
    if session_id not in {one.id for one in list_sessions(db, settings, actor)}:
        raise NotFound("not a session of this person")
    sessions.end(db, session_id)
    _on_record(db, actor, session_id)


def end_others(db: Session, settings: Settings, actor: Actor) -> int:
    """End all of one's own sessions but this one; tell how many there were."""
    others = [one.id for one in list_sessions(db, settings, actor) if not one.here]
    for session_id in others:
        sessions.end(db, session_id)
        _on_record(db, actor, session_id)
    return len(others)


def remaining(db: Session, settings: Settings, token: str) -> Remaining | None:
    """Tell how long a session still lives, or `None` when it is over. Asking does not make it longer."""
    return sessions.remaining(db, settings, token)


def stay(db: Session, settings: Settings, token: str) -> bool:
    """Let a session live on. False: it was over already."""
    return sessions.stay(db, settings, token)


def _on_record(db: Session, actor: Actor, session_id: str) -> None:
    audit.append(db, actor, "session_ended", "session", session_id, case_id=actor.case_id)
