"""A candidate and what is known about the case: adding one to a round, and changing it later."""

from datetime import date

from fastapi import APIRouter, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires.context import AskedScope, CaseContext, LegalFrame
from app.reviews.lifecycle import Action, Role
from app.usecases import cases, people, rounds
from app.usecases.lines import CaseLine
from app.usecases.organisations import agreements
from app.web.cases.views import OptionView, ProblemLine
from app.web.deps import Db, Sent, Staff, see_other, text_of, texts_of
from app.web.pages import render
from app.web.rounds.mapping import policy_fields
from app.web.rounds.pages import CaseFormPage
from app.web.shells import frame
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)


@router.get("/rondes/{round_id}/kandidaat")
def new_case(request: Request, db: Db, actor: Staff, round_id: str) -> Response:
    """Show the form for a candidate."""
    rounds.round_view(db, actor, round_id)
    page = _case_form(
        request, db, actor, heading="Voeg een kandidaat toe", action=f"/rondes/{round_id}/kandidaat",
        cancel=f"/rondes/{round_id}",
    )  # fmt: skip
    return render(page)


@router.post("/rondes/{round_id}/kandidaat")
def add_case(request: Request, db: Db, actor: Staff, round_id: str, form: Sent) -> Response:
    """Add a candidate to a round."""
    read = Reading(form)
    new = _new_case(read, form)
    outcome = rounds.add_case(db, actor, round_id, new) if not read.errors else ()
    if isinstance(outcome, CaseLine):
        return see_other(f"/zaken/{outcome.id}?gedaan=toegevoegd")
    read.errors |= {problem.field: problem.message for problem in outcome}
    page = _case_form(
        request, db, actor, heading="Voeg een kandidaat toe", action=f"/rondes/{round_id}/kandidaat",
        cancel=f"/rondes/{round_id}", read=read, new=new,
    )  # fmt: skip
    return render(page, status=422)


@router.get("/zaken/{case_id}/wijzigen")
def edit_case(request: Request, db: Db, actor: Staff, case_id: str) -> Response:
    """Show what is known about a case, to change it."""
    page = cases.case_page(db, actor, case_id)
    if Action.EDIT_CASE not in page.actions:
        raise NotAllowed("De gegevens van deze zaak kunt u nu niet meer wijzigen.")
    shown = _case_form(
        request, db, actor, heading=f"Gegevens van {page.case.candidate_name}", action=f"/zaken/{case_id}/wijzigen",
        cancel=f"/zaken/{case_id}", new=_as_form(page.case), editing=True,
    )  # fmt: skip
    return render(shown)


@router.post("/zaken/{case_id}/wijzigen")
def change_case(request: Request, db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Change what is known about a case."""
    read = Reading(form)
    new = _new_case(read, form)
    before = cases.case_page(db, actor, case_id)
    same = (new.name, new.email) == (before.case.candidate_name, before.case.candidate_email)
    outcome = () if read.errors or same else rounds.rename(db, actor, case_id, name=new.name, email=new.email)
    if isinstance(outcome, tuple):
        read.errors |= {problem.field: problem.message for problem in outcome}
    if read.errors:
        page = _case_form(
            request, db, actor, heading=f"Gegevens van {before.case.candidate_name}",
            action=f"/zaken/{case_id}/wijzigen", cancel=f"/zaken/{case_id}", read=read, new=new, editing=True,
        )  # fmt: skip
        return render(page, status=422)
    rounds.set_context(
        db, actor, case_id, full_time=new.full_time, portfolio=new.portfolio,
        replacement_portfolio=new.replacement_portfolio, reappointment=new.reappointment, scope=new.scope,
        legal_frame=new.legal_frame, appointment_date=new.appointment_date or before.case.appointment_date,
    )  # fmt: skip
    return see_other(f"/zaken/{case_id}?gedaan=opgeslagen")


def _new_case(read: Reading, form: Sent) -> rounds.NewCase:
    known = {"yes": "yes", "no": "no"}
    return rounds.NewCase(
        name=text_of(form, "name"),
        email=text_of(form, "email"),
        full_time=known.get(text_of(form, "full_time")),  # type: ignore[arg-type]
        portfolio=texts_of(form, "portfolio") or None,
        replacement_portfolio=texts_of(form, "replacement") or None,
        appointment_date=read.day("appointment"),
        legal_frame=read.choice("legal_frame", LegalFrame) or LegalFrame.IN_FORCE,
        scope=read.choice("scope", AskedScope) or AskedScope.PRACTICE,
        reappointment=known.get(text_of(form, "reappointment")),  # type: ignore[arg-type]
        reviewers=texts_of(form, "reviewers"),
    )


def _as_form(case: CaseLine) -> rounds.NewCase:
    context: CaseContext = case.context
    return rounds.NewCase(
        name=case.candidate_name,
        email=case.candidate_email,
        full_time=context.full_time,
        portfolio=context.portfolio,
        replacement_portfolio=context.replacement_portfolio,
        appointment_date=context.appointment_date,
        legal_frame=context.legal_frame,
        scope=context.scope,
        reappointment=context.reappointment,
    )


def _case_form(
    request: Request, db: Session, actor: Actor, *, heading: str, action: str, cancel: str,
    read: Reading | None = None, new: rounds.NewCase | None = None, editing: bool = False,
) -> CaseFormPage:  # fmt: skip
    problems: tuple[ProblemLine, ...] = read.problems if read else ()
    agreed = agreements(db, actor)
    others = () if editing else people.colleagues(db, actor)
    return CaseFormPage(
        shell=frame(request, db, actor, current="/rondes"),
        heading=heading,
        action=action,
        cancel=cancel,
        problems=problems,
        errors=read.errors if read else {},
        name=new.name if new else "",
        email=new.email if new else "",
        full_time=(new.full_time or "") if new else "",
        portfolio=(new.portfolio or ()) if new else (),
        replacement=(new.replacement_portfolio or ()) if new else (),
        policy_fields=policy_fields(str(agreed.tier)),
        appointment=text_of(read.form, "appointment") if read else _typed_day(new.appointment_date if new else None),
        legal_frame=str(new.legal_frame) if new else "in_force",
        scope=str(new.scope) if new else "practice",
        reappointment=(new.reappointment or "") if new else "",
        colleagues=tuple(
            OptionView(id=one.id, label=f"{one.name}, {one.role_title}")
            for one in others
            if one.role in {Role.PRINCIPAL, Role.ANALYST, Role.CLERK} and one.id != actor.id and one.active
        ),
        reviewers=new.reviewers if new else (),
        editing=editing,
    )


def _typed_day(day: date | None) -> str:
    return f"{day.day}-{day.month}-{day.year}" if day else ""
