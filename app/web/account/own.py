"""One's own account: password, app, passkeys, recovery codes."""

from fastapi import APIRouter, Request, Response

from app.accounts import passkeys
from app.errors import NotAllowed
from app.settings import Settings
from app.usecases import joining_organisation, own_account, setting_up
from app.usecases.signing_in import Refused
from app.web.account.pages import OwnAccountPage, PasskeyView
from app.web.account.proving import LONGEST_ANSWER
from app.web.account.steps import at_step, codes_page, place_of, set_up_page, step_of
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of, texts_of
from app.web.pages import render
from app.web.shells import frame

router = APIRouter(include_in_schema=False)

ADDING = "/account/toevoegen"


@router.get("/account")
def show_account(request: Request, db: Db, actor: Staff) -> Response:
    """Show how one proves who one is."""
    return _page(request, db, actor)


@router.post("/account/wachtwoord")
def change_password(request: Request, db: Db, settings: AppSettings, actor: Staff, form: Sent) -> Response:
    """Choose a new password; one signs in again with it."""
    current, password = ("".join(texts_of(form, name)) for name in ("huidig", "wachtwoord"))
    refused = own_account.change_password(db, settings, actor, current, password, place_of(request))
    if refused is not None:
        field = "huidig" if refused.message == own_account.WRONG_CURRENT else "wachtwoord"
        return _page(request, db, actor, error=refused.message, error_at=field, status=422)
    return see_other("/inloggen?gedaan=wachtwoord-gewijzigd")


@router.post("/account/toevoegen/begin")
def begin_adding(db: Db, settings: AppSettings, actor: Staff) -> Response:
    """Begin adding an app or a passkey."""
    response = see_other(ADDING)
    at_step(response, settings, own_account.begin_adding(db, actor))
    return response


@router.get("/account/toevoegen")
def show_adding(request: Request, db: Db, actor: Staff) -> Response:
    """Show how to add an app or a passkey."""
    return _adding(request, db, actor)


@router.post("/account/toevoegen")
def add_app(request: Request, db: Db, actor: Staff, form: Sent) -> Response:
    """Look at the first code of the new app."""
    refused = own_account.add_app(db, actor, step_of(request), text_of(form, "code"))
    return _added(request, db, actor, refused)


@router.post("/account/toevoegen/sleutel/vraag")
def ask_passkey(request: Request, db: Db, settings: AppSettings, actor: Staff) -> Response:
    """Give a browser what it needs to make a passkey."""
    own_account.look(db, actor)
    options = setting_up.ask_for_passkey(db, settings, step_of(request), "add")
    return Response(options or "{}", 200 if options else 404, media_type="application/json")


@router.post("/account/toevoegen/sleutel")
def add_passkey(request: Request, db: Db, settings: AppSettings, actor: Staff, form: Sent) -> Response:
    """Keep the new passkey."""
    answer = text_of(form, "antwoord")[:LONGEST_ANSWER]
    refused = own_account.add_passkey(db, settings, actor, step_of(request), answer, text_of(form, "naam"))
    return _added(request, db, actor, refused)


@router.post("/account/sleutel/{key_id}/weg")
def remove_passkey(request: Request, db: Db, actor: Staff, key_id: str) -> Response:
    """Take away a passkey."""
    try:
        own_account.remove_passkey(db, actor, key_id)
    except NotAllowed as error:
        return _page(request, db, actor, error=error.reason, status=422)
    return see_other("/account?gedaan=opgeslagen")


@router.post("/account/codes")
def renew_codes(request: Request, db: Db, actor: Staff) -> Response:
    """Make new recovery codes and show them once."""
    codes = own_account.renew_codes(db, actor)
    shell = frame(request, db, actor, current="/account")
    return codes_page(request, codes, "/inloggen/verder", (("terug", "/account"),), shell)


def _added(request: Request, db: Db, actor: Staff, refused: Refused | None) -> Response:
    if refused is None:
        return see_other("/account?gedaan=opgeslagen")
    if refused.over:
        return see_other("/account")
    return _adding(request, db, actor, error=refused.message, status=422)


def _adding(request: Request, db: Db, actor: Staff, *, error: str = "", status: int = 200) -> Response:
    shell = frame(request, db, actor, current="/account")
    return set_up_page(
        request, db, step_of(request), back_to="/account", error=error, status=status, shell=shell, purpose="add",
        action=ADDING,
    )  # fmt: skip


def _page(
    request: Request, db: Db, actor: Staff, *, error: str = "", error_at: str = "", status: int = 200
) -> Response:
    look = own_account.look(db, actor)
    settings: Settings = request.app.state.settings
    page = OwnAccountPage(
        shell=frame(request, db, actor, current="/account"),
        email=look.email,
        error=error,
        error_at=error_at,
        password=look.password,
        app=look.app,
        passkeys=tuple(
            PasskeyView(name=one.name, made=one.created_at, used=one.used_at, remove=f"/account/sleutel/{one.id}/weg")
            for one in look.passkeys
        ),
        passkeys_possible=passkeys.possible(settings),
        recovery_codes=look.recovery_codes,
        fresh=look.fresh,
        elsewhere=look.elsewhere,
        join="" if look.elsewhere or not joining_organisation.possible(settings, actor) else settings.oidc_name,
    )
    return render(page, status=status)
