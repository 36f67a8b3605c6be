"""Signing in through the organisation, and coming back.

Going there is a link and never a form: the content security policy lets forms go nowhere else, also after a redirect.

The provider may be slow. So it is asked before a request gets a place at the database (`Db` comes last): while it thinks,
everybody else goes on.
"""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from app.accounts.oidc import Proven, Start
from app.errors import NotFound
from app.settings import Settings
from app.store.engine import Engine, open_session
from app.store.rows import SignOnRow
from app.usecases import joining_organisation, single_sign_on
from app.usecases.sign_on_accounts import No
from app.usecases.signing_in import Refused
from app.web.account.keeping import go_on, kept_in
from app.web.account.routes import sign_in_page
from app.web.account.sign_on_pages import JoinPage, SignedOutPage, SignOnRefusedPage
from app.web.account.steps import at_step, let_in_for_good, step_of
from app.web.deps import (
    AppSettings,
    Db,
    MaybeActor,
    Sent,
    Staff,
    cookie_name,
    local,
    of_host,
    origin_of,
    see_other,
    text_of,
)
from app.web.pages import render
from app.web.shells import door, frame

router = APIRouter(include_in_schema=False)


def _cookie(settings: Settings) -> str:
    return of_host(settings, "toetssteen_heen")


def _offered(settings: Settings) -> None:
    if not settings.oidc_issuer:
        raise NotFound("no single sign-on here")


def _begun(request: Request, settings: AppSettings) -> Start | Refused | None:
    _offered(settings)
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        # The organisation often asks nothing of who is signed in there: another site could begin a session unseen.
        return None
    return single_sign_on.begin(settings)


def _begun_anew(request: Request, settings: AppSettings) -> Start | Refused | None:
    # Whether there is somebody at all is seen later; without a session the provider need not be asked.
    asked = settings.oidc_issuer and cookie_name(settings) in request.cookies
    return single_sign_on.begin(settings, anew=True) if asked else None


async def _taken(request: Request, settings: AppSettings, state: str = "") -> SignOnRow | None:
    _offered(settings)
    browser = request.cookies.get(_cookie(settings), "")
    async with request.app.state.room:
        return await run_in_threadpool(_take, request.app.state.engine, browser, state)


def _take(engine: Engine, browser: str, state: str) -> SignOnRow | None:
    with open_session(engine) as db:
        found = single_sign_on.take(db, browser, state)
        db.commit()
        return found


Taken = Annotated[SignOnRow | None, Depends(_taken)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the provider said about who came back, and where somebody signs out there who is not whom they meant."""

    outcome: Proven | No
    out_url: str


def _asked(settings: AppSettings, taken: Taken, code: str = "", iss: str = "", error: str = "") -> Asked:
    outcome = single_sign_on.ask(settings, taken, single_sign_on.Answer(code, iss, error))
    about_them = isinstance(outcome, Proven) or outcome.message == single_sign_on.TOO_LONG_AGO
    return Asked(outcome, single_sign_on.end_address(settings) if about_them else "")


@router.get("/inloggen/organisatie")
def go(
    request: Request, settings: AppSettings, begun: Annotated[Start | Refused | None, Depends(_begun)], db: Db,
    terug: str = "/",
) -> Response:  # fmt: skip
    """Send somebody to the sign-in of the organisation."""
    if begun is None:
        return see_other(f"/inloggen?{urlencode({'terug': local(terug)})}")
    leaving = begun if isinstance(begun, Refused) else single_sign_on.leave(db, settings, begun, local(terug))
    if isinstance(leaving, Refused):
        return _refused_page(request, leaving.message, status=503)
    response = see_other(leaving.address)
    _remember(response, settings, leaving.browser)
    return response


@router.get("/inloggen/organisatie/terug")
def come_back(
    request: Request, settings: AppSettings, taken: Taken, asked: Annotated[Asked, Depends(_asked)], db: Db
) -> Response:
    """Let somebody in who comes back from the organisation."""
    joining = joining_organisation.is_it(taken)
    own = joining_organisation.whose(db, taken, step_of(request)) if joining else None
    found = No(single_sign_on.AGAIN, "state") if joining and own is None else asked.outcome
    outcome = single_sign_on.finish(db, settings, taken, found, origin_of(request), own)
    if isinstance(outcome, Refused):
        response = _refused_page(
            request, outcome.message, status=403, again_url="/account" if own else "/inloggen", out_url=asked.out_url
        )
    else:
        response = let_in_for_good(
            request,
            db,
            settings,
            see_other(joining_organisation.BACK_TO if joining else outcome.back_to),
            outcome.signed_in,
        )
    response.delete_cookie(_cookie(settings), path="/", secure=settings.secure_cookies, httponly=True)
    return response


@router.post("/account/koppelen")
def join(
    request: Request,
    settings: AppSettings,
    begun: Annotated[Start | Refused | None, Depends(_begun_anew)],
    db: Db,
    actor: Staff,
) -> Response:
    """Offer to go to the organisation, to join one's account to who one is there."""
    if begun is None:
        raise NotFound("no single sign-on here")
    leaving = begun if isinstance(begun, Refused) else joining_organisation.begin(db, settings, actor, begun)
    if isinstance(leaving, Refused):
        return _refused_page(request, leaving.message, status=503, again_url="/account")
    shell = frame(request, db, actor, current="/account")
    response = render(JoinPage(shell=shell, address=leaving.address, name=settings.oidc_name))
    _remember(response, settings, leaving.browser)
    at_step(response, settings, leaving.step)
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


def _remember(response: Response, settings: Settings, browser: str) -> None:
    # Lax: it has to come along when the organisation sends the browser back here.
    response.set_cookie(
        _cookie(settings), browser, max_age=single_sign_on.MINUTES * 60, httponly=True,
        secure=settings.secure_cookies, samesite="lax", path="/",
    )  # fmt: skip


def _refused_page(
    request: Request, message: str, *, status: int, again_url: str = "/inloggen", out_url: str = ""
) -> Response:
    page = SignOnRefusedPage(shell=door(request), message=message, again_url=again_url, out_url=out_url)
    return render(page, status=status)
