"""What a candidate asks to have corrected after handing in, and what was answered."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, utc_now


class RectificationRow(Row, table=True):
    """A request of the candidate to correct one answer. It is answered once; nothing in it is overwritten.

    `before` is the answer that stood there when it was asked, as revision `revision`. `wanted` is the answer it should be;
    for a list there is none, and `words` says it.
    """

    __tablename__ = "rectification"
    bound = ("path", "revision")

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    path: str = Field(max_length=160)
    revision: int
    before: dict[str, Any] | None = Field(default=None, sa_type=Content)
    wanted: dict[str, Any] | None = Field(default=None, sa_type=Content)
    words: str = Field(default="", sa_type=Content)
    reason: str = Field(sa_type=Content)
    at: datetime = Field(default_factory=utc_now)
    agreed: bool | None = None
    answer_reason: str = Field(default="", sa_type=Content)
    decided_by: str = Field(default="", max_length=26)
    decided_by_name: str = Field(default="", max_length=200)
    decided_at: datetime | None = None
