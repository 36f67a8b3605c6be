"""Small values that several use cases give back: a case on a line, a person on a line."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.questionnaires.context import CaseContext
from app.reviews.lifecycle import STEP_TITLES, Role, Step, role_title
from app.store.rows import CaseRow, PersonRow
from app.store.types import utc_now
from app.usecases.organisations import OFFICE_TITLES

# Dates of law and of council meetings are days in the Netherlands.
ZONE = ZoneInfo("Europe/Amsterdam")


_BEFORE_REVIEW = frozenset({Step.DRAFT, Step.INVITED, Step.ANSWERING, Step.SUBMITTED})


def today() -> date:
    """Tell which day it is in the Netherlands."""
    return utc_now().astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case on one line: enough to recognise it, nothing of its content."""

    id: str
    reference: str
    round_id: str
    candidate_name: str
    candidate_email: str
    office_title: str
    step: Step
    version: int
    appointment_date: date | None
    context: CaseContext
    questionnaire: str
    questionnaire_version: int
    """The version this case is pinned to."""
    created_at: datetime
    changed_at: datetime

    @property
    def step_title(self) -> str:
        """What a user reads for the step."""
        return STEP_TITLES[self.step]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody with an account, on one line."""

    id: str
    name: str
    email: str
    role: Role
    role_title: str
    active: bool
    signed_in_at: datetime | None


def case_line(case: CaseRow) -> CaseLine:
    """Put a case on a line."""
    context = context_of(case)
    return CaseLine(
        id=case.id,
        reference=reference_of(case),
        round_id=case.round_id,
        candidate_name=case.candidate_name,
        candidate_email=case.candidate_email,
        office_title=OFFICE_TITLES[context.office],
        step=case.step,
        version=case.version,
        appointment_date=case.appointment_date,
        context=context,
        questionnaire=case.questionnaire,
        questionnaire_version=case.questionnaire_version,
        created_at=case.created_at,
        changed_at=case.changed_at,
    )


def context_of(case: CaseRow, as_of: date | None = None) -> CaseContext:
    """Read the context of a case, looked at today or on the day given.

    What reviewers record is asked from the moment the review begins: before that its absence says nothing.
    """
    checked = "no" if case.step in _BEFORE_REVIEW else "yes"
    return CaseContext.from_jsonable({**case.context, "as_of": (as_of or today()).isoformat(), "verification": checked})


def reference_of(case: CaseRow) -> str:
    """Give a short mark for letters and documents: the year, and the last characters of the identity."""
    return f"TS-{case.created_at.astimezone(UTC).year}-{case.id[-6:].upper()}"


def person_line(person: PersonRow, tier: str) -> PersonLine:
    """Put a person on a line."""
    return PersonLine(
        id=person.id,
        name=person.name,
        email=person.email,
        role=person.role,
        role_title=role_title(person.role, tier),
        active=person.active,
        signed_in_at=person.signed_in_at,
    )
