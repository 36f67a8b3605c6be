"""Between two proofs: the cookie that names the step, and the pages on which the second proof is given or set up."""

from fastapi import Request, Response
from markupsafe import Markup
from sqlmodel import Session

from app.accounts import passkeys
from app.accounts.sessions import SignedIn
from app.settings import Settings
from app.usecases import known_devices, second_step, setting_up, signing_in
from app.usecases.demo import codes as demo_codes
from app.usecases.signing_in import Place, Purpose
from app.web.account.pages import CodePage, CodesPage, SetUpPage
from app.web.deps import let_in, of_host, origin_of, see_other
from app.web.pages import Shell, render
from app.web.shells import door

STEP = "toetssteen_stap"
"""A cookie with the token of a step on the way in. It opens no page."""
DEVICE = "toetssteen_apparaat"
"""A cookie that says that somebody signed in with this browser before. It proves nothing by itself."""
DEVICE_DAYS = 180


def place_of(request: Request) -> Place:
    """Tell where a request comes from."""
    return Place(origin_of(request), _device_of(request))


def step_of(request: Request) -> str:
    """Give the token of the step somebody is at; empty when there is none."""
    settings: Settings = request.app.state.settings
    return request.cookies.get(of_host(settings, STEP), "")


def at_step(response: Response, settings: Settings, token: str) -> None:
    """Remember at which step somebody is."""
    response.set_cookie(
        of_host(settings, STEP), token, max_age=signing_in.STEP_MINUTES * 60, httponly=True, secure=settings.secure_cookies,
        samesite="lax", path="/",
    )  # fmt: skip


def forget_step(response: Response, settings: Settings) -> None:
    """Take the cookie of a step away: the step is over."""
    response.delete_cookie(of_host(settings, STEP), path="/", secure=settings.secure_cookies, httponly=True)


def _device_of(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return request.cookies.get(of_host(settings, DEVICE), "")


def remember_browser(response: Response, settings: Settings, token: str) -> None:
    """Remember that somebody signed in with this browser."""
    response.set_cookie(
        of_host(settings, DEVICE), token, max_age=DEVICE_DAYS * 86400, httponly=True, secure=settings.secure_cookies,
        samesite="lax", path="/",
    )  # fmt: skip


def let_in_for_good(
    request: Request, db: Session, settings: Settings, response: Response, signed_in: SignedIn
) -> Response:
    """Put the session in its cookie, forget the step, and remember that this browser was used.

    The one end of every way in for people with an account: a device that is new to them is told by mail.
    """
    let_in(request, response, db, signed_in)
    forget_step(response, settings)
    agent = request.headers.get("user-agent", "")
    token = known_devices.remember(db, signed_in.actor, _device_of(request), agent)
    remember_browser(response, settings, token)
    return response


def code_page(
    request: Request, db: Session, token: str, *, back_to: str = "/", kept: tuple[tuple[str, str], ...] = (),
    error: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """Ask for the second proof; back to the start when the step is over."""
    waiting = second_step.waiting(db, token)
    if waiting is None:
        return see_other("/inloggen")
    settings: Settings = request.app.state.settings
    page = CodePage(
        shell=door(request), error=error, back_to=back_to, kept=kept, app=waiting.app,
        passkey=waiting.passkey and passkeys.possible(settings),
        demo_code=demo_codes.code_now(db, settings, waiting.email) if settings.development else "",
    )  # fmt: skip
    return render(page, status=status)


def set_up_page(
    request: Request, db: Session, token: str, *, back_to: str = "/", kept: tuple[tuple[str, str], ...] = (),
    error: str = "", status: int = 200, shell: Shell | None = None, purpose: Purpose = "setup",
    action: str = "/inloggen/beveiligen",
) -> Response:  # fmt: skip
    """Show how to set up an app or a passkey; back to the start when the step is over."""
    look = setting_up.look(db, token, purpose)
    if look is None:
        return see_other("/inloggen")
    page = SetUpPage(
        shell=shell or door(request), error=error, back_to=back_to, kept=kept, action=action, app=look.app,
        picture=Markup(look.picture),  # noqa: S704 - drawn by us, from our own address
        secret=look.secret, passkey=passkeys.possible(request.app.state.settings), first=purpose == "setup",
    )  # fmt: skip
    return render(page, status=status)


def codes_page(
    request: Request, codes: tuple[str, ...], action: str, kept: tuple[tuple[str, str], ...] = (),
    shell: Shell | None = None,
) -> Response:  # fmt: skip
    """Show recovery codes, once."""
    return render(CodesPage(shell=shell or door(request), codes=codes, action=action, kept=kept))
