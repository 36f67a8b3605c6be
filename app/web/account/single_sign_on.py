"""Signing in through the organisation, and coming back.

Going there is a link and never a form: the content security policy lets forms go nowhere else, also after a redirect.
"""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app.errors import NotFound
from app.settings import Settings
from app.usecases import single_sign_on
from app.usecases.signing_in import Refused
from app.web.account.keeping import go_on, kept_in
from app.web.account.routes import sign_in_page
from app.web.account.sign_on_pages import SignedOutPage, SignOnRefusedPage
from app.web.account.steps import let_in_for_good
from app.web.deps import AppSettings, Db, MaybeActor, Sent, local, of_host, origin_of, see_other, text_of
from app.web.pages import render
from app.web.shells import door

router = APIRouter(include_in_schema=False)


def _cookie(settings: Settings) -> str:
    return of_host(settings, "toetssteen_heen")


@router.get("/inloggen/organisatie")
def go(request: Request, db: Db, settings: AppSettings, terug: str = "/") -> Response:
    """Send somebody to the sign-in of the organisation."""
    _offered(settings)
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        # The organisation often asks nothing of who is signed in there: another site could begin a session unseen.
        return see_other(f"/inloggen?{urlencode({'terug': local(terug)})}")
    leaving = single_sign_on.begin(db, settings, local(terug))
    if isinstance(leaving, Refused):
        return _refused_page(request, leaving.message, status=503)
    response = see_other(leaving.address)
    # Lax: it has to come along when the organisation sends the browser back here.
    response.set_cookie(
        _cookie(settings), leaving.browser, max_age=single_sign_on.MINUTES * 60, httponly=True,
        secure=settings.secure_cookies, samesite="lax", path="/",
    )  # fmt: skip
    return response


@router.get("/inloggen/organisatie/terug")
def come_back(
    request: Request, db: Db, settings: AppSettings, state: str = "", code: str = "", iss: str = ""
) -> Response:
    """Let somebody in who comes back from the organisation."""
    _offered(settings)
    browser = request.cookies.get(_cookie(settings), "")
    outcome = single_sign_on.finish(db, settings, browser, state, code, iss, origin_of(request))
    if isinstance(outcome, Refused):
        response: Response = _refused_page(request, outcome.message, status=403)
    else:
        response = let_in_for_good(request, db, settings, see_other(outcome.back_to), outcome.signed_in)
    response.delete_cookie(_cookie(settings), path="/", secure=settings.secure_cookies, httponly=True)
    return response


@router.post("/inloggen/organisatie/verder")
def go_on_signed_in(request: Request, actor: MaybeActor, form: Sent) -> Response:
    """Go on with what was typed, after signing in at the organisation in another tab."""
    kept, back_to = kept_in(form), local(text_of(form, "terug"))
    if actor is None:
        return sign_in_page(request, back_to=back_to, kept=kept, status=401)
    return go_on(request, back_to, kept)


@router.get("/afgemeld")
def signed_out(request: Request, settings: AppSettings) -> Response:
    """Say that somebody is signed out here, and offer to sign out at the organisation too."""
    address = single_sign_on.end_address(settings)
    return render(SignedOutPage(shell=door(request), address=address)) if address else see_other("/inloggen")


def _refused_page(request: Request, message: str, *, status: int) -> Response:
    return render(SignOnRefusedPage(shell=door(request), message=message, again_url="/inloggen"), status=status)


def _offered(settings: Settings) -> None:
    if not settings.oidc_issuer:
        raise NotFound("no single sign-on here")
