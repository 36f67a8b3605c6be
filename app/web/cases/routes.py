"""The candidate's questionnaire: task list, sections, items, saving. Checking and sending is in `sending.py`."""

from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Request, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.actor import Actor
from app.dossiers.wording import sentence
from app.errors import NotFound
from app.questionnaires.answers import OPEN_LIST, AnswerPath
from app.reviews.lifecycle import Role, role_title
from app.usecases import answering, library, sections
from app.usecases.answering import Conflict, Problem
from app.usecases.organisations import agreements
from app.usecases.sections import SectionView
from app.web.cases.forms import typed, typed_page
from app.web.cases.mapping import Around, places
from app.web.cases.pages import RemovedItemPage, RemoveItemPage, SectionPage, StartPage
from app.web.cases.parts import after_saving, page_of
from app.web.cases.views import ProblemLine, RowView, SectionLine
from app.web.deps import Candidate, Db, Sent, see_other, text_of
from app.web.pages import is_htmx, render
from app.web.shells import frame
from app.web.templating import dom_id, dutch_time

router = APIRouter(prefix="/vragenlijst/{case_id}", include_in_schema=False)

OVERVIEW = "Uw vragenlijst"


def base_of(case_id: str) -> str:
    """Give the address of a questionnaire."""
    return f"/vragenlijst/{case_id}"


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
    return render(_section_page(request, db, actor, view, appeared=0))


@router.post("/{section_id}")
def save_section(request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, form: Sent) -> Response:
    """Save a whole section, then go on: to a new item, to the next section, or back here when something is left."""
    old = sections.load_section(db, actor, case_id, section_id)
    saved = answering.save_many(db, actor, case_id, typed_page(form))
    view = sections.load_section(db, actor, case_id, section_id)
    if saved.problems or saved.conflicts:
        page = _section_page(request, db, actor, view, saved.problems, saved.conflicts)
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
        return render(_section_page(request, db, actor, view, appeared=appeared))
    return see_other(f"{base_of(case_id)}/{view.next_id}" if view.next_id else f"{base_of(case_id)}/controle")


@router.get("/{section_id}/{group}/{item_id}")
def show_item(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str
) -> Response:
    """Show one item of a group."""
    return render(_item_page(request, db, actor, case_id, section_id, group, item_id))


@router.post("/{section_id}/{group}/{item_id}")
def save_item(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str, form: Sent
) -> Response:
    """Save one item; go back to its section when nothing is left to say about it."""
    try:
        before = {view.path for view in sections.show_item(db, actor, case_id, group, item_id).questions}
    except NotFound:
        refused = answering.save_many(db, actor, case_id, typed_page(form)).problems
        if not refused:
            raise
        return render(_removed_page(request, db, actor, case_id, section_id, group, item_id, form, refused), status=409)
    saved = answering.save_many(db, actor, case_id, typed_page(form))
    if saved.problems or saved.conflicts:
        page = _item_page(request, db, actor, case_id, section_id, group, item_id, saved.problems, saved.conflicts)
        return render(page, status=422 if saved.problems else 409)
    after = {view.path for view in sections.show_item(db, actor, case_id, group, item_id).questions}
    appeared = len(after - before)
    if appeared or text_of(form, "daarna") != "terug":
        return render(_item_page(request, db, actor, case_id, section_id, group, item_id, appeared=appeared))
    return see_other(f"{base_of(case_id)}/{section_id}?gedaan=opgeslagen#vraag-{group}")


@router.get("/{section_id}/{group}/{item_id}/verwijderen")
def ask_remove(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str
) -> Response:
    """Ask once before an item goes."""
    item = sections.show_item(db, actor, case_id, group, item_id)
    here = f"{base_of(case_id)}/{section_id}"
    return render(
        RemoveItemPage(
            shell=frame(request, db, actor, current=base_of(case_id)),
            title=item.title,
            noun=_noun(sections.load_section(db, actor, case_id, section_id), group),
            action=f"{here}/{group}/{item_id}/verwijderen",
            cancel=f"{here}#vraag-{group}",
        )
    )


@router.post("/{section_id}/{group}/{item_id}/verwijderen")
def remove(db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str) -> Response:
    """Take an item away. Doing it twice changes nothing."""
    answering.remove_item(db, actor, case_id, group, item_id)
    return see_other(f"{base_of(case_id)}/{section_id}?gedaan=verwijderd#vraag-{group}")


@router.post("/{section_id}/{group}/{item_id}/terugzetten")
def restore(
    request: Request, db: Db, actor: Candidate, case_id: str, section_id: str, group: str, item_id: str, form: Sent
) -> Response:
    """Bring a removed item back and save what was typed about it meanwhile."""
    answering.restore_item(db, actor, case_id, group, item_id)
    return save_item(request, db, actor, case_id, section_id, group, item_id, form)


# ── making pages ──


def _section_page(
    request: Request,
    db: Session,
    actor: Actor,
    view: SectionView,
    problems: Iterable[Problem] = (),
    conflicts: Iterable[Conflict] = (),
    *,
    appeared: int = 0,
) -> SectionPage:
    around = around_section(actor, view, {p.path: p for p in problems}, {c.path: c for c in conflicts})
    base, here = around.base, view.here
    previous = f"{base}/{view.previous_id}" if view.previous_id else base
    shown = places(around, *page_of(view, None))
    return SectionPage(
        shell=frame(request, db, actor, current=base),
        title=view.section.title,
        intro=view.section.intro,
        noun="",
        number=view.number,
        count=view.of,
        minutes=0,
        places=shown,
        problems=_problem_lines(around),
        appeared=appeared,
        answered=here.answered,
        total=here.asked,
        saved=_last_saved(view),
        action=around.page,
        crumbs=(RowView(label=OVERVIEW, value="", href=base), RowView(label=view.section.title, value="")),
        back=previous,
        back_label="Vorig onderdeel" if view.previous_id else "Naar het overzicht",
        writable=view.writable,
    )


def _item_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    section_id: str,
    group: str,
    item_id: str,
    problems: Iterable[Problem] = (),
    conflicts: Iterable[Conflict] = (),
    *,
    appeared: int = 0,
) -> SectionPage:
    view = sections.load_section(db, actor, case_id, section_id)
    # Everything about the item stands in its section: asking for it apart would read the case again.
    read = next((one for one in view.questions if one.path == group), None)
    item = next((one for one in read.items if one.item_id == item_id), None) if read is not None else None
    if item is None:
        raise NotFound("no such item in this section")
    around = around_section(actor, view, {p.path: p for p in problems}, {c.path: c for c in conflicts})
    shown = places(around, *page_of(view, AnswerPath(group, item_id)))
    back = f"{around.page}#vraag-{group}"
    moments = [question.saved_at for question in item.questions if question.saved_at]
    return SectionPage(
        shell=frame(request, db, actor, current=around.base),
        title=item.title,
        intro="",
        noun=_noun(view, group),
        number=0,
        count=0,
        minutes=0,
        places=shown,
        problems=_problem_lines(around),
        appeared=appeared,
        answered=sum(question.complete for question in item.questions),
        total=len(item.questions),
        saved=f"Opgeslagen om {dutch_time(max(moments))}" if moments else "",
        action=f"{around.page}/{group}/{item_id}",
        crumbs=(
            RowView(label=OVERVIEW, value="", href=around.base),
            RowView(label=view.section.title, value="", href=back),
            RowView(label=item.title, value=""),
        ),
        back=back,
        back_label=f"Terug naar {view.section.title}",
        writable=item.writable,
    )


def _removed_page(
    request: Request,
    db: Session,
    actor: Actor,
    case_id: str,
    section_id: str,
    group: str,
    item_id: str,
    form: FormData,
    refused: Iterable[Problem],
) -> RemovedItemPage:
    asked, here = library.newest(), f"{base_of(case_id)}/{section_id}"
    typed_in = ((AnswerPath.parse(one.path).question, one.raw) for one in refused)
    return RemovedItemPage(
        shell=frame(request, db, actor, current=base_of(case_id)),
        rows=tuple(
            RowView(label=asked.question(question).label, value=" ".join(raw))
            for question, raw in typed_in
            if asked.question(question).kind in {"text", "long_text", "number", "percentage", "date"} and any(raw)
        ),
        kept=tuple((name, value) for name, value in form.multi_items() if isinstance(value, str)),
        action=f"{here}/{group}/{item_id}/terugzetten",
        cancel=f"{here}#vraag-{group}",
    )


def around_section(
    actor: Actor,
    view: SectionView,
    problems: Mapping[str, Problem] | None = None,
    conflicts: Mapping[str, Conflict] | None = None,
) -> Around:
    """Give what the questions of one section have in common."""
    asked = library.questionnaire_of(view.case)
    return Around(
        base=base_of(view.case.id),
        section=view.section.id,
        questionnaire=asked,
        sources=library.rulebook(asked).sources,
        tier=actor.tier,
        flags=view.flags,
        problems=problems or {},
        conflicts=conflicts or {},
    )


def _noun(view: SectionView, group: str) -> str:
    found = next((question for question in view.section.questions if question.id == group), None)
    if found is None:
        raise NotFound("this group does not stand in this section")
    return getattr(found, "item_noun", "")


def _problem_lines(around: Around) -> tuple[ProblemLine, ...]:
    wrong = [ProblemLine(field_id=dom_id(path), message=p.message) for path, p in around.problems.items()]
    raced = [
        ProblemLine(
            field_id=dom_id(path), message="Dit antwoord is intussen ook ergens anders gewijzigd. Kies wat klopt."
        )
        for path in around.conflicts
    ]
    return (*wrong, *raced)


def _asked_ids(view: SectionView) -> set[str]:
    return {question.path for question in view.questions}


def _empty_lists(view: SectionView) -> set[str]:
    return {one.path for one in view.questions if one.typed == (OPEN_LIST,) and not one.items}


def _last_saved(view: SectionView) -> str:
    moments = [question.saved_at for question in view.questions if question.saved_at]
    return f"Opgeslagen om {dutch_time(max(moments))}" if moments else ""


def _address_of(case_id: str, section_id: str, at: AnswerPath) -> str:
    here = f"{base_of(case_id)}/{section_id}"
    return f"{here}#vraag-{dom_id(str(at))}" if at.item is None else f"{here}/{at.group}/{at.item}"


def _section_line(base: str, line: sections.SectionLine) -> SectionLine:
    if line.corrections:
        status, kind = "Aanvulling gevraagd", "attention"
    elif line.complete:
        status, kind = "Klaar", "ok"
    elif line.started:
        status, kind = "Bezig", "info"
    else:
        status, kind = "Nog niet begonnen", "neutral"
    many = "vraag" if line.asked == 1 else "vragen"
    left = f"nog {line.open} van {line.asked} {many}" if line.open else f"{line.asked} {many} beantwoord"
    return SectionLine(title=line.title, href=f"{base}/{line.id}", status=status, kind=kind, detail=left)


def _principal(actor: Actor) -> str:
    return role_title(Role.PRINCIPAL, actor.tier)
