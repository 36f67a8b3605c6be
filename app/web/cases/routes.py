"""The candidate's questionnaire: task list, sections, saving. Items of a list are in `items.py`, checking and sending in `sending.py`."""

from fastapi import APIRouter, Request, Response

from app.accounts.actor import Actor
from app.dossiers.wording import sentence
from app.errors import NotFound
from app.questionnaires.answers import OPEN_LIST, AnswerPath
from app.reviews.lifecycle import Role, Step, role_title
from app.usecases import answering, sections, telling_more
from app.usecases.answering import Problem
from app.usecases.organisations import agreements
from app.usecases.sections import SectionView
from app.web.cases.forms import typed, typed_page
from app.web.cases.lines import standing_of, subject_line
from app.web.cases.making import around_section, base_of, section_page
from app.web.cases.pages import StartPage
from app.web.cases.parts import after_saving
from app.web.cases.views import SectionLine
from app.web.deps import Candidate, Db, Sent, see_other, text_of
from app.web.pages import is_htmx, render
from app.web.shells import frame
from app.web.templating import dom_id

router = APIRouter(prefix="/vragenlijst/{case_id}", include_in_schema=False)


@router.get("")
def start(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Show the task list, with purpose and rights."""
    tasks = sections.task_list(db, actor, case_id)
    agreed = agreements(db, actor)
    base = base_of(case_id)
    page = StartPage(
        shell=frame(request, db, actor, current=base),
        organisation=actor.organisation_name,
        office=tasks.case.office_title,
        principal=_principal(actor),
        clerk="" if actor.clerk_reads else role_title(Role.CLERK, actor.tier),
        council=sentence(agreed.the_council),
        due=tasks.due("answers"),
        sections=tuple(_section_line(base, line) for line in tasks.sections),
        minutes_left=tasks.minutes_left,
        answered=tasks.answered,
        total=tasks.asked,
        can_answer=tasks.may_answer,
        corrections=sum(len(correction.questions) for correction in tasks.corrections),
        check_url=f"{base}/controle",
        status_url=f"{base}/stand",
        take_over_url=f"{base}/overnemen" if tasks.case.step is Step.ANSWERING else "",
        subjects=tuple(subject_line(one, f"{base}/{one.section}/vertellen") for one in tasks.subjects),
        can_choose=tasks.case.step is Step.ANSWERING and tasks.may_answer,
        step=tasks.case.step_title,
    )
    return render(page)


@router.post("/antwoord/{path}")
def save_answer(request: Request, db: Db, actor: Candidate, case_id: str, path: str, form: Sent, op: str) -> Response:
    """Save one answer. A browser with script gets what changed; without script it goes back to the page."""
    outcome = answering.save(db, actor, case_id, typed(form, path))
    at = AnswerPath.parse(path)
    if not is_htmx(request):
        return see_other(_address_of(case_id, op, at))
    if isinstance(outcome, answering.Saved):
        if outcome.section.section.id != op:
            raise NotFound("this question does not stand on this page")
        moved = (*outcome.appeared, *outcome.gone)
        return after_saving(around_section(actor, outcome.section), outcome.section, at, moved)
    view = sections.load_section(db, actor, case_id, op)
    if isinstance(outcome, Problem):
        return after_saving(around_section(actor, view, {path: outcome}), view, at, status=422)
    return after_saving(around_section(actor, view, {}, {path: outcome}), view, at, status=409)


@router.get("/{section_id}")
def show_section(request: Request, db: Db, actor: Candidate, case_id: str, section_id: str) -> Response:
    """Show one section."""
    view = sections.load_section(db, actor, case_id, section_id)
    return render(section_page(request, db, actor, view, appeared=0))


@router.post("/{section_id}/vertellen")
def tell_more(db: Db, actor: Candidate, case_id: str, section_id: str, form: Sent) -> Response:
    """Show the questions about a subject that this case leaves out, or leave them out again."""
    tell = text_of(form, "vertellen") == "ja"
    telling_more.tell_more(db, actor, case_id, section_id, tell=tell)
    base = base_of(case_id)
    return see_other(f"{base}/{section_id}?gedaan=vertellen" if tell else f"{base}?gedaan=teruggenomen")


@router.post("/{section_id}")
def save_section(request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, form: Sent) -> Response:
    """Save a whole section, then go on: to a new item, to the next section, or back here when something is left."""
    old = sections.load_section(db, actor, case_id, section_id)
    saved = answering.save_many(db, actor, case_id, typed_page(form))
    view = sections.load_section(db, actor, case_id, section_id)
    if saved.problems or saved.conflicts:
        page = section_page(request, db, actor, view, saved.problems, saved.conflicts)
        return render(page, status=422 if saved.problems else 409)
    if group := text_of(form, "toevoegen"):
        item = answering.add_item(db, actor, case_id, group)
        return see_other(f"{base_of(case_id)}/{section_id}/{group}/{item.item_id}")
    # A list that was just said to hold something, and holds nothing yet, is a question that appeared too.
    appeared = len(_asked_ids(view) - _asked_ids(old)) + len(_empty_lists(view) - _empty_lists(old))
    then = text_of(form, "daarna")
    if then == "overzicht":
        return see_other(f"{base_of(case_id)}?gedaan=opgeslagen")
    if appeared or then != "verder":
        return render(section_page(request, db, actor, view, appeared=appeared))
    return see_other(f"{base_of(case_id)}/{view.next_id}" if view.next_id else f"{base_of(case_id)}/controle")


def _asked_ids(view: SectionView) -> set[str]:
    return {question.path for question in view.questions}


def _empty_lists(view: SectionView) -> set[str]:
    return {one.path for one in view.questions if one.typed == (OPEN_LIST,) and not one.items}


def _address_of(case_id: str, section_id: str, at: AnswerPath) -> str:
    here = f"{base_of(case_id)}/{section_id}"
    return f"{here}#vraag-{dom_id(str(at))}" if at.item is None else f"{here}/{at.group}/{at.item}"


def _section_line(base: str, line: sections.SectionLine) -> SectionLine:
    status, kind, detail = standing_of(line)
    if line.corrections:
        status, kind = "Aanvulling gevraagd", "attention"
    return SectionLine(title=line.title, href=f"{base}/{line.id}", status=status, kind=kind, detail=detail)


def _principal(actor: Actor) -> str:
    return role_title(Role.PRINCIPAL, actor.tier)
