"""`/rechten`: who has which rights, for administrators and auditors; for others nothing is here."""

from fastapi import APIRouter, Request, Response

from app.reviews.lifecycle import Role
from app.usecases import rights
from app.usecases.lines import today
from app.web.deps import Db, Staff
from app.web.pages import render
from app.web.people.pages import RightsLineView, RightsPage
from app.web.shells import frame

router = APIRouter(include_in_schema=False)


@router.get("/rechten")
def show_rights(request: Request, db: Db, actor: Staff) -> Response:
    """Show everybody with an account, special rights first."""
    found = rights.report(db, actor)
    page = RightsPage(
        shell=frame(request, db, actor, current="/rechten" if actor.role is Role.AUDITOR else "/mensen"),
        lines=tuple(
            RightsLineView(
                name=one.name, role=one.role, special=one.special, since=one.since, given_by=one.given_by,
                proof=one.proof, last=one.last, state=one.state,
            )
            for one in found
        ),
        file_url="/rechten/bestand",
        people_url="/mensen" if actor.role is Role.ADMIN else "",
    )  # fmt: skip
    return render(page)


@router.get("/rechten/bestand")
def export_rights(db: Db, actor: Staff) -> Response:
    """Hand out the same as a file."""
    headers = {"content-disposition": f'attachment; filename="rechten-{today().isoformat()}.csv"'}
    return Response(rights.export(db, actor), media_type="text/csv; charset=utf-8", headers=headers)
