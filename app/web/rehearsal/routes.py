"""The addresses of a rehearsal: where it begins, what takes every form, what gives the file and what opens it.

None of them asks for a database, a session or a cookie.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData, UploadFile

from app.errors import NotFound
from app.questionnaires.context import OFFICE_OF_TIER, AskedScope, CaseContext, LegalFrame, Tier, YesOrNo
from app.usecases import carrying, rehearsing
from app.usecases.answering import Problem
from app.usecases.lines import today
from app.usecases.rehearsing import Rehearsal
from app.web.cases.forms import typed_page
from app.web.deps import Sent, text_of, texts_of
from app.web.pages import render
from app.web.public.words import AUTHORITIES
from app.web.rehearsal.mapping import (
    item_of,
    item_page,
    office_page,
    overview_page,
    remove_page,
    result_page,
    section_page,
    start_page,
)
from app.web.rehearsal.pages import RehearsalSectionPage
from app.web.typed import Reading

router = APIRouter(prefix="/proef", include_in_schema=False)

FILE_NAME: Final = "toetssteen-proef.json"
LARGEST_FILE: Final = 500_000
"""Bytes. A questionnaire with every text filled to the brim stays well below; it must fit in a form afterwards."""

_LOST = "Wij konden uw antwoorden niet lezen. Open het bestand met uw antwoorden, of begin opnieuw."
NO_FILE = "Dit is geen bestand met antwoorden uit een proef. Kies het bestand dat u eerder hier opsloeg."


@dataclass(frozen=True, slots=True)
class _Step:
    """Where a form came from or where its button leads: "deel:companies", "ding:companies:i1", "overzicht"."""

    what: str
    group: str = ""
    item: str = ""

    @classmethod
    def read(cls, text: str) -> "_Step":
        what, _, rest = text.partition(":")
        group, _, item = rest.partition(":")
        return cls(what, group, item)


@router.get("")
def start(request: Request) -> Response:
    """Say what a rehearsal is, and ask for which kind of authority."""
    return render(start_page(request))


@router.post("")
def step(request: Request, form: Sent) -> Response:
    """Take in what one page sent, and show the page its button leads to."""
    came, goes = _Step.read(text_of(form, "hier")), _Step.read(text_of(form, "naar"))
    bundle = text_of(form, "proef")
    rehearsal = carrying.taken_up(bundle) if bundle else None
    if bundle and rehearsal is None:
        return render(start_page(request, error=_LOST), status=422)
    if came.what == "begin":
        return _begun(request, form)
    if came.what == "ambt":
        return _office(request, form, rehearsal)
    if rehearsal is None:
        return render(start_page(request, error=_LOST), status=422)
    if came.what in {"deel", "ding"}:
        return _answered(request, form, rehearsal, came, goes)
    return _shown(request, rehearsal, goes)


@router.post("/antwoorden")
def keep(request: Request, form: Sent) -> Response:
    """Give the answers as a file: the person keeps it, we do not."""
    rehearsal = carrying.taken_up(text_of(form, "proef"))
    if rehearsal is None:
        return render(start_page(request, error=_LOST), status=422)
    return Response(
        carrying.as_file(rehearsal),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{FILE_NAME}"'},
    )


async def sent_file(request: Request) -> str | None:
    """Give the text of the file a form sent, read from memory and never written anywhere.

    Empty when no file was chosen; `None` when it is too large or no text.
    """
    if len(await request.body()) > LARGEST_FILE:
        return None
    # Below this size a file stays in memory: it is written to no disk, not even for a moment.
    async with request.form(max_files=1, max_fields=10) as form:
        sent = form.get("bestand")
        if not isinstance(sent, UploadFile):
            return ""
        try:
            return (await sent.read()).decode("utf-8-sig").replace("\0", "")
        except UnicodeDecodeError:
            return None


@router.post("/openen")
def open_kept(request: Request, text: Annotated[str | None, Depends(sent_file)]) -> Response:
    """Go on with a file that somebody kept."""
    opened = carrying.open_file(text, today()) if text else None
    if opened is None:
        error = "Kies eerst een bestand." if text == "" else NO_FILE
        return render(start_page(request, file_error=error), status=422)
    return render(overview_page(request, opened.rehearsal, opened.left_out))


def _begun(request: Request, form: FormData) -> Response:
    authority = text_of(form, "voor")
    if authority not in AUTHORITIES:
        return render(start_page(request, error="Kies eerst een organisatie."), status=422)
    return render(office_page(request, AUTHORITIES[authority], None))


def _office(request: Request, form: FormData, rehearsal: Rehearsal | None) -> Response:
    tier = AUTHORITIES.get(text_of(form, "voor"))
    if tier is None:
        return render(start_page(request, error="Kies eerst een organisatie."), status=422)
    typed = Reading(form)
    context = _context(typed, form, tier)
    if typed.errors:
        page = office_page(request, tier, rehearsal, typed.typed, texts_of(form, "portefeuille"), typed.errors)
        return render(page, status=422)
    known = rehearsing.begin(context) if rehearsal is None else rehearsing.with_context(rehearsal, context)
    return render(overview_page(request, known))


def _context(typed: Reading, form: FormData, tier: Tier) -> CaseContext:
    offered = [one.id for one in rehearsing.policy_fields(tier)]
    chosen = texts_of(form, "portefeuille")
    return CaseContext(
        tier=tier,
        office=OFFICE_OF_TIER[tier],
        as_of=today(),
        full_time=_yes_no(typed.text("voltijd")),
        portfolio=tuple(one for one in offered if one in chosen) or None,
        appointment_date=typed.day("benoeming"),
        legal_frame=typed.choice("recht", LegalFrame) or LegalFrame.IN_FORCE,
        reappointment=_yes_no(typed.text("herbenoeming")),
        scope=typed.choice("omvang", AskedScope) or AskedScope.PRACTICE,
        verification="no",
    )


def _yes_no(text: str) -> YesOrNo | None:
    match text:
        case "yes" | "no":
            return text
        case _:
            return None


def _answered(request: Request, form: FormData, before: Rehearsal, came: _Step, goes: _Step) -> Response:
    """Take in the answers of a page; stay there while something is wrong, or when the answers brought up a question."""
    after, problems = rehearsing.save_page(before, typed_page(form))
    if problems:
        return render(_same(request, after, came, problems), status=422)
    forward = goes.what in {"deel", "uitkomst"} and text_of(form, "vooruit") == text_of(form, "naar")
    appeared = _appeared(before, after, came)
    if goes.what == "hier" or (forward and appeared):
        return render(_same(request, after, came, (), appeared=appeared))
    return _shown(request, after, goes)


def _same(
    request: Request, rehearsal: Rehearsal, came: _Step, problems: tuple[Problem, ...], *, appeared: int = 0
) -> RehearsalSectionPage:
    if came.what == "ding":
        return item_page(request, rehearsal, came.group, came.item, problems, appeared=appeared)
    return section_page(request, rehearsal, came.group, problems, appeared=appeared)


def _appeared(before: Rehearsal, after: Rehearsal, came: _Step) -> int:
    """Count the questions that the answers brought up on the page they were given on."""
    return len(_asked(after, came) - _asked(before, came))


def _asked(rehearsal: Rehearsal, came: _Step) -> set[str]:
    if came.what == "ding":
        return {question.path for question in item_of(rehearsal, came.group, came.item).questions}
    view = rehearsing.section(rehearsal, rehearsing.reading(rehearsal), came.group)
    # A list that was just said to hold something, and holds nothing yet, is a question that appeared too.
    empty = {f"{one.path}[]" for one in view.questions if one.typed == ("yes",) and not one.items}
    return {one.path for one in view.questions} | empty


def _shown(request: Request, rehearsal: Rehearsal, goes: _Step) -> Response:
    """Show the page a button leads to. Raises NotFound for one that does not exist."""
    pages: dict[str, Callable[[], Response]] = {
        "overzicht": lambda: render(overview_page(request, rehearsal)),
        "uitkomst": lambda: render(result_page(request, rehearsal)),
        "ambt": lambda: render(office_page(request, rehearsal.context.tier, rehearsal)),
        "deel": lambda: render(section_page(request, rehearsal, goes.group)),
        "ding": lambda: render(item_page(request, rehearsal, goes.group, goes.item)),
        "weg": lambda: render(remove_page(request, rehearsal, goes.group, goes.item)),
        "verwijder": lambda: _removed(request, rehearsal, goes),
        "nieuw": lambda: _added(request, rehearsal, goes),
        "vertel": lambda: _told(request, rehearsal, goes, tell=True),
        "zwijg": lambda: _told(request, rehearsal, goes, tell=False),
    }
    if goes.what not in pages:
        raise NotFound("no such page")
    return pages[goes.what]()


def _removed(request: Request, rehearsal: Rehearsal, goes: _Step) -> Response:
    left = rehearsing.remove_item(rehearsal, goes.group, goes.item)
    return render(section_page(request, left, left.questionnaire.section_of[goes.group].id))


def _told(request: Request, rehearsal: Rehearsal, goes: _Step, *, tell: bool) -> Response:
    changed = rehearsing.tell_more(rehearsal, goes.group, tell=tell)
    return render(section_page(request, changed, goes.group) if tell else overview_page(request, changed))


def _added(request: Request, rehearsal: Rehearsal, goes: _Step) -> Response:
    more, item_id = rehearsing.add_item(rehearsal, goes.group)
    if not item_id:
        return render(section_page(request, more, more.questionnaire.section_of[goes.group].id, full=True))
    return render(item_page(request, more, goes.group, item_id))
