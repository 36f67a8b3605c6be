"""Rounds: all of them, a new one, and one with its candidates and dates."""

from fastapi import APIRouter, Request, Response

from app.reviews.lifecycle import Role
from app.usecases import rounds
from app.web.deps import Db, Sent, Staff, see_other, text_of
from app.web.pages import render
from app.web.rounds.mapping import deadline_views
from app.web.rounds.pages import (
    CaseLineView,
    NewRoundPage,
    RoundLineView,
    RoundPage,
    RoundsPage,
)
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)


@router.get("/rondes")
def show_rounds(request: Request, db: Db, actor: Staff) -> Response:
    """Show all rounds."""
    lines = tuple(
        RoundLineView(title=line.title, href=f"/rondes/{line.id}", appointment=line.appointment_date, cases=line.cases)
        for line in rounds.list_rounds(db, actor)
    )
    page = RoundsPage(
        shell=frame(request, db, actor, current="/rondes"),
        rounds=lines,
        new_url="/rondes/nieuw",
        agreements_url="/organisatie/afspraken" if actor.role is Role.CLERK else "",
    )
    return render(page)


@router.get("/rondes/nieuw")
def new_round(request: Request, db: Db, actor: Staff) -> Response:
    """Show the form for a round."""
    rounds.require_preparer(actor)
    page = NewRoundPage(
        shell=frame(request, db, actor, current="/rondes"), problems=(), errors={}, title="", appointment=""
    )
    return render(page)


@router.post("/rondes/nieuw")
def open_round(request: Request, db: Db, actor: Staff, form: Sent) -> Response:
    """Open a round."""
    rounds.require_preparer(actor)
    read = Reading(form)
    appointment = read.day("appointment")
    outcome = rounds.open_round(db, actor, text_of(form, "title"), appointment) if not read.errors else ()
    if isinstance(outcome, rounds.RoundLine):
        return see_other(f"/rondes/{outcome.id}?gedaan=toegevoegd")
    read.errors |= {problem.field: problem.message for problem in outcome}
    page = NewRoundPage(
        shell=frame(request, db, actor, current="/rondes"),
        problems=read.problems,
        errors=read.errors,
        title=text_of(form, "title"),
        appointment=text_of(form, "appointment"),
    )
    return render(page, status=422)


@router.get("/rondes/{round_id}")
def show_round(request: Request, db: Db, actor: Staff, round_id: str) -> Response:
    """Show one round."""
    view = rounds.round_view(db, actor, round_id)
    page = RoundPage(
        shell=frame(request, db, actor, current="/rondes"),
        title=view.round.title,
        appointment=view.round.appointment_date,
        cases=tuple(
            CaseLineView(
                name=case.candidate_name,
                href=f"/zaken/{case.id}",
                office=case.office_title,
                step=case.step_title,
                kind="neutral",
            )
            for case in view.cases
        ),
        deadlines=deadline_views(view.deadlines, actor.tier),
        add_url=f"/rondes/{round_id}/kandidaat",
    )
    return render(page)
