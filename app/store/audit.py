"""The audit log: who did what to which thing, when and from where. Never what an answer says.

What happens in a session waits until the session commits, and is written in that same transaction, last: the end of
the log is locked for everybody, so nobody should hold it while something else is still going on. Whoever reads the log
in the same session finds its own lines. A rolled back session leaves no line, because nothing was done.

What a line is about is named by an id that says nothing. The path of an answer and the rule behind a flag do say something:
an answer about a debt is one of somebody with debts. Such a name stands there as a mark under the key of the case, the same
for the same name. The address that a candidate came from is sealed with that key too. The log outlives the case, and when
its key is destroyed the marks tell nothing any more and the addresses cannot be read.

Whoever opens a case leaves a line, also when the page itself says nothing to the log: `opened` is called where cases
are opened, and that is one place.
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.store import chain, keys, processing, verifying
from app.store.chain import Line
from app.store.rows import AuditRow
from app.store.types import canonical
from app.store.verifying import Exported, Fault

TELLING = frozenset({"answer", "flag", "item", "talking_point"})
"""The kinds of things of which the name alone tells something about the candidate."""

READ_AGAIN_SECONDS = 300
"""Within this time the same thing read again in the same sign-in is the same reading, and one line."""

MOST_REMEMBERED = 20_000
_WAITING = "lines of the audit log"

_Reading = tuple[str, str, str, str]


@dataclass(slots=True)
class _Waiting:
    """What one transaction will put in the log when it commits."""

    lines: list[Line] = field(default_factory=list)
    opened: dict[str, Actor] = field(default_factory=dict)
    written: list[Line] = field(default_factory=list)
    read: list[_Reading] = field(default_factory=list)


_recently: OrderedDict[_Reading, float] = OrderedDict()


def append(
    db: Session,
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: str,
    *,
    case_id: str | None = None,
    detail: dict[str, Any] | None = None,
    result: str = "ok",
) -> None:
    """Add a line, in the transaction of the act itself. `detail` holds ids, steps and counts, never content."""
    origin = None
    if case_id is not None:
        if object_kind in TELLING:
            object_id = keys.mark(db, case_id, object_id)
        if actor.kind != "person" and actor.origin:
            connection = db.connection()
            origin = keys.sealed_origin(keys.ring_of(connection), connection, case_id, actor.origin)
    _waiting(db).lines.append(
        Line(
            actor=actor,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            case_id=case_id,
            detail=canonical(detail).decode() if detail else "{}",
            result=result,
            origin=origin,
        )
    )


def read(
    db: Session, actor: Actor, action: str, object_kind: str, object_id: str, *, case_id: str | None = None
) -> None:
    """Add a line that somebody read something. The same again within `READ_AGAIN_SECONDS` adds none."""
    reading = (actor.session_id, action, object_id, case_id or "")
    waiting = _waiting(db)
    if actor.session_id:
        if reading in waiting.read:
            return
        waiting.read.append(reading)
        before = _recently.get(reading)
        if before is not None and time.monotonic() - before < READ_AGAIN_SECONDS:
            return
    append(db, actor, action, object_kind, object_id, case_id=case_id)


def opened(db: Session, actor: Actor, case_id: str) -> None:
    """Let it be known that a case was opened. When nothing else is written about it, that will be the line."""
    _waiting(db).opened.setdefault(case_id, actor)


def has_opened(db: Session) -> bool:
    """Tell whether a case was opened in this transaction so far."""
    waiting: _Waiting | None = db.info.get(_WAITING)
    return waiting is not None and bool(waiting.opened)


def of_case(db: Session, organisation_id: str, case_id: str, actions: tuple[str, ...] = ()) -> list[AuditRow]:
    """Give the lines about one case, newest first; only those with one of `actions` when any are named."""
    query = select(AuditRow).where(AuditRow.organisation_id == organisation_id, AuditRow.case_id == case_id)
    if actions:
        query = query.where(col(AuditRow.action).in_(actions))
    return list(db.exec(query.order_by(col(AuditRow.number).desc())).all())


def that_say(db: Session, text: str, actions: tuple[str, ...]) -> list[AuditRow]:
    """Give the lines of all organisations with one of these acts that have a text in their detail, oldest first."""
    query = select(AuditRow).where(
        col(AuditRow.action).in_(actions), col(AuditRow.detail).contains(text, autoescape=True)
    )
    return list(db.exec(query.order_by(col(AuditRow.number))).all())


def last_of(db: Session, organisation_id: str, action: str, object_id: str) -> AuditRow | None:
    """Give the last line that says that something was done to a thing."""
    query = select(AuditRow).where(
        AuditRow.organisation_id == organisation_id, AuditRow.action == action, AuditRow.object_id == object_id
    )
    return db.exec(query.order_by(col(AuditRow.number).desc()).limit(1)).first()


def verify(db: Session, exported: Iterable[Exported] = ()) -> tuple[Fault, ...]:
    """Check every chain. Empty: nothing was changed, added, removed, moved or cut off."""
    settle(db)
    return verifying.verify(db.connection(), exported).faults


def settle(db: Session) -> None:
    """Write what waits, now: for whoever reads the log in the same session."""
    waiting = _waiting(db)
    if waiting.lines:
        lines, waiting.lines = waiting.lines, []
        chain.write(db.connection(), lines)
        waiting.written += lines


def _waiting(db: Session) -> _Waiting:
    found: _Waiting | None = db.info.get(_WAITING)
    if found is None:
        if not db.in_transaction():
            db.begin()  # or else a rollback would have nothing to tell
        found = db.info[_WAITING] = _Waiting()
    return found


# On every session: a use case cannot forget to write its lines, and cannot write them outside its transaction.
@event.listens_for(Session, "before_commit")
def _write(db: Session) -> None:
    waiting: _Waiting | None = db.info.get(_WAITING)
    if waiting is None:
        return
    told = {line.case_id for line in (*waiting.lines, *waiting.written)}
    for case_id, actor in waiting.opened.items():
        if case_id not in told and not any(one[3] == case_id for one in waiting.read):
            read(db, actor, "case_opened", "case", case_id, case_id=case_id)
    settle(db)


@event.listens_for(Session, "after_commit")
def _written(db: Session) -> None:
    waiting: _Waiting | None = db.info.pop(_WAITING, None)
    if waiting is None:
        return
    _tell(waiting.written)
    now = time.monotonic()
    for reading in waiting.read:
        _recently.setdefault(reading, now)
        if now - _recently[reading] >= READ_AGAIN_SECONDS:
            _recently[reading] = now
    while len(_recently) > MOST_REMEMBERED:
        _recently.popitem(last=False)


@event.listens_for(Session, "after_rollback")
def _forget(db: Session) -> None:
    waiting: _Waiting | None = db.info.pop(_WAITING, None)
    if waiting is not None:
        _tell([*waiting.written, *waiting.lines], failed=True)


def _tell(lines: Iterable[Line], *, failed: bool = False) -> None:
    processed = [line.processed(line.case_id) for line in lines if line.case_id is not None]
    processing.tell(processed, failed=failed)


@event.listens_for(Session, "do_orm_execute")
def _see_own_lines(state: ORMExecuteState) -> None:
    waiting: _Waiting | None = state.session.info.get(_WAITING)
    if waiting is not None and waiting.lines and state.is_select:
        mapper = state.bind_mapper
        if mapper is not None and mapper.class_ is AuditRow:
            settle(cast("Session", state.session))
