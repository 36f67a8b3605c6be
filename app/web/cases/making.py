"""Making the pages of the questionnaire: a section, an item, and an item that is gone."""

from collections.abc import Iterable, Mapping

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import FormData

from app.accounts.actor import Actor
from app.errors import NotFound
from app.questionnaires.answers import AnswerPath
from app.usecases import attachments, library, sections
from app.usecases.answering import Conflict, Problem
from app.usecases.questions import counted
from app.usecases.sections import SectionView
from app.web.cases.attached import at_item, at_questions
from app.web.cases.mapping import Around, places
from app.web.cases.pages import RemovedItemPage, SectionPage
from app.web.cases.parts import page_of
from app.web.cases.views import ProblemLine, RowView
from app.web.shells import frame
from app.web.templating import dom_id, dutch_time

OVERVIEW = "Uw vragenlijst"


def base_of(case_id: str) -> str:
    """Give the address of a questionnaire."""
    return f"/vragenlijst/{case_id}"


def section_page(
    request: Request,
    db: Session,
    actor: Actor,
    view: SectionView,
    problems: Iterable[Problem] = (),
    conflicts: Iterable[Conflict] = (),
    *,
    appeared: int = 0,
) -> SectionPage:
    """Make the page of one section. `appeared` tells how many questions the last save brought up."""
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
        attached=at_questions(attachments.list_attachments(db, actor, view.case.id), view),
    )


def item_page(
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
    """Make the page of one item. Raises NotFound when it does not stand in this section."""
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
    answered, total = counted(item.questions)
    return SectionPage(
        shell=frame(request, db, actor, current=around.base),
        title=item.title,
        intro="",
        noun=noun_of(view, group),
        number=0,
        count=0,
        minutes=0,
        places=shown,
        problems=_problem_lines(around),
        appeared=appeared,
        answered=answered,
        total=total,
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
        attached=at_item(attachments.list_attachments(db, actor, case_id), f"{group}[{item_id}]"),
    )


def removed_page(
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
    """Make the page for somebody who answered about an item that was removed meanwhile."""
    case = sections.task_list(db, actor, case_id).case
    asked, here = library.questionnaire_of(case), f"{base_of(case_id)}/{section_id}"
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
        clerk_reads=actor.clerk_reads,
    )


def noun_of(view: SectionView, group: str) -> str:
    """Give what one item of this list is called. Raises NotFound for a list of another section."""
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


def _last_saved(view: SectionView) -> str:
    moments = [question.saved_at for question in view.questions if question.saved_at]
    return f"Opgeslagen om {dutch_time(max(moments))}" if moments else ""
