"""The audit log for the auditor of an organisation: its own lines, filtered, page by page, and as a file.

Nobody else reads it. Looking and downloading leave a line themselves.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

import orjson
from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.store import audit, keys, log_reading, verifying
from app.store.chain import WHOLE
from app.store.log_reading import SHOWN, LogLine, Wanted
from app.usecases.audit_log import LastCheck, last_check

PAGE = 50
MOST_EXPORTED = 100_000
"""No file holds more lines than this: it is made in memory."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet may run (OWASP, CSV injection)."""


class Form(StrEnum):
    """In what form the log leaves the product."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log. `older` is the number to ask the next page with, or `None` on the last one."""

    lines: tuple[LogLine, ...]
    older: int | None
    last_check: LastCheck | None
    head: tuple[int, str]


def page(db: Session, actor: Actor, wanted: Wanted, *, before: int | None = None) -> LogPage:
    """Give one page, newest first, and note that it was read. Raises NotFound for everybody but an auditor."""
    _only_auditor(actor)
    audit.read(db, actor, "log_read", "log", actor.organisation_id)
    found = log_reading.lines(db, actor.organisation_id, wanted, before=before, most=PAGE + 1)
    shown = tuple(_with_origin(db, line) for line in found[:PAGE])
    head = verifying.heads(db.connection(), WHOLE).get(WHOLE, (0, ""))
    return LogPage(shown, shown[-1].number if len(found) > PAGE else None, last_check(db), head)


def export(db: Session, actor: Actor, wanted: Wanted, form: Form) -> bytes:
    """Give every line that is wanted as a file, newest first, and note how many left.

    Raises NotFound for everybody but an auditor, and NotAllowed when there are more than `MOST_EXPORTED`.
    """
    _only_auditor(actor)
    found = log_reading.lines(db, actor.organisation_id, wanted, most=MOST_EXPORTED + 1)
    if len(found) > MOST_EXPORTED:
        raise NotAllowed("Dit zijn te veel regels voor één bestand. Kies een kortere periode.")
    detail = {"lines": len(found), "form": form.value}
    audit.append(db, actor, "log_exported", "log", actor.organisation_id, detail=detail)
    return as_csv(_with_origin(db, line) for line in found) if form is Form.CSV else as_json_lines(found)


def _with_origin(db: Session, line: LogLine) -> LogLine:
    return replace(line, origin=keys.opened_origin(db, line.case_id, line.origin))


def as_csv(found: Iterable[LogLine]) -> bytes:
    """Write lines for a spreadsheet: semicolons, UTF-8 with a mark, and no cell that could run."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow((*SHOWN, "times", "tried", "manifest", "declaration"))
    writer.writerows([harmless(str(value)) for value in _values(line)] for line in found)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def as_json_lines(found: Iterable[LogLine]) -> bytes:
    """Write lines for a program: one JSON object a line."""
    return b"".join(orjson.dumps(asdict(line)) + b"\n" for line in found)


def harmless(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula: one that could be is put behind an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


def _values(line: LogLine) -> Iterable[object]:
    return ("" if value is None else value for value in asdict(line).values())


def _only_auditor(actor: Actor) -> None:
    if actor.is_candidate or actor.role is not Role.AUDITOR:
        raise NotFound("only for auditors")
