"""The processing log: one record for each processing of the data of one person, apart from the audit log.

The audit log says who did something; this log says that data of somebody was processed, for which activity, and never
by whom. The form follows the Dutch standard *Logboek dataverwerkingen*. Lines of both logs carry the same operation id.

A request that comes with a W3C `traceparent` goes on in that trace; every other one begins its own.
"""

import hashlib
import hmac
import os
import re
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from app import __version__, logs
from app.store.adding import add
from app.store.types import canonical, utc_now

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


@dataclass(frozen=True, slots=True)
class Processed:
    """One processing of the data of one person: what was done, in which operation, and when."""

    operation: Operation
    name: str
    case_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProcessingLog:
    """Where records go, and what stands in every one of them."""

    destination: str
    """A file, or `-` for standard output."""
    activity: str
    """The address of the activity in the register of processing activities."""
    key: bytes

    def write(self, processed: Sequence[Processed], *, failed: bool) -> None:
        """Add one line of JSON for each. What cannot be written is told to the log of the process, and stops nothing."""
        lines = b"".join(canonical(self._record(one, failed=failed)) + b"\n" for one in processed)
        try:
            if self.destination == "-":
                sys.stdout.write(lines.decode())
                sys.stdout.flush()
                return
            add(Path(self.destination), lines)
        except OSError as error:
            logs.error("processing_log_failed", count=len(processed), exc_info=error)

    def _record(self, one: Processed, *, failed: bool) -> dict[str, Any]:
        operation, trace = one.operation, one.operation.trace
        record = {
            "trace_id": trace.id,
            "operation_id": operation.id,
            "status_code": "ERROR" if failed else "OK",
            "name": one.name,
            "start_time": min(trace.since, one.at).isoformat(timespec="microseconds"),
            "end_time": utc_now().isoformat(timespec="microseconds"),
            "resource": {"name": "toetssteen", "version": __version__},
            "attributes": {
                "dpl.core.processing_activity_id": self.activity,
                "dpl.core.data_subject_id": pseudonym(self.key, one.case_id),
            },
        }
        return record | ({"parent_operation_id": trace.parent} if trace.parent else {})


_log: list[ProcessingLog] = []


def write_to(destination: str, activity: str = "", key: str = "") -> None:
    """Say where the records of this process go; an empty destination: nowhere."""
    _log[:] = [ProcessingLog(destination, activity, key.encode())] if destination else []


def on() -> bool:
    """Whether records are written at all."""
    return bool(_log)


def tell(processed: Sequence[Processed], *, failed: bool = False) -> None:
    """Write records of what was done, or of what was begun and then taken back. Nothing when the log is off."""
    for log in _log:
        if processed:
            log.write(processed, failed=failed)


def pseudonym(key: bytes, case_id: str) -> str:
    """Name a person in the processing log: always the same, and nobody without the key can tell who it is."""
    return hmac.digest(key, case_id.encode(), hashlib.sha256).hex()
