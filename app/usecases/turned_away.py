"""What was refused: one line in the audit log for who asked for something that is not there, or not for them.

The two look the same, and cost the same: nothing is looked up, the line says what was asked for. It is written after the
answer went out, in a transaction of its own. Nobody fills the log with it: the same thing asked again within a quarter
of an hour is counted, and whoever asks for ever more things gets one line for all that follows.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app import logs
from app.accounts.actor import Actor
from app.store import audit
from app.store.engine import Engine, open_session

QUARTER = 15 * 60.0
"""Seconds within which the same thing is told once."""
MOST_LINES = 25
"""After so many different things within a quarter of an hour, one person's others are told together."""
MOST_REMEMBERED = 10_000
SEVERAL = "several"
_IDENTITY = re.compile(r"[0-9a-z]{26}")

_Key = tuple[str, str, str, str]

ACCESS, ACT = "access_refused", "act_refused"
"""Nothing was there for somebody, or an act was not theirs to do, or not now."""


@dataclass(slots=True)
class _Told:
    """A line that was written, and how often the same was asked since."""

    actor: Actor
    at: float
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    actor: Actor
    action: str
    kind: str
    object_id: str
    detail: dict[str, str | int]


class TurnedAway:
    """What this process refused lately. Safe to use from several threads."""

    def __init__(self, engine: Engine, now: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._now = engine, now
        self._lock = threading.Lock()
        self._told: OrderedDict[_Key, _Told] = OrderedDict()

    def note(self, actor: Actor, kind: str, object_id: str, tried: str, action: str = ACCESS) -> None:
        """Put on record that somebody tried something and was refused, or count it.

        What is no identity of ours is left out of the line: people type anything in an address. Never raises.
        """
        named = object_id if kind == "page" or _IDENTITY.fullmatch(object_id) else ""
        with self._lock:
            lines = self._take_over()
            key = self._key(actor, action, kind, named)
            told = self._told.get(key)
            if told is None:
                self._told[key] = _Told(actor, self._now())
                lines.append(_Line(actor, action, key[2], key[3], {"tried": tried}))
            else:
                told.more += 1
        if not self._write(lines) and told is None:
            with self._lock:
                self._told.pop(key, None)  # the next one tries again

    def flush(self, *, everything: bool = False) -> None:
        """Write how often the same was asked, for every quarter of an hour that is over; or for all of them."""
        with self._lock:
            lines = self._take_over(everything=everything)
        self._write(lines)

    def _key(self, actor: Actor, action: str, kind: str, named: str) -> _Key:
        key = actor.id, action, kind, named
        if key in self._told or sum(1 for other in self._told if other[0] == actor.id) < MOST_LINES:
            return key
        return actor.id, action, SEVERAL, ""

    def _take_over(self, *, everything: bool = False) -> list[_Line]:
        """Forget what is over, oldest first, and give the lines that tell how often."""
        lines, until = [], self._now() - QUARTER
        while self._told:
            key, told = next(iter(self._told.items()))
            if not (everything or told.at <= until or len(self._told) >= MOST_REMEMBERED):
                break
            del self._told[key]
            if told.more:
                lines.append(_Line(told.actor, f"{key[1]}_again", key[2], key[3], {"times": told.more}))
        return lines

    def _write(self, lines: list[_Line]) -> bool:
        if not lines:
            return True
        try:
            with open_session(self._engine) as db:
                for one in lines:
                    audit.append(
                        db, one.actor, one.action, one.kind, one.object_id, detail=dict(one.detail), result="refused"
                    )
                db.commit()
        except Exception:  # noqa: BLE001 - the answer is out already; that the storage is away is told elsewhere too
            logs.error("refusal_not_recorded", exc_info=True)
            return False
        return True
