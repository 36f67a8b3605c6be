"""The closed table of operators: what each accepts, when it holds, and how it reads in Dutch.

A new operator is one function and one row here, plus its phrase; everything else (loading, type check, evaluation,
generated code, prose, reference page) follows from the row. Nothing in this table may look at more than the value and
the argument, and for values that are fully known every operator says YES or NO.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.conditions.dates import Interval, PartialDate, shift
from app.conditions.facts import Party, Value
from app.conditions.kleene import Kleene
from app.conditions.tree import Argument, Period

NONE_OPTION: Final = "none"
"""The one option of a multiple choice that excludes the others; two answers never have *this* in common."""


class Kind(StrEnum):
    """The kinds of question (and of facts of the case) there are."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    PERCENTAGE = "percentage"
    MONEY_BAND = "money_band"
    DATE = "date"
    PARTY = "party"
    GROUP = "group"


class ArgumentType(StrEnum):
    """What may stand behind an operator."""

    OPTION = "one option"
    OPTIONS = "a list of options"
    NUMBER = "a number"
    OVERLAP = "another choice (a question, or context.…)"
    DATE = "a date, another date question, or context.…"
    PERIOD = "a period before, after or at a date"
    TRUE = "true"


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

Holds = Callable[[Value, Argument], Kleene]


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table. ``phrase`` and ``denied`` take ``{0}`` (the question) and ``{1}`` (the argument)."""

    name: str
    kinds: frozenset[Kind]
    argument: ArgumentType
    holds: Holds
    phrase: str
    denied: str
    doc: str
    example: str


def _truth(*, holds: bool) -> Kleene:
    return Kleene.YES if holds else Kleene.NO


def _is(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=value == argument)


def _is_any_of(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=isinstance(argument, tuple) and value in argument)


def _relation(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=isinstance(value, Party) and isinstance(argument, tuple) and value.relation in argument)


def _includes(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=isinstance(value, tuple) and argument in value)


def _includes_any(value: Value, argument: Argument) -> Kleene:
    found = isinstance(value, tuple) and isinstance(argument, tuple) and not set(value).isdisjoint(argument)
    return _truth(holds=found)


def _options(value: Value | Argument) -> set[str]:
    if isinstance(value, str):
        return {value} - {NONE_OPTION}
    return set(value) - {NONE_OPTION} if isinstance(value, tuple) else set()


def _shares_with(value: Value, argument: Argument) -> Kleene:
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


def _at_least(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=_amount(value) >= _limit(argument))


def _at_most(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=_amount(value) <= _limit(argument))


def _more_than(value: Value, argument: Argument) -> Kleene:
    return _truth(holds=_amount(value) > _limit(argument))


def _less_than(value: Value, argument: Argument) -> Kleene:
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


def _before(value: Value, argument: Argument) -> Kleene:
    return earlier(_interval(value), _interval(argument))


def _after(value: Value, argument: Argument) -> Kleene:
    return earlier(_interval(argument), _interval(value))


def _on_or_before(value: Value, argument: Argument) -> Kleene:
    return ~_after(value, argument)


def _on_or_after(value: Value, argument: Argument) -> Kleene:
    return ~_before(value, argument)


def _reach(argument: Argument) -> tuple[Period, Interval, Interval]:
    """Give the period, the date it counts from, and the date it counts to (both as intervals)."""
    if not isinstance(argument, Period):
        raise TypeError(f"not a period: {argument!r}")
    anchor = _interval(argument.anchor)
    sign = 1 if argument.direction == "after" else -1
    years, months, days = sign * argument.years, sign * argument.months, sign * argument.days
    far = (shift(day, years=years, months=months, days=days) for day in anchor)
    return argument, anchor, Interval(*far)


def _within(value: Value, argument: Argument) -> Kleene:
    period, anchor, far = _reach(argument)
    low, high = (anchor, far) if period.direction == "after" else (far, anchor)
    given = _interval(value)
    return min(~earlier(given, low), ~earlier(high, given))


def _older_than(value: Value, argument: Argument) -> Kleene:
    _, _, far = _reach(argument)
    return earlier(_interval(value), far)


def _is_given(_value: Value, _argument: Argument) -> Kleene:
    return Kleene.YES


_NUMBERS = frozenset({Kind.NUMBER, Kind.PERCENTAGE})
_AMOUNTS = _NUMBERS | {Kind.MONEY_BAND}
_DATES = frozenset({Kind.DATE})

_TABLE = (
    Operator(
        "is",
        frozenset({Kind.YES_NO, Kind.CHOICE, Kind.MONEY_BAND, Kind.GROUP}),
        ArgumentType.OPTION,
        _is,
        "{0} is {1}",
        "{0} is niet {1}",
        "The answer is exactly this. On a group: `yes` when there is something to list, `no` when there is nothing.",
        "{answer: vog_status, is: received}",
    ),
    Operator(
        "is_any_of",
        frozenset({Kind.CHOICE, Kind.MONEY_BAND}),
        ArgumentType.OPTIONS,
        _is_any_of,
        "{0} is {1}",
        "{0} is niet {1}",
        "The answer is one of these.",
        "{answer: companies.role, is_any_of: [director, owner_director]}",
    ),
    Operator(
        "relation_any_of",
        frozenset({Kind.PARTY}),
        ArgumentType.OPTIONS,
        _relation,
        "{0} gaat over {1}",
        "{0} gaat niet over {1}",
        "The other party stands in one of these relations to the candidate.",
        "{answer: relatives.party, relation_any_of: [partner, child]}",
    ),
    Operator(
        "includes",
        frozenset({Kind.CHOICES}),
        ArgumentType.OPTION,
        _includes,
        "bij {0} is gekozen: {1}",
        "bij {0} is niet gekozen: {1}",
        "This option is among those chosen.",
        "{answer: money_matters, includes: arrears}",
    ),
    Operator(
        "includes_any",
        frozenset({Kind.CHOICES}),
        ArgumentType.OPTIONS,
        _includes_any,
        "bij {0} is gekozen: {1}",
        "bij {0} is niet gekozen: {1}",
        "At least one of these options is among those chosen.",
        "{answer: side_positions.authority_ties, includes_any: [subsidy, permit]}",
    ),
    Operator(
        "at_least",
        _AMOUNTS,
        ArgumentType.NUMBER,
        _at_least,
        "{0} is minstens {1}",
        "{0} is minder dan {1}",
        "This number or more. On a money band only a bound of a band.",
        "{answer: companies.share_pct, at_least: 50}",
    ),
    Operator(
        "at_most",
        _NUMBERS,
        ArgumentType.NUMBER,
        _at_most,
        "{0} is hoogstens {1}",
        "{0} is meer dan {1}",
        "This number or less.",
        "{answer: side_positions.hours, at_most: 8}",
    ),
    Operator(
        "more_than",
        _NUMBERS,
        ArgumentType.NUMBER,
        _more_than,
        "{0} is meer dan {1}",
        "{0} is hoogstens {1}",
        "More than this number.",
        "{answer: companies.share_pct, more_than: 0}",
    ),
    Operator(
        "less_than",
        _AMOUNTS,
        ArgumentType.NUMBER,
        _less_than,
        "{0} is minder dan {1}",
        "{0} is minstens {1}",
        "Less than this number. On a money band only a bound of a band.",
        "{answer: gifts.value, less_than: 1000}",
    ),
    Operator(
        "shares_with",
        frozenset({Kind.CHOICE, Kind.CHOICES}),
        ArgumentType.OVERLAP,
        _shares_with,
        "{0} komt voor in {1}",
        "{0} komt niet voor in {1}",
        "The two answers have at least one option in common; the option `none` never counts.",
        "{answer: companies.policy_field, shares_with: context.portfolio}",
    ),
    Operator(
        "before",
        _DATES,
        ArgumentType.DATE,
        _before,
        "{0} ligt vóór {1}",
        "{0} ligt niet vóór {1}",
        "Earlier than this date.",
        "{answer: listed_offices.ends_on, before: context.appointment_date}",
    ),
    Operator(
        "after",
        _DATES,
        ArgumentType.DATE,
        _after,
        "{0} ligt na {1}",
        "{0} ligt niet na {1}",
        "Later than this date.",
        "{answer: dealings.ends_on, after: context.appointment_date}",
    ),
    Operator(
        "on_or_before",
        _DATES,
        ArgumentType.DATE,
        _on_or_before,
        "{0} is uiterlijk {1}",
        "{0} ligt na {1}",
        "On this date or earlier.",
        "{answer: vog_issued_on, on_or_before: context.appointment_date}",
    ),
    Operator(
        "on_or_after",
        _DATES,
        ArgumentType.DATE,
        _on_or_after,
        "{0} is op of na {1}",
        "{0} ligt vóór {1}",
        "On this date or later.",
        "{answer: represents.ends_on, on_or_after: context.appointment_date}",
    ),
    Operator(
        "within",
        _DATES,
        ArgumentType.PERIOD,
        _within,
        "{0} ligt {1}",
        "{0} ligt niet {1}",
        "In the calendar period that ends on (`before`) or starts on (`after`) a date; both ends count.",
        "{answer: past_positions.ended_on, within: {years: 1, before: context.appointment_date}}",
    ),
    Operator(
        "older_than",
        _DATES,
        ArgumentType.PERIOD,
        _older_than,
        "{0} is {1}",
        "{0} is niet {1}",
        "More than a calendar period before a date: exactly that period ago is not older.",
        "{answer: vog_issued_on, older_than: {months: 3, at: context.appointment_date}}",
    ),
    Operator(
        "is_given",
        frozenset(Kind),
        ArgumentType.TRUE,
        _is_given,
        "{0} is beantwoord",
        "{0} is niet beantwoord",
        "There is an answer. A blank is unknown, never NO; a question that is not asked is NO.",
        "{answer: side_positions.why_keep, is_given: true}",
    ),
)

OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType({operator.name: operator for operator in _TABLE})
"""Every operator there is, by name."""
