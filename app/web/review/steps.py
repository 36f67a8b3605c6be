"""The steps of a review: answers and corrections, research, the concept, the conclusion."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.wording import sentence
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Group, Source
from app.questionnaires.model import Respondent
from app.reviews.decisions import CONCLUSION_TITLES, Blocker, ConclusionKind
from app.reviews.lifecycle import Action
from app.usecases import answering, cases, concluding, hearing, library, recording, records, reviewing, sections
from app.usecases.lines import CaseLine, today
from app.usecases.organisations import agreements, due
from app.web.cases.forms import typed_page
from app.web.cases.mapping import Around, field_view, item_rows, places
from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.deps import Db, Sent, Staff, see_other, text_of, texts_of
from app.web.pages import render
from app.web.review.mapping import measure_view
from app.web.review.pages import (
    AnswerSectionView,
    AnswersPage,
    ConcludePage,
    CorrectionPage,
    FactPage,
    ResearchPage,
    SendConceptPage,
)
from app.web.review.routes import base_of, blocker_views, require
from app.web.shells import frame
from app.web.templating import dom_id, dutch_date
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling", include_in_schema=False)


# ── answers and corrections ──


@router.get("/antwoorden")
def show_answers(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show all answers."""
    review = reviewing.case_review(db, actor, case_id)
    shown = tuple(_answer_section(view) for view in _sections(db, actor, case_id))
    page = AnswersPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base_of(case_id),
        sections=shown,
        correction_url=f"{base_of(case_id)}/aanvulling" if Action.REQUEST_CORRECTION in review.actions else "",
    )
    return render(page)


def _sections(db: Session, actor: Actor, case_id: str) -> list[sections.SectionView]:
    return [
        sections.load_section(db, actor, case_id, line.id) for line in sections.task_list(db, actor, case_id).sections
    ]


def _answer_section(view: sections.SectionView) -> AnswerSectionView:
    return AnswerSectionView(
        title=view.section.title,
        rows=tuple(RowView(label=q.question.label, value=q.shown) for q in view.questions),
        items=tuple((item.title, item_rows(item)) for q in view.questions for item in q.items),
    )


@router.get("/aanvulling")
def new_correction(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show the form to ask for a correction."""
    return render(_correction_page(request, db, actor, case_id, None))


@router.post("/aanvulling")
def request_correction(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Ask the candidate to look again at named questions."""
    read = Reading(form)
    chosen = texts_of(form, "question")
    reason = read.text("reason", "Schrijf op wat u wilt weten en waarom. De kandidaat leest dit.")
    if not chosen:
        read.errors["question"] = "Kies minstens één vraag."
    if read.errors:
        return render(_correction_page(request, db, actor, case_id, read), status=422)
    recording.request_correction(db, actor, case_id, chosen, reason)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


def _correction_page(request: Request, db: Session, actor: Actor, case_id: str, read: Reading | None) -> CorrectionPage:
    review = reviewing.case_review(db, actor, case_id)
    require(review, Action.REQUEST_CORRECTION)
    asked = [
        OptionView(id=q.path, label=f"{view.section.title}: {q.question.label}")
        for view in _sections(db, actor, case_id)
        for q in view.questions
    ]
    return CorrectionPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        action=f"{base_of(case_id)}/aanvulling",
        cancel=base_of(case_id),
        questions=tuple(asked),
        chosen=texts_of(read.form, "question") if read else (),
        reason=text_of(read.form, "reason") if read else "",
        problems=read.problems if read else (),
        errors=read.errors if read else {},
    )


# ── research ──


@router.get("/onderzoek")
def show_research(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show sources, facts and subjects that were talked about."""
    return render(_research_page(request, db, actor, case_id, None))


@router.post("/onderzoek/bron")
def record_source(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Record a source that was consulted."""
    read = Reading(form)
    kind = read.choice("kind", Source, "Kies de soort bron.")
    subject = read.text("subject", "Schrijf op waarnaar u heeft gekeken.")
    on = read.day("consulted_on", required="Vul in wanneer u keek.")
    found = read.text("found", "Schrijf op wat u vond. Vond u niets? Schrijf dat dan ook op.")
    if read.errors or kind is None or on is None:
        return render(_research_page(request, db, actor, case_id, read), status=422)
    recording.record_source(db, actor, case_id, kind, subject, on, found)
    return see_other(f"{base_of(case_id)}/onderzoek?gedaan=vastgelegd")


@router.post("/onderzoek/gesprek")
def discuss(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Record that subjects were talked about."""
    read = Reading(form)
    on = read.day("on", required="Vul de datum van het gesprek in.")
    points = texts_of(form, "point")
    if not points:
        read.errors["point"] = "Kies wat is besproken."
    if read.errors or on is None:
        return render(_research_page(request, db, actor, case_id, read), status=422)
    for point in points:
        recording.discuss(db, actor, case_id, point, on)
    return see_other(f"{base_of(case_id)}/onderzoek?gedaan=vastgelegd")


@router.post("/onderzoek/feiten")
def save_facts(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Save what reviewers recorded; these facts count in the rules."""
    saved = answering.save_many(db, actor, case_id, typed_page(form))
    if group := text_of(form, "toevoegen"):
        item = answering.add_item(db, actor, case_id, group)
        return see_other(f"{base_of(case_id)}/onderzoek/{group}/{item.item_id}")
    if saved.problems:
        read = Reading(form)
        read.errors |= {problem.path: problem.message for problem in saved.problems}
        return render(_research_page(request, db, actor, case_id, read), status=422)
    return see_other(f"{base_of(case_id)}/onderzoek?gedaan=opgeslagen")


@router.get("/onderzoek/{group}/{item_id}")
def show_fact(request: Request, db: Db, actor: Staff, case_id: str, group: str, item_id: str) -> Response:
    """Show one recorded fact."""
    return render(_fact_page(request, db, actor, case_id, group, item_id, ()))


@router.post("/onderzoek/{group}/{item_id}")
def save_fact(request: Request, db: Db, actor: Staff, case_id: str, group: str, item_id: str, form: Sent) -> Response:
    """Save one recorded fact."""
    saved = answering.save_many(db, actor, case_id, typed_page(form))
    if saved.problems or saved.conflicts:
        page = _fact_page(request, db, actor, case_id, group, item_id, saved.problems)
        return render(page, status=422 if saved.problems else 409)
    return see_other(f"{base_of(case_id)}/onderzoek?gedaan=opgeslagen")


@router.post("/onderzoek/{group}/{item_id}/verwijderen")
def remove_fact(db: Db, actor: Staff, case_id: str, group: str, item_id: str) -> Response:
    """Take a recorded fact away; it stays in the history."""
    answering.remove_item(db, actor, case_id, group, item_id)
    return see_other(f"{base_of(case_id)}/onderzoek?gedaan=verwijderd")


def _around(actor: Actor, case: CaseLine, section: str, problems: tuple[answering.Problem, ...] = ()) -> Around:
    asked = library.questionnaire_of(case)
    return Around(
        base=base_of(case.id),
        section=section,
        questionnaire=asked,
        sources=library.rulebook(asked).sources,
        tier=actor.tier,
        problems={problem.path: problem for problem in problems},
        autosave=False,
    )


def _reviewer_section(case: CaseLine) -> str:
    sections_ = library.questionnaire_of(case).sections
    return next(one.id for one in sections_ if one.respondent is Respondent.REVIEWER)


def _research_page(request: Request, db: Session, actor: Actor, case_id: str, read: Reading | None) -> ResearchPage:
    review = reviewing.case_review(db, actor, case_id)
    section = sections.load_section(db, actor, case_id, _reviewer_section(review.case))
    around = _around(actor, review.case, "onderzoek")
    order = tuple(question.id for question in section.section.questions)
    talked = {one.talking_point: one for one in review.discussed}
    return ResearchPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        back=base_of(case_id),
        sources=tuple(
            RowView(label=f"{one.title}, {dutch_date(one.consulted_on)}", value=f"{one.subject}: {one.found}")
            for one in review.sources
        ),
        kinds=tuple(
            OptionView(id=one.value, label=records.SOURCE_TITLES[one]) for one in Source if one is not Source.CANDIDATE
        ),
        source_action=f"{base_of(case_id)}/onderzoek/bron",
        errors=read.errors if read else {},
        typed=read.typed if read else {},
        problems=read.problems if read else (),
        talking_points=tuple(
            RowView(
                label=one.title,
                value=f"Besproken op {dutch_date(talked[one.id].discussed_on)} door {talked[one.id].by_name}",
            )
            for one in review.talking_points
            if one.id in talked
        ),
        open_points=tuple(
            OptionView(id=one.id, label=one.title, help=one.hint)
            for one in review.talking_points
            if one.id not in talked
        ),
        talk_action=f"{base_of(case_id)}/onderzoek/gesprek",
        places=places(around, order, section.questions),
        facts_action=f"{base_of(case_id)}/onderzoek/feiten",
        writable=Action.RECORD_FINDING in review.actions,
    )


def _fact_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    group: str,
    item_id: str,
    problems: tuple[answering.Problem, ...],
) -> FactPage:
    review = reviewing.case_review(db, actor, case_id)
    item = sections.show_item(db, actor, case_id, group, item_id)
    if not isinstance(library.questionnaire_of(review.case).question(group), Group):
        raise NotFound("no such list")
    around = _around(actor, review.case, "onderzoek", problems)
    return FactPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=review.case.candidate_name,
        title=item.title,
        back=f"{base_of(case_id)}/onderzoek",
        action=f"{base_of(case_id)}/onderzoek/{AnswerPath(group).question}/{item_id}",
        fields=tuple(field_view(around, question) for question in item.questions),
        problems=tuple(ProblemLine(field_id=dom_id(one.path), message=one.message) for one in problems),
    )


# ── the concept ──


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
