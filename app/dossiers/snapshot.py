"""Everything a document needs about a case, as values.

A snapshot is what use cases hand to this package: no rows, no clock. It is complete: composing the same snapshot in
five years gives the same document.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.questionnaires.answers import Answers
from app.questionnaires.context import CaseContext
from app.questionnaires.model import Questionnaire
from app.reviews.decisions import Conclusion, FlagState, Measure

Result = Literal["none", "possible", "certain"]
"""What a rule said: no reason found, still open, or it applies."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The authority, with the names its own law uses."""

    name: str
    council: str
    council_meeting: str
    principal: str
    principal_name: str
    clerk: str
    clerk_name: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A norm as a reader sees it: the citation and where to read it (empty for practice)."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One outcome of one rule, with what a reader needs to understand it.

    ``proposal`` marks a rule of a bill that is not law. ``text`` is the flag's own sentence and may hold what the
    candidate typed, so only confidential documents print it; ``council`` says to the council why the point counts. ``quotes`` are label and answer pairs.
    """

    rule: str
    item: str | None
    title: str
    subject: str
    subject_title: str
    kind: str
    severity: int
    result: Result
    text: str
    council: str
    consequence: str
    advice: str
    citations: tuple[Citation, ...]
    quotes: tuple[tuple[str, str], ...] = ()
    open_questions: tuple[str, ...] = ()
    proposal: bool = False
    state: FlagState | None = None


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step of the procedure that was taken, and when."""

    title: str
    on: date


@dataclass(frozen=True, slots=True)
class SourceUsed:
    """A kind of source that was consulted, and when; never what was found."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one colleague declared about their relation to the candidate, and what became of it.

    ``free`` is the declaration that there is none; ``closed`` means that this person does not take part.
    """

    name: str
    role: str
    on: date
    told: str
    free: bool
    closed: bool
    explanation: str = ""
    substitute: str = ""
    lift_reason: str = ""
    lift_proposed_by: str = ""
    lifted_by: str = ""
    lifted_on: date | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """The fingerprint of one ingredient of the document."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case at one moment.

    ``rules`` holds every rule that was evaluated, fired or not. ``response`` is what the candidate wants the council
    to read, in the candidate's own words. ``conclusion`` is empty while the document is a draft.
    """

    organisation: Organisation
    reference: str
    round_title: str
    candidate: str
    office_title: str
    context: CaseContext
    questionnaire: Questionnaire
    answers: Answers
    portfolio: tuple[str, ...]
    rules: tuple[RuleLine, ...]
    measures: tuple[Measure, ...]
    steps: tuple[StepTaken, ...]
    sources: tuple[SourceUsed, ...]
    digests: tuple[Digest, ...]
    made_at: datetime
    number: int = 1
    response: str = ""
    conclusion: Conclusion | None = None
    declarations: tuple[Declaration, ...] = ()

    @property
    def draft(self) -> bool:
        """Whether the conclusion is still to come; the document then says CONCEPT."""
        return self.conclusion is None
