"""Everything that is kept about one candidate, as values: what the copy for the candidate is written from.

The JSON of the copy is this record, so its shape is a promise (`docs/reference/candidate-copy.schema.json` is generated
from here). Within a version fields may be added, but never change their meaning. What a person reads is in Dutch.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Fact(Part):
    """One thing that is known, with its name."""

    label: str
    value: str


class Revision(Part):
    """An answer as it was given once."""

    number: int
    """Counts from 1 for each question."""
    at: datetime
    by: str
    answer: str
    """In words."""
    note: str
    content: dict[str, Any] | None
    """As it is stored; null: the answer was taken away."""
    overtaken: bool = False
    """It came too late: somebody else had saved another answer meanwhile. It never counted."""


class Question(Part):
    """A question with the answer that counts and all earlier ones, oldest first."""

    path: str
    """The stable name of the question, with the item it is about between brackets."""
    about: str
    """The thing of a list it is about; empty for the case as a whole."""
    question: str
    why: str
    """What the question is for."""
    readers: tuple[str, ...]
    """Who may read the answer."""
    asked: bool
    """Whether it is asked now. An answer to a question that is not asked does not count."""
    removed: bool
    """The thing it is about was taken out of its list."""
    answer: str
    note: str
    revisions: tuple[Revision, ...]


class Section(Part):
    """A part of the questionnaire. `by_reviewers`: people who check the answers filled it in."""

    title: str
    by_reviewers: bool
    told_voluntarily: bool
    """The candidate chose to tell more about this than the case asks."""
    questions: tuple[Question, ...]


class Attachment(Part):
    """A file that came with the case, of the candidate or of somebody who reviews it. `file` is its place in the archive."""

    file: str
    filename: str
    subject: str
    media_type: str
    size: int
    sha256: str
    added_at: datetime
    about: str = ""
    """The answer it belongs to, in words; empty: it belongs to none."""
    by_reviewer: bool = False
    by: str = ""
    """Who added it; empty for what the candidate added."""
    source: str = ""
    """Of what a reviewer added: the kind of source."""
    origin: str = ""
    """Of what a reviewer added: where it comes from, in words."""
    obtained_on: date | None = None
    """Of what a reviewer added: the day on which it was found or received."""


class Remark(Part):
    """What somebody wrote about an attention point. `kind`: a finding, a reply, why no reply was asked, or a decision."""

    kind: Literal["finding", "reply", "reply_not_asked", "decision"]
    at: datetime
    by: str
    text: str
    advice: str = ""
    outcome: str = ""


class Point(Part):
    """An attention point: what a rule saw in the answers, and everything that was said about it, oldest first."""

    rule: str
    item: str | None
    title: str
    about: str
    holds: bool
    """Whether it holds now; people may have written about one that does not any more."""
    certain: bool
    severity: str
    text: str
    quotes: tuple[Fact, ...]
    """The answers it rests on."""
    norms: tuple[Fact, ...]
    """Citation, and where it can be read."""
    remarks: tuple[Remark, ...]


class Measure(Part):
    """An agreement that answers one or more attention points."""

    title: str
    owner: str
    terms: str
    evidence: str
    due: date | None
    review_on: date | None
    before_appointment: bool
    done_on: date | None
    openness: str


class SourceConsulted(Part):
    """A source that was looked into: which, about what, by whom, and what was found."""

    source: str
    subject: str
    found: str
    on: date
    by: str


class Discussed(Part):
    """That a subject was talked about; what was said is kept nowhere."""

    subject: str
    on: date
    by: str


class Request(Part):
    """A request about named answers. `asked_by_reviewer` tells who asks whom; `outcome` is empty while it is open."""

    asked_by_reviewer: bool
    questions: tuple[str, ...]
    wanted: str
    """What the answer should be; empty when a reviewer asks the candidate to look again."""
    reason: str
    by: str
    at: datetime
    outcome: str
    outcome_reason: str
    decided_by: str
    decided_at: datetime | None


class Submission(Part):
    """One time that the answers were handed in, with what was declared then."""

    number: int
    at: datetime
    declaration: str
    answers_digest: str


class Step(Part):
    """One change of step of the case."""

    at: datetime
    what: str
    by: str
    reason: str


class Hearing(Part):
    """A concept that was put before the candidate, with the last day to reply."""

    sent_at: datetime
    sent_by: str
    until: date


class Conclusion(Part):
    """What was concluded."""

    conclusion: str
    motivation: str
    residual_risk: str
    by: str
    at: datetime
    valid_until: date | None


class Document(Part):
    """A document that was made of the case. It is never written anew: what changed later is not in it."""

    file: str
    title: str
    number: int
    made_at: datetime
    made_by: str
    sha256: str
    changed_since: bool
    """The case changed after it was made."""


class Mail(Part):
    """A mail to the candidate. `withheld`: the text holds a personal link or code and is left out for safety."""

    written_at: datetime
    sent_at: datetime | None
    to: str
    subject: str
    text: str
    withheld: bool


class Reading(Part):
    """That somebody opened something of the case."""

    at: datetime
    who: str
    what: str


class Reviewer(Part):
    """Somebody who reviews the case, or does not any more, and when they declared to have no relation to the candidate.

    What relation somebody has who stepped aside is not told: it says something about others too.
    """

    name: str
    role: str
    free_since: datetime | None
    aside_since: datetime | None
    lifted_at: datetime | None
    """When two others decided that they take part all the same."""


class SignIn(Part):
    """A session of the candidate."""

    at: datetime
    device: str
    origin: str


class LeftOut(Part):
    """What is not in this copy, and why."""

    what: str
    why: str


class CandidateCopy(Part):
    """Everything that is kept about one candidate, as far as the candidate may read it now."""

    format: Literal["toetssteen-candidate-copy"] = "toetssteen-candidate-copy"
    version: Literal[1] = 1
    made_at: datetime
    product: str
    organisation: str
    contact: str
    reference: str
    name: str
    email: str
    case: tuple[Fact, ...]
    processing: tuple[Fact, ...]
    """Why the data is processed, on what ground, for whom, and what the candidate can ask."""
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]
    points: tuple[Point, ...]
    response: tuple[Remark, ...]
    """What the candidate wrote to the council about the concept as a whole; the last one counts."""
    measures: tuple[Measure, ...]
    sources: tuple[SourceConsulted, ...]
    discussed: tuple[Discussed, ...]
    requests: tuple[Request, ...]
    submissions: tuple[Submission, ...]
    steps: tuple[Step, ...]
    hearings: tuple[Hearing, ...]
    conclusions: tuple[Conclusion, ...]
    documents: tuple[Document, ...]
    mails: tuple[Mail, ...]
    readings: tuple[Reading, ...]
    sign_ins: tuple[SignIn, ...]
    reviewers: tuple[Reviewer, ...]
    keeping: tuple[Fact, ...]
    left_out: tuple[LeftOut, ...]
