"""How long a case is kept, who asked for something else, and what is left of a case that was destroyed."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, ContentBytes, Json, utc_now


class RetentionRow(Row, table=True):
    """The outcome of a case and the policy that counted on that day. Holds nothing about a person, so it outlives the case."""

    __tablename__ = "retention"

    case_id: str = Field(foreign_key="case_file.id", primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    ended_as: str = Field(max_length=40)
    outcome_on: date
    policy: dict[str, Any] | None = Field(default=None, sa_type=Json)
    end_of_office: date | None = None
    extended_to: date | None = None
    held_since: datetime | None = None
    choice: str = Field(default="", max_length=40)
    chosen_at: datetime | None = None
    received_at: datetime | None = None
    warned_at: datetime | None = None
    council_warned_at: datetime | None = None
    council_destroyed_at: datetime | None = None


class RetentionRequestRow(Row, table=True):
    """Somebody asks to extend, to hold, to let go or to destroy; somebody else decides where four eyes are needed.

    A request about a case goes with the case. One about what is left of a destroyed case names only the stub: it is
    sealed with the key of the organisation, and goes with the documents it is about.
    """

    __tablename__ = "retention_request"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str | None = Field(default=None, foreign_key="case_file.id", index=True)
    stub_id: str | None = Field(default=None, foreign_key="case_file.id", index=True)
    kind: str = Field(max_length=40)
    until: date | None = None
    reason: str | None = Field(default=None, sa_type=Content)
    asked_by: str = Field(max_length=26)
    asked_by_name: str = Field(max_length=200)
    asked_at: datetime = Field(default_factory=utc_now)
    decided_by: str = Field(default="", max_length=26)
    decided_by_name: str = Field(default="", max_length=200)
    decided_at: datetime | None = None
    accepted: bool | None = None


class PolicyChangeRow(Row, table=True):
    """That an organisation set its policy on keeping: what it said from then on, who did that, and why if they told.

    What counts stands in the settings of the organisation; this is the history of it.
    """

    __tablename__ = "policy_change"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    policy: dict[str, Any] = Field(sa_type=Json)
    reason: str = Field(default="", sa_type=Content)
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)


class DestructionRow(Row, table=True):
    """That something of a case was destroyed: counts and hashes, never content, and the declaration about it."""

    __tablename__ = "destruction"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    case_id: str = Field(foreign_key="case_file.id", index=True)
    kept: str = Field(max_length=40)
    at: datetime = Field(default_factory=utc_now)
    manifest: dict[str, Any] = Field(sa_type=Json)
    manifest_sha256: str = Field(max_length=64)
    declaration: bytes
    declaration_sha256: str = Field(max_length=64)


class KeptDocumentRow(Row, table=True):
    """A council document that outlives its case, sealed with the key of the organisation: that of the case is gone."""

    __tablename__ = "kept_document"
    bound = ("kind", "number")

    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    stub_id: str = Field(foreign_key="case_file.id", index=True)
    kind: str = Field(max_length=40)
    number: int
    filename: str = Field(sa_type=Content)
    media_type: str = Field(max_length=120)
    body: bytes = Field(sa_type=ContentBytes)
    sha256: str = Field(max_length=64)
    made_by_name: str = Field(sa_type=Content)
    made_at: datetime
