"""What a candidate asked to have corrected, for those who review the case: reading it, agreeing or declining."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.reviews.lifecycle import Step
from app.usecases import rectifying, rectifying_answers
from app.web.cases.views import ProblemLine
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.review.mapping import base_of
from app.web.rights.mapping import request_view
from app.web.rights.pages import RequestsPage
from app.web.shells import frame

router = APIRouter(prefix="/zaken/{case_id}/beoordeling/correcties", include_in_schema=False)

_CHOOSE = "Kies of u de correctie overneemt."


@router.get("")
def show(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show every request with its answer, and a form for those that wait."""
    return render(_page(request, db, actor, case_id))


@router.post("/{rectification_id}")
def answer(request: Request, db: Db, actor: Staff, case_id: str, rectification_id: str, form: Sent) -> Response:
    """Agree with a request, or decline it with a reason."""
    said, reason = text_of(form, "besluit"), text_of(form, "reden")
    if said not in {"ja", "nee"}:
        page = _page(request, db, actor, case_id, about=rectification_id, typed=reason, error=_CHOOSE)
        return render(page, status=422)
    try:
        rectifying_answers.answer(db, actor, case_id, rectification_id, agreed=said == "ja", reason=reason)
    except NotAllowed as refusal:
        page = _page(request, db, actor, case_id, about=rectification_id, typed=reason, error=refusal.reason)
        return render(page, status=409)
    return see_other(f"{base_of(case_id)}/correcties?gedaan=vastgelegd")


def _page(
    request: Request, db: Session, actor: Actor, case_id: str, *, about: str = "", typed: str = "", error: str = ""
) -> RequestsPage:
    case, lines = rectifying.for_review(db, actor, case_id)
    base = base_of(case_id)
    concluded = case.step in {Step.CONCLUDED, Step.PRESENTED}
    shown = tuple(
        request_view(
            one,
            action=f"{base}/correcties/{one.id}",
            reopens=concluded,
            typed=typed if one.id == about else "",
            error=error if one.id == about else "",
        )
        for one in lines
    )
    return RequestsPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=case.candidate_name,
        back=base,
        requests=shown,
        problems=tuple(ProblemLine(field_id=one.id, message=one.error) for one in shown if one.error),
    )
