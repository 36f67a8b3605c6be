"""What leaves the product and what stays on record: documents, mails, and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, ContentBytes, utc_now


class DocumentRow(Row, table=True):
    """A document as it was made: its bytes and their SHA-256. A new one gets a new row; none is ever overwritten."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("case_id", "kind", "number"),)
    bound = ("kind", "number", "case_version")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    kind: str = Field(max_length=40)
    number: int
    filename: str = Field(sa_type=Content)
    media_type: str = Field(max_length=120)
    body: bytes = Field(sa_type=ContentBytes)
    sha256: str = Field(max_length=64)
    receipt: dict[str, Any] = Field(sa_type=Content)
    case_version: int
    made_by: str = Field(max_length=26)
    made_by_name: str = Field(sa_type=Content)
    made_at: datetime = Field(default_factory=utc_now)


class OutboxRow(Row, table=True):
    """A mail that waits, or that was sent. Written in the transaction of the act it tells about."""

    __tablename__ = "outbox"
    bound = ("name",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str | None = Field(default=None, foreign_key="case_file.id", index=True)
    name: str = Field(max_length=60)
    to_address: str = Field(sa_type=Content)
    content: dict[str, Any] = Field(sa_type=Content)
    written_at: datetime = Field(default_factory=utc_now)
    due_at: datetime = Field(default_factory=utc_now, index=True)
    sent_at: datetime | None = Field(default=None, index=True)
    attempts: int = 0
    problem: str = Field(default="", sa_type=Content)


class AuditHeadRow(Row, table=True):
    """Where a chain of the audit log ends now: the one over the whole installation, and one for each case.

    Appending locks the row of the whole, so no chain can fork. The database lets a head only move forward.
    """

    __tablename__ = "audit_head"

    chain: str = Field(max_length=26, primary_key=True)
    number: int = 0
    digest: str = Field(max_length=64)


class AuditRow(Row, table=True):
    """One line of the audit log, as the exact text that was hashed: nothing is reformatted on the way back.

    It refers to no other table: the log stays when what it tells about is gone.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_organisation_id_number", "organisation_id", "number"),
        Index("ix_audit_entry_case_id_case_number", "case_id", "case_number"),
    )

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    case_number: int | None = None
    organisation_id: str = Field(max_length=26)
    at: str = Field(max_length=40)
    actor_id: str = Field(max_length=26)
    actor_name: str = Field(max_length=200)
    actor_role: str = Field(max_length=40)
    action: str = Field(max_length=60)
    object_kind: str = Field(max_length=40)
    object_id: str = Field(max_length=200)
    case_id: str | None = Field(default=None, max_length=26)
    origin: str = Field(default="", max_length=100)
    result: str = Field(default="ok", max_length=40)
    operation: str = Field(default="", max_length=16)
    detail: str = Field(default="{}")
    digest: str = Field(max_length=64)
