"""Reading the audit log of one organisation, page by page: newest first, from a line on.

A page begins after the number of a line and not at a count of lines, so the last page costs what the first one does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, and_, or_, select
from sqlmodel import Session

from app.store.chain import FIELDS
from app.store.rows import AuditRow

_log: Any = AuditRow.__table__  # type: ignore[attr-defined]

SHOWN = (*(name for name in FIELDS if name not in {"organisation_id", "detail"}), "digest")
"""What is given of a line, in this order; of its detail only what a refusal says, and the fingerprints of a destruction."""
_REFUSALS = frozenset({"access_refused", "access_refused_again", "act_refused", "act_refused_again"})
_DESTRUCTIONS = frozenset({"destroyed", "destruction_known"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines somebody wants to see. What is empty leaves nothing out."""

    since: datetime | None = None
    until: datetime | None = None
    actor_id: str = ""
    actor_role: str = ""
    action: str = ""
    case_mark: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line as it was hashed, without its detail but for what the last fields say."""

    number: int
    case_number: int | None
    at: str
    actor_id: str
    actor_name: str
    actor_role: str
    action: str
    object_kind: str
    object_id: str
    case_id: str | None
    origin: str
    result: str
    operation: str
    digest: str
    times: int = 1
    """How often, where a line tells about several times."""
    tried: str = ""
    """What was tried, where it was refused: the pattern of an address."""
    manifest: str = ""
    """Of a destruction: the SHA-256 of the list of what was destroyed, as the declaration prints it."""
    declaration: str = ""
    """Of a destruction: the SHA-256 of the file of the declaration."""


def lines(
    db: Session, organisation_id: str, wanted: Wanted, *, before: int | None = None, most: int
) -> tuple[LogLine, ...]:
    """Give at most `most` lines of one organisation, newest first; with `before` only lines with a lower number."""
    return tuple(_read(db, statement(organisation_id, wanted, before=before).limit(most)))


def statement(organisation_id: str, wanted: Wanted, *, before: int | None = None) -> Select[Any]:
    """Give the query behind a page."""
    asked = select(*(_log.c[name] for name in (*SHOWN, "detail"))).where(_log.c.organisation_id == organisation_id)
    if before is not None:
        asked = asked.where(_log.c.number < before)
    if wanted.since is not None:
        asked = asked.where(_log.c.at >= wanted.since.isoformat(timespec="microseconds"))
    if wanted.until is not None:
        asked = asked.where(_log.c.at < wanted.until.isoformat(timespec="microseconds"))
    for name in ("actor_id", "actor_role", "action", "result"):
        if value := getattr(wanted, name):
            asked = asked.where(_log.c[name] == value)
    if wanted.case_mark:
        # A refusal names the case that was asked for, and belongs to no case.
        named = and_(_log.c.object_kind == "case", _log.c.object_id.endswith(wanted.case_mark, autoescape=True))
        asked = asked.where(or_(_log.c.case_id.endswith(wanted.case_mark, autoescape=True), named))
    return asked.order_by(_log.c.number.desc())


def _read(db: Session, asked: Select[Any]) -> Iterator[LogLine]:
    return (_line(*row) for row in db.connection().execute(asked))


def _line(*values: Any) -> LogLine:
    *shown, detail = values
    line = LogLine(*shown)
    if line.action not in _REFUSALS | _DESTRUCTIONS:
        return line
    told = orjson.loads(detail)
    if line.action in _DESTRUCTIONS:
        return replace(line, manifest=str(told.get("manifest", "")), declaration=str(told.get("declaration", "")))
    return replace(line, times=int(told.get("times", 1)), tried=str(told.get("tried", "")))
