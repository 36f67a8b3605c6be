"""From a rehearsal to its pages."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from fastapi import Request

from app.conditions.dates import PartialDate
from app.conditions.prose import date_text
from app.errors import NotFound
from app.questionnaires.context import AskedScope, CaseContext, LegalFrame, Tier
from app.questionnaires.kinds import Group
from app.questionnaires.wording import fill
from app.usecases import carrying, rehearsing
from app.usecases.answering import Problem
from app.usecases.assessing import CaseReading
from app.usecases.flags import FlagView
from app.usecases.questions import ItemView as ItemRead
from app.usecases.questions import QuestionView as QuestionRead
from app.usecases.questions import counted
from app.usecases.rehearsing import Rehearsal
from app.usecases.telling_more import subjects
from app.web.cases.lines import standing_of, subject_line
from app.web.cases.mapping import Around, insight, item_rows, places
from app.web.cases.views import FieldView, InsightView, NormView, OptionView, ProblemLine, QuestionView, RowView
from app.web.public.words import AUTHORITIES, AUTHORITY_LABELS
from app.web.rehearsal.pages import (
    RehearsalFlag,
    RehearsalItem,
    RehearsalLine,
    RehearsalOfficePage,
    RehearsalOverviewPage,
    RehearsalPlace,
    RehearsalRemovePage,
    RehearsalResultPage,
    RehearsalSectionPage,
    RehearsalStartPage,
)
from app.web.shells import door
from app.web.templating import dom_id, dutch_date

_YES_NO = {"yes": "Ja", "no": "Nee", None: "Nog niet bekend"}
_ALONE = (
    ("De organisatie vult nog in:", "Vul bij het ambt nog in:"),
    ("De beoordelaar zoekt hiervoor nog iets op.", "Bij een echte kandidatuur zoekt een beoordelaar hiervoor iets op."),
    (
        "Een beoordelaar weegt nog of de norm hier geldt.",
        "Bij een echte kandidatuur weegt een beoordelaar of de norm hier geldt.",
    ),
)
"""What candidates read about what is still needed, and what is said here instead."""
_TIME = {"yes": "Voltijd", "no": "Deeltijd", None: "Nog niet bekend"}


def start_page(request: Request, *, authority: str = "", error: str = "", file_error: str = "") -> RehearsalStartPage:
    """Make the first page."""
    return RehearsalStartPage(
        shell=door(request),
        authorities=tuple(OptionView(id=slug, label=AUTHORITY_LABELS[tier]) for slug, tier in AUTHORITIES.items()),
        authority=authority,
        error=error,
        file_error=file_error,
    )


def office_page(
    request: Request,
    tier: Tier,
    rehearsal: Rehearsal | None,
    typed: Mapping[str, str] | None = None,
    portfolio: tuple[str, ...] = (),
    errors: Mapping[str, str] | None = None,
) -> RehearsalOfficePage:
    """Ask for the office somebody thinks of; with what was typed when something was wrong."""
    context = rehearsal.context if rehearsal else None
    typed, errors = typed or {}, errors or {}
    offered = rehearsing.policy_fields(tier)
    known = context.portfolio or () if context else ()
    day = context.appointment_date if context else None
    return RehearsalOfficePage(
        shell=door(request),
        bundle=carrying.carried(rehearsal) if rehearsal else "",
        authority=next(slug for slug, one in AUTHORITIES.items() if one is tier),
        authority_label=AUTHORITY_LABELS[tier],
        fields=tuple(OptionView(id=one.id, label=fill(one.label, tier), help=fill(one.help, tier)) for one in offered),
        portfolio=portfolio or known,
        full_time=typed.get("voltijd", (context.full_time or "") if context else ""),
        appointment=typed.get("benoeming", f"{day.day}-{day.month}-{day.year}" if day else ""),
        reappointment=typed.get("herbenoeming", (context.reappointment or "") if context else ""),
        scope=typed.get("omvang", context.scope.value if context else AskedScope.PRACTICE.value),
        legal_frame=typed.get("recht", context.legal_frame.value if context else LegalFrame.IN_FORCE.value),
        problems=tuple(ProblemLine(field_id=name, message=message) for name, message in errors.items()),
        appointment_error=errors.get("benoeming", ""),
    )


def overview_page(request: Request, rehearsal: Rehearsal, left_out: Iterable[str] = ()) -> RehearsalOverviewPage:
    """Show every section with what is answered."""
    look = rehearsing.reading(rehearsal)
    lines = rehearsing.sections(rehearsal, look)
    return RehearsalOverviewPage(
        shell=door(request),
        bundle=carrying.carried(rehearsal),
        case=_case(rehearsal),
        sections=tuple(_line(line) for line in lines),
        answered=sum(line.answered for line in lines),
        total=sum(line.asked for line in lines),
        left_out=named(rehearsal, left_out),
        subjects=tuple(
            subject_line(one, f"{'zwijg' if one.told else 'vertel'}:{one.section}") for one in subjects(look)
        ),
    )


def named(rehearsal: Rehearsal, paths: Iterable[str]) -> tuple[str, ...]:
    """Name answers by their question; one that this questionnaire does not know keeps the name it has in the file."""
    known = rehearsal.questionnaire.questions
    ids = (path.partition("[")[0] + (path.partition("]")[2] if "[" in path else "") for path in paths)
    labels = (fill(known[one].label, rehearsal.context.tier) if one in known else f"‘{one[:60]}’" for one in ids)
    return tuple(dict.fromkeys(labels))


def section_page(
    request: Request,
    rehearsal: Rehearsal,
    section_id: str,
    problems: Iterable[Problem] = (),
    *,
    appeared: int = 0,
    full: bool = False,
) -> RehearsalSectionPage:
    """Show one section. Raises NotFound when there is none of that name."""
    look = rehearsing.reading(rehearsal)
    view = rehearsing.section(rehearsal, look, section_id)
    around = _around(look, section_id, view.flags, problems)
    order = tuple(question.id for question in view.section.questions)
    return RehearsalSectionPage(
        shell=door(request),
        bundle=carrying.carried(rehearsal),
        here=f"deel:{section_id}",
        title=view.section.title,
        intro=view.section.intro,
        number=view.number,
        count=view.of,
        noun="",
        places=_places(around, order, view.questions),
        problems=_problem_lines(around),
        appeared=appeared,
        full=full,
        answered=view.here.answered,
        total=view.here.asked,
        forward=f"deel:{view.next_id}" if view.next_id else "uitkomst",
        back=f"deel:{view.previous_id}" if view.previous_id else "overzicht",
    )


def item_page(
    request: Request,
    rehearsal: Rehearsal,
    group_id: str,
    item_id: str,
    problems: Iterable[Problem] = (),
    *,
    appeared: int = 0,
) -> RehearsalSectionPage:
    """Show one item of a list. Raises NotFound when it is not there."""
    look = rehearsing.reading(rehearsal)
    section_id = rehearsal.questionnaire.section_of[rehearsing.group_of(rehearsal, group_id).id].id
    view = rehearsing.section(rehearsal, look, section_id)
    item = item_of(rehearsal, group_id, item_id, look)
    group = look.worded.groups[group_id]
    around = _around(look, section_id, view.flags, problems)
    order = tuple(f"{group_id}[{item_id}].{field.field}" for field in group.questions)
    answered, total = counted(item.questions)
    return RehearsalSectionPage(
        shell=door(request),
        bundle=carrying.carried(rehearsal),
        here=f"ding:{group_id}:{item_id}",
        title=item.title,
        intro="",
        number=0,
        count=0,
        noun=group.item_noun,
        places=_places(around, order, item.questions),
        problems=_problem_lines(around),
        appeared=appeared,
        full=False,
        answered=answered,
        total=total,
        forward=f"deel:{section_id}",
        back=f"deel:{section_id}",
    )


def remove_page(request: Request, rehearsal: Rehearsal, group_id: str, item_id: str) -> RehearsalRemovePage:
    """Ask before an item goes. Raises NotFound when it is not there."""
    item = item_of(rehearsal, group_id, item_id)
    section = rehearsal.questionnaire.section_of[group_id].id
    return RehearsalRemovePage(
        shell=door(request),
        bundle=carrying.carried(rehearsal),
        title=item.title,
        noun=rehearsing.group_of(rehearsal, group_id).item_noun,
        go=f"verwijder:{group_id}:{item_id}",
        back=f"deel:{section}",
    )


def result_page(request: Request, rehearsal: Rehearsal) -> RehearsalResultPage:
    """Show what the rules say."""
    found = rehearsing.result(rehearsal, rehearsing.reading(rehearsal))
    return RehearsalResultPage(
        shell=door(request),
        bundle=carrying.carried(rehearsal),
        case=_case(rehearsal),
        certain=tuple(_flag(flag) for flag in found.certain),
        possible=tuple(_flag(flag) for flag in found.possible),
        waiting=found.waiting,
        answered=found.answered,
        total=found.asked,
    )


def item_of(rehearsal: Rehearsal, group_id: str, item_id: str, look: CaseReading | None = None) -> ItemRead:
    """Give one item with what is asked about it now. Raises NotFound when it is not there."""
    group = rehearsing.group_of(rehearsal, group_id)
    section_id = rehearsal.questionnaire.section_of[group.id].id
    view = rehearsing.section(rehearsal, look or rehearsing.reading(rehearsal), section_id)
    read = next((one for one in view.questions if one.path == group_id), None)
    item = next((one for one in read.items if one.item_id == item_id), None) if read else None
    if item is None:
        raise NotFound("no such item")
    return item


def _around(look: CaseReading, section_id: str, flags: tuple[FlagView, ...], problems: Iterable[Problem]) -> Around:
    return Around(
        base="/proef",
        section=section_id,
        questionnaire=look.questionnaire,
        sources=look.rulebook.sources,
        tier=look.context.tier.value,
        flags=flags,
        problems={one.path: one for one in problems},
        autosave=False,
    )


def _places(around: Around, order: tuple[str, ...], read: tuple[QuestionRead, ...]) -> tuple[RehearsalPlace, ...]:
    asked = {one.path: one for one in read}
    shown = zip(order, places(around, order, read), strict=True)
    return tuple(_place(asked.get(path), _unkept(view)) for path, view in shown)


def _place(read: QuestionRead | None, view: QuestionView) -> RehearsalPlace:
    group = read.question if read is not None and isinstance(read.question, Group) else None
    return RehearsalPlace(
        place=view,
        noun=group.item_noun if group else "",
        items=tuple(_item(item) for item in read.items) if read else (),
        add=f"nieuw:{group.id}" if group else "",
    )


def _unkept(view: QuestionView) -> QuestionView:
    """Leave out who reads an answer and how long it stays: here nobody does and it does not.

    A norm is named without its address: whoever follows a link away from the page loses what they filled in.
    """
    view = replace(view, insights=tuple(_alone(one) for one in view.insights))
    if view.single is not None:
        return replace(view, single=_bare(view.single))
    if view.group is not None:
        return replace(view, group=replace(view.group, gate=_bare(view.group.gate)))
    return view


def _alone(found: InsightView) -> InsightView:
    """Say what is still needed to somebody who has no organisation and no reviewer beside them."""
    sentences = list(found.settles)
    for theirs, ours in _ALONE:
        sentences = [one.replace(theirs, ours) for one in sentences]
    return replace(found, settles=tuple(sentences))


def _bare(field: FieldView) -> FieldView:
    norms = tuple(NormView(label=one.label) for one in field.norms)
    # Without its wording the question is not remembered as the one that candidates see.
    return replace(field, readers="", kept="", sources="", norms=norms, wording=None)


def _item(item: ItemRead) -> RehearsalItem:
    return RehearsalItem(
        title=item.title,
        id=f"{item.group}-{item.item_id}",
        rows=item_rows(item),
        edit=f"ding:{item.group}:{item.item_id}",
        remove=f"weg:{item.group}:{item.item_id}",
        complete=item.complete,
    )


def _problem_lines(around: Around) -> tuple[ProblemLine, ...]:
    return tuple(ProblemLine(field_id=dom_id(path), message=one.message) for path, one in around.problems.items())


def _line(line: rehearsing.RehearsedLine) -> RehearsalLine:
    status, kind, detail = standing_of(line)
    return RehearsalLine(title=line.title, go=f"deel:{line.id}", status=status, kind=kind, detail=detail)


def _case(rehearsal: Rehearsal) -> tuple[RowView, ...]:
    context = rehearsal.context
    return tuple(RowView(label=label, value=value) for label, value in _told(context))


def _told(context: CaseContext) -> tuple[tuple[str, str], ...]:
    labels = {one.id: fill(one.label, context.tier) for one in rehearsing.policy_fields(context.tier)}
    day = context.appointment_date
    return (
        ("Organisatie", AUTHORITY_LABELS[context.tier]),
        ("Portefeuille", ", ".join(labels[one] for one in context.portfolio or ()) or "Nog niet bekend"),
        ("Tijd voor het ambt", _TIME[context.full_time]),
        ("Benoeming", date_text(PartialDate.of(day)) if day else "Nog niet bekend"),
        ("Herbenoeming", _YES_NO[context.reappointment]),
        (
            "Recht",
            "Het recht van nu, met wetsvoorstel 36892 ernaast (nog geen wet)"
            if context.legal_frame is LegalFrame.BILL_36892
            else "Het recht van nu",
        ),
        ("Bekeken op", dutch_date(context.as_of)),
    )


def _flag(flag: FlagView) -> RehearsalFlag:
    return RehearsalFlag(
        insight=_alone(insight(flag)),
        id=flag.anchor,
        subject=flag.subject_title,
        href=f"/regels/{flag.rule}",
        proposal=flag.proposal,
        quotes=tuple((quote.question, quote.answer) for quote in flag.quotes),
        norms=tuple(NormView(label=one.text, href=one.url) for one in flag.norms),
        consequence=flag.consequence,
        advice=flag.advice,
    )
