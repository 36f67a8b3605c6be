"""The few functions that generated source calls: what does not fit in a plain Python expression."""

from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any as Anything
from typing import Final

from app.conditions.comparisons import NONE_OPTION, earlier, reach
from app.conditions.dates import Interval, PartialDate
from app.conditions.evaluate import count_truth
from app.conditions.facts import NOT_ASKED, GroupState, Open, Party, gate
from app.conditions.operators import OPERATORS
from app.conditions.tree import Period, Test

_NO, _UNKNOWN, _YES = 0, 1, 2
_NOTHING_YET: Final = object()
_NEVER: Final = Interval(date.min, date.min)


class _Everything(Container[object]):
    """The options of something unknown: it may be any of them."""

    def __contains__(self, _option: object) -> bool:
        return True

    def isdisjoint(self, _others: object) -> bool:
        """Never: anything may be in it."""
        return False


EVERYTHING: Final = _Everything()
NOTHING: Final[frozenset[str]] = frozenset()


@lru_cache(maxsize=1024)  # portfolios repeat
def shared_options(value: object) -> tuple[Container[object], Container[object]]:
    """Give what an answer can have in common with a fact of the case: possibly, and for certain."""
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, tuple):
        return EVERYTHING, NOTHING
    options = frozenset(value) - {NONE_OPTION}
    return options, options


def is_before(one: Anything, other: Anything) -> int:
    """Weigh "one date is earlier than the other", for readings: 0, 1 or 2."""
    if one.__class__ is PartialDate and other.__class__ is PartialDate:
        if one.last < other.first:
            return _YES
        return _NO if one.first >= other.last else _UNKNOWN
    return _NO if one is NOT_ASKED or other is NOT_ASKED else _UNKNOWN


def is_not_before(one: Anything, other: Anything) -> int:
    """Weigh the opposite; what was not asked is NO here too."""
    return _NO if one is NOT_ASKED or other is NOT_ASKED else _YES - is_before(one, other)


def weigher(test: Test, *, negated: bool) -> Callable[[Anything, Anything], int]:
    """Make a function that weighs one test: (reading, reading of the reference or None) → 0, 1 or 2."""
    if isinstance(test.argument, Period):
        return _period_weigher(test.argument, older=test.operator == "older_than", negated=negated)
    holds = OPERATORS[test.operator].holds

    def weigh(value: Anything, other: Anything) -> int:
        if value is NOT_ASKED or other is NOT_ASKED:
            return _NO
        if value.__class__ is Open or other.__class__ is Open:
            return _UNKNOWN
        truth = int(holds(value, other))
        return _YES - truth if negated else truth

    return weigh


def _period_weigher(period: Period, *, older: bool, negated: bool) -> Callable[[Anything, Anything], int]:
    """Make a function that weighs a date against a period. It remembers how far the last anchor reached."""
    fixed = period.anchor if isinstance(period.anchor, PartialDate) else None
    last: list[tuple[object, tuple[Interval, Interval]]] = [(_NOTHING_YET, (_NEVER, _NEVER))]

    def weigh(value: Anything, other: Anything) -> int:
        if value is NOT_ASKED or other is NOT_ASKED:
            return _NO
        if value.__class__ is Open or other.__class__ is Open:
            return _UNKNOWN
        seen, bounds = last[0]  # read at once: another thread may put its own pair there
        if seen is not other:
            _, anchor, far = reach(replace(period, anchor=fixed or other))
            bounds = (anchor, far) if period.direction == "after" else (far, anchor)
            last[0] = (other, bounds)
        low, high = bounds
        given = value.interval
        truth = earlier(given, low) if older else min(~earlier(given, low), ~earlier(high, given))
        return _YES - truth if negated else truth

    return weigh


WEIGHING: Final = MappingProxyType(
    {
        "ASKED_GROUP": GroupState.ASKED,
        "CLOSED_GROUP": GroupState.CLOSED,
        "EMPTY_GROUP": GroupState.NONE,
        "NOT_ASKED": NOT_ASKED,
        "NOT_ASKED_GROUP": GroupState.NOT_ASKED,
        "OPEN_GROUP": GroupState.OPEN,
        "Open": Open,
        "Party": Party,
        "UNKNOWN": Open(("unknown",)),
        "count_truth": count_truth,
        "gate": gate,
        "is_before": is_before,
        "is_not_before": is_not_before,
        "shared_options": shared_options,
    }
)
"""The names that generated source always finds."""
