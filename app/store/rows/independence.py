"""What reviewers declared about their relation to a candidate."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from app.reviews.independence import Relation
from app.reviews.lifecycle import Role
from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, RelationWord, RoleWord, utc_now


class DeclarationRow(Row, table=True):
    """What one reviewer declared about one case. `closes` is true while it keeps this person out of the case.

    Who comes instead, and how the declaration was lifted, is written beside it later; nothing in it is overwritten.
    """

    __tablename__ = "independence_declaration"
    __table_args__ = (Index("ix_independence_declaration_person_id_case_id", "person_id", "case_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    person_id: str = Field(foreign_key="person.id")
    person_name: str = Field(max_length=200)
    person_role: Role = Field(sa_type=RoleWord)
    relation: Relation = Field(sa_type=RelationWord)
    explanation: str = Field(default="", sa_type=Content)
    closes: bool
    at: datetime = Field(default_factory=utc_now)
    substitute_id: str | None = Field(default=None, foreign_key="person.id")
    substitute_name: str = Field(default="", max_length=200)
    substitute_by_name: str = Field(default="", max_length=200)
    substitute_at: datetime | None = None
    lift_reason: str = Field(default="", sa_type=Content)
    lift_proposed_by: str | None = Field(default=None, foreign_key="person.id")
    lift_proposed_by_name: str = Field(default="", max_length=200)
    lift_proposed_at: datetime | None = None
    lifted_by: str | None = Field(default=None, foreign_key="person.id")
    lifted_by_name: str = Field(default="", max_length=200)
    lifted_at: datetime | None = None
