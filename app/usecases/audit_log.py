"""The audit log for whoever keeps an eye on it: is it whole, where does it end, and what stands in it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlmodel import Session

from app import logs
from app.accounts.actor import system_actor
from app.errors import Broken, Problem
from app.settings import Settings
from app.store import audit, guards, verifying
from app.store.adding import add
from app.store.chain import WHOLE
from app.store.engine import Engine, open_session
from app.store.types import canonical, utc_now
from app.store.verifying import Exported, Fault

VERIFIED = "log_verified"
_INSTALLATION = ""
"""In place of an organisation: a line about the log itself belongs to none of them."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check of the log, or of the part about one case."""

    chain: str
    lines: int
    faults: tuple[Fault, ...]
    unguarded: tuple[str, ...] = ()
    """Triggers of the database that should refuse a change of the log, and are gone or switched off."""

    @property
    def whole(self) -> bool:
        """Whether nothing was changed, added, removed, moved or cut off."""
        return not self.faults

    @property
    def in_order(self) -> bool:
        """Whether the log is whole, and the database refuses to change it."""
        return not self.faults and not self.unguarded


def check(db: Session, exported: Iterable[Exported] = (), case_id: str = "") -> Checked:
    """Check the whole log, or the lines about one case. Reads only: nobody waits for it."""
    connection = db.connection()
    found = verifying.verify_case(connection, case_id, exported) if case_id else verifying.verify(connection, exported)
    return Checked(case_id or WHOLE, found.lines, found.faults, guards.missing(connection))


def record(db: Session, checked: Checked) -> None:
    """Write in the log that it was checked, and what came of it."""
    audit.append(
        db,
        system_actor(_INSTALLATION),
        VERIFIED,
        "log",
        checked.chain,
        result="ok" if checked.in_order else "broken",
        detail={
            "lines": checked.lines,
            "faults": [[one.chain, one.number] for one in checked.faults[:20]],
            "unguarded": list(checked.unguarded),
        },
    )


def heads(db: Session, *, cases: bool = False) -> tuple[str, ...]:
    """Give a line of JSON for where the log ends now; with `cases`, one more for each case."""
    now = utc_now().isoformat(timespec="seconds")
    found = verifying.heads(db.connection(), "" if cases else WHOLE)
    return tuple(
        canonical({"at": now, "chain": chain, "number": number, "digest": digest}).decode()
        for chain, (number, digest) in sorted(found.items(), key=lambda one: (one[0] != WHOLE, one[0]))
    )


def read_heads(path: Path) -> tuple[Exported, ...]:
    """Read what was exported before. Raises Broken for a file that cannot be read, or holds something else."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        raise Broken([Problem(str(path), 0, "cannot be read", "give a file that `audit heads` made")]) from None
    found, problems = [], []
    for number, line in enumerate(lines, 1):
        try:
            told = orjson.loads(line)
            found.append(Exported(str(told["chain"]), int(told["number"]), str(told["digest"])))
        except (ValueError, TypeError, KeyError):
            problems.append(Problem(str(path), number, "is not a line of exported heads"))
    if problems or not found:
        raise Broken(problems or [Problem(str(path), 0, "holds no heads", "give a file that `audit heads` made")])
    return tuple(found)


def export_once(engine: Engine, settings: Settings) -> None:
    """Add where the log ends now to the file of the settings. What goes wrong is told, and tried again next time."""
    try:
        with open_session(engine, writes=False) as db:
            lines = heads(db)
        add(Path(settings.audit_heads), "".join(f"{line}\n" for line in lines).encode())
    except Exception as error:  # noqa: BLE001 - the export goes on by itself, whatever happened to the disk or database
        logs.error("audit_heads_not_exported", exc_info=error)


def export_until(engine: Engine, settings: Settings, stop: threading.Event) -> None:
    """Export now and then until told to stop. Does nothing when the settings name no file."""
    if not settings.audit_heads:
        return
    export_once(engine, settings)
    while not stop.wait(settings.audit_heads_minutes * 60):
        export_once(engine, settings)


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the log was last checked as a whole, and what came of it."""

    at: datetime
    whole: bool


def last_check(db: Session) -> LastCheck | None:
    """Give the last check of the whole log, or `None` when there was none yet."""
    row = audit.last_of(db, _INSTALLATION, VERIFIED, WHOLE)
    return None if row is None else LastCheck(datetime.fromisoformat(row.at), row.result == "ok")
