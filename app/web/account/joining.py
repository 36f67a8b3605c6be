"""Links that were mailed to colleagues: beginning, and a new password."""

from fastapi import APIRouter, BackgroundTasks, Request, Response

from app.accounts import passkeys
from app.usecases import joining, signing_in
from app.web.account.pages import ForgottenPage, WelcomePage
from app.web.account.steps import at_step, place_of
from app.web.deps import AppSettings, Db, Sent, see_other, text_of, texts_of
from app.web.pages import render
from app.web.shells import door

router = APIRouter(include_in_schema=False)


@router.get("/inloggen/vergeten")
def show_forgotten(request: Request, settings: AppSettings) -> Response:
    """Ask for whose account a new password is. Where nobody has a password, there is only the page for signing in."""
    if not settings.local_accounts:
        return see_other("/inloggen")
    return render(ForgottenPage(shell=door(request), asked=False))


@router.post("/inloggen/vergeten")
def forgotten(request: Request, settings: AppSettings, form: Sent, later: BackgroundTasks) -> Response:
    """Say the same for every address. Whether there is such an account is looked up after the answer went out."""
    if not settings.local_accounts:
        return see_other("/inloggen")
    later.add_task(joining.forgotten, request.app.state.engine, settings, text_of(form, "email"), place_of(request))
    return render(ForgottenPage(shell=door(request), asked=True))


@router.get("/welkom/{token}")
def show_welcome(request: Request, db: Db, settings: AppSettings, token: str) -> Response:
    """Show what is behind a link."""
    return _page(request, db, settings, token)


@router.post("/welkom/{token}")
def choose_password(request: Request, db: Db, settings: AppSettings, token: str, form: Sent) -> Response:
    """Set the password; the second proof comes next."""
    outcome = joining.choose_password(db, settings, token, "".join(texts_of(form, "wachtwoord")))
    return _next(request, db, settings, token, outcome)


@router.post("/welkom/{token}/passkey")
def without_password(request: Request, db: Db, settings: AppSettings, token: str) -> Response:
    """Go on without a password, to making a passkey."""
    return _next(request, db, settings, token, joining.without_password(db, settings, token))


def _next(
    request: Request, db: Db, settings: AppSettings, token: str, outcome: signing_in.Halfway | signing_in.Refused
) -> Response:
    if isinstance(outcome, signing_in.Refused):
        return _page(request, db, settings, token, error=outcome.message, status=422)
    response = see_other("/inloggen/beveiligen" if outcome.purpose == "setup" else "/inloggen/code")
    at_step(response, settings, outcome.token)
    return response


def _page(
    request: Request, db: Db, settings: AppSettings, token: str, *, error: str = "", status: int = 200
) -> Response:
    face = joining.face(db, settings, token)
    if face is None:
        page = WelcomePage(
            shell=door(request), name="", email="", error="", action="", open=False, invitation=True, passkey=False
        )
        return render(page, status=404)
    works = face.open
    page = WelcomePage(
        shell=door(request, face.organisation_name, face.theme), name=face.name if works else "",
        email=face.email if works else "", error=error, action=f"/welkom/{token}", open=works,
        invitation=face.purpose == "invitation", passkey=face.purpose == "invitation" and passkeys.possible(settings),
    )  # fmt: skip
    return render(page, status=status)
