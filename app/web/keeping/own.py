"""What candidates see of keeping: how long, and what they may choose after withdrawing."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.reviews.retention import Choice, End
from app.usecases import retention, withdrawing
from app.web.cases.views import OptionView
from app.web.deps import Candidate, Db, Sent, see_other, text_of
from app.web.keeping import mapping
from app.web.keeping.pages import OwnKeepingPage
from app.web.pages import render
from app.web.shells import frame

router = APIRouter(include_in_schema=False)


@router.get("/vragenlijst/{case_id}/bewaren")
def show_own(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show candidates how long their case is kept."""
    return render(_own_page(request, db, actor, case_id, ""))


@router.post("/vragenlijst/{case_id}/bewaren")
def choose(request: Request, db: Db, actor: Candidate, case_id: str, form: Sent) -> Response:
    """Let somebody who withdrew choose."""
    said = text_of(form, "choice")
    chosen = next((one for one in Choice if one.value == said), None)
    if chosen is None:
        return render(_own_page(request, db, actor, case_id, "Maak een keuze."), status=422)
    withdrawing.choose(db, actor, case_id, chosen)
    return see_other(f"/vragenlijst/{case_id}/bewaren?gedaan=vastgelegd")


@router.post("/vragenlijst/{case_id}/bewaren/ontvangen")
def confirm(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Let somebody who chose to receive everything confirm that it came."""
    try:
        withdrawing.received(db, actor, case_id)
    except NotAllowed as refusal:
        return render(_own_page(request, db, actor, case_id, "", refusal.reason), status=409)
    return see_other(f"/vragenlijst/{case_id}/bewaren?gedaan=vastgelegd")


def _own_page(
    request: Request, db: Session, actor: Actor, case_id: str, error: str, receive_error: str = ""
) -> OwnKeepingPage:
    shown = retention.keeping(db, actor, case_id)
    may = shown.outcome is not None and shown.outcome.end is End.WITHDRAWN and shown.policy is not None
    open_to = shown.policy.choices if shown.policy is not None and may else frozenset()
    waits = may and shown.choice is Choice.RECEIVE and shown.received_at is None
    return OwnKeepingPage(
        shell=frame(request, db, actor, current=f"/vragenlijst/{case_id}/stand"),
        back=f"/vragenlijst/{case_id}/stand",
        facts=mapping.facts(shown),
        known=shown.policy is not None,
        choices=tuple(OptionView(id=one.value, label=mapping.CHOICE_TITLES[one]) for one in Choice if one in open_to),
        choice=shown.choice.value if shown.choice else "",
        action=f"/vragenlijst/{case_id}/bewaren",
        copy_url=f"/vragenlijst/{case_id}/inzage",
        receive_url=f"/vragenlijst/{case_id}/bewaren/ontvangen" if waits else "",
        error=error,
        receive_error=receive_error,
    )
