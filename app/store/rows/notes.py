"""What reviewers write down for themselves while they work on a case."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, utc_now


class ReviewerNoteRow(Row, table=True):
    """A working note of one reviewer about a case, or about one flag of it. `shared`: the other reviewers read it too.

    Its text belongs to its author: moved to another name it does not open any more.
    """

    __tablename__ = "reviewer_note"
    __table_args__ = (Index("ix_reviewer_note_case_id_by_id", "case_id", "by_id"),)
    bound = ("rule", "item", "by_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id")
    rule: str | None = Field(default=None, max_length=40)
    item: str | None = Field(default=None, max_length=12)
    text: str = Field(sa_type=Content)
    shared: bool = False
    by_id: str = Field(foreign_key="person.id")
    by_name: str = Field(max_length=200)
    at: datetime = Field(default_factory=utc_now)
    changed_at: datetime | None = None
