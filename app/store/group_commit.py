"""One writer that gathers waiting saves into one transaction.

Committing is what a save costs: a disk must say that it is really there. When sixty people save at once, sixty commits
queue up; here they share one. What is acknowledged has been committed, with `synchronous=FULL` on SQLite.

Every save is checked inside the transaction: the session it came in with still lives, and the case is on the version
and in the step it was made on. A save that fails this is not written: its caller takes the ordinary road, which knows
how to ask for a sign-in and how to tell both sides of a race.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, bindparam, insert, select, update

from app.accounts.actor import Actor
from app.reviews.lifecycle import Step
from app.store import chain, processing
from app.store.chain import Line
from app.store.ids import new_id
from app.store.keys import ring_of, sealed_origin
from app.store.prepared import Prepared, Row, among, wanted
from app.store.processing import Operation, begun
from app.store.rows import AnswerRow, CaseRow, SignInRow
from app.store.sealing import sealed_values
from app.store.types import utc_now

SOON = timedelta(hours=1)
MOST_AT_ONCE = 256
"""Saves in one transaction. More would only make the first of them wait."""

_cases: Any = CaseRow.__table__  # type: ignore[attr-defined]
_answers: Any = AnswerRow.__table__  # type: ignore[attr-defined]
_sign_ins: Any = SignInRow.__table__  # type: ignore[attr-defined]


class _Statements:
    """What a group needs of the database, written out for one engine."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        versions = select(_cases.c.id, _cases.c.version, _cases.c.step).where(among(_cases.c.id, dialect))
        living = select(_sign_ins.c.id).where(
            among(_sign_ins.c.id, dialect),
            _sign_ins.c.revoked_at.is_(None),
            _sign_ins.c.ends_at > bindparam("now"),
            # A session that began later than this was begun by a clock that has been set back: it is over.
            _sign_ins.c.started_at < bindparam("soon"),
        )
        count = (
            update(_cases)
            .where(_cases.c.id == bindparam("case"))
            .values(version=bindparam("new_version"), changed_at=bindparam("new_moment"))
        )
        seen = update(_sign_ins).where(among(_sign_ins.c.id, dialect)).values(seen_at=bindparam("now"))
        self.versions = Prepared(versions.with_for_update(), dialect)
        self.living = Prepared(living, dialect)
        self.insert_answer = Prepared(insert(_answers), dialect)
        self.count = Prepared(count, dialect)
        self.seen = Prepared(seen, dialect)

    def wanted(self, texts: Iterable[str]) -> Row:
        return wanted(texts, self.dialect)


_written_out: dict[str, _Statements] = {}


def _statements(dialect: Dialect) -> _Statements:
    found = _written_out.get(dialect.name)
    if found is None:
        found = _written_out[dialect.name] = _Statements(dialect)
    return found


@dataclass(frozen=True, slots=True)
class Save:
    """One answer to write, made on `version` of its case. `content` None takes the answer away.

    Without `changes` the same answer stood there already: then only is looked at whether it still stands.
    """

    actor: Actor
    case_id: str
    version: int
    step: Step
    path: str
    revision: int
    content: dict[str, Any] | None
    changes: bool = True
    operation: Operation = field(default_factory=begun)


@dataclass(frozen=True, slots=True)
class Written:
    """The save is on disk: the version of the case from now on, and the moment."""

    version: int
    at: datetime


Done = Callable[[Written | BaseException | None], None]
"""Told what became of a save: written, None when the case had moved on, or why nothing could be written."""


class GroupWriter:
    """Writes saves in groups, in one thread of its own. `close` finishes what waits and ends the thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[tuple[Save, Done] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="group-writer", daemon=True)
        self._thread.start()

    def put(self, save: Save, done: Done) -> None:
        """Let a save wait for the next transaction. `done` is called from the writer's thread, exactly once."""
        self._waiting.put((save, done))

    def close(self) -> None:
        """Write what waits and stop."""
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            group, last = [first], False
            while len(group) < MOST_AT_ONCE and not self._waiting.empty():
                more = self._waiting.get()
                if more is None:
                    last = True
                    break
                group.append(more)
            self._write(group)
            if last:
                return

    def _write(self, group: list[tuple[Save, Done]]) -> None:
        try:
            with self._engine.begin() as connection:
                outcomes = write(connection, [save for save, _ in group])
        except Exception as error:  # noqa: BLE001 - whoever waits must hear it, and the writer must live on
            for _, done in group:
                done(error)
            return
        if processing.on():
            # First the record, then the answer: what was acknowledged is on record.
            told = zip(group, outcomes, strict=True)
            processing.tell(
                [_line(save, one.at).processed(save.case_id) for (save, _), one in told if one and save.changes]
            )
        for (_, done), outcome in zip(group, outcomes, strict=True):
            done(outcome)


def write(connection: Connection, saves: Sequence[Save]) -> list[Written | None]:
    """Write saves in one transaction of the caller; None for each whose case has moved on or whose session is over."""
    say = _statements(connection.dialect)
    found = say.versions.run(connection, say.wanted(save.case_id for save in saves))
    standing = {row[0]: (row[1], row[2]) for row in found}
    now = utc_now()
    sessions = say.wanted(save.actor.session_id for save in saves)
    alive = {row[0] for row in say.living.run(connection, {**sessions, "now": now, "soon": now + SOON})}
    outcomes: list[Written | None] = []
    accepted: list[Save] = []
    for save in saves:
        if standing.get(save.case_id) != (save.version, save.step) or save.actor.session_id not in alive:
            outcomes.append(None)
            continue
        if not save.changes:
            outcomes.append(Written(save.version, now))
            continue
        standing[save.case_id] = (save.version + 1, save.step)
        outcomes.append(Written(save.version + 1, now))
        accepted.append(save)
    if accepted:
        say.insert_answer.run_many(connection, [_answer(connection, save, now) for save in accepted])
        moments = ({"case": save.case_id, "new_version": save.version + 1, "new_moment": now} for save in accepted)
        say.count.run_many(connection, moments)
        chain.write(connection, [_private_line(connection, save, now) for save in accepted])
    used = {save.actor.session_id for save, outcome in zip(saves, outcomes, strict=True) if outcome is not None}
    if used:
        say.seen.run(connection, {**say.wanted(used), "now": now})
    return outcomes


def _answer(connection: Connection, save: Save, now: datetime) -> dict[str, Any]:
    values = {
        "id": new_id(),
        "organisation_id": save.actor.organisation_id,
        "case_id": save.case_id,
        "path": save.path,
        "revision": save.revision,
        "content": save.content,
        "by_id": save.actor.id,
        "by_name": save.actor.name,
        "at": now,
    }
    return sealed_values(connection, AnswerRow, values)


def _private_line(connection: Connection, save: Save, now: datetime) -> Line:
    """The line as it stands in the log: see `app.store.audit` about names and addresses in it."""
    ring = ring_of(connection)
    origin = save.actor.origin and sealed_origin(ring, connection, save.case_id, save.actor.origin)
    return _line(save, now, ring.living(connection, save.case_id).mark(save.path), origin)


def _line(save: Save, now: datetime, mark: str = "", origin: str = "") -> Line:
    return Line(
        actor=save.actor,
        action="answer_saved",
        object_kind="answer",
        object_id=mark,
        origin=origin,
        case_id=save.case_id,
        operation=save.operation,
        at=now,
    )
