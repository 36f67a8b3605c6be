"""What routes ask for: a database session, who acts, the settings, and what a form sent.

One request is one transaction. The session commits when the route has returned and before the answer leaves: with the
default scope FastAPI would commit after the answer, and an answer that says "saved" could be a lie.

What only looks at values is `async` without awaiting anything: FastAPI would hand every other one to a thread.
"""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request, Response
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.accounts.actor import Actor
from app.accounts.sessions import SignedIn
from app.errors import NotFound, ToetssteenError
from app.settings import Settings
from app.store import audit
from app.store.engine import open_session as store_session
from app.usecases import signing_in, standing

# What stands in an address that was put together before (RFC 3986, section 2.2); the rest, such as "é", is encoded.
_AS_IT_IS = ":/%#?=@[]!$&'()*+,;~"
DOOR = "toetssteen_deur"
"""A cookie with the token of the invitation: it only tells which door to come back to, never opens it."""


class SignInNeeded(ToetssteenError):  # noqa: N818 - read as a statement: "raise SignInNeeded"
    """Nobody is signed in, or the session is over. The web sends the person to the right door and keeps what was typed."""


async def open_session(request: Request) -> AsyncIterator[Session]:
    """Open a session for one request: commit when the route returned, roll back when it raised.

    Opening asks nothing of the database, so it needs no thread; committing waits for the disk, so it does. No more
    requests are let in than there are connections for: those that wait here hold no thread. Without this, a rush of
    visitors took every thread to wait for a connection, and whoever had one found no thread left to finish with.
    """
    room: Semaphore = request.app.state.room
    async with room:
        with store_session(request.app.state.engine) as db:
            try:
                yield db
            except BaseException:
                request.state.opened = audit.has_opened(db)
                db.rollback()
                raise
            await run_in_threadpool(db.commit)


Db = Annotated[Session, Depends(open_session, scope="function")]


async def settings_of(request: Request) -> Settings:
    """Give the settings the application was made with."""
    settings: Settings = request.app.state.settings
    return settings


AppSettings = Annotated[Settings, Depends(settings_of)]


def cookie_name(settings: Settings) -> str:
    """Name the session cookie."""
    return of_host(settings, "toetssteen")


def of_host(settings: Settings, name: str) -> str:
    """Name a cookie. With https its name binds it to this host (RFC 6265bis, section 4.1.3)."""
    return f"__Host-{name}" if settings.secure_cookies else name


def maybe_actor(request: Request, db: Db) -> Actor | None:
    """Give who acts, or `None` when nobody is signed in."""
    settings: Settings = request.app.state.settings
    token = request.cookies.get(cookie_name(settings))
    actor = signing_in.who(db, settings, token, origin_of(request)) if token else None
    request.state.actor = actor  # for the record, when this ends in a refusal
    return actor


MaybeActor = Annotated[Actor | None, Depends(maybe_actor, scope="function")]


# What follows calls the one before itself: every dependency on a dependency costs a page as much as half a query.
def current_actor(request: Request, db: Db) -> Actor:
    """Give who acts. Raises SignInNeeded."""
    actor = maybe_actor(request, db)
    if actor is None:
        raise SignInNeeded
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor, scope="function")]


def candidate(request: Request, db: Db, case_id: str) -> Actor:
    """Give the candidate of this case."""
    return of_case(current_actor(request, db), case_id)


Candidate = Annotated[Actor, Depends(candidate, scope="function")]


def of_case(actor: Actor, case_id: str) -> Actor:
    """Give the candidate of this case. For everybody else, and for other cases, the page does not exist."""
    if not actor.is_candidate or actor.case_id != case_id:
        raise NotFound("only for the candidate of this case", by=actor)
    return actor


def staff(request: Request, db: Db) -> Actor:
    """Give somebody with an account. For a candidate the page does not exist."""
    actor = current_actor(request, db)
    if actor.is_candidate:
        raise NotFound("only for people with an account")
    return actor


Staff = Annotated[Actor, Depends(staff, scope="function")]


async def sent_form(request: Request) -> FormData:
    """Give what the form sent. The size of a request is limited before this."""
    return await request.form(max_files=0, max_fields=1000)


Sent = Annotated[FormData, Depends(sent_form)]


def text_of(form: FormData, name: str) -> str:
    """Give one field as text without spaces around it; empty when it was not sent."""
    value = form.get(name, "")
    return "" if isinstance(value, UploadFile) else _held(value).strip()


def texts_of(form: FormData, name: str) -> tuple[str, ...]:
    """Give all values of one field as they were typed."""
    return tuple(_held(value) for value in form.getlist(name) if not isinstance(value, UploadFile))


def _held(value: str) -> str:
    """Give a text without the one character that PostgreSQL cannot hold."""
    return value.replace("\0", "")


def door_of(request: Request) -> str:
    """Give the token of the invitation that this browser came in with; empty when there is none."""
    settings: Settings = request.app.state.settings
    return request.cookies.get(of_host(settings, DOOR), "")


def origin_of(request: Request) -> str:
    """Tell where a request came from, for the audit log."""
    return request.client.host if request.client else ""


def let_in(request: Request, response: Response, db: Session, signed_in: SignedIn) -> None:
    """Begin a session in this browser, the only way there is: note the device, end the session it had, set the cookie.

    Scripts cannot read the cookie and other sites cannot send it along with a form.
    """
    settings: Settings = request.app.state.settings
    old = request.cookies.get(cookie_name(settings), "")
    standing.begin(db, signed_in, request.headers.get("user-agent", ""), old)
    response.set_cookie(
        cookie_name(settings),
        signed_in.token,
        max_age=settings.session_hours * 3600,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
        path="/",
    )


def see_other(address: str) -> Response:
    """Send the browser to another page after something was done (303: always with GET)."""
    return Response(status_code=303, headers={"location": quote(address, safe=_AS_IT_IS)})


def local(address: str, otherwise: str = "/") -> str:
    """Give an address of this site; anything that could lead elsewhere becomes `otherwise`."""
    fine = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if fine else otherwise
