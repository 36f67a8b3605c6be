"""What all tables share: one collection of tables, with names for constraints.

SQLite can only change a table when its constraints have names, so the naming stands here, before the first table.
"""

from typing import ClassVar, Literal

from sqlalchemy import MetaData
from sqlmodel import SQLModel

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """A row of one of our tables. It does not validate: make it from values that were checked."""

    metadata: ClassVar[MetaData] = metadata
    bound: ClassVar[tuple[str, ...]] = ()
    """Columns that never change and that content of this row belongs to, beside the identity of the row."""
    owns_key: ClassVar[Literal["", "case", "organisation"]] = ""
    """Whether a key is made with each row of this table, and for what."""
