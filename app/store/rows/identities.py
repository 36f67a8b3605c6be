"""Who somebody is at the organisation's own sign-in, and sign-ins there that have not come back yet."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row


class IdentityRow(Row, table=True):
    """An account is this subject at this provider. A subject never changes and is never given out again; an address may."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    linked_at: datetime


class SignOnRow(Row, table=True):
    """A sign-in that went to the provider and has not come back. It is taken away when it does, so it counts once.

    The browser holds a token of its own: an answer that somebody else's browser brings is refused.
    """

    __tablename__ = "sign_on"

    state_sha256: str = Field(max_length=64, primary_key=True)
    browser_sha256: str = Field(max_length=64)
    nonce: str = Field(max_length=60)
    verifier: str = Field(max_length=60)
    back_to: str = Field(max_length=500)
    expires_at: datetime = Field(index=True)
