"""The work list, rounds, cases, and inviting."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires.context import AskedScope, CaseContext, LegalFrame, Tier
from app.questionnaires.wording import fill
from app.reviews.deadlines import Deadline
from app.reviews.lifecycle import Action, Role, role_title
from app.usecases import cases, documents, invitations, library, people, rounds, worklist
from app.usecases.lines import CaseLine
from app.usecases.organisations import agreements
from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.deps import AppSettings, Db, Sent, Staff, see_other, text_of, texts_of
from app.web.letters import letter_parts
from app.web.pages import render
from app.web.rounds.pages import (
    CaseFormPage,
    CaseLineView,
    DeadlineView,
    InvitedPage,
    InvitePage,
    NewRoundPage,
    RoundLineView,
    RoundPage,
    RoundsPage,
    WaitingView,
    WorklistPage,
)
from app.web.shells import frame
from app.web.templating import dutch_date
from app.web.typed import Reading

router = APIRouter(include_in_schema=False)

_PREPARE = {Role.CLERK, Role.PRINCIPAL}
_FIELDS = {"title": "title", "name": "name", "email": "email"}


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


@router.get("/rondes")
def show_rounds(request: Request, db: Db, actor: Staff) -> Response:
    """Show all rounds."""
    lines = tuple(
        RoundLineView(title=line.title, href=f"/rondes/{line.id}", appointment=line.appointment_date, cases=line.cases)
        for line in rounds.list_rounds(db, actor)
    )
    return render(RoundsPage(shell=frame(request, db, actor, current="/rondes"), rounds=lines, new_url="/rondes/nieuw"))


@router.get("/rondes/nieuw")
def new_round(request: Request, db: Db, actor: Staff) -> Response:
    """Show the form for a round."""
    page = NewRoundPage(
        shell=frame(request, db, actor, current="/rondes"), problems=(), errors={}, title="", appointment=""
    )
    return render(page)


@router.post("/rondes/nieuw")
def open_round(request: Request, db: Db, actor: Staff, form: Sent) -> Response:
    """Open a round."""
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


@router.get("/zaken/{case_id}/uitnodigen")
def show_letter(request: Request, db: Db, actor: Staff, settings: AppSettings, case_id: str) -> Response:
    """Show the letter before it goes out."""
    page = cases.case_page(db, actor, case_id)
    letter = invitations.preview(db, settings, actor, case_id)
    shown = InvitePage(
        shell=frame(request, db, actor, current="/rondes"),
        name=page.case.candidate_name,
        email=page.case.candidate_email,
        subject=letter.subject,
        letter=letter_parts(letter.text),
        action=f"/zaken/{case_id}/uitnodigen",
        cancel=f"/zaken/{case_id}",
        again=page.invitation is not None,
    )
    return render(shown)


@router.post("/zaken/{case_id}/uitnodigen")
def invite(request: Request, db: Db, actor: Staff, settings: AppSettings, case_id: str, form: Sent) -> Response:
    """Invite the candidate; the code is shown once."""
    by: invitations.CodeBy = "mail" if text_of(form, "code_by") == "mail" else "hand"
    sent = invitations.invite(db, settings, actor, case_id, by)
    page = InvitedPage(
        shell=frame(request, db, actor, current="/rondes"),
        name=cases.case_page(db, actor, case_id).case.candidate_name,
        code=sent.code,
        by_mail=by == "mail",
        until=sent.expires_at.date(),
        case_url=f"/zaken/{case_id}",
        mailbox_url="/ontwikkel/postvak" if settings.development and not settings.smtp_host else "",
    )
    return render(page)


@router.post("/zaken/{case_id}/deelnemers")
def assign(db: Db, actor: Staff, case_id: str, form: Sent) -> Response:
    """Let a colleague take part."""
    cases.case_page(db, actor, case_id)  # for who may not see the case it does not exist, whatever was chosen
    person = text_of(form, "person")
    if person not in {one.id for one in people.colleagues(db, actor)}:
        raise NotAllowed("Kies iemand uit de lijst.")
    rounds.assign(db, actor, case_id, person)
    return see_other(f"/zaken/{case_id}?gedaan=toegevoegd")


# ── forms ──


def deadline_views(deadlines: Iterable[Deadline], tier: str) -> tuple[DeadlineView, ...]:
    """Show dates with their owner in words."""
    return tuple(
        DeadlineView(
            title=row.title,
            on=row.on,
            owner=role_title(row.owner, tier),
            why=row.why,
            late=row.late,
            earliest=row.earliest,
        )
        for row in deadlines
    )


def document_rows(db: Session, actor: Actor, case_id: str) -> tuple[RowView, ...]:
    """Show the documents of a case with where to get them."""
    return tuple(
        RowView(
            label=f"{line.title} {line.number}",
            value=dutch_date(line.made_at) + (", daarna is de zaak veranderd" if line.stale else ""),
            href=f"/documenten/{line.id}",
            action="Downloaden",
        )
        for line in documents.documents(db, actor, case_id)
    )


def policy_fields(tier: str) -> tuple[OptionView, ...]:
    """Give the subjects a portfolio can hold, for this kind of authority."""
    return tuple(
        OptionView(id=option.id, label=fill(option.label, Tier(tier)))
        for option in library.newest().policy_fields
        if option.offered_at(Tier(tier)) and option.id not in {"none", "other"}
    )


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
