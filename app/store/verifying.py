"""Checking the audit log: does every line still hang where it was hung, and is none missing.

What this cannot see by itself: somebody who may do anything with the database, works out all digests anew from the line
they changed, and puts the heads right too. For that the heads are sent elsewhere now and then; the log is then held
against what was sent.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from app.store.chain import FIELDS, GENESIS, WHOLE, Head, chained
from app.store.types import canonical

AT_ONCE = 5_000
"""Lines read in one query: enough to be quick, few enough to fit in memory whatever the length of the log."""

MISSING = "this line is missing"
CHANGED = "this line does not follow from the one before it"
CASE_CHANGED = "this line does not follow from the one before it about the same case"
CUT_OFF = "lines are missing at the end"
ADDED = "lines were added past the end"
OTHER = "this is not the line that stood here when the heads were exported"

_COLUMNS = ", ".join((*FIELDS, "digest"))
_PAGE = text(f"SELECT {_COLUMNS} FROM audit_entry WHERE number > :last ORDER BY number LIMIT {AT_ONCE}")  # noqa: S608 - constants
_OF_CASE = text(
    f"SELECT {', '.join(f'e.{name}' for name in (*FIELDS, 'digest'))}, b.digest FROM audit_entry e "  # noqa: S608 - same
    "LEFT JOIN audit_entry b ON b.number = e.number - 1 WHERE e.case_id = :case ORDER BY e.number"
)
_HEADS = text("SELECT chain, number, digest FROM audit_head")
_CASE_NUMBER, _CASE = FIELDS.index("case_number"), FIELDS.index("case_id")


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain does not hold, and how. `chain` is "all" or the id of a case, `number` counts in that chain."""

    chain: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Exported:
    """The end of a chain as it was once written down elsewhere."""

    chain: str
    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a check: how many lines were looked at, and the first fault of each chain that does not hold."""

    lines: int
    faults: tuple[Fault, ...]


def heads(connection: Connection, chain: str = "") -> dict[str, Head]:
    """Give where every chain ends now; only one when it is named."""
    found = {row[0]: (row[1], row[2]) for row in connection.execute(_HEADS)}
    return {name: head for name, head in found.items() if chain in {"", name}}


def verify(connection: Connection, exported: Iterable[Exported] = ()) -> Verified:
    """Check every line of the installation and the end of every chain. It may be in use meanwhile."""
    known = defaultdict[tuple[str, int], set[str]](set)
    for one in exported:
        if one.number:
            known[one.chain, one.number].add(one.digest)
    walk = _Walk(known)
    while True:
        seen = walk.number
        for row in connection.execute(_PAGE, {"last": walk.number}):
            if fault := walk.step(row):
                return Verified(walk.number, (fault,))
        # Read after the lines: lines that were added meanwhile are then looked at too, in another turn.
        ends = heads(connection)
        if walk.number == seen or ends.get(WHOLE, (0, ""))[0] == walk.number:
            return Verified(walk.number, (*_ends(walk.heads, ends), *walk.left()))


def verify_case(connection: Connection, case_id: str, exported: Iterable[Exported] = ()) -> Verified:
    """Check the lines about one case, and nothing else: what was done to other cases does not matter."""
    known = defaultdict[int, set[str]](set)
    for one in exported:
        if one.chain == case_id and one.number:
            known[one.number].add(one.digest)
    count, digest = 0, ""
    for *values, found, before in connection.execute(_OF_CASE, {"case": case_id}):
        count += 1
        if values[_CASE_NUMBER] != count:
            return Verified(count, (Fault(case_id, count, MISSING),))
        if chained(before or GENESIS, digest, values) != found:
            return Verified(count, (Fault(case_id, count, CASE_CHANGED),))
        if known.pop(count, {found}) != {found}:
            return Verified(count, (Fault(case_id, count, OTHER),))
        digest = found
    ends = {case_id: (count, digest)} if count else {}
    left = [Fault(case_id, number, CUT_OFF) for number in sorted(known)]
    return Verified(count, (*_ends(ends, heads(connection, case_id)), *left))


class _Walk:
    """Goes along the lines and keeps where each chain is."""

    def __init__(self, known: Mapping[tuple[str, int], set[str]]) -> None:
        """`known` are the digests that were exported. Two for one line tell of two logs: one of them is a forgery."""
        self.number = 0
        self._digest = GENESIS
        self._cases: dict[str, Head] = {}
        self._known = dict(known)

    @property
    def heads(self) -> dict[str, Head]:
        """Where each chain ends, as far as was walked."""
        return {WHOLE: (self.number, self._digest)} | self._cases

    def left(self) -> Iterator[Fault]:
        """What was exported and is not there: lines were cut off, and the heads were put back."""
        for chain, number in sorted(self._known):
            yield Fault(chain, number, CUT_OFF)

    def step(self, row: Any) -> Fault | None:
        """Look at the next line. This is what checking costs, so it is written out."""
        *values, found = row
        self.number = number = self.number + 1
        if values[0] != number:
            return Fault(WHOLE, number, MISSING)
        case = values[_CASE]
        before, of_case = "", None
        if case is not None:
            last, before = self._cases.get(case, (0, ""))
            of_case = last + 1
        digest = hashlib.sha256((self._digest + before).encode() + canonical(values)).hexdigest()
        if digest != found:
            return Fault(WHOLE, number, CHANGED)
        if values[_CASE_NUMBER] != of_case:
            return Fault(WHOLE, number, CASE_CHANGED)
        self._digest = digest
        if of_case is not None:
            self._cases[case] = of_case, digest
        if self._known:
            if self._known.pop((WHOLE, number), {digest}) != {digest}:
                return Fault(WHOLE, number, OTHER)
            if of_case is not None and self._known.pop((case, of_case), {digest}) != {digest}:
                return Fault(case, of_case, OTHER)
        return None


def _ends(walked: Mapping[str, Head], stored: Mapping[str, Head]) -> Iterator[Fault]:
    """Hold where the chains end against where they should end."""
    for chain in sorted({*walked, *stored}):
        at, digest = walked.get(chain, (0, ""))
        number, expected = stored.get(chain, (0, ""))
        if at < number:
            yield Fault(chain, at + 1, CUT_OFF)
        elif at > number:
            yield Fault(chain, number + 1, ADDED)
        elif at and digest != expected:
            yield Fault(chain, at, CHANGED)
