"""The end of a review: the concept that the candidate reads, and the conclusion."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.wording import sentence
from app.errors import NotAllowed
from app.reviews.decisions import CONCLUSION_TITLES, Blocker, ConclusionKind
from app.reviews.lifecycle import Action
from app.usecases import cases, concluding, hearing, reviewing
from app.usecases.lines import today
from app.usecases.organisations import agreements, due
from app.web.cases.views import OptionView, RowView
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.review.mapping import base_of, blocker_views, measure_view, require
from app.web.review.pages import ConcludePage, SendConceptPage
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling", include_in_schema=False)


@router.get("/concept")
def show_concept(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show what the candidate will read."""
    return render(_concept_page(request, db, actor, case_id, None))


@router.post("/concept")
def send_concept(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Send the concept report to the candidate."""
    read = Reading(form)
    until = read.day("until", required="Vul in tot wanneer de kandidaat kan reageren.")
    if until is None:
        return render(_concept_page(request, db, actor, case_id, read), status=422)
    try:
        hearing.send_concept(db, actor, case_id, until)
    except NotAllowed as refusal:
        # Said on the page itself: what is missing stands there too.
        read.errors["until"] = refusal.reason
        return render(_concept_page(request, db, actor, case_id, read), status=422)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


def _concept_page(request: Request, db: Session, actor: Actor, case_id: str, read: Reading | None) -> SendConceptPage:
    review = reviewing.case_review(db, actor, case_id)
    require(review, Action.OPEN_HEARING)
    planned = due(cases.case_page(db, actor, case_id).deadlines, "hearing_closes")
    earliest = today() + timedelta(days=hearing.SHORTEST_TERM_DAYS)
    proposed = max(planned or earliest, earliest)
    return SendConceptPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        action=f"{base_of(case_id)}/concept",
        cancel=base_of(case_id),
        until=text_of(read.form, "until") if read else f"{proposed.day}-{proposed.month}-{proposed.year}",
        points=tuple(
            RowView(
                label=one.flag.title,
                value=one.finding.motivation if one.finding else "Nog geen bevinding",
            )
            for one in review.flags
        ),
        problems=read.problems if read else (),
        errors=read.errors if read else {},
    )


# ── the conclusion ──


@router.get("/conclusie")
def show_conclusion(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show what still blocks, and the conclusions that fit."""
    return render(_conclude_page(request, db, actor, case_id, None))


@router.post("/conclusie")
def conclude(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Draw the conclusion."""
    read = Reading(form)
    kind = read.choice("kind", ConclusionKind, "Kies de conclusie.")
    motivation = read.text("motivation", "Schrijf op waarom u tot deze conclusie komt.")
    residual = read.text("residual_risk", "Schrijf op welk restrisico overblijft. Ook ‘geen’ mag.")
    until = read.day("valid_until")
    if read.errors or kind is None:
        return render(_conclude_page(request, db, actor, case_id, read), status=422)
    outcome = concluding.conclude(db, actor, case_id, kind, motivation, residual, until)
    if isinstance(outcome, tuple):
        return render(_conclude_page(request, db, actor, case_id, read, outcome), status=409)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


def _conclude_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    read: Reading | None,
    blocked: tuple[Blocker, ...] = (),
) -> ConcludePage:
    review = reviewing.case_review(db, actor, case_id)
    waits = bool(blocked or review.blockers)
    may = Action.CONCLUDE in review.actions
    agreed = agreements(db, actor)
    refusal = "" if may else f"De zaak staat op ‘{review.case.step_title}’, of een ander stelt de conclusie vast."
    return ConcludePage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base_of(case_id),
        action=f"{base_of(case_id)}/conclusie",
        blockers=blocker_views(review, base_of(case_id)),
        conclusions=tuple(
            OptionView(id=one.value, label=CONCLUSION_TITLES[one])
            for one in reviewing.open_conclusions(db, actor, case_id)
        ),
        typed=read.typed if read else {},
        errors=read.errors if read else {},
        problems=read.problems if read else (),
        measures=tuple(measure_view(measure) for measure in review.measures),
        may_conclude=may and not waits,
        refusal=refusal,
        council=sentence(agreed.the_council),
    )
