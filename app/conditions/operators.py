"""The closed table of operators: what each accepts, when it holds, and how it reads in Dutch.

A new operator is one function and one row here, plus its phrase; everything else (loading, type check, evaluation,
generated code, prose, reference page) follows from the row. Nothing in this table may look at more than the value and
the argument, and for values that are fully known every operator says YES or NO.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.conditions import comparisons as compare
from app.conditions.comparisons import BAND_BOUNDS, MONEY_BANDS, NONE_OPTION, Band
from app.conditions.facts import Value
from app.conditions.kleene import Kleene
from app.conditions.tree import Argument

__all__ = [
    "BAND_BOUNDS",
    "MONEY_BANDS",
    "NONE_OPTION",
    "OPERATORS",
    "ArgumentType",
    "Band",
    "Kind",
    "Operator",
]


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


_NUMBERS = frozenset({Kind.NUMBER, Kind.PERCENTAGE})
_AMOUNTS = _NUMBERS | {Kind.MONEY_BAND}
_DATES = frozenset({Kind.DATE})

_TABLE = (
    Operator(
        "is",
        frozenset({Kind.YES_NO, Kind.CHOICE, Kind.MONEY_BAND, Kind.GROUP}),
        ArgumentType.OPTION,
        compare.same,
        "{0} is {1}",
        "{0} is niet {1}",
        "The answer is exactly this. On a group: `yes` when there is something to list, `no` when there is nothing.",
        "{answer: vog_status, is: received}",
    ),
    Operator(
        "is_any_of",
        frozenset({Kind.CHOICE, Kind.MONEY_BAND}),
        ArgumentType.OPTIONS,
        compare.one_of,
        "{0} is {1}",
        "{0} is niet {1}",
        "The answer is one of these.",
        "{answer: companies.role, is_any_of: [director, owner_director]}",
    ),
    Operator(
        "relation_any_of",
        frozenset({Kind.PARTY}),
        ArgumentType.OPTIONS,
        compare.relation_of,
        "{0} gaat over {1}",
        "{0} gaat niet over {1}",
        "The other party stands in one of these relations to the candidate.",
        "{answer: relatives.party, relation_any_of: [partner, child]}",
    ),
    Operator(
        "includes",
        frozenset({Kind.CHOICES}),
        ArgumentType.OPTION,
        compare.holds_option,
        "bij {0} is gekozen: {1}",
        "bij {0} is niet gekozen: {1}",
        "This option is among those chosen.",
        "{answer: money_matters, includes: arrears}",
    ),
    Operator(
        "includes_any",
        frozenset({Kind.CHOICES}),
        ArgumentType.OPTIONS,
        compare.holds_any,
        "bij {0} is gekozen: {1}",
        "bij {0} is niet gekozen: {1}",
        "At least one of these options is among those chosen.",
        "{answer: side_positions.authority_ties, includes_any: [subsidy, permit]}",
    ),
    Operator(
        "at_least",
        _AMOUNTS,
        ArgumentType.NUMBER,
        compare.at_least,
        "{0} is minstens {1}",
        "{0} is minder dan {1}",
        "This number or more. On a money band only a bound of a band.",
        "{answer: companies.share_pct, at_least: 50}",
    ),
    Operator(
        "at_most",
        _NUMBERS,
        ArgumentType.NUMBER,
        compare.at_most,
        "{0} is hoogstens {1}",
        "{0} is meer dan {1}",
        "This number or less.",
        "{answer: side_positions.hours, at_most: 8}",
    ),
    Operator(
        "more_than",
        _NUMBERS,
        ArgumentType.NUMBER,
        compare.more_than,
        "{0} is meer dan {1}",
        "{0} is hoogstens {1}",
        "More than this number.",
        "{answer: companies.share_pct, more_than: 0}",
    ),
    Operator(
        "less_than",
        _AMOUNTS,
        ArgumentType.NUMBER,
        compare.less_than,
        "{0} is minder dan {1}",
        "{0} is minstens {1}",
        "Less than this number. On a money band only a bound of a band.",
        "{answer: gifts.value, less_than: 1000}",
    ),
    Operator(
        "shares_with",
        frozenset({Kind.CHOICE, Kind.CHOICES}),
        ArgumentType.OVERLAP,
        compare.overlap,
        "{0} komt voor in {1}",
        "{0} komt niet voor in {1}",
        "The two answers have at least one option in common; the option `none` never counts.",
        "{answer: companies.policy_field, shares_with: context.portfolio}",
    ),
    Operator(
        "before",
        _DATES,
        ArgumentType.DATE,
        compare.before,
        "{0} ligt vóór {1}",
        "{0} ligt niet vóór {1}",
        "Earlier than this date.",
        "{answer: listed_offices.ends_on, before: context.appointment_date}",
    ),
    Operator(
        "after",
        _DATES,
        ArgumentType.DATE,
        compare.after,
        "{0} ligt na {1}",
        "{0} ligt niet na {1}",
        "Later than this date.",
        "{answer: dealings.ends_on, after: context.appointment_date}",
    ),
    Operator(
        "on_or_before",
        _DATES,
        ArgumentType.DATE,
        compare.on_or_before,
        "{0} is uiterlijk {1}",
        "{0} ligt na {1}",
        "On this date or earlier.",
        "{answer: vog_issued_on, on_or_before: context.appointment_date}",
    ),
    Operator(
        "on_or_after",
        _DATES,
        ArgumentType.DATE,
        compare.on_or_after,
        "{0} is op of na {1}",
        "{0} ligt vóór {1}",
        "On this date or later.",
        "{answer: represents.ends_on, on_or_after: context.appointment_date}",
    ),
    Operator(
        "within",
        _DATES,
        ArgumentType.PERIOD,
        compare.within,
        "{0} ligt {1}",
        "{0} ligt niet {1}",
        "In the calendar period that ends on (`before`) or starts on (`after`) a date; both ends count.",
        "{answer: past_positions.ended_on, within: {years: 1, before: context.appointment_date}}",
    ),
    Operator(
        "older_than",
        _DATES,
        ArgumentType.PERIOD,
        compare.older_than,
        "{0} is {1}",
        "{0} is niet {1}",
        "More than a calendar period before a date: exactly that period ago is not older.",
        "{answer: vog_issued_on, older_than: {months: 3, at: context.appointment_date}}",
    ),
    Operator(
        "is_given",
        frozenset(Kind),
        ArgumentType.TRUE,
        compare.given,
        "{0} is beantwoord",
        "{0} is niet beantwoord",
        "There is an answer. A blank is unknown, never NO; a question that is not asked is NO.",
        "{answer: companies.name, is_given: true}",
    ),
)

OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType({operator.name: operator for operator in _TABLE})
"""Every operator there is, by name."""
