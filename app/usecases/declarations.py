"""Holding a declaration of destruction against the audit log: whether this file is the one that was made then."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlmodel import Session

from app.reviews.retention import Kept
from app.store import retention as kept
from app.store.rows import CaseRow, OrganisationRow
from app.usecases import audit_log
from app.usecases.lines import reference_of


@dataclass(frozen=True, slots=True)
class Declared:
    """What the log says about a declaration. `whole` is whether the lines about that case were left as they were."""

    organisation: str
    reference: str
    kept: Kept
    logged_at: datetime
    line: int
    manifest_sha256: str
    whole: bool


def declared(db: Session, body: bytes) -> Declared | None:
    """Find the line of the audit log about a declaration; `None` when there is none, so for every file that was changed."""
    line = next(iter(kept.logged(db, hashlib.sha256(body).hexdigest())), None)
    if line is None or line.case_id is None:
        return None
    told = orjson.loads(line.detail)
    return Declared(
        organisation=db.get_one(OrganisationRow, line.organisation_id).name,
        reference=reference_of(db.get_one(CaseRow, line.case_id)),
        kept=Kept(told["kept"]),
        logged_at=datetime.fromisoformat(line.at),
        line=line.number,
        manifest_sha256=told["manifest"],
        whole=audit_log.check(db, case_id=line.case_id).whole,
    )
