"""Organisations, the people who work for them, their sessions, and failed attempts to get in."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.reviews.lifecycle import Role
from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, Json, RoleWord, utc_now


class OrganisationRow(Row, table=True):
    """An authority. `settings` holds its working agreements (offsets of dates, contact, whether the clerk is closed)."""

    __tablename__ = "organisation"
    owns_key = "organisation"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=200)
    tier: str = Field(max_length=40)
    theme: str = Field(default="default", max_length=40)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(default_factory=utc_now)


class ClerkClosingRow(Row, table=True):
    """That an organisation closed the content of its cases to the clerk, or opened it again: who, when and why.

    What counts stands in the settings of the organisation; this is the history of it.
    """

    __tablename__ = "clerk_closing"
    bound = ("closed",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    closed: bool
    reason: str = Field(sa_type=Content)
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class PersonRow(Row, table=True):
    """Somebody with an account: one person, one organisation, one role. A candidate has none."""

    __tablename__ = "person"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=200)
    role: Role = Field(sa_type=RoleWord)
    password_hash: str = Field(max_length=300)
    active: bool = True
    created_at: datetime = Field(default_factory=utc_now)
    signed_in_at: datetime | None = None


class SignInRow(Row, table=True):
    """A session, of a person or of the candidate of one case. Only the hash of its token is kept.

    `device` is in words and coarse ("Firefox op Windows"); `role` is what the person was when it began.
    """

    __tablename__ = "sign_in"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_sha256: str = Field(max_length=64, unique=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    case_id: str | None = Field(default=None, foreign_key="case_file.id", index=True)
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None
    origin: str = Field(default="", max_length=100)
    device: str = Field(default="", max_length=60)
    role: Role | None = Field(default=None, sa_type=RoleWord, nullable=True)
    single_sign_on: bool = False


class LoginAttemptRow(Row, table=True):
    """An attempt to get in that failed. Unknown addresses count too, by a hash.

    `subject_sha256` names account and place together, `account_sha256` the account alone; see `app.accounts.lockout`.
    Whose account it was is known only when there is one by that name.
    """

    __tablename__ = "login_attempt"

    id: str = Field(default_factory=new_id, primary_key=True)
    subject_sha256: str = Field(max_length=64, index=True)
    account_sha256: str = Field(default="", max_length=64, index=True)
    what: str = Field(default="password", max_length=20)
    organisation_id: str | None = Field(default=None, foreign_key="organisation.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    at: datetime
    origin: str = Field(default="", max_length=100)


class FailurePeakRow(Row, table=True):
    """That unusually many attempts failed at an organisation, and since when not any more."""

    __tablename__ = "failure_peak"

    organisation_id: str = Field(foreign_key="organisation.id", primary_key=True)
    began_at: datetime
    ended_at: datetime | None = None
