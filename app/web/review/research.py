"""What reviewers record themselves: sources, facts, and what was only talked about."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Group, Source
from app.questionnaires.model import Respondent
from app.reviews.lifecycle import Action
from app.usecases import answering, library, recording, records, reviewing, sections
from app.usecases.lines import CaseLine
from app.web.cases.forms import typed_page
from app.web.cases.mapping import Around, field_view, places
from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.deps import Db, Sent, Staff, see_other, text_of, texts_of
from app.web.pages import render
from app.web.review.mapping import base_of
from app.web.review.pages import FactPage, ResearchPage
from app.web.shells import frame
from app.web.templating import dom_id, dutch_date
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling", include_in_schema=False)


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
