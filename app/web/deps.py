"""What routes ask for: a session, the settings, and who is there.

`Db` commits when the route returns and rolls back on any error; nobody else commits. Its scope is the function: by
default FastAPI would commit after the response has gone out, and a commit that failed would have said "saved".
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.accounts.sessions import SignedIn
from app.errors import NotFound
from app.settings import Settings
from app.store.engine import open_session
from app.usecases import signing_in


class SignInNeeded(Exception):  # noqa: N818 - read as a statement: "raise SignInNeeded"
    """Nobody is signed in (any more). The application answers with the way back in, and loses nothing that was typed."""


def settings_of(request: Request) -> Settings:
    """Give the settings of this installation."""
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(settings_of)]


def session_of(request: Request) -> Iterator[Session]:
    """Open a session for one request: all of it is written, or nothing."""
    with open_session(request.app.state.engine) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


Db = Annotated[Session, Depends(session_of, scope="function")]


def origin_of(request: Request) -> str:
    """Tell where a request came from, for the audit log."""
    return request.client.host if request.client else ""


Origin = Annotated[str, Depends(origin_of)]


def cookie_name(settings: Settings) -> str:
    """Name the cookie. With https no other host can set one of this name (the `__Host-` prefix, RFC 6265bis)."""
    return "__Host-toetssteen" if settings.secure_cookies else "toetssteen"


def token_of(request: Request, settings: AppSettings) -> str:
    """Give the token of the session cookie, or nothing."""
    return request.cookies.get(cookie_name(settings), "")


Token = Annotated[str, Depends(token_of)]


def maybe_actor(db: Db, settings: AppSettings, token: Token, origin: Origin) -> Actor | None:
    """Tell who is there, if anybody is."""
    return signing_in.who(db, settings, token, origin) if token else None


MaybeActor = Annotated[Actor | None, Depends(maybe_actor)]


def current_actor(actor: MaybeActor) -> Actor:
    """Tell who is there; whoever is not signed in is shown the way in."""
    if actor is None:
        raise SignInNeeded
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


def staff_actor(actor: CurrentActor) -> Actor:
    """Tell which colleague is there; for a candidate this page does not exist."""
    if actor.is_candidate:
        raise NotFound("this page is for staff")
    return actor


StaffActor = Annotated[Actor, Depends(staff_actor)]


def candidate_actor(actor: CurrentActor) -> Actor:
    """Tell which candidate is there; for staff this page does not exist."""
    if not actor.is_candidate:
        raise NotFound("this page is for a candidate")
    return actor


CandidateActor = Annotated[Actor, Depends(candidate_actor)]


def set_session_cookie(response: Response, settings: Settings, signed_in: SignedIn) -> None:
    """Hand the session to the browser: no script can read it, no other site can send it along with a change."""
    response.set_cookie(
        cookie_name(settings),
        signed_in.token,
        max_age=settings.session_hours * 3600,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Take the session back from the browser."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )
