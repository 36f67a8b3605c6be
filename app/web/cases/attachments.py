"""Files with a case: the candidate adds and removes them, and whoever may read answers downloads them."""

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.usecases import attachments
from app.usecases.attachments import AttachmentLine, Misplaced
from app.web.cases.attached import address, origin
from app.web.cases.attachment_pages import AttachmentsPage, AttachmentView
from app.web.cases.making import base_of
from app.web.cases.views import OptionView, ProblemLine
from app.web.deps import AppSettings, Candidate, CurrentActor, Db, see_other, text_of
from app.web.dossier.files import as_download
from app.web.pages import render
from app.web.sent_files import AGAIN, File, SentFile
from app.web.shells import frame
from app.web.templating import dutch_date
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)


@router.get("/vragenlijst/{case_id}/bijlagen")
def show(request: Request, db: Db, settings: AppSettings, actor: Candidate, case_id: str) -> Response:
    """Show the files, and the form to add one."""
    return render(_page(request, db, actor, case_id, settings.attachment_bytes))


@router.post("/vragenlijst/{case_id}/bijlagen")
def add(request: Request, db: Db, settings: AppSettings, actor: Candidate, case_id: str, sent: File) -> Response:
    """Add a file."""
    subject, about = text_of(sent.form, "onderwerp"), text_of(sent.form, "antwoord")
    taken = attachments.add(
        db, settings, actor, case_id, filename=sent.filename, subject=subject, body=sent.body, about=about
    )
    if isinstance(taken, Misplaced):
        return render(_page(request, db, actor, case_id, settings.attachment_bytes, (taken, sent)), status=422)
    return see_other(f"{base_of(case_id)}/bijlagen?gedaan=toegevoegd")


@router.post("/vragenlijst/{case_id}/bijlagen/{attachment_id}/verwijderen")
def remove(db: Db, actor: Candidate, case_id: str, attachment_id: str) -> Response:
    """Take a file away."""
    attachments.remove(db, actor, case_id, attachment_id)
    return see_other(f"{base_of(case_id)}/bijlagen?gedaan=bijlage-weg")


@router.get("/bijlagen/{attachment_id}")
def fetch(db: Db, actor: CurrentActor, attachment_id: str) -> Response:
    """Hand out a file, always as a download."""
    line, body = attachments.fetch(db, actor, attachment_id)
    return as_download(line.filename, line.media_type, body)


def file_view(line: AttachmentLine, base: str) -> AttachmentView:
    """Show a file on the page with files. `base` is the address of that page."""
    return AttachmentView(
        filename=line.filename,
        subject=line.subject,
        size=f"{max(1, round(line.size / 1000))} kB",
        url=address(line),
        remove_url=f"{base}/{line.id}/verwijderen" if line.removable else "",
        about=line.about_title,
        origin=origin(line),
        added=f"{f'door {line.by_name} ' if line.by_name else ''}op {dutch_date(line.added_at)}",
    )


def wrong_fields(wrong: Misplaced, sent: SentFile) -> dict[str, str]:
    """Give what to say at which field; a file that was sent with it has to be chosen again."""
    return ({"bestand": AGAIN} if sent.body else {}) | {wrong.field: wrong.message}


def _page(
    request: Request, db: Session, actor: Actor, case_id: str, most_bytes: int,
    wrong: tuple[Misplaced, SentFile] | None = None,
) -> AttachmentsPage:  # fmt: skip
    base = f"{base_of(case_id)}/bijlagen"
    errors = wrong_fields(*wrong) if wrong else {}
    lines = attachments.list_attachments(db, actor, case_id)
    may_add = attachments.may_add(db, actor, case_id)
    places = attachments.places(db, actor, case_id) if may_add else {}
    return AttachmentsPage(
        shell=frame(request, db, actor, current=base),
        files=tuple(file_view(one, base) for one in lines if one.of_candidate),
        theirs=tuple(file_view(one, base) for one in lines if not one.of_candidate),
        may_add=may_add,
        action=base,
        most_megabytes=most_bytes // 1_000_000,
        places=tuple(OptionView(id=path, label=title) for path, title in places.items()),
        typed=Reading(wrong[1].form).typed if wrong else {},
        problems=tuple(ProblemLine(field_id=field, message=message) for field, message in errors.items()),
        errors=errors,
    )
