"""Rounds and cases: what a clerk prepares before a candidate is invited."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict, Unpack

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.context import AskedScope, CaseContext, LegalFrame, YesOrNo
from app.reviews.deadlines import Deadline, count_back
from app.reviews.lifecycle import Action, Role, Step, advance
from app.store import audit, candidate_ways, cases, invitations
from app.store.rows import CaseRow, RoundRow
from app.store.types import utc_now
from app.usecases import library
from app.usecases.lines import CaseLine, PersonLine, case_line, context_of, person_line, today
from app.usecases.organisations import agreements
from app.usecases.people import NAME_LENGTH, FieldProblem, looks_like_email

_PREPARE = frozenset({Role.CLERK, Role.PRINCIPAL})
TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round on one line."""

    id: str
    title: str
    appointment_date: date | None
    cases: int


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its cases, and the dates that follow from the planned appointment."""

    round: RoundLine
    cases: tuple[CaseLine, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is known of a candidate before the questionnaire. `None`: not known yet."""

    name: str
    email: str
    full_time: YesOrNo | None = None
    portfolio: tuple[str, ...] | None = None
    replacement_portfolio: tuple[str, ...] | None = None
    appointment_date: date | None = None
    legal_frame: LegalFrame = LegalFrame.IN_FORCE
    scope: AskedScope = AskedScope.PRACTICE
    reappointment: YesOrNo | None = None
    reviewers: tuple[str, ...] = ()
    """Ids of colleagues who take part; an analyst only sees a case after being named."""


class ContextChange(TypedDict, total=False):
    """What may change about a case: only the fields that are given."""

    full_time: YesOrNo | None
    portfolio: tuple[str, ...] | None
    replacement_portfolio: tuple[str, ...] | None
    appointment_date: date | None
    legal_frame: LegalFrame
    reappointment: YesOrNo | None
    scope: AskedScope


def require_preparer(actor: Actor) -> None:
    """Let pass who prepares cases: a clerk or a principal. Raises NotFound: for others there are no rounds."""
    if actor.role not in _PREPARE:
        raise NotFound("rounds are for who prepares cases")


def open_round(
    db: Session, actor: Actor, title: str, appointment_date: date | None
) -> RoundLine | tuple[FieldProblem, ...]:
    """Open a round. Raises NotFound for everybody but a clerk or a principal."""
    require_preparer(actor)
    if not title.strip() or len(title) > TITLE_LENGTH:
        return (FieldProblem("title", "Geef de ronde een naam van hoogstens 200 tekens."),)
    row = RoundRow(
        organisation_id=actor.organisation_id,
        title=title.strip(),
        appointment_date=appointment_date,
        opened_by=actor.id,
    )
    cases.add_round(db, row)
    audit.append(db, actor, "round_opened", "round", row.id)
    return RoundLine(row.id, row.title, row.appointment_date, 0)


def list_rounds(db: Session, actor: Actor) -> tuple[RoundLine, ...]:
    """Give the rounds of one's own organisation, newest first. Raises NotFound for who does not prepare cases."""
    require_preparer(actor)
    rows = cases.rounds(db, actor)
    counts = cases.cases_per_round(db, actor, [row.id for row in rows])
    return tuple(RoundLine(row.id, row.title, row.appointment_date, counts.get(row.id, 0)) for row in rows)


def round_view(db: Session, actor: Actor, round_id: str) -> RoundView:
    """Give a round with its cases. Raises NotFound."""
    require_preparer(actor)
    row = cases.round_of(db, actor, round_id)
    lines = tuple(case_line(case) for case in cases.visible(db, actor, row.id))
    audit.read(db, actor, "list_read", "round", row.id)
    deadlines: tuple[Deadline, ...] = ()
    if row.appointment_date is not None:
        agreed = agreements(db, actor)
        deadlines = count_back(row.appointment_date, agreed.offsets, today=today(), tier=agreed.tier)
    return RoundView(RoundLine(row.id, row.title, row.appointment_date, len(lines)), lines, deadlines)


def add_case(db: Session, actor: Actor, round_id: str, new: NewCase) -> CaseLine | tuple[FieldProblem, ...]:
    """Add a candidate to a round. The case is pinned to the newest version of the questionnaire. Raises NotFound."""
    require_preparer(actor)
    planned = cases.round_of(db, actor, round_id)
    problems = tuple(_problems(new))
    if problems:
        return problems
    agreed = agreements(db, actor)
    appointment = new.appointment_date or planned.appointment_date
    context = CaseContext(
        tier=agreed.tier,
        office=agreed.office,
        as_of=today(),
        full_time=new.full_time,
        portfolio=new.portfolio,
        replacement_portfolio=new.replacement_portfolio,
        appointment_date=appointment,
        legal_frame=new.legal_frame,
        reappointment=new.reappointment,
        scope=new.scope,
    )
    pinned = library.newest()
    case = CaseRow(
        organisation_id=actor.organisation_id,
        round_id=planned.id,
        candidate_name=new.name.strip(),
        candidate_email=new.email.strip(),
        questionnaire=pinned.id,
        questionnaire_version=pinned.version,
        context=context.to_jsonable(),
        appointment_date=appointment,
        created_by=actor.id,
    )
    cases.add(db, case)
    access = cases.access(db, actor, case.id)
    cases.add_member(db, access, actor.id, actor.role)
    for person_id in new.reviewers:
        assign(db, actor, case.id, person_id)
    audit.append(db, actor, "case_added", "case", case.id, case_id=case.id)
    return case_line(case)


def assign(db: Session, actor: Actor, case_id: str, person_id: str) -> tuple[PersonLine, ...]:
    """Let a colleague take part in a case, in the role of their account. Gives everybody who takes part."""
    _only_preparers(actor)
    access = cases.access(db, actor, case_id, lock=True)
    from_organisation = {person.id: person for _, person in cases.members(db, case_id)}
    if person_id not in from_organisation:
        cases.add_member(db, access, person_id, Role.ANALYST)
        audit.append(db, actor, "member_added", "person", person_id, case_id=case_id)
    return tuple(person_line(person, actor.tier) for _, person in cases.members(db, case_id))


def set_dates(db: Session, actor: Actor, case_id: str, appointment_date: date | None) -> CaseLine:
    """Change the planned date of appointment; every other date follows. Raises NotAllowed after submission."""
    return set_context(db, actor, case_id, appointment_date=appointment_date)


def set_context(db: Session, actor: Actor, case_id: str, **change: Unpack[ContextChange]) -> CaseLine:
    """Change what is known of a case: `full_time`, `portfolio`, `legal_frame` and the other fields of the context.

    Which questions are asked and which rules fire follows at once. Raises NotAllowed where the journey does not allow
    it.
    """
    access = cases.access(db, actor, case_id, lock=True)
    advance(access.case.step, Action.EDIT_CASE, actor.roles)
    changed = replace(context_of(access.case), **change)
    access.case.context = changed.to_jsonable()
    access.case.appointment_date = changed.appointment_date
    cases.touch(db, access.case)
    audit.append(db, actor, "case_changed", "case", case_id, case_id=case_id, detail={"fields": sorted(change)})
    return case_line(access.case)


def rename(db: Session, actor: Actor, case_id: str, *, name: str, email: str) -> CaseLine | tuple[FieldProblem, ...]:
    """Correct the name or address of a candidate, before the invitation has been used.

    With another address the link that was mailed stops working: the candidate is invited again.
    """
    access = cases.access(db, actor, case_id, lock=True)
    if access.case.step not in {Step.DRAFT, Step.INVITED}:
        raise NotAllowed("De kandidaat is al begonnen. Naam en adres kunt u nu niet meer wijzigen.")
    advance(access.case.step, Action.EDIT_CASE, actor.roles)
    problems = tuple(_problems(NewCase(name=name, email=email)))
    if problems:
        return problems
    if email.strip().casefold() != access.case.candidate_email.strip().casefold():
        # Somebody else may have the link that went to the address before, and its code when that was mailed too.
        invitations.revoke_all(db, access.case, utc_now())
        candidate_ways.end_steps(db, case_id)
    access.case.candidate_name, access.case.candidate_email = name.strip(), email.strip()
    cases.touch(db, access.case)
    audit.append(db, actor, "candidate_renamed", "case", case_id, case_id=case_id)
    return case_line(access.case)


def _only_preparers(actor: Actor) -> None:
    # Who takes part in a case knows that it is there: they are told why they cannot do this.
    if actor.role not in _PREPARE:
        raise NotAllowed("Dit kan alleen de griffier of de voorzitter van het bestuur doen.")


def _problems(new: NewCase) -> list[FieldProblem]:
    found = []
    if not new.name.strip() or len(new.name) > NAME_LENGTH:
        found.append(FieldProblem("name", "Vul de naam van de kandidaat in, hoogstens 200 tekens."))
    if not looks_like_email(new.email):
        found.append(FieldProblem("email", "Vul het e-mailadres van de kandidaat in, bijvoorbeeld naam@voorbeeld.nl."))
    return found
