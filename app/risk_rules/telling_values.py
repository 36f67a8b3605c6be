"""The few answers to a question that make a difference to a condition, in place of all that could be given.

Two answers that every test takes the same way are one here; what is left stands for the whole range. Where a test
compares with an answer that is still open, everything a test names is kept, and two things that none does: one that the
other answer may share, and one that it does not.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, combinations
from typing import Final, Literal, NamedTuple

from app.conditions.comparisons import NONE_OPTION, reach
from app.conditions.dates import PartialDate
from app.conditions.evaluate import resolve
from app.conditions.facts import CONTEXT, NOT_ASKED, Binding, Open, Party, Reading, Value, bindings, split
from app.conditions.operators import OPERATORS, Kind
from app.conditions.tree import Node, Period, Test, anchor_of, walk
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Choice, Choices, MoneyBand, Number, Question
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.limits import CENT, WHOLE
from app.questionnaires.supposing import Supposed

_MOST_SORTS: Final = 5
"""Of so many sorts of option every combination is tried; of more only some."""

_UNNAMED: Final = 2
_EPOCH: Final = (date(1900, 1, 1), date(2200, 1, 1))
_ONE_DAY: Final = timedelta(1)
_BOTH_WAYS: Final[tuple[Literal["before", "after"], ...]] = ("before", "after")


class Telling(NamedTuple):
    """Values that stand for all. Not ``every``: a sample, which may miss one that makes a difference."""

    values: tuple[Value, ...]
    every: bool = True


class TellingValues:
    """What a few conditions can tell apart: those of a rule, and those that decide what is asked for it."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._tests: dict[str, list[Test]] = {}
        for test in (one for node in nodes for one in walk(node) if isinstance(one, Test)):
            reference = anchor_of(test.argument)
            for path in {test.subject} if reference is None else {test.subject, reference.path}:
                self._tests.setdefault(path, []).append(test)

    def of(self, path: str, kind: Kind, case: Supposed) -> Telling:
        """Give the answers to one open question (or ``context.…``) worth trying, given what else is known in the case."""
        at = _At(path, self._tests, case)
        match kind:
            case Kind.YES_NO:
                return Telling(("yes", "no"))
            case Kind.TEXT | Kind.LONG_TEXT:
                return Telling(("…",))
            case Kind.NUMBER | Kind.PERCENTAGE:
                return Telling(at.told_apart(at.numbers()))
            case Kind.DATE:
                return Telling(at.told_apart(at.days()))
            case Kind.CHOICES:
                return at.sets()
            case Kind.PARTY:
                return Telling(tuple(Party(one, "") for one in at.options(lambda one: Party(one, ""))))
            case _:
                return Telling(at.options(str))


class _At:
    """One question that is about to be answered, and every test that reads it."""

    def __init__(self, path: str, tests: dict[str, list[Test]], case: Supposed) -> None:
        self.all_tests = tests
        self.case = case
        self.facts = case.facts
        owner, _ = split(path)
        at = AnswerPath.parse(path) if owner != CONTEXT else AnswerPath(path)
        self.id = at.question
        self.question: Question | None = case.questionnaire.questions.get(self.id)
        item = None if at.item is None else self.facts.item(at.group, at.item)
        self.bound = None if item is None else Binding(at.group, item, self.facts.group(at.group))
        self.now = self.facts.read(self.id, self.bound)
        self.held = [(test, self._others(test)) for test in tests.get(self.id, ())]
        self.loose = any(isinstance(other, Open) for _, others in self.held for other in others)

    def _others(self, test: Test) -> list[Reading]:
        """Give what a test compares this question with: one reading, or one for every item; none for a fixed argument."""
        reference = anchor_of(test.argument)
        if reference is None:
            return []
        other = reference.path if test.subject == self.id else test.subject
        owner, name = split(other)
        if owner in {"", CONTEXT} or (self.bound is not None and self.bound.group == owner):
            return [self.facts.read(other, self.bound)]
        group = self.facts.group(owner)
        more: list[Reading] = [Open((owner,))] if group.may_grow else []
        return [bound.read(name) for bound in bindings(self.facts, owner)] + more

    def signature(self, value: Value) -> tuple[object, ...]:
        """Say what every test makes of an answer, as far as the other side is known."""
        found: list[object] = []
        for test, others in self.held:
            holds = OPERATORS[test.operator].holds
            if anchor_of(test.argument) is None:
                found.append(holds(value, test.argument))
            for other in others:
                if not isinstance(other, Open) and other is not NOT_ASKED:
                    one, two = (value, other) if test.subject == self.id else (other, value)
                    found.append(holds(one, resolve(test.argument, two)))
        return tuple(found)

    def told_apart(self, values: Iterable[Value]) -> tuple[Value, ...]:
        """Keep one value of every sort that some test tells apart; all of them while the other side is open."""
        if self.loose:
            return tuple(values)
        found: dict[tuple[object, ...], Value] = {}
        for value in values:
            found.setdefault(self.signature(value), value)
        return tuple(found.values())

    def options(self, as_value: Callable[[str], Value]) -> tuple[str, ...]:
        """Keep one option of every sort."""
        named = self._named() if self.loose else frozenset[str]()
        found: dict[object, list[str]] = {}
        for one in self._offered():
            sort = (self.signature(as_value(one)), one if one in named or one == NONE_OPTION else "")
            alike = found.setdefault(sort, [])
            if len(alike) < (_UNNAMED if self.loose else 1):
                alike.append(one)
        return tuple(chain.from_iterable(found.values()))

    def sets(self) -> Telling:
        """Give sets of options: every combination of the sorts there are, when they are few."""
        offered = self._offered()
        kept = [one for one in self.options(lambda one: (one,)) if one != NONE_OPTION]
        few = len(kept) <= _MOST_SORTS
        sizes = range(1, len(kept) + 1) if few else (1, 2, len(kept))
        some = chain.from_iterable(combinations(kept, size) for size in sizes)
        found: list[Value] = [tuple(one for one in offered if one in chosen) for chosen in some]
        if NONE_OPTION in offered:
            found.insert(0, (NONE_OPTION,))
        elif self.question is None:
            found.insert(0, ())
        return Telling(self.told_apart(found), every=few)

    def numbers(self) -> Iterator[Value]:
        """Give the numbers at and around every bound, and the ends of the range."""
        whole = isinstance(self.question, Number)
        low, high = (self.question.minimum, self.question.maximum) if isinstance(self.question, Number) else (0, WHOLE)
        step = Decimal(1) if whole else CENT
        bounds = [test.argument for test, _ in self.held if isinstance(test.argument, Decimal)]
        near = {bound + by for bound in bounds for by in (-step, Decimal(0), step)} | {Decimal(low), Decimal(high)}
        for number in sorted(near):
            if low <= number <= high:
                yield int(number) if whole else number.quantize(CENT)

    def days(self) -> Iterator[Value]:
        """Give the days at and around every date that counts, and a period away from it; in order."""
        points = {self.case.context.as_of}
        periods = []
        for path, tests in self.all_tests.items():
            for test in tests:
                anchor = test.argument.anchor if isinstance(test.argument, Period) else test.argument
                if isinstance(anchor, PartialDate):
                    points |= set(anchor.interval)
                if isinstance(test.argument, Period):
                    periods.append(test.argument)
            points |= {day for known in self._known(path) if isinstance(known, PartialDate) for day in known.interval}
        for period in periods:
            points |= {day for point in tuple(points) for day in _away(period, point)}
        near = {day for point in points for day in (point - _ONE_DAY, point, point + _ONE_DAY)}
        if isinstance(self.now, PartialDate):
            first, last = self.now.interval
            near = {day for day in near if first <= day <= last} | {first, last}
        yield from (PartialDate.of(day) for day in sorted(near))

    def _known(self, path: str) -> Iterator[Value]:
        """Give the values that stand at a question now; of a list those of every item."""
        owner, name = split(path)
        top: list[Reading] = [self.facts.read(path)] if owner in {"", CONTEXT} else []
        for found in top or [bound.read(name) for bound in bindings(self.facts, owner)]:
            if not isinstance(found, Open) and found is not NOT_ASKED:
                yield found

    def _named(self) -> frozenset[str]:
        """Give the options that some test names, or that stand in an answer which tests compare."""
        named: set[str] = set()
        for path, tests in self.all_tests.items():
            arguments = [test.argument for test in tests]
            for found in (*arguments, *(self._known(path) if any(map(anchor_of, arguments)) else ())):
                named |= {found} if isinstance(found, str) else set()
                named |= {one for one in found if isinstance(one, str)} if isinstance(found, tuple) else set()
        return frozenset(named)

    def _offered(self) -> tuple[str, ...]:
        tier = self.case.context.tier
        known = isinstance(self.question, Choice | Choices | MoneyBand | PartyQuestion)
        options = self.question.options if known else self.case.questionnaire.policy_fields  # type: ignore[union-attr]
        return tuple(option.id for option in options if option.offered_at(tier))


def _away(period: Period, day: date) -> Iterator[date]:
    """Give the days that lie the period before and after a day."""
    for direction in _BOTH_WAYS:
        _, _, far = reach(replace(period, direction=direction, anchor=PartialDate.of(day)))
        yield from (one for one in far if _EPOCH[0] < one < _EPOCH[1])
