"""How a candidate proves who is there, beside the link, and somebody who is between two proofs."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlmodel import Field

from app.store.ids import new_id
from app.store.rows.row import Row
from app.store.types import Content, ContentBytes, Json, utc_now


class CandidateWayRow(Row, table=True):
    """What the candidate of a case chose: codes by mail, an app or a passkey. Empty after the way was taken away.

    `used_steps` are the half minutes of the last codes of the app that were used; `began_again_why` is the reason that
    was given for taking the way away.
    """

    __tablename__ = "candidate_way"
    bound = ("case_id",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", unique=True)
    way: str = Field(default="", max_length=10)
    secret: bytes | None = Field(default=None, sa_type=ContentBytes)
    used_steps: list[int] = Field(default_factory=list, sa_type=Json)
    credential_sha256: str = Field(default="", max_length=64)
    public_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    chosen_at: datetime = Field(default_factory=utc_now)
    began_again_why: str | None = Field(default=None, sa_type=Content)


class CandidateDeviceRow(Row, table=True):
    """A browser in which the candidate of a case came in before. Its cookie opens nothing: wrong tries elsewhere do not count here."""

    __tablename__ = "candidate_device"
    __table_args__ = (UniqueConstraint("token_sha256", "case_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    token_sha256: str = Field(max_length=64)
    seen_at: datetime


class CandidateStepRow(Row, table=True):
    """A candidate on the way in, for a few minutes. Not a session: it opens no page.

    `code_sha256` is the mark of the code that was mailed last. The token of the step is in it, which only the browser
    knows that asked: six digits alone could be tried by whoever steals the database.
    """

    __tablename__ = "candidate_step"
    bound = ("case_id",)

    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    case_id: str = Field(foreign_key="case_file.id", index=True)
    token_sha256: str = Field(max_length=64, unique=True)
    purpose: str = Field(max_length=20)
    challenge: bytes | None = Field(default=None, sa_type=LargeBinary)
    secret: bytes | None = Field(default=None, sa_type=ContentBytes)
    code_sha256: str = Field(default="", max_length=64)
    code_until: datetime | None = None
    failed: int = 0
    expires_at: datetime = Field(index=True)
