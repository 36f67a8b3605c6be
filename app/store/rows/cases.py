"""Rounds, cases, who takes part in a case, invitations, and every change of step."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from app.reviews.lifecycle import Action, Role, Step
from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import ActionWord, Content, RoleWord, StepWord, utc_now


class RoundRow(Row, table=True):
    """A round of appointments, such as the forming of one college."""

    __tablename__ = "round"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    title: str = Field(sa_type=Content)
    appointment_date: date | None = None
    opened_by: str = Field(foreign_key="person.id")
    opened_at: datetime = Field(default_factory=utc_now)
    closed_at: datetime | None = None


class CaseRow(Row, table=True):
    """The analysis of one candidate. `version` goes up with every change of content; caches and races lean on it."""

    __tablename__ = "case_file"
    # The work list reads this index alone to find its few lines among all cases of an organisation.
    __table_args__ = (Index("ix_case_file_work_list", "organisation_id", "step", "appointment_date", "id"),)
    owns_key = "case"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    round_id: str = Field(foreign_key="round.id", index=True)
    candidate_name: str = Field(sa_type=Content)
    candidate_email: str = Field(sa_type=Content)
    step: Step = Field(default=Step.DRAFT, sa_type=StepWord)
    version: int = 1
    questionnaire: str = Field(max_length=80)
    questionnaire_version: int
    context: dict[str, Any] = Field(sa_type=Content)
    appointment_date: date | None = None
    created_by: str = Field(foreign_key="person.id")
    created_at: datetime = Field(default_factory=utc_now)
    changed_at: datetime = Field(default_factory=utc_now)


class CaseMemberRow(Row, table=True):
    """Who takes part in a case, and as what. An analyst sees only the cases named here."""

    __tablename__ = "case_member"

    case_id: str = Field(foreign_key="case_file.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    role: Role = Field(sa_type=RoleWord)
    added_by: str = Field(foreign_key="person.id")
    added_at: datetime = Field(default_factory=utc_now)


class InvitationRow(Row, table=True):
    """A way in for a candidate: a link that names the case, and a code that travels apart.

    Of link and code only hashes are kept. `reference` names the case as the link does, for who types and does not click;
    it opens nothing, and later mails repeat it. `site` is the address that the invitation told, so that every later mail
    tells the same. `revoked_why` is the reason somebody gave.
    """

    __tablename__ = "invitation"
    bound = ("case_id",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    token_sha256: str = Field(max_length=64, unique=True)
    code_hash: str = Field(max_length=300)
    expires_at: datetime
    revoked_at: datetime | None = None
    revoked_why: str | None = Field(default=None, sa_type=Content)
    reference: str | None = Field(default=None, max_length=20, unique=True)
    site: str = Field(default="", max_length=200)
    sent_by: str = Field(foreign_key="person.id")
    sent_at: datetime = Field(default_factory=utc_now)
    first_used_at: datetime | None = None


class StepChangeRow(Row, table=True):
    """One change of step: who, when, and why where a reason was asked."""

    __tablename__ = "step_change"
    bound = ("action", "step_before", "step_after")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    action: Action = Field(sa_type=ActionWord)
    step_before: Step = Field(sa_type=StepWord)
    step_after: Step = Field(sa_type=StepWord)
    by_name: str = Field(sa_type=Content)
    by_role: Role = Field(sa_type=RoleWord)
    at: datetime = Field(default_factory=utc_now)
    reason: str = Field(default="", sa_type=Content)
