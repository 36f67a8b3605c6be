"""The copy of everything for the candidate: what is in it, and the file itself."""

from fastapi import APIRouter, Request, Response

from app.usecases import cases, own_copy
from app.web.deps import AppSettings, Candidate, Db
from app.web.dossier.files import as_download
from app.web.pages import render
from app.web.rights.pages import OwnCopyPage
from app.web.shells import frame

router = APIRouter(prefix="/vragenlijst/{case_id}/inzage", include_in_schema=False)


@router.get("")
def show(request: Request, db: Db, actor: Candidate, case_id: str) -> Response:
    """Explain what the copy holds, before it is downloaded."""
    status = cases.status_page(db, actor, case_id)
    base = f"/vragenlijst/{case_id}"
    page = OwnCopyPage(
        shell=frame(request, db, actor, current=f"{base}/stand"),
        back=f"{base}/stand",
        file_url=f"{base}/inzage/bestand",
        reference=status.case.reference,
        left_out=own_copy.left_out(db, actor, case_id),
    )
    return render(page)


@router.get("/bestand")
def download(db: Db, settings: AppSettings, actor: Candidate, case_id: str) -> Response:
    """Make the copy and hand it out; that it was made is on record."""
    made = own_copy.give(db, settings, actor, case_id)
    return as_download(made.filename, own_copy.MEDIA_TYPE, made.body)
