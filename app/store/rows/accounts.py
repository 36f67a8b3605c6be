"""What people prove themselves with, and how far they came: passkeys, authenticator apps, codes, links, steps, devices."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, ContentBytes, Json, utc_now


class PasskeyRow(Row, table=True):
    """A passkey of a person. What is kept is public: only the device can sign with it."""

    __tablename__ = "passkey"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    credential_sha256: str = Field(max_length=64, unique=True)
    credential_id: bytes = Field(sa_type=LargeBinary)
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(sa_type=BigInteger)
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=utc_now)
    used_at: datetime | None = None


class AuthenticatorRow(Row, table=True):
    """The authenticator app of a person. `used_steps` are the half minutes of the last codes that were used."""

    __tablename__ = "authenticator"
    bound = ("person_id",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    person_id: str = Field(foreign_key="person.id", unique=True)
    secret: bytes = Field(sa_type=ContentBytes)
    used_steps: list[int] = Field(default_factory=list, sa_type=Json)
    created_at: datetime = Field(default_factory=utc_now)


class RecoveryCodeRow(Row, table=True):
    """A recovery code, as a mark that cannot be turned back."""

    __tablename__ = "recovery_code"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    mark_sha256: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(default_factory=utc_now)
    used_at: datetime | None = None


class AccountLinkRow(Row, table=True):
    """A link that was mailed to a person: to begin (`invitation`) or for a new password (`password`). It works once."""

    __tablename__ = "account_link"

    id: str = Field(default_factory=new_id, primary_key=True)
    token_sha256: str = Field(max_length=64, unique=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=20)
    made_by: str = Field(max_length=40)
    made_at: datetime = Field(default_factory=utc_now)
    expires_at: datetime
    used_at: datetime | None = None


class SignInStepRow(Row, table=True):
    """Somebody on the way in: what was proven already, for a few minutes. Not a session: it opens no page."""

    __tablename__ = "sign_in_step"
    bound = ("purpose", "person_id")

    id: str = Field(default_factory=new_id, primary_key=True)
    token_sha256: str = Field(max_length=64, unique=True)
    purpose: str = Field(max_length=20)
    organisation_id: str | None = Field(default=None, foreign_key="organisation.id")
    person_id: str | None = Field(default=None, foreign_key="person.id", index=True)
    challenge: bytes | None = Field(default=None, sa_type=LargeBinary)
    secret: bytes | None = Field(default=None, sa_type=ContentBytes)
    failed: int = 0
    expires_at: datetime = Field(index=True)


class KnownDeviceRow(Row, table=True):
    """A browser in which a person signed in before."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("token_sha256", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    token_sha256: str = Field(max_length=64)
    person_id: str = Field(foreign_key="person.id", index=True)
    seen_at: datetime


class StartOverRow(Row, table=True):
    """That somebody asked to let a colleague begin again, without any proof they had, and what a second person decided.

    `outcome` is empty while it waits: see `app.usecases.starting_over`.
    """

    __tablename__ = "start_over"
    bound = ("person_id",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id", index=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    reason: str = Field(sa_type=Content)
    asked_by: str = Field(max_length=26)
    asked_by_name: str = Field(max_length=200)
    asked_at: datetime = Field(default_factory=utc_now)
    expires_at: datetime
    decided_by: str = Field(default="", max_length=26)
    decided_at: datetime | None = None
    outcome: str = Field(default="", max_length=20)
