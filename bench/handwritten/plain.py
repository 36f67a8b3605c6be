"""What somebody needs who writes the rules by hand: three truth values and a helper per comparison.

NO is 0, so that `if not truth` stops at the first part that decides.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.conditions.dates import PartialDate, shift
from app.conditions.facts import NOT_ASKED, Facts, GroupState, Open, gate

NO, OPEN, YES = 0, 1, 2

Its = Mapping[str, Any]
BLANK = Open(("blank",))


class Further(dict[str, Any]):
    """An item that may still be added: whatever is not said about it is open."""

    def __missing__(self, _name: str) -> Open:
        return BLANK


def same(value: Any, wanted: str) -> int:
    """The answer is this."""
    if isinstance(value, Open):
        return OPEN
    return YES if value == wanted else NO


def other_than(value: Any, wanted: str) -> int:
    """There is an answer and it is another."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and value != wanted else NO


def one_of(value: Any, *wanted: str) -> int:
    """The answer is one of these."""
    if isinstance(value, Open):
        return OPEN
    return YES if value in wanted else NO


def none_of(value: Any, *wanted: str) -> int:
    """There is an answer and it is none of these."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and value not in wanted else NO


def ticked(value: Any, *wanted: str) -> int:
    """One of these is among the options."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and any(option in value for option in wanted) else NO


def not_ticked(value: Any, *wanted: str) -> int:
    """There is an answer without these."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and not any(option in value for option in wanted) else NO


def related(value: Any, *wanted: str) -> int:
    """The party stands in one of these relations."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and value.relation in wanted else NO


def at_least(value: Any, bound: float) -> int:
    """The number is this or more."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and value >= bound else NO


def less_than(value: Any, bound: float) -> int:
    """The number is less."""
    if isinstance(value, Open):
        return OPEN
    return YES if value is not NOT_ASKED and value < bound else NO


def given(value: Any) -> int:
    """There is an answer."""
    if isinstance(value, Open):
        return OPEN
    return NO if value is NOT_ASKED else YES


def shares(value: Any, other: Any) -> int:
    """The two have an option in common."""
    if value is NOT_ASKED or other is NOT_ASKED:
        return NO
    if isinstance(value, Open) or isinstance(other, Open):
        return OPEN
    mine = {value} if isinstance(value, str) else set(value)
    return YES if (mine & set(other)) - {"none"} else NO


def shares_not(value: Any, other: Any) -> int:
    """The two have nothing in common."""
    if value is NOT_ASKED or other is NOT_ASKED:
        return NO
    if isinstance(value, Open) or isinstance(other, Open):
        return OPEN
    mine = {value} if isinstance(value, str) else set(value)
    return NO if (mine & set(other)) - {"none"} else YES


def before(one: Any, other: Any) -> int:
    """One date is earlier than the other."""
    if one is NOT_ASKED or other is NOT_ASKED:
        return NO
    if isinstance(one, Open) or isinstance(other, Open):
        return OPEN
    if one.last < other.first:
        return YES
    return NO if one.first >= other.last else OPEN


def not_before(one: Any, other: Any) -> int:
    """One date is not earlier than the other."""
    if one is NOT_ASKED or other is NOT_ASKED:
        return NO
    return 2 - before(one, other)


def older_than(value: Any, anchor: Any, *, years: int = 0, months: int = 0) -> int:
    """The date lies more than a period before the other."""
    if value is NOT_ASKED or anchor is NOT_ASKED:
        return NO
    if isinstance(value, Open) or isinstance(anchor, Open):
        return OPEN
    if value.last < shift(anchor.first, years=-years, months=-months):
        return YES
    return NO if value.first >= shift(anchor.last, years=-years, months=-months) else OPEN


def not_older_than(value: Any, anchor: Any, *, years: int = 0, months: int = 0) -> int:
    """The date lies no more than a period before the other."""
    if value is NOT_ASKED or anchor is NOT_ASKED:
        return NO
    return 2 - older_than(value, anchor, years=years, months=months)


def within_before(value: Any, anchor: Any, *, years: int = 0, months: int = 0) -> int:
    """The date lies in the period before the other."""
    if value is NOT_ASKED or anchor is NOT_ASKED:
        return NO
    if isinstance(value, Open) or isinstance(anchor, Open):
        return OPEN
    start = PartialDate.of(shift(anchor.first, years=-years, months=-months))
    return min(not_before(value, start), not_before(anchor, value))


def within_after(value: Any, anchor: Any, *, years: int = 0, months: int = 0) -> int:
    """The date lies in the period after the other."""
    if value is NOT_ASKED or anchor is NOT_ASKED:
        return NO
    if isinstance(value, Open) or isinstance(anchor, Open):
        return OPEN
    end = PartialDate.of(shift(anchor.last, years=years, months=months))
    return min(not_before(value, anchor), not_before(end, value))


def has(facts: Facts, group: str) -> Any:
    """Whether there is anything in the list."""
    return gate(facts.groups[group])


def count(facts: Facts, group: str, fits: Callable[[Its], int], wanted: int) -> int:
    """Whether at least so many items fit."""
    found = facts.groups[group]
    if found.state in {GroupState.NOT_ASKED, GroupState.NONE}:
        return NO
    truths = [fits(item.readings) for item in found.items]
    if truths.count(YES) >= wanted:
        return YES
    if found.state is not GroupState.CLOSED and fits(Further(found.further)):
        return OPEN
    return OPEN if len(truths) - truths.count(NO) >= wanted else NO
