"""Files that the candidate or a reviewer adds to a case."""

from datetime import datetime

from sqlmodel import Field

from app.reviews.lifecycle import Role
from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, ContentBytes, RoleWord, utc_now


class AttachmentRow(Row, table=True):
    """A file that came with a case, sealed with its key: its bytes, its name, what it is said to be, and the rest.

    `about` is the path of the answer it belongs to, or of one item of a list. `source` tells of a file that a reviewer
    added where it comes from; of what the candidate added it is empty, and so is `by_name`.
    """

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
    about: str | None = Field(default=None, sa_type=Content)
    source: dict[str, str] | None = Field(default=None, sa_type=Content)
    by_role: Role = Field(default=Role.CANDIDATE, sa_type=RoleWord)
    by_id: str | None = Field(default=None, foreign_key="person.id")
    by_name: str = Field(default="", max_length=200)
