"""One flag: what it rests on, and what people add to it."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.decisions import OUTCOME_TITLES, WEIGHED_FROM, Judgement, Openness, Outcome
from app.reviews.lifecycle import Action
from app.usecases import hearing, notes, recording, reviewing
from app.usecases.records import NewMeasure
from app.usecases.reviewing import CaseReview, ReviewFlag
from app.web.cases.views import OptionView
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.review.mapping import base_of, flag_address, flag_card
from app.web.review.notes import notes_view
from app.web.review.pages import FlagPage
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling", include_in_schema=False)

_OUTCOME_HELP = {
    Outcome.NO_OBSTACLE_FOUND: "Er is gekeken en er hoeft niets te gebeuren.",
    Outcome.ATTENTION_POINT: "De raad moet dit weten; een maatregel is niet nodig.",
    Outcome.RISK_WITH_MEASURE: "Er is een afspraak nodig. Voeg de maatregel hierboven toe.",
    Outcome.LEGAL_BAR: "De wet staat de benoeming of de functie in de weg.",
    Outcome.SET_ASIDE: "De regel past niet bij deze feiten. Leg uit waarom.",
}


@router.get("/signaal/{rule}/{item}")
def show_flag(request: Request, db: Db, actor: Staff, case_id: str, rule: str, item: str) -> Response:
    """Show one flag with its forms."""
    return render(_flag_page(request, db, actor, case_id, rule, _item(item), None))


@router.post("/signaal/{rule}/{item}/bevinding")
def record_finding(request: Request, db: Db, actor: Staff, case_id: str, rule: str, item: str, form: Sent) -> Response:
    """Record a finding."""
    read = Reading(form)
    motivation = read.text("motivation", "Schrijf op wat u vond en waarom. De motivering komt in het dossier.")
    judgement = read.choice("judgement", Judgement)
    if read.errors:
        return render(_flag_page(request, db, actor, case_id, rule, _item(item), read), status=422)
    reviewing.record_finding(db, actor, case_id, rule, _item(item), motivation, text_of(form, "advice"), judgement)
    return _back_to(db, actor, case_id, rule, item)


@router.post("/signaal/{rule}/{item}/maatregel")
def agree_measure(request: Request, db: Db, actor: Staff, case_id: str, rule: str, item: str, form: Sent) -> Response:
    """Add a measure from the library."""
    read = Reading(form)
    kind = read.text("kind", "Kies een maatregel.")
    owner = read.text("owner", "Vul in wie voor de maatregel zorgt.")
    terms = read.text("terms", "Schrijf op wat precies is afgesproken.")
    new = NewMeasure(
        kind=kind, flags=((rule, _item(item)),), owner=owner, terms=terms, evidence=text_of(form, "evidence"),
        due=read.day("due"), openness=read.choice("openness", Openness) or Openness.CONFIDENTIAL,
        review_on=read.day("review_on"), before_appointment=text_of(form, "before_appointment") == "yes",
    )  # fmt: skip
    if read.errors:
        return render(_flag_page(request, db, actor, case_id, rule, _item(item), read), status=422)
    recording.agree_measure(db, actor, case_id, new)
    return _back_to(db, actor, case_id, rule, item)


@router.post("/signaal/{rule}/{item}/maatregel/bijwerken")
def update_measure(request: Request, db: Db, actor: Staff, case_id: str, rule: str, item: str, form: Sent) -> Response:
    """Take a measure back, or record that it was carried out; either stays on record."""
    read = Reading(form)
    measure = read.text("measure", "Kies de maatregel.")
    act = read.text("act", "Kies wat u wilt vastleggen.")
    on = read.day("done_on", required="Vul in wanneer het is gedaan.") if act == "done" else None
    if read.errors:
        return render(_flag_page(request, db, actor, case_id, rule, _item(item), read), status=422)
    if on is not None:
        recording.measure_done(db, actor, case_id, measure, on)
    else:
        recording.drop_measure(db, actor, case_id, measure)
    return _back_to(db, actor, case_id, rule, item)


@router.post("/signaal/{rule}/{item}/niet-gevraagd")
def not_asked(request: Request, db: Db, actor: Staff, case_id: str, rule: str, item: str, form: Sent) -> Response:
    """Record why the candidate was not asked."""
    read = Reading(form)
    reason = read.text("reason", "Schrijf op waarom u geen reactie vraagt.")
    if read.errors:
        return render(_flag_page(request, db, actor, case_id, rule, _item(item), read), status=422)
    hearing.not_asked(db, actor, case_id, rule, _item(item), reason)
    return _back_to(db, actor, case_id, rule, item)


@router.post("/signaal/{rule}/{item}/besluit")
def decide(request: Request, db: Db, actor: Staff, case_id: str, rule: str, item: str, form: Sent) -> Response:
    """Decide about a flag: by another person than who made the finding."""
    read = Reading(form)
    outcome = read.choice("outcome", Outcome, "Kies wat u besluit.")
    motivation = read.text("decision_motivation", "Schrijf op waarom u dit besluit. De motivering komt in het dossier.")
    if read.errors or outcome is None:
        return render(_flag_page(request, db, actor, case_id, rule, _item(item), read), status=422)
    reviewing.decide(db, actor, case_id, rule, _item(item), outcome, motivation, text_of(form, "council_text"))
    return _back_to(db, actor, case_id, rule, item)


def _item(item: str) -> str | None:
    return None if item == "-" else item


def _back_to(db: Session, actor: Actor, case_id: str, rule: str, item: str) -> Response:
    """Go back to the flag; to the list when the judgement made it disappear."""
    base = base_of(case_id)
    still = reviewing.case_review(db, actor, case_id).find(rule, _item(item)) is not None
    return see_other(f"{base}/signaal/{rule}/{item}?gedaan=vastgelegd" if still else f"{base}?gedaan=vastgelegd")


def _flag_page(
    request: Request, db: Session, actor: Actor, case_id: str, rule: str, item: str | None, read: Reading | None
) -> FlagPage:
    review = reviewing.case_review(db, actor, case_id)
    found = review.find(rule, item)
    if found is None:
        raise NotFound("no such flag")
    written = notes.notes_of(db, actor, case_id)
    base = base_of(case_id)
    may_find = Action.RECORD_FINDING in review.actions
    may_decide = Action.RECORD_DECISION in review.actions and found.may_decide
    offered = {one.id: one for one in (*found.flag.measures, *review.measures_offered)}
    typed = read.typed if read else _defaults(found)
    return FlagPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base,
        flag=flag_card(found, base),
        problems=read.problems if read else (),
        errors=read.errors if read else {},
        typed=typed,
        may_find=may_find,
        may_decide=may_decide,
        decide_refusal=_refusal(review, found),
        may_reply=may_find and found.reply is None and found.flag.severity >= WEIGHED_FROM,
        awaiting_judgement=found.flag.awaiting_judgement or bool(found.flag.question_for_reviewer),
        action=flag_address(base, found.flag),
        measures=tuple(OptionView(id=one.id, label=one.title) for one in offered.values()),
        agreed=tuple(OptionView(id=one.id, label=f"{one.title}, {one.owner}") for one in found.measures),
        outcomes=tuple(OptionView(id=one.value, label=OUTCOME_TITLES[one], help=_OUTCOME_HELP[one]) for one in Outcome),
        notes=notes_view(written, written.about_flag(found.flag.key), found.flag.key),
    )


def _defaults(found: ReviewFlag) -> dict[str, str]:
    """Start the measure form from what the library says about the first measure the rule names."""
    if not found.flag.measures:
        return {}
    first = found.flag.measures[0]
    return {
        "kind": first.id,
        "evidence": first.evidence,
        "openness": first.openness,
        "before_appointment": "yes" if first.before_appointment else "",
    }


def _refusal(review: CaseReview, found: ReviewFlag) -> str:
    if Action.RECORD_DECISION not in review.actions:
        return f"De zaak staat op ‘{review.case.step_title}’. Nu kunt u geen besluit vastleggen."
    if found.finding is None:
        return "Er is nog geen bevinding. Leg die eerst vast; daarna besluit een ander."
    return "U heeft de bevinding gedaan. Een ander besluit hierover, zodat twee mensen hebben gekeken."
