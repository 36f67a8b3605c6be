"""The door of a candidate: link and code, and then codes by mail, an app or a passkey of their own."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from markupsafe import Markup
from sqlmodel import Session

from app.accounts import passkeys
from app.accounts.sessions import SignedIn
from app.errors import NotFound
from app.settings import Settings
from app.usecases import entering, entering_by_passkey, invitations
from app.usecases.code_first import asks_code_first
from app.usecases.signing_in import Refused
from app.web.account.keeping import go_on, kept_in
from app.web.account.proving import LONGEST_ANSWER
from app.web.account.steps import at_step, forget_step, place_of, remember_browser, step_of
from app.web.cases.pages import ChoosePage, EnterPage, OwnCodePage, OwnWayPage
from app.web.deps import (
    DOOR,
    AppSettings,
    CurrentActor,
    Db,
    Sent,
    door_of,
    let_in,
    local,
    of_host,
    see_other,
    text_of,
)
from app.web.pages import Contact, render
from app.web.shells import door, frame

router = APIRouter(include_in_schema=False)
own_router = APIRouter(include_in_schema=False)
"""The candidate's own page, whose address stands among those of the questions."""

Kept = tuple[tuple[str, str], ...]


@router.get("/uitnodiging/{token}")
def show_door(request: Request, db: Db, token: str, terug: str = "") -> Response:
    """Show the door of an invitation."""
    return door_page(request, db, token, back_to=local(terug, ""))


@router.post("/uitnodiging/{token}")
def knock(request: Request, db: Db, settings: AppSettings, token: str, form: Sent) -> Response:
    """Look at the code: of the app of who has one, else the one that came another way. The own proof comes next."""
    back_to, kept, typed = local(text_of(form, "terug"), ""), kept_in(form), text_of(form, "code")
    codes_app = entering.way_of_link(db, token) == "app"
    if codes_app and not asks_code_first(db, settings, token, place_of(request)):
        done = entering.link_and_app(db, settings, token, typed, place_of(request))
        if isinstance(done, Refused):
            return door_page(request, db, token, error=done.message, back_to=back_to, kept=kept, status=422)
        return _in(request, db, settings, done, back_to, kept, door_token=token)
    outcome = entering.begin(db, settings, token, typed, place_of(request))
    if isinstance(outcome, Refused):
        return door_page(request, db, token, error=outcome.message, back_to=back_to, kept=kept, status=422)
    # A first proof by mail is sent at once: there is nothing to choose. Not a redirect: what was typed travels along.
    if outcome.way == "mail":
        response = _mail(request, db, outcome.token, back_to, kept)
    else:
        response = _step_page(request, db, outcome.token, back_to=back_to, kept=kept)
    at_step(response, settings, outcome.token)
    _remember_door(response, settings, token)
    return response


@router.post("/uitnodiging/{token}/sleutel/vraag")
def ask_passkey(db: Db, settings: AppSettings, token: str) -> Response:
    """Give a browser what it needs to use the passkey behind this link."""
    asked = entering_by_passkey.ask(db, settings, token)
    if asked is None:
        return Response("{}", 404, media_type="application/json")
    response = Response(asked[1], media_type="application/json")
    at_step(response, settings, asked[0])
    return response


@router.post("/uitnodiging/{token}/sleutel")
def use_passkey(request: Request, db: Db, settings: AppSettings, token: str, form: Sent) -> Response:
    """Look at what the device signed. Right: the session begins."""
    back_to, kept = local(text_of(form, "terug"), ""), kept_in(form)
    answer = text_of(form, "antwoord")[:LONGEST_ANSWER]
    done = entering_by_passkey.use(db, settings, step_of(request), answer, place_of(request))
    if isinstance(done, Refused):
        return door_page(request, db, token, error=done.message, back_to=back_to, kept=kept, status=422)
    return _in(request, db, settings, done, back_to, kept, door_token=token)


@router.get("/toegang")
def show_step(request: Request, db: Db, terug: str = "") -> Response:
    """Show what comes after the code."""
    return _step_page(request, db, step_of(request), back_to=local(terug, ""))


@router.post("/toegang/mail/stuur")
def mail_code(request: Request, db: Db, form: Sent) -> Response:
    """Mail a code, and ask for it."""
    return _mail(request, db, step_of(request), local(text_of(form, "terug"), ""), kept_in(form))


@router.post("/toegang/mail")
def with_mailed_code(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Look at the code that was mailed."""
    done = entering.with_mailed_code(db, settings, step_of(request), text_of(form, "code"), place_of(request))
    return _after(request, db, settings, form, done)


@router.post("/toegang/app/begin")
def show_app(request: Request, db: Db, form: Sent) -> Response:
    """Show how to set up an app."""
    back_to, kept = local(text_of(form, "terug"), ""), kept_in(form)
    return _step_page(request, db, step_of(request), back_to=back_to, kept=kept, app=True)


@router.post("/toegang/app")
def with_app(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Look at the first code of a new app."""
    done = entering.with_app(db, settings, step_of(request), text_of(form, "code"), place_of(request))
    return _after(request, db, settings, form, done, app=True)


@router.post("/toegang/sleutel/vraag")
def ask_new_passkey(request: Request, db: Db, settings: AppSettings) -> Response:
    """Give a browser what it needs to make a passkey."""
    options = entering_by_passkey.ask_new(db, settings, step_of(request))
    return Response(options or "{}", 200 if options else 404, media_type="application/json")


@router.post("/toegang/sleutel")
def with_new_passkey(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Keep the new passkey."""
    answer = text_of(form, "antwoord")[:LONGEST_ANSWER]
    done = entering_by_passkey.keep(db, settings, step_of(request), answer, place_of(request))
    return _after(request, db, settings, form, done, choose=True)


@own_router.get("/vragenlijst/{case_id}/toegang")
def show_own_way(request: Request, db: Db, actor: CurrentActor, case_id: str) -> Response:
    """Show a candidate how they get in."""
    own = _own(actor.case_id if actor.is_candidate else None, case_id)
    token = door_of(request)
    page = OwnWayPage(
        shell=frame(request, db, actor, current=f"{own}/stand"), way=entering.own_way(db, actor, case_id),
        fresh=entering.is_fresh(db, actor), action=f"{own}/toegang", back_to=f"{own}/stand",
        door=f"/uitnodiging/{quote(token, safe='')}?terug={own}/toegang" if token else "",
    )  # fmt: skip
    return render(page)


@own_router.post("/vragenlijst/{case_id}/toegang")
def change_way(db: Db, settings: AppSettings, actor: CurrentActor, case_id: str) -> Response:
    """Begin choosing another way in."""
    own = _own(actor.case_id if actor.is_candidate else None, case_id)
    response = see_other(f"/toegang?terug={own}/toegang")
    at_step(response, settings, entering.change(db, actor))
    return response


def door_page(
    request: Request, db: Session, token: str, *, error: str = "", back_to: str = "", kept: Kept = (),
    status: int = 200,
) -> Response:  # fmt: skip
    """Give the door of an invitation, with everything that was typed on the way. Raises NotFound."""
    face, settings = invitations.face(db, token), request.app.state.settings
    first = asks_code_first(db, settings, token, place_of(request))
    if first and error == entering.WRONG_APP:
        error = entering.CODE_FIRST  # the field beside it asks for another code
    way, who = "" if first else entering.way_of_link(db, token), face.contact
    # Too many wrong codes make the code rest, not a proof that does not need it.
    rests = way not in {"app", "passkey"} and entering.rests(db, settings, token, place_of(request))
    state = "locked" if rests and face.state == "open" else face.state
    contact = Contact(name=who.name, phone=who.phone, email=who.email)
    page = EnterPage(
        shell=door(request, face.organisation_name, face.theme, contact), contact=contact, organisation=face.organisation_name,
        action=f"/uitnodiging/{token}", state=state, error=error, back_to=back_to, kept=kept, way=way,
        passkey=passkeys.possible(settings), first=first,
    )  # fmt: skip
    return render(page, status=status)


def _own(own: str | None, case_id: str) -> str:
    if own != case_id:
        raise NotFound("not the candidate of this case")
    return f"/vragenlijst/{case_id}"


def _mail(request: Request, db: Session, step: str, back_to: str, kept: Kept) -> Response:
    refused = entering.send_code(db, step)
    error, status = (refused.message, 422) if refused else ("", 200)
    if refused is not None and refused.over:
        return see_other("/tot-ziens")
    return _step_page(request, db, step, error=error, back_to=back_to, kept=kept, mailed=True, status=status)


def _after(
    request: Request, db: Session, settings: Settings, form: Sent, done: SignedIn | Refused, *, app: bool = False,
    choose: bool = False,
) -> Response:  # fmt: skip
    back_to, kept = local(text_of(form, "terug"), ""), kept_in(form)
    if not isinstance(done, Refused):
        return _in(request, db, settings, done, back_to, kept)
    token = door_of(request)
    if done.over and not token:
        return see_other("/tot-ziens")
    if done.over:
        return door_page(request, db, token, error=done.message, back_to=back_to, kept=kept, status=422)
    return _step_page(
        request, db, step_of(request), error=done.message, back_to=back_to, kept=kept, app=app,
        mailed=not app and not choose, status=422,
    )  # fmt: skip


def _in(
    request: Request, db: Session, settings: Settings, done: SignedIn, back_to: str, kept: Kept, door_token: str = ""
) -> Response:
    home = f"/vragenlijst/{done.actor.case_id}"
    response = go_on(request, back_to if back_to.startswith(home) else home, kept)
    let_in(request, response, db, done)
    forget_step(response, settings)
    remember_browser(response, settings, entering.remember_device(db, done.actor, place_of(request).device))
    if door_token:
        _remember_door(response, settings, door_token)
    return response


def _remember_door(response: Response, settings: Settings, token: str) -> None:
    response.set_cookie(
        of_host(settings, DOOR), token, max_age=settings.invitation_days * 86400, httponly=True, secure=settings.secure_cookies,
        samesite="lax", path="/",
    )  # fmt: skip


def _step_page(
    request: Request, db: Session, step: str, *, error: str = "", back_to: str = "", kept: Kept = (),
    app: bool = False, mailed: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    waiting = entering.waiting(db, step)
    if waiting is None:
        return see_other("/tot-ziens")
    settings: Settings = request.app.state.settings
    who = waiting.contact
    contact = Contact(name=who.name, phone=who.phone, email=who.email)
    shell = door(request, waiting.organisation_name, waiting.theme, contact)
    if not (waiting.choosing or waiting.way in {"mail", "app"}):
        return see_other("/tot-ziens")
    own_app = not waiting.choosing and waiting.way == "app"
    new = entering.new_app(db, step) if app and waiting.choosing else None
    if waiting.choosing and new is None and not (mailed or waiting.code_sent):
        choose = ChoosePage(
            shell=shell, error=error, back_to=back_to, kept=kept, passkey=passkeys.possible(settings)
        )  # fmt: skip
        return render(choose, status=status)
    page = OwnCodePage(
        shell=shell, error=error, back_to=back_to, kept=kept,
        picture=Markup(new.picture) if new else Markup(),  # noqa: S704 - drawn by us, from our own address
        secret=new.secret if new else "",
        app=own_app,
        mailbox="/ontwikkel/postvak" if settings.development and not settings.smtp_host else "",
    )  # fmt: skip
    return render(page, status=status)
