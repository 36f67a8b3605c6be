"""Working notes of reviewers: reading, writing, changing, and taking away after being asked once."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.decisions import FlagKey
from app.usecases import notes
from app.usecases.notes import CaseNotes, NoteLine
from app.usecases.texts import TEXT_LENGTH
from app.web.cases.views import ProblemLine
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.review.mapping import base_of
from app.web.review.note_pages import NotePage, NotesPage, NotesView, NoteView, RemoveNotePage
from app.web.shells import frame
from app.web.templating import dutch_moment
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling/notities", include_in_schema=False)

_SHARED = "shared"
_EMPTY = "Schrijf eerst uw notitie op."
_LONG = "Deze notitie is te lang. Maak haar korter dan 5.000 tekens."
_FROZEN = "De conclusie is vastgesteld, of de zaak is voorbij. U kunt notities nog lezen, maar niet meer veranderen."


@router.get("")
def show(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show every note of a case that the reader may read."""
    return render(_all(request, db, actor, case_id))


@router.post("")
def write(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Write a note about the case, or about a flag of it, and go back to where it was written."""
    read, text = _read(form)
    rule, item = text_of(form, "rule"), text_of(form, "item") or None
    if read.errors:
        return render(_all(request, db, actor, case_id, read), status=422)
    notes.write(db, actor, case_id, text, shared=_shared(read), flag=(rule, item) if rule else None)
    base = base_of(case_id)
    if text_of(form, "hier") == "alle":
        return see_other(f"{base}/notities?gedaan=opgeslagen")
    back = f"{base}/signaal/{rule}/{item or '-'}" if rule else base
    return see_other(f"{back}?gedaan=opgeslagen#notities")


@router.get("/{note_id}")
def edit(request: Request, db: Db, actor: Staff, case_id: str, note_id: str) -> Response:
    """Show a note of one's own in a form."""
    return render(_edit(request, db, actor, case_id, note_id))


@router.post("/{note_id}")
def change(request: Request, db: Db, actor: Staff, case_id: str, note_id: str, form: Sent) -> Response:
    """Change a note of one's own."""
    read, text = _read(form)
    if read.errors:
        return render(_edit(request, db, actor, case_id, note_id, read), status=422)
    notes.change(db, actor, case_id, note_id, text, shared=_shared(read))
    return see_other(f"{base_of(case_id)}/notities?gedaan=opgeslagen")


@router.get("/{note_id}/verwijderen")
def ask_remove(request: Request, db: Db, actor: Staff, case_id: str, note_id: str) -> Response:
    """Ask before a note goes."""
    case, line = notes.own_note(db, actor, case_id, note_id)
    base = f"{base_of(case_id)}/notities"
    page = RemoveNotePage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=case.candidate_name,
        text=line.text,
        shared=line.shared,
        action=f"{base}/{note_id}/verwijderen",
        cancel=base,
    )
    return render(page)


@router.post("/{note_id}/verwijderen")
def remove(db: Db, actor: Staff, case_id: str, note_id: str) -> Response:
    """Take a note of one's own away."""
    notes.remove(db, actor, case_id, note_id)
    return see_other(f"{base_of(case_id)}/notities?gedaan=notitie-weg")


def notes_view(
    found: CaseNotes, lines: tuple[NoteLine, ...], flag: FlagKey | None, *, everything: bool = False
) -> NotesView:
    """Show notes about a case or about a flag, with the form for one more."""
    base = f"{base_of(found.case.id)}/notities"
    rule, item = flag or ("", None)
    return NotesView(
        lines=tuple(_view(line, found, everything=everything) for line in lines),
        action=base if found.may_write else "",
        frozen="" if found.may_write else _FROZEN,
        rule=rule,
        item=item or "",
        back="alle" if everything else "",
        all_url="" if everything else base,
        all_count=len(found.lines),
        typed="",
        shared=False,
        error="",
    )


def _view(line: NoteLine, found: CaseNotes, *, everything: bool) -> NoteView:
    base = base_of(found.case.id)
    rule, item = line.flag or ("", None)
    mine = line.own and found.may_write
    whose = "Uw notitie" if line.own else f"Notitie van {line.by_name}"
    moment = f"gewijzigd {dutch_moment(line.changed_at)}" if line.changed_at else dutch_moment(line.at)
    return NoteView(
        id=f"notitie-{line.id}".lower(),
        title=f"{whose}, {moment}",
        text=line.text,
        readers="Gedeeld met de andere beoordelaars" if line.shared else "Alleen voor u",
        shared=line.shared,
        about=line.about if everything and line.flag else "",
        about_url=f"{base}/signaal/{rule}/{item or '-'}" if everything and line.flag and line.holds else "",
        edit=f"{base}/notities/{line.id}" if mine else "",
        remove=f"{base}/notities/{line.id}/verwijderen" if mine else "",
    )


def _all(request: Request, db: Session, actor: Actor, case_id: str, read: Reading | None = None) -> NotesPage:
    found = notes.notes_of(db, actor, case_id)
    shown = notes_view(found, found.lines, _flag_of(read), everything=True)
    if read is not None:
        shown = replace(shown, typed=read.typed.get("note", ""), shared=_shared(read), error=read.errors["note"])
    return NotesPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=found.case.candidate_name,
        back=base_of(case_id),
        notes=shown,
        problems=_problems(read),
    )


def _flag_of(read: Reading | None) -> FlagKey | None:
    rule = text_of(read.form, "rule") if read else ""
    return (rule, text_of(read.form, "item") or None) if read and rule else None


def _edit(
    request: Request, db: Session, actor: Actor, case_id: str, note_id: str, read: Reading | None = None
) -> NotePage:
    case, line = notes.own_note(db, actor, case_id, note_id)
    return NotePage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=case.candidate_name,
        back=f"{base_of(case_id)}/notities",
        action=f"{base_of(case_id)}/notities/{note_id}",
        about=line.about,
        typed=read.typed.get("note", "") if read else line.text,
        shared=_shared(read) if read else line.shared,
        error=read.errors.get("note", "") if read else "",
        problems=_problems(read),
    )


def _read(form: Sent) -> tuple[Reading, str]:
    read = Reading(form)
    text = read.text("note", _EMPTY)
    if len(text) > TEXT_LENGTH:
        read.errors["note"] = _LONG
    return read, text


def _shared(read: Reading) -> bool:
    return text_of(read.form, "readers") == _SHARED


def _problems(read: Reading | None) -> tuple[ProblemLine, ...]:
    return tuple(ProblemLine(field_id="notitie", message=one) for one in read.errors.values()) if read else ()
