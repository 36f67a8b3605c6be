"""The council version: look at it, make it, send it; and every document to download."""

from fastapi import APIRouter, Request, Response

from app.reviews.lifecycle import Action
from app.usecases import cases, concluding, documents, reviewing
from app.web.cases.views import RowView
from app.web.deps import AppSettings, CurrentActor, Db, Staff, see_other
from app.web.dossier.files import download
from app.web.dossier.pages import PreviewPage
from app.web.pages import render
from app.web.shells import frame

router = APIRouter(include_in_schema=False)


@router.get("/zaken/{case_id}/raadsversie")
def preview(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show the council version as it stands now."""
    dossier = documents.preview(db, actor, case_id, "council_version")
    page = cases.case_page(db, actor, case_id)
    may_send = Action.PRESENT in page.actions and not dossier.draft
    shown = PreviewPage(
        shell=frame(request, db, actor, current="/werklijst"),
        dossier=dossier,
        crumbs=(
            RowView(label="Wacht op mij", value="", href="/werklijst"),
            RowView(label=page.case.candidate_name, value="", href=f"/zaken/{case_id}"),
            RowView(label="Raadsversie", value=""),
        ),
        make_url=f"/zaken/{case_id}/raadsversie",
        send_url=f"/zaken/{case_id}/raadsversie/verzonden" if may_send else "",
    )
    return render(shown)


@router.post("/zaken/{case_id}/raadsversie")
def make(db: Db, settings: AppSettings, actor: Staff, case_id: str) -> Response:
    """Make the Word file and hand it out; it is stored under its own number."""
    line = documents.make_document(db, settings, actor, case_id, "council_version")
    return download(*documents.fetch(db, actor, line.id))


@router.post("/zaken/{case_id}/raadsversie/verzonden")
def sent(db: Db, actor: Staff, case_id: str) -> Response:
    """Record that the council version was sent."""
    reviewing.open_for_review(db, actor, case_id)
    concluding.present(db, actor, case_id)
    return see_other(f"/zaken/{case_id}?gedaan=vastgelegd")


@router.get("/documenten/{document_id}")
def fetch(db: Db, actor: CurrentActor, document_id: str) -> Response:
    """Hand out a document that was made before."""
    return download(*documents.fetch(db, actor, document_id))
