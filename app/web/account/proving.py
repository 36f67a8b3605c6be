"""The second proof, setting one up, and passkeys: from the right password to the session."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from app.usecases import second_step, setting_up, signing_in
from app.web.account.keeping import go_on, kept_in
from app.web.account.steps import at_step, code_page, codes_page, let_in_for_good, place_of, set_up_page, step_of
from app.web.deps import AppSettings, Db, Sent, local, see_other, text_of

router = APIRouter(include_in_schema=False)

LONGEST_ANSWER = 20_000
"""More characters than any device sends about a passkey."""


@router.get("/inloggen/code")
def show_code(request: Request, db: Db, terug: str = "/") -> Response:
    """Ask for the second proof."""
    return code_page(request, db, step_of(request), back_to=local(terug))


@router.post("/inloggen/code")
def prove(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Look at the code. Right: the session begins."""
    back_to, kept = local(text_of(form, "terug")), kept_in(form)
    outcome = second_step.finish(db, settings, step_of(request), text_of(form, "code"), place_of(request))
    if isinstance(outcome, signing_in.Refused):
        if outcome.over:
            return see_other(f"/inloggen?{urlencode({'terug': back_to})}")
        return code_page(request, db, step_of(request), back_to=back_to, kept=kept, error=outcome.message, status=422)
    return let_in_for_good(request, db, settings, go_on(request, back_to, kept), outcome)


@router.post("/inloggen/sleutel/vraag")
def ask_device(db: Db, settings: AppSettings) -> Response:
    """Give a browser what it needs to use a passkey."""
    token, options = second_step.ask_for_passkey(db, settings)
    response = Response(options, media_type="application/json")
    at_step(response, settings, token)
    return response


@router.post("/inloggen/sleutel")
def use_passkey(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Look at what the device signed. Right: the session begins."""
    back_to, kept = local(text_of(form, "terug")), kept_in(form)
    answer = text_of(form, "antwoord")[:LONGEST_ANSWER]
    outcome = second_step.with_passkey(db, settings, step_of(request), answer, place_of(request))
    if isinstance(outcome, signing_in.Refused):
        return see_other(f"/inloggen?{urlencode({'terug': back_to, 'gedaan': 'passkey-onbekend'})}")
    return let_in_for_good(request, db, settings, go_on(request, back_to, kept), outcome)


@router.get("/inloggen/beveiligen")
def show_set_up(request: Request, db: Db, terug: str = "/") -> Response:
    """Show how to set up the second proof."""
    return set_up_page(request, db, step_of(request), back_to=local(terug))


@router.post("/inloggen/beveiligen")
def set_up_app(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Look at the first code of the app. Right: recovery codes, and the session begins."""
    outcome = setting_up.confirm_app(db, settings, step_of(request), text_of(form, "code"), place_of(request))
    return _entered(request, db, settings, form, outcome)


@router.post("/inloggen/beveiligen/sleutel/vraag")
def ask_new_passkey(request: Request, db: Db, settings: AppSettings) -> Response:
    """Give a browser what it needs to make a passkey."""
    options = setting_up.ask_for_passkey(db, settings, step_of(request))
    return Response(options or "{}", 200 if options else 404, media_type="application/json")


@router.post("/inloggen/beveiligen/sleutel")
def set_up_passkey(request: Request, db: Db, settings: AppSettings, form: Sent) -> Response:
    """Keep the new passkey. Right: recovery codes, and the session begins."""
    answer = text_of(form, "antwoord")[:LONGEST_ANSWER]
    outcome = setting_up.confirm_passkey(db, settings, step_of(request), answer, place_of(request))
    return _entered(request, db, settings, form, outcome)


@router.post("/inloggen/verder")
def carry_on(request: Request, form: Sent) -> Response:
    """Go on after the recovery codes, with what was typed before the session ended."""
    return go_on(request, local(text_of(form, "terug")), kept_in(form))


def _entered(
    request: Request, db: Db, settings: AppSettings, form: Sent, outcome: setting_up.Entered | signing_in.Refused
) -> Response:
    back_to, kept = local(text_of(form, "terug")), kept_in(form)
    if isinstance(outcome, signing_in.Refused):
        if outcome.over:
            return see_other(f"/inloggen?{urlencode({'terug': back_to})}")
        return set_up_page(request, db, step_of(request), back_to=back_to, kept=kept, error=outcome.message, status=422)
    page = codes_page(request, outcome.codes, "/inloggen/verder", (("terug", back_to), *kept))
    return let_in_for_good(request, db, settings, page, outcome.signed_in)
