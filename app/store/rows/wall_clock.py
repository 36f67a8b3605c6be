"""How far the clock was when it was last looked at: one row for the whole installation."""

from datetime import datetime

from sqlmodel import Field

from app.store.rows.row import Row


class ClockRow(Row, table=True):
    """The moment at the last look; see `app.usecases.wall_clock`."""

    __tablename__ = "wall_clock"

    id: str = Field(primary_key=True, max_length=20)
    at: datetime
