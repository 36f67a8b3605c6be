"""The few functions that generated source calls: what does not fit in a plain Python expression."""

from collections.abc import Callable, Container
from dataclasses import replace
from types import MappingProxyType
from typing import Any as Anything
from typing import Final

from app.conditions.comparisons import NONE_OPTION
from app.conditions.evaluate import count_truth
from app.conditions.facts import NOT_ASKED, GroupState, Open, Party, gate
from app.conditions.operators import OPERATORS
from app.conditions.tree import Argument, Period, Reference, Test

_NO, _UNKNOWN, _YES = 0, 1, 2


class _Everything(Container[object]):
    """The options of something unknown: it may be any of them."""

    def __contains__(self, _option: object) -> bool:
        return True

    def isdisjoint(self, _others: object) -> bool:
        """Never: anything may be in it."""
        return False


EVERYTHING: Final = _Everything()
NOTHING: Final[frozenset[str]] = frozenset()


def shared_options(value: object) -> tuple[Container[object], Container[object]]:
    """Give what an answer can have in common with a fact of the case: possibly, and for certain."""
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, tuple):
        return EVERYTHING, NOTHING
    options = frozenset(value) - {NONE_OPTION}
    return options, options


def weigher(test: Test, *, negated: bool) -> Callable[[Anything, Anything], int]:
    """Make a function that weighs one test: (reading, reading of the reference or None) → 0, 1 or 2."""
    holds = OPERATORS[test.operator].holds
    argument = test.argument
    resolve = _resolver(argument)

    def weigh(value: Anything, other: Anything) -> int:
        if value is NOT_ASKED or other is NOT_ASKED:
            return _NO
        if value.__class__ is Open or other.__class__ is Open:
            return _UNKNOWN
        truth = int(holds(value, resolve(other)))
        return _YES - truth if negated else truth

    return weigh


def _resolver(argument: Argument) -> Callable[[Anything], Argument]:
    """Make a function that puts a reading in the place of a reference. A period remembers the last date it counted."""
    if isinstance(argument, Reference):
        return lambda other: other
    if not isinstance(argument, Period) or not isinstance(argument.anchor, Reference):
        return lambda _other: argument
    period = argument
    last: list[tuple[object, Period]] = [(None, period)]

    def resolve(other: Anything) -> Period:
        seen, counted = last[0]  # read at once: another thread may put its own pair there
        if seen is not other:
            counted = replace(period, anchor=other)
            last[0] = (other, counted)
        return counted

    return resolve


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
        "shared_options": shared_options,
    }
)
"""The names that generated source always finds."""
