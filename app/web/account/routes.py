"""Signing in and out, and coming back after a session ended without losing what was typed."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from app.accounts import passkeys
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.usecases import invitations, signing_in, single_sign_on
from app.web.account.keeping import KEPT, go_on, kept_in
from app.web.account.pages import SignInPage
from app.web.account.steps import at_step, code_page, place_of, set_up_page
from app.web.cases.pages import EnterPage
from app.web.deps import (
    DOOR,
    AppSettings,
    CurrentActor,
    Db,
    MaybeActor,
    Sent,
    cookie_name,
    let_in,
    local,
    origin_of,
    see_other,
    text_of,
    texts_of,
)
from app.web.pages import is_htmx, render
from app.web.problems import problem
from app.web.shells import door

router = APIRouter(include_in_schema=False)

MOST_KEPT = 300
"""More fields than any form of ours has."""


@router.get("/")
def home(actor: MaybeActor) -> Response:
    """Send everybody to where their work is."""
    if actor is None:
        return see_other("/inloggen")
    if actor.is_candidate:
        return see_other(f"/vragenlijst/{actor.case_id}")
    return see_other("/werklijst")


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
    token = request.cookies.get(DOOR, "")
    return see_other(f"/uitnodiging/{token}" if token.replace("-", "").replace("_", "").isalnum() else "/inloggen")


async def ask_to_sign_in(request: Request, _error: Exception) -> Response:
    """Answer for SignInNeeded: the right door, with what was typed kept in the page."""
    if is_htmx(request):
        return problem(request, 401)
    # A file that somebody chose cannot be kept in a page: they choose it again.
    typed = request.method == "POST" and "multipart" not in request.headers.get("content-type", "")
    form = await request.form(max_files=0) if typed else FormData()
    kept = tuple((KEPT + name, value) for name, value in list(form.multi_items())[:MOST_KEPT] if isinstance(value, str))
    token = request.cookies.get(DOOR, "")
    here = request.url.path if request.method == "GET" or kept else "/"
    if request.method == "GET":
        address = f"/uitnodiging/{token}" if token and here.startswith("/vragenlijst/") else "/inloggen"
        return see_other(f"{address}?terug={here}")
    if token and here.startswith("/vragenlijst/"):
        return render(
            EnterPage(
                shell=door(request), organisation="De organisatie", action=f"/uitnodiging/{token}", state="open",
                back_to=here, kept=kept,
            ),
            status=401,
        )  # fmt: skip
    return sign_in_page(request, back_to=here, kept=kept, status=401)


def sign_in_page(
    request: Request, *, back_to: str, email: str = "", error: str = "", kept: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """Give the sign-in page, with everything that was typed on the way to it."""
    demo: tuple[tuple[str, str], ...] = getattr(request.app.state, "demo_accounts", ())
    settings: Settings = request.app.state.settings
    page = SignInPage(
        shell=door(request), email=email, error=error, back_to=back_to, kept=kept, demo=demo,
        sign_on_url=f"/inloggen/organisatie?{urlencode({'terug': back_to})}" if settings.oidc_issuer else "",
        sign_on_name=settings.oidc_name,
        passwords=settings.local_accounts, passkeys=settings.local_accounts and passkeys.possible(settings),
    )  # fmt: skip
    return render(page, status=status)


@router.get("/uitnodiging/{token}")
def show_door(request: Request, db: Db, token: str, terug: str = "") -> Response:
    """Show the door of an invitation."""
    face = invitations.face(db, token)
    page = EnterPage(
        shell=door(request, face.organisation_name, face.theme),
        organisation=face.organisation_name,
        action=f"/uitnodiging/{token}",
        state=face.state,
        back_to=local(terug, ""),
    )
    return render(page)


@router.post("/uitnodiging/{token}")
def enter(request: Request, db: Db, settings: AppSettings, token: str, form: Sent) -> Response:
    """Let a candidate in with the code."""
    back_to, kept = local(text_of(form, "terug"), ""), kept_in(form)
    outcome = invitations.enter(db, settings, token, text_of(form, "code"), origin_of(request))
    if isinstance(outcome, signing_in.Refused):
        face = invitations.face(db, token)
        shell = door(request, face.organisation_name, face.theme)
        page = EnterPage(
            shell=shell, organisation=face.organisation_name, action=f"/uitnodiging/{token}", state=face.state,
            error=outcome.message, back_to=back_to, kept=kept,
        )  # fmt: skip
        return render(page, status=422)
    home_of_case = f"/vragenlijst/{outcome.actor.case_id}"
    response = go_on(request, back_to if back_to.startswith(home_of_case) else home_of_case, kept)
    let_in(request, response, db, outcome)
    response.set_cookie(
        DOOR, token, max_age=settings.invitation_days * 86400, httponly=True, secure=settings.secure_cookies,
        samesite="lax", path="/",
    )  # fmt: skip
    return response
