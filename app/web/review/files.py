"""Files that reviewers add to a case: showing, adding with where it comes from, and taking away after being asked once."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.questionnaires.kinds import Source
from app.usecases import reviewer_files
from app.usecases.attachments import NO_SUBJECT, FileSource, Misplaced, NewFile
from app.usecases.records import SOURCE_TITLES
from app.web.cases.attachments import file_view, wrong_fields
from app.web.cases.views import OptionView, ProblemLine
from app.web.deps import AppSettings, Db, Staff, see_other, text_of
from app.web.pages import render
from app.web.review.file_pages import FilesPage, RemoveFilePage
from app.web.review.mapping import base_of
from app.web.sent_files import AGAIN, File
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(prefix="/zaken/{case_id}/beoordeling/bijlagen", include_in_schema=False)

_FROZEN = (
    "U kunt nu geen bestand toevoegen. De kandidaat moet er in het wederhoor op kunnen reageren. Kreeg u iets na het "
    "concept? Zet de zaak dan eerst terug naar de beoordeling. Na de conclusie verandert er niets meer aan de bijlagen."
)


@router.get("")
def show(request: Request, db: Db, settings: AppSettings, actor: Staff, case_id: str) -> Response:
    """Show the files of a case, and the form to add one."""
    return render(_page(request, db, actor, case_id, settings.attachment_bytes))


@router.post("")
def add(request: Request, db: Db, settings: AppSettings, actor: Staff, case_id: str, sent: File) -> Response:
    """Add a file, with where it comes from."""
    read = Reading(sent.form)
    kind = read.choice("soort", Source, "Kies wat voor bron dit is.")
    origin = read.text("herkomst", reviewer_files.NO_ORIGIN)
    on = read.day("datum", required="Vul in wanneer u dit vond of kreeg.")
    subject = read.text("onderwerp", NO_SUBJECT)
    if not read.errors and kind is not None and on is not None:
        new = NewFile(sent.filename, subject, sent.body, text_of(sent.form, "antwoord"))
        taken = reviewer_files.add(db, settings, actor, case_id, new, FileSource(kind, origin, on))
        if not isinstance(taken, Misplaced):
            return see_other(f"{base_of(case_id)}/bijlagen?gedaan=toegevoegd")
        read.errors |= wrong_fields(taken, sent)
    elif sent.body:
        read.errors["bestand"] = AGAIN
    return render(_page(request, db, actor, case_id, settings.attachment_bytes, read), status=422)


@router.get("/{file_id}/verwijderen")
def ask_remove(request: Request, db: Db, actor: Staff, case_id: str, file_id: str) -> Response:
    """Ask before a file goes."""
    case, line = reviewer_files.own_file(db, actor, case_id, file_id)
    base = f"{base_of(case_id)}/bijlagen"
    page = RemoveFilePage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=case.candidate_name,
        subject=line.subject,
        filename=line.filename,
        action=f"{base}/{file_id}/verwijderen",
        cancel=base,
    )
    return render(page)


@router.post("/{file_id}/verwijderen")
def remove(db: Db, actor: Staff, case_id: str, file_id: str) -> Response:
    """Take a file away that one added."""
    reviewer_files.remove(db, actor, case_id, file_id)
    return see_other(f"{base_of(case_id)}/bijlagen?gedaan=bijlage-weg")


def _page(
    request: Request, db: Session, actor: Actor, case_id: str, most_bytes: int, read: Reading | None = None
) -> FilesPage:
    found = reviewer_files.files_of(db, actor, case_id)
    base = f"{base_of(case_id)}/bijlagen"
    errors = read.errors if read else {}
    return FilesPage(
        shell=frame(request, db, actor, current="/werklijst"),
        name=found.case.candidate_name,
        back=base_of(case_id),
        ours=tuple(file_view(one, base) for one in found.lines if not one.of_candidate),
        theirs=tuple(file_view(one, base) for one in found.lines if one.of_candidate),
        action=base if found.may_add else "",
        frozen="" if found.may_add else _FROZEN,
        most_megabytes=most_bytes // 1_000_000,
        kinds=tuple(OptionView(id=kind.value, label=title) for kind, title in SOURCE_TITLES.items()),
        places=tuple(OptionView(id=path, label=title) for path, title in found.places.items()),
        typed=read.typed if read else {},
        problems=tuple(ProblemLine(field_id=name, message=message) for name, message in errors.items()),
        errors=errors,
    )
