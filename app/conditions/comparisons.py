"""How two values compare: the functions behind the operators.

Each takes a value that was given and the argument of the test, and says YES or NO; only a date that is known in part can
leave it open. What the operators are called and where they may be used stands in `app.conditions.operators`.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.conditions.dates import Interval, PartialDate, shift
from app.conditions.facts import Party, Value
from app.conditions.kleene import Kleene
from app.conditions.tree import Argument, Period

NONE_OPTION: Final = "none"
"""The one option of a multiple choice that excludes the others; two answers never have *this* in common."""


@dataclass(frozen=True, slots=True)
class Band:
    """An amount of money as people may give it here: in euros, from ``low`` up to (not including) ``high``."""

    id: str
    low: int
    high: int | None


MONEY_BANDS: Final = (
    Band("none", 0, 0),
    Band("lt_1000", 0, 1_000),
    Band("1000_5000", 1_000, 5_000),
    Band("5000_25000", 5_000, 25_000),
    Band("25000_100000", 25_000, 100_000),
    Band("gt_100000", 100_000, None),
)
"""The only amounts ever asked for: wide enough to say nothing exact, fine enough for the rules. Our own choice."""

_BAND_LOW: Final = {band.id: band.low for band in MONEY_BANDS}
BAND_BOUNDS: Final = tuple(band.low for band in MONEY_BANDS if band.low)


def _truth(*, holds: bool) -> Kleene:
    return Kleene.YES if holds else Kleene.NO


def same(value: Value, argument: Argument) -> Kleene:
    """The value is the argument."""
    return _truth(holds=value == argument)


def one_of(value: Value, argument: Argument) -> Kleene:
    """The value is one of the arguments."""
    return _truth(holds=isinstance(argument, tuple) and value in argument)


def relation_of(value: Value, argument: Argument) -> Kleene:
    """The party stands in one of these relations."""
    return _truth(holds=isinstance(value, Party) and isinstance(argument, tuple) and value.relation in argument)


def holds_option(value: Value, argument: Argument) -> Kleene:
    """The option is among those chosen."""
    return _truth(holds=isinstance(value, tuple) and argument in value)


def holds_any(value: Value, argument: Argument) -> Kleene:
    """One of the options is among those chosen."""
    found = isinstance(value, tuple) and isinstance(argument, tuple) and not set(value).isdisjoint(argument)
    return _truth(holds=found)


def _options(value: Value | Argument) -> set[str]:
    if isinstance(value, str):
        return {value} - {NONE_OPTION}
    return set(value) - {NONE_OPTION} if isinstance(value, tuple) else set()


def overlap(value: Value, argument: Argument) -> Kleene:
    """The two have an option in common; `none` never counts."""
    return _truth(holds=not _options(value).isdisjoint(_options(argument)))


def _amount(value: Value) -> int | Decimal:
    """Give the number to compare; for a money band its lower end (the loader only lets band bounds through)."""
    if isinstance(value, str):
        return _BAND_LOW[value]
    if isinstance(value, int | Decimal):
        return value
    raise TypeError(f"not an amount: {value!r}")


def _limit(argument: Argument) -> Decimal:
    if isinstance(argument, Decimal):
        return argument
    raise TypeError(f"not a number: {argument!r}")


def at_least(value: Value, argument: Argument) -> Kleene:
    """The amount is this or more."""
    return _truth(holds=_amount(value) >= _limit(argument))


def at_most(value: Value, argument: Argument) -> Kleene:
    """The amount is this or less."""
    return _truth(holds=_amount(value) <= _limit(argument))


def more_than(value: Value, argument: Argument) -> Kleene:
    """The amount is more than this."""
    return _truth(holds=_amount(value) > _limit(argument))


def less_than(value: Value, argument: Argument) -> Kleene:
    """The amount is less than this."""
    return _truth(holds=_amount(value) < _limit(argument))


def _interval(value: object) -> Interval:
    if isinstance(value, PartialDate):
        return value.interval
    raise TypeError(f"not a date: {value!r}")


def earlier(one: Interval, other: Interval) -> Kleene:
    """Whether ``one`` lies before ``other``: certain only when all days agree."""
    if one.last < other.first:
        return Kleene.YES
    return Kleene.NO if one.first >= other.last else Kleene.UNKNOWN


def before(value: Value, argument: Argument) -> Kleene:
    """The date is earlier."""
    return earlier(_interval(value), _interval(argument))


def after(value: Value, argument: Argument) -> Kleene:
    """The date is later."""
    return earlier(_interval(argument), _interval(value))


def on_or_before(value: Value, argument: Argument) -> Kleene:
    """The date is the same day or earlier."""
    return ~after(value, argument)


def on_or_after(value: Value, argument: Argument) -> Kleene:
    """The date is the same day or later."""
    return ~before(value, argument)


def reach(argument: Argument) -> tuple[Period, Interval, Interval]:
    """Give the period, the date it counts from, and the date it counts to (both as intervals)."""
    if not isinstance(argument, Period):
        raise TypeError(f"not a period: {argument!r}")
    anchor = _interval(argument.anchor)
    sign = 1 if argument.direction == "after" else -1
    years, months, days = sign * argument.years, sign * argument.months, sign * argument.days
    far = (shift(day, years=years, months=months, days=days) for day in anchor)
    return argument, anchor, Interval(*far)


def within(value: Value, argument: Argument) -> Kleene:
    """The date lies in the period before or after the anchor, both ends included."""
    period, anchor, far = reach(argument)
    low, high = (anchor, far) if period.direction == "after" else (far, anchor)
    given = _interval(value)
    return min(~earlier(given, low), ~earlier(high, given))


def older_than(value: Value, argument: Argument) -> Kleene:
    """The date lies before the day that is the period before the anchor."""
    _, _, far = reach(argument)
    return earlier(_interval(value), far)


def given(_value: Value, _argument: Argument) -> Kleene:
    """A value was given: that is all there is to it."""
    return Kleene.YES
