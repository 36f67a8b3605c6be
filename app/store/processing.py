"""The processing log: one record for each processing of the data of one person, apart from the audit log.

The audit log says who did something; this log says that data of somebody was processed, for which activity, and never
by whom. The form follows the Dutch standard *Logboek dataverwerkingen*. Lines of both logs carry the same operation id.

A request that comes with a W3C `traceparent` goes on in that trace; every other one begins its own.
"""

import os
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from app.store.types import utc_now

_TRACEPARENT = re.compile(r"\A(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?\Z")
_trace: ContextVar["Trace | None"] = ContextVar("trace", default=None)


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace a request belongs to: 16 bytes, and the operation of 8 bytes that asked for it, both as hexadecimals."""

    id: str
    parent: str = ""
    since: datetime = field(default_factory=utc_now)


@dataclass(frozen=True, slots=True)
class Operation:
    """One processing: its own id of 8 bytes as hexadecimals, and the trace it is part of."""

    id: str
    trace: Trace


def trace_of(traceparent: str) -> Trace:
    """Go on in the trace of a `traceparent` header, or begin one when there is none that can be read."""
    found = _TRACEPARENT.match(traceparent)
    return Trace(found[1], found[2]) if found else Trace(os.urandom(16).hex())


def within(trace: Trace) -> None:
    """Let everything that follows in this context belong to a trace."""
    _trace.set(trace)


def begun() -> Operation:
    """Begin an operation in the trace of this context; without one, in a trace of its own."""
    return Operation(os.urandom(8).hex(), _trace.get() or Trace(os.urandom(16).hex()))
