"""Checking the answers, handing them in with a declaration, and handing in a correction."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app import mail
from app.accounts.actor import Actor
from app.errors import NotFound
from app.questionnaires.progress import progress
from app.reviews.lifecycle import Action, Step
from app.risk_rules.assess import Assessment, Receipt
from app.settings import Settings
from app.store import answers, audit, cases, outbox, reviews
from app.store.cases import CaseAccess
from app.store.rows import FrozenAssessmentRow, SubmissionRow
from app.store.types import utc_now
from app.usecases.assessing import CaseReading, read_case
from app.usecases.cases import reviewers_to_mail
from app.usecases.flags import FlagView, shown_to_candidate
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.organisations import agreements, deadlines_of, due
from app.usecases.people import FieldProblem
from app.usecases.questions import QuestionView, section_questions
from app.usecases.sections import Correction, open_corrections, writing_of
from app.usecases.settled import OpenQuestions, open_questions

DECLARATION = (
    "Ik heb de vragen naar waarheid beantwoord. Verandert er iets voor of na mijn benoeming? Dan meld ik dat direct."
)
"""What a candidate declares; the exact text is stored with every submission."""


@dataclass(frozen=True, slots=True)
class CheckedSection:
    """A section on the page where people check their answers."""

    section_id: str
    title: str
    questions: tuple[QuestionView, ...]
    open: int


@dataclass(frozen=True, slots=True)
class SubmissionCheck:
    """All answers before they are handed in. Open questions may stay open; people see how many there are."""

    case: CaseLine
    sections: tuple[CheckedSection, ...]
    open_count: int
    open_questions: OpenQuestions
    flags: tuple[FlagView, ...]
    corrections: tuple[Correction, ...]
    declaration: str
    may_submit: bool


@dataclass(frozen=True, slots=True)
class Submitted:
    """The answers were handed in. `again` is true when the same had been handed in just before: nothing was done twice."""

    number: int
    at: datetime
    receipt: Receipt | None
    again: bool


def check(db: Session, actor: Actor, case_id: str) -> SubmissionCheck:
    """Show everything that was answered, and what is still open. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    _require_candidate(actor)
    reading = read_case(db, access.case)
    counted = progress(reading.questionnaire, reading.survey, reading.answers)
    sections = []
    for one in counted.sections:
        section = reading.worded.section(one.section)
        questions = section_questions(reading, section, writing_of(db, access, section.respondent))
        sections.append(CheckedSection(section.id, section.title, questions, len(one.open)))
    return SubmissionCheck(
        case=case_line(access.case),
        sections=tuple(sections),
        open_count=len(counted.open),
        open_questions=open_questions(reading),
        flags=shown_to_candidate(reading),
        corrections=open_corrections(db, access.case, reading),
        declaration=DECLARATION,
        may_submit=access.case.step in {Step.ANSWERING, Step.CORRECTION},
    )


def submit(
    db: Session, settings: Settings, actor: Actor, case_id: str, *, truthful: bool, will_report: bool
) -> Submitted | tuple[FieldProblem, ...]:
    """Hand in the answers, or the correction that was asked for. Pressing twice hands in once.

    The assessment is frozen with its receipt. Raises NotAllowed when the case is past this.
    """
    access = cases.access(db, actor, case_id, lock=True)
    _require_candidate(actor)
    case = access.case
    earlier = answers.submissions(db, case)
    if earlier and case.step not in {Step.ANSWERING, Step.CORRECTION}:
        return Submitted(earlier[0].number, earlier[0].at, None, again=True)
    problems = tuple(_undeclared(truthful=truthful, will_report=will_report))
    if problems:
        return problems
    action = Action.RESUBMIT if case.step is Step.CORRECTION else Action.SUBMIT
    cases.move(db, access, action)
    reading = read_case(db, case)
    receipt = reading.assessment.receipt
    row = SubmissionRow(
        organisation_id=case.organisation_id,
        case_id=case.id,
        number=len(earlier) + 1,
        case_version=case.version,
        declaration=DECLARATION,
        answers=reading.answers.to_jsonable(),
        receipt=receipt_to_jsonable(receipt),
        at=utc_now(),
    )
    answers.add_submission(db, row)
    freeze(db, access, reading, action.value)
    for correction in reviews.corrections(db, case):
        correction.answered_at = correction.answered_at or row.at
    _tell_reviewers(db, settings, access)
    audit.append(db, actor, "submitted", "case", case.id, case_id=case.id, detail={"number": row.number})
    return Submitted(row.number, row.at, receipt, again=False)


def freeze(db: Session, access: CaseAccess, reading: CaseReading, occasion: str) -> None:
    """Keep all rule outcomes of this moment, with the receipt that lets anybody repeat them."""
    case = access.case
    row = FrozenAssessmentRow(
        organisation_id=case.organisation_id,
        case_id=case.id,
        case_version=case.version,
        occasion=occasion,
        outcomes=outcomes_to_jsonable(reading.assessment),
        receipt=receipt_to_jsonable(reading.assessment.receipt),
    )
    reviews.add(db, row)


def receipt_to_jsonable(receipt: Receipt) -> dict[str, Any]:
    """Give a receipt as plain JSON."""
    return {**asdict(receipt), "as_of": receipt.as_of.isoformat()}


def outcomes_to_jsonable(assessment: Assessment) -> list[dict[str, Any]]:
    """Give every outcome as plain JSON: what was concluded, and from which answers; never the answers themselves."""
    return [
        {
            "rule": outcome.rule.id,
            "item": outcome.item,
            "outcome": outcome.outcome.value,
            "severity": int(outcome.severity),
            "because": [evidence.path for evidence in outcome.because],
            "missing": list(outcome.missing),
            "evidence_digest": outcome.evidence_digest,
        }
        for outcome in assessment.outcomes
    ]


def _tell_reviewers(db: Session, settings: Settings, access: CaseAccess) -> None:
    case, actor = access.case, access.actor
    agreed = agreements(db, actor)
    by = due(deadlines_of(agreed, case, today()), "review")
    for name, address in reviewers_to_mail(db, case):
        letter = mail.write(
            "submitted",
            name=name,
            link=f"{settings.base_url}/zaken/{case.id}",
            due=by,
            organisation=agreed.name,
            sender="Toetssteen",
        )
        outbox.put(db, case.organisation_id, case.id, "submitted", address, letter)


def _require_candidate(actor: Actor) -> None:
    if not actor.is_candidate:
        raise NotFound("only the candidate hands in")


def _undeclared(*, truthful: bool, will_report: bool) -> list[FieldProblem]:
    found = []
    if not truthful:
        found.append(FieldProblem("truthful", "Bevestig dat u de vragen naar waarheid heeft beantwoord."))
    if not will_report:
        found.append(FieldProblem("will_report", "Bevestig dat u het meldt als er iets verandert."))
    return found
