"""What people said about flags: each row by a named person at a moment. Newer rows count, older rows stay."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from app.reviews.decisions import ConclusionKind, Judgement, Openness, Outcome
from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import ConclusionWord, Content, JudgementWord, OpennessWord, OutcomeWord, utc_now


class FrozenAssessmentRow(Row, table=True):
    """All rule outcomes at one moment, with the receipt that lets anyone repeat them."""

    __tablename__ = "assessment_frozen"
    bound = ("case_version", "occasion")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    case_version: int
    occasion: str = Field(max_length=40)
    outcomes: list[Any] = Field(sa_type=Content)
    receipt: dict[str, Any] = Field(sa_type=Content)
    at: datetime = Field(default_factory=utc_now)


class FindingRow(Row, table=True):
    """What a reviewer found about one flag, and advises."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_case_id_rule_item", "case_id", "rule", "item"),)
    bound = ("rule", "item")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id")
    rule: str = Field(max_length=40)
    item: str | None = Field(default=None, max_length=12)
    motivation: str = Field(sa_type=Content)
    advice: str = Field(sa_type=Content)
    judgement: Judgement | None = Field(default=None, sa_type=JudgementWord)
    evidence_digest: str = Field(sa_type=Content)
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class DecisionRow(Row, table=True):
    """What was decided about one flag, by somebody else than the finder."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_case_id_rule_item", "case_id", "rule", "item"),)
    bound = ("rule", "item", "outcome")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id")
    rule: str = Field(max_length=40)
    item: str | None = Field(default=None, max_length=12)
    outcome: Outcome = Field(sa_type=OutcomeWord)
    motivation: str = Field(sa_type=Content)
    council_text: str = Field(sa_type=Content)
    evidence_digest: str = Field(sa_type=Content)
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class MeasureRow(Row, table=True):
    """A measure agreed with the candidate. `flags` lists the flags it answers, as pairs of rule and item."""

    __tablename__ = "measure"
    bound = ("kind",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    kind: str = Field(max_length=60)
    flags: list[Any] = Field(sa_type=Content)
    owner: str = Field(sa_type=Content)
    terms: str = Field(sa_type=Content)
    due: date | None = None
    evidence: str = Field(sa_type=Content)
    openness: Openness = Field(sa_type=OpennessWord)
    review_on: date | None = None
    before_appointment: bool = False
    done_on: date | None = None
    dropped_at: datetime | None = None
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class ReplyRow(Row, table=True):
    """The candidate's own view on a flag, or (`asked` false) why a reviewer did not ask for it."""

    __tablename__ = "reply"
    __table_args__ = (Index("ix_reply_case_id_rule_item", "case_id", "rule", "item"),)
    bound = ("rule", "item")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id")
    rule: str = Field(max_length=40)
    item: str | None = Field(default=None, max_length=12)
    asked: bool = True
    text: str = Field(sa_type=Content)
    by_id: str = Field(max_length=26)
    by_name: str = Field(sa_type=Content)
    at: datetime = Field(default_factory=utc_now)


class HearingRow(Row, table=True):
    """The concept as it was put before the candidate, and until when the candidate could reply."""

    __tablename__ = "hearing"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    flags: list[Any] = Field(sa_type=Content)
    term_until: date
    sent_by: str = Field(foreign_key="person.id")
    sent_by_name: str = Field(max_length=200)
    sent_at: datetime = Field(default_factory=utc_now)
    done_at: datetime | None = None


class SourceRow(Row, table=True):
    """A source that was consulted: which, about what, when, by whom, and what was found."""

    __tablename__ = "source_consulted"
    bound = ("source",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    source: str = Field(max_length=40)
    subject: str = Field(sa_type=Content)
    found: str = Field(sa_type=Content)
    consulted_on: date
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class CorrectionRow(Row, table=True):
    """A request to correct or complete named questions, with the reason."""

    __tablename__ = "correction_request"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    questions: list[Any] = Field(sa_type=Content)
    reason: str = Field(sa_type=Content)
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)
    answered_at: datetime | None = None


class DiscussedRow(Row, table=True):
    """That a subject was talked about: when and with whom. Never what was said."""

    __tablename__ = "talking_point_discussed"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    talking_point: str = Field(max_length=60)
    discussed_on: date
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class ConclusionRow(Row, table=True):
    """The conclusion of a case, in the fixed vocabulary, on one exact state of it."""

    __tablename__ = "conclusion"
    bound = ("case_version", "kind")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    case_version: int
    kind: ConclusionKind = Field(sa_type=ConclusionWord)
    motivation: str = Field(sa_type=Content)
    residual_risk: str = Field(sa_type=Content)
    valid_until: date | None = None
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)
