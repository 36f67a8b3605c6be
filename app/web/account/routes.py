"""Signing in and out, and coming back after a session ended without losing what was typed."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from app.accounts import passkeys
from app.errors import NotFound
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store.engine import open_session
from app.usecases import signing_in, single_sign_on
from app.web.account.candidates import door_page
from app.web.account.keeping import KEPT, kept_in
from app.web.account.pages import SignInPage
from app.web.account.steps import at_step, code_page, place_of, set_up_page
from app.web.deps import (
    AppSettings,
    CurrentActor,
    Db,
    MaybeActor,
    Sent,
    cookie_name,
    door_of,
    local,
    see_other,
    text_of,
    texts_of,
)
from app.web.pages import is_htmx, render
from app.web.problems import problem
from app.web.shells import door, first_page

router = APIRouter(include_in_schema=False)

MOST_KEPT = 300
"""More fields than any form of ours has."""


@router.get("/")
def home(actor: MaybeActor) -> Response:
    """Send everybody to where their work is."""
    if actor is None:
        return see_other("/inloggen")
    return see_other(first_page(actor))


@router.get("/inloggen")
def show_sign_in(request: Request, terug: str = "/") -> HTMLResponse:
    """Show the sign-in page."""
    return sign_in_page(request, back_to=local(terug))


@router.post("/inloggen")
def sign_in(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Look at address and password; the second proof comes next, or setting one up."""
    email, back_to = text_of(form, "email"), local(text_of(form, "terug"))
    outcome = signing_in.begin(db, settings, email, "".join(texts_of(form, "wachtwoord")), place_of(request))
    kept = kept_in(form)
    if isinstance(outcome, signing_in.Refused):
        return sign_in_page(request, email=email, error=outcome.message, back_to=back_to, kept=kept, status=422)
    # Not a redirect: what was typed before the session ended travels through these pages.
    page = code_page if outcome.purpose == "factor" else set_up_page
    response = page(request, db, outcome.token, back_to=back_to, kept=kept)
    at_step(response, settings, outcome.token)
    return response


@router.post("/afmelden")
def sign_out(db: Db, settings: AppSettings, actor: CurrentActor) -> Response:
    """End the session. The door cookie stays, so that a candidate comes back to the right page."""
    through = single_sign_on.came_through(db, settings, actor)
    signing_in.sign_out(db, actor)
    response = see_other("/afgemeld" if through else "/inloggen")
    if actor.role is Role.CANDIDATE:
        response = see_other("/tot-ziens")
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.secure_cookies, httponly=True)
    return response


@router.get("/tot-ziens")
def goodbye(request: Request) -> Response:
    """After signing out, bring a candidate back to the own door."""
    token = door_of(request)
    return see_other(f"/uitnodiging/{token}" if token.replace("-", "").replace("_", "").isalnum() else "/inloggen")


async def ask_to_sign_in(request: Request, _error: Exception) -> Response:
    """Answer for SignInNeeded: the right door, with what was typed kept in the page."""
    if is_htmx(request):
        return problem(request, 401)
    # A file that somebody chose cannot be kept in a page: they choose it again.
    typed = request.method == "POST" and "multipart" not in request.headers.get("content-type", "")
    form = await request.form(max_files=0) if typed else FormData()
    kept = tuple((KEPT + name, value) for name, value in list(form.multi_items())[:MOST_KEPT] if isinstance(value, str))
    token = door_of(request)
    here = request.url.path if request.method == "GET" or kept else "/"
    if request.method == "GET":
        address = f"/uitnodiging/{token}" if token and here.startswith("/vragenlijst/") else "/inloggen"
        return see_other(f"{address}?terug={here}")
    if token and here.startswith("/vragenlijst/"):
        return await run_in_threadpool(_candidates_door, request, token, here, kept)
    return sign_in_page(request, back_to=here, kept=kept, status=401)


def _candidates_door(request: Request, token: str, back_to: str, kept: tuple[tuple[str, str], ...]) -> Response:
    with open_session(request.app.state.engine) as db:
        try:
            return door_page(request, db, token, back_to=back_to, kept=kept, status=401)
        except NotFound:
            return sign_in_page(request, back_to=back_to, kept=kept, status=401)


def sign_in_page(
    request: Request, *, back_to: str, email: str = "", error: str = "", kept: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """Give the sign-in page, with everything that was typed on the way to it."""
    settings: Settings = request.app.state.settings
    demo: tuple[tuple[str, str], ...] = getattr(request.app.state, "demo_accounts", ())
    page = SignInPage(
        shell=door(request), email=email, error=error, back_to=back_to, kept=kept, demo=demo if settings.local_accounts else (),
        sign_on_url=f"/inloggen/organisatie?{urlencode({'terug': back_to})}" if settings.oidc_issuer else "",
        sign_on_name=settings.oidc_name,
        passwords=settings.local_accounts, passkeys=settings.local_accounts and passkeys.possible(settings),
    )  # fmt: skip
    return render(page, status=status)
