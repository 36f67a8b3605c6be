"""Files with a case: the candidate adds and removes them, and whoever may read answers downloads them."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.accounts.actor import Actor
from app.usecases import attachments
from app.usecases.attachments import Misplaced
from app.web.cases.attachment_pages import AttachmentsPage, AttachmentView
from app.web.cases.making import base_of
from app.web.cases.views import ProblemLine
from app.web.deps import AppSettings, Candidate, CurrentActor, Db, see_other
from app.web.dossier.files import as_download
from app.web.pages import render
from app.web.shells import frame

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SentFile:
    """What the form for a file sent; empty when it was not that form."""

    filename: str = ""
    subject: str = ""
    body: bytes = b""


async def sent_file(request: Request) -> SentFile:
    """Read the form from memory. A file is written to no disk before it is sealed, not even for a moment."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return SentFile()
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=10)
    # The size of the whole request was limited before this.
    parser.spool_max_size = 1 << 30
    try:
        form = await parser.parse()
    except MultiPartException:
        return SentFile()
    try:
        sent, subject = form.get("bestand"), form.get("onderwerp")
        told = subject.replace("\0", "") if isinstance(subject, str) else ""
        if not isinstance(sent, UploadFile):
            return SentFile(subject=told)
        return SentFile(sent.filename or "", told, await sent.read())
    finally:
        await form.close()


File = Annotated[SentFile, Depends(sent_file)]


@router.get("/vragenlijst/{case_id}/bijlagen")
def show(request: Request, db: Db, settings: AppSettings, actor: Candidate, case_id: str) -> Response:
    """Show the files, and the form to add one."""
    return render(_page(request, db, actor, case_id, settings.attachment_bytes))


@router.post("/vragenlijst/{case_id}/bijlagen")
def add(request: Request, db: Db, settings: AppSettings, actor: Candidate, case_id: str, sent: File) -> Response:
    """Add a file."""
    taken = attachments.add(db, settings, actor, case_id, filename=sent.filename, subject=sent.subject, body=sent.body)
    if isinstance(taken, Misplaced):
        page = _page(request, db, actor, case_id, settings.attachment_bytes, taken, sent.subject)
        return render(page, status=422)
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


def _page(
    request: Request, db: Session, actor: Actor, case_id: str, most_bytes: int,
    wrong: Misplaced | None = None, subject: str = "",
) -> AttachmentsPage:  # fmt: skip
    base = f"{base_of(case_id)}/bijlagen"
    errors = {wrong.field: wrong.message} if wrong else {}
    return AttachmentsPage(
        shell=frame(request, db, actor, current=base),
        files=tuple(
            AttachmentView(
                filename=one.filename,
                subject=one.subject,
                size=f"{max(1, round(one.size / 1000))} kB",
                url=f"/bijlagen/{one.id}",
                remove_url=f"{base}/{one.id}/verwijderen",
            )
            for one in attachments.list_attachments(db, actor, case_id)
        ),
        may_add=attachments.may_add(db, actor, case_id),
        action=base,
        most_megabytes=most_bytes // 1_000_000,
        subject=subject,
        problems=tuple(ProblemLine(field_id=field, message=message) for field, message in errors.items()),
        file_error=errors.get("bestand", ""),
        subject_error=errors.get("onderwerp", ""),
    )
