"""The door for a candidate who has no link at hand: typing a reference, and asking for a link by mail."""

from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks, Request, Response

from app.accounts.tokens import plain_code
from app.errors import NotFound
from app.usecases import invitations, links
from app.web.account.steps import place_of
from app.web.cases.pages import AskLinkPage, ReferencePage
from app.web.deps import AppSettings, Db, Sent, door_of, see_other, text_of
from app.web.pages import render
from app.web.shells import door

router = APIRouter(include_in_schema=False)

UNKNOWN = "Dit kenmerk kennen wij niet. Kijk in uw mail en typ het kenmerk opnieuw."


@router.get("/kandidaat")
def show_reference(request: Request) -> Response:
    """Ask for the reference; who came in with this browser before may go on at once."""
    return _page(request)


@router.post("/kandidaat")
def with_reference(request: Request, db: Db, form: Sent) -> Response:
    """Go to the door of a reference. How it is typed does not matter."""
    typed = text_of(form, "kenmerk")
    reference = plain_code(typed)
    try:
        invitations.face(db, reference)
    except NotFound:
        return _page(request, typed=typed, error=UNKNOWN, status=422)
    return see_other(f"/uitnodiging/{quote(reference, safe='')}")


@router.get("/kandidaat/nieuwe-link")
def show_ask(request: Request) -> Response:
    """Ask to whom a link has to go."""
    return render(AskLinkPage(shell=door(request), asked=False))


@router.post("/kandidaat/nieuwe-link")
def ask(request: Request, settings: AppSettings, form: Sent, later: BackgroundTasks) -> Response:
    """Say the same whatever was typed. Whose it is, is looked up after the answer went out."""
    later.add_task(links.ask, request.app.state.engine, settings, text_of(form, "wie")[:300], place_of(request))
    return render(AskLinkPage(shell=door(request), asked=True))


def _page(request: Request, *, typed: str = "", error: str = "", status: int = 200) -> Response:
    token = door_of(request)
    known = f"/uitnodiging/{quote(token, safe='')}" if token else ""
    return render(ReferencePage(shell=door(request), typed=typed[:100], error=error, known=known), status=status)
