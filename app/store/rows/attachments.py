"""Files that a candidate adds to a case."""

from datetime import datetime

from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, ContentBytes, utc_now


class AttachmentRow(Row, table=True):
    """A file that came with a case, sealed with its key: its bytes, its name and what it is said to be."""

    __tablename__ = "attachment"

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    filename: str = Field(sa_type=Content)
    subject: str = Field(sa_type=Content)
    media_type: str = Field(max_length=120)
    size: int
    body: bytes = Field(sa_type=ContentBytes)
    added_at: datetime = Field(default_factory=utc_now)
