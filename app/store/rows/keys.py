"""The key of each case and organisation, wrapped by a master key that is never in the database."""

from datetime import datetime

from sqlmodel import Field

from app.store.rows.row import Row
from app.store.types import utc_now


class ContentKeyRow(Row, table=True):
    """One data key. `wrapped` NULL: it was destroyed at `shredded_at`, and with it all that it sealed.

    It refers to no other table: it is made before its owner and it tells, afterwards, that there was a key.
    """

    __tablename__ = "data_key"

    owner_id: str = Field(max_length=26, primary_key=True)
    kind: str = Field(max_length=20)
    wrapped: bytes | None = None
    master_id: str = Field(max_length=16, index=True)
    created_at: datetime = Field(default_factory=utc_now)
    shredded_at: datetime | None = None
