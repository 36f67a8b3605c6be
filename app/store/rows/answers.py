"""What a candidate wrote: append-only. The newest row of a path is the answer; all rows together are its history."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, utc_now


class AnswerRow(Row, table=True):
    """One answer as it was given once. `content` NULL: the answer was taken away. Never changed, never deleted."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("case_id", "path", "revision"),)
    bound = ("path", "revision")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    path: str = Field(max_length=160)
    revision: int
    content: dict[str, Any] | None = Field(default=None, sa_type=Content)
    by_id: str = Field(max_length=26)
    by_name: str = Field(sa_type=Content)
    at: datetime = Field(default_factory=utc_now)


class LostAnswerRow(Row, table=True):
    """An answer that came too late: somebody had saved another one meanwhile. Kept, so that nothing gets lost."""

    __tablename__ = "lost_answer"
    bound = ("path", "expected_revision", "standing_revision")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    path: str = Field(max_length=160)
    expected_revision: int
    standing_revision: int
    content: dict[str, Any] | None = Field(default=None, sa_type=Content)
    by_id: str = Field(max_length=26)
    by_name: str = Field(sa_type=Content)
    at: datetime = Field(default_factory=utc_now)


class ItemRow(Row, table=True):
    """One item of a group, such as one company. The server makes the id; removing an item keeps its answers."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("case_id", "group_id", "item_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    group_id: str = Field(max_length=80)
    item_id: str = Field(max_length=12)
    position: int
    added_by: str = Field(max_length=26)
    added_at: datetime = Field(default_factory=utc_now)
    removed_by: str | None = Field(default=None, max_length=26)
    removed_at: datetime | None = None


class SubmissionRow(Row, table=True):
    """The moment a candidate handed in the answers, with the declaration and the exact answers it was about."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("case_id", "number"),)
    bound = ("number", "case_version")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    number: int
    case_version: int
    declaration: str
    answers: dict[str, Any] = Field(sa_type=Content)
    receipt: dict[str, Any] = Field(sa_type=Content)
    at: datetime = Field(default_factory=utc_now)
