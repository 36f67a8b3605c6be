"""The work list: what waits for whoever is signed in."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.reviews.lifecycle import Action, Role
from app.usecases import worklist
from app.web.deps import Db, Staff
from app.web.pages import render
from app.web.rounds.pages import WaitingView, WorklistPage
from app.web.shells import frame

router = APIRouter(include_in_schema=False)
_PREPARE = {Role.CLERK, Role.PRINCIPAL}


@router.get("/werklijst")
def show_worklist(
    request: Request, db: Db, actor: Staff, page: Annotated[int, Query(alias="bladzijde", ge=1, le=10_000)] = 1
) -> Response:
    """Show what waits for whoever is signed in."""
    totals = worklist.totals(db, actor)
    pages = max(1, -(-max(totals) // worklist.MOST))
    page = min(page, pages)
    found = [
        (
            line.mine,
            WaitingView(
                name=line.case.candidate_name,
                what=line.what,
                step=line.case.step_title,
                due=line.due,
                late=line.late,
                href=_address(line),
            ),
        )
        for line in worklist.waiting(db, actor, page)
    ]
    shown = WorklistPage(
        shell=frame(request, db, actor, current="/werklijst"),
        greeting=f"{actor.name}, {actor.role_title} van {actor.organisation_name}",
        waiting=tuple(view for mine, view in found if mine),
        others=tuple(view for mine, view in found if not mine),
        waiting_shown=_shown(page, totals[0]),
        others_shown=_shown(page, totals[1]),
        page=page,
        pages=pages,
        rounds_url="/rondes" if actor.role in _PREPARE else "",
    )
    return render(shown)


def _shown(page: int, total: int) -> str:
    """Say which lines of how many: "26–40 van 40"; empty when everything fits on one page, or none is left here."""
    first = worklist.MOST * (page - 1) + 1
    if total <= worklist.MOST or first > total:
        return ""
    return f"{first}–{min(total, first + worklist.MOST - 1)} van {total}"


def _address(line: worklist.Waiting) -> str:
    here = f"/zaken/{line.case.id}"
    if not line.mine:
        return here
    steps = {
        Action.INVITE: "/uitnodigen",
        Action.RECORD_FINDING: "/beoordeling",
        Action.CONCLUDE: "/beoordeling/conclusie",
    }
    return here + (steps.get(line.action, "") if line.action else "")
