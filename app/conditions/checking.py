"""Does a condition fit the questionnaire? Every mistake is found while loading, none while somebody waits.

A questionnaire hands over its `Vocabulary`: which questions there are, of what kind, with which options. Rules and
relevance conditions are checked against it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from app.conditions.operators import BAND_BOUNDS, NONE_OPTION, OPERATORS, ArgumentType, Kind
from app.conditions.tree import Count, Node, Period, Test, anchor_of, parts_of, walk
from app.conditions.yaml_source import Source, did_you_mean

YES_NO: Final = ("yes", "no")
_HUNDRED: Final = 100


@dataclass(frozen=True, slots=True)
class FieldType:
    """What may be asked of one question or fact of the case.

    ``options`` are the option ids of a choice, the relations of a party, the bands of money, or yes/no. ``group`` is
    the list this question belongs to, or None. ``label`` is the question as people read it; ``noun`` is what one item
    of a list is called. ``tiers`` are the kinds of authority that ask it at all; empty: every kind.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    group: str | None = None
    label: str = ""
    option_labels: Mapping[str, str] = field(default_factory=dict)
    noun: str = ""
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a condition may name.

    ``questions`` holds every question by its full id (``vog_status``, ``companies``, ``companies.share_pct``);
    ``context`` the facts of the case without prefix (``tier``). ``depends_on`` says which questions and facts of the
    case (``context.…``) decide whether a question is asked, so that a change is followed to all it can touch.

    While an author works, some of it may be beyond reading. ``unread`` names what was written but not understood; with
    ``whole`` False a part is missing of which not even the names are known. Such a name is no second mistake.
    """

    questions: Mapping[str, FieldType]
    context: Mapping[str, FieldType]
    depends_on: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    whole: bool = True

    def find(self, path: str) -> FieldType | None:
        """Give the type behind a question id or ``context.…``, or None when there is no such thing."""
        if path.startswith("context."):
            return self.context.get(path.removeprefix("context."))
        return self.questions.get(path)

    def in_doubt(self, path: str) -> bool:
        """Tell whether nothing is known of a path because it could not be read: it may well exist."""
        if path.startswith("context."):
            return path in self.unread
        known = path in self.questions
        return not known and (not self.whole or path in self.unread or path.partition(".")[0] in self.unread)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that exists."""
        return (*self.questions, *(f"context.{name}" for name in self.context))


def check(node: Node, vocabulary: Vocabulary, source: Source, group: str | None = None) -> None:
    """Hold a condition against the vocabulary; every mistake is noted in ``source``.

    ``group`` is the list whose item the condition is about (``for_each`` of a rule, the group of a field). Inside a
    count the item is one of the counted list.
    """
    match node:
        case Test():
            _check_test(node, vocabulary, source, group)
        case Count():
            _check_count(node, vocabulary, source)
        case _:
            for part in parts_of(node):
                check(part, vocabulary, source, group)


def check_asked(node: Node, vocabulary: Vocabulary, source: Source, tiers: Collection[str]) -> None:
    """Refuse a test on a question that none of these tiers ever asks: it would be NO for ever, and nobody would see."""
    for part in walk(node):
        path = part.group if isinstance(part, Count) else part.subject if isinstance(part, Test) else ""
        found = vocabulary.find(path)
        if found is not None and found.tiers and not set(found.tiers) & set(tiers):
            remedy = f"it is only asked for: {', '.join(found.tiers)}"
            source.problem(part.position.line, f"{path!r} is never asked for {' or '.join(tiers)}", remedy)


def repeated(node: Node) -> tuple[str, ...]:
    """Give the questions a condition tests more than once.

    Kleene logic is sound but not clairvoyant: "x is a, or x is not a" stays unknown while x is blank. Such a rule may
    ask for more than it needs; worth a look, seldom wrong.
    """
    seen = [part.subject for part in walk(node) if isinstance(part, Test)]
    return tuple(dict.fromkeys(subject for subject in seen if seen.count(subject) > 1))


def _check_count(node: Count, vocabulary: Vocabulary, source: Source) -> None:
    line = node.position.line
    _find_group(node.group, vocabulary, source, line)
    low = 0 if node.at_least is None else node.at_least
    if node.at_most is None and low == 0:
        source.problem(line, "this count always holds", "count at_least 1, or remove it")
    if node.at_most is not None and node.at_most < low:
        source.problem(line, "this count never holds: at_most is below at_least", "turn the bounds around")
    if node.where is not None:
        check(node.where, vocabulary, source, node.group)


def _find_group(path: str, vocabulary: Vocabulary, source: Source, line: int) -> None:
    found = vocabulary.questions.get(path)
    groups = [name for name, kind in vocabulary.questions.items() if kind.kind is Kind.GROUP]
    if found is None:
        if not vocabulary.in_doubt(path):
            source.unknown(line, "list", path, groups)
    elif found.kind is not Kind.GROUP:
        source.problem(line, f"{path!r} is a question, not a list", did_you_mean(path, groups))


def _find(path: str, vocabulary: Vocabulary, source: Source, line: int, group: str | None) -> FieldType | None:
    found = vocabulary.find(path)
    if found is None:
        if not vocabulary.in_doubt(path):
            source.unknown(line, "question", path, vocabulary.paths)
    elif found.group is not None and found.group != group:
        remedy = f"use it in a rule for_each {found.group}, or inside a count or exists in {found.group}"
        source.problem(line, f"{path!r} belongs to an item of {found.group!r}, but no item is in hand here", remedy)
    return found


def _check_test(node: Test, vocabulary: Vocabulary, source: Source, group: str | None) -> None:
    line = node.position.line
    subject = _find(node.subject, vocabulary, source, line, group)
    reference = anchor_of(node.argument)
    other = None if reference is None else _find(reference.path, vocabulary, source, line, group)
    if subject is None:
        return
    operator = OPERATORS[node.operator]
    if isinstance(node.argument, Period):
        _check_direction(node.operator, node.argument, line, source)
    if subject.kind not in operator.kinds:
        fitting = [name for name, row in OPERATORS.items() if subject.kind in row.kinds]
        remedy = f"for {subject.kind} use one of: {', '.join(fitting)}"
        source.problem(line, f"{node.operator!r} does not work on {node.subject!r}, which is {subject.kind}", remedy)
        return
    match operator.argument:
        case ArgumentType.OPTION | ArgumentType.OPTIONS:
            _check_options(node, subject, source)
        case ArgumentType.NUMBER:
            _check_number(node, subject, source)
        case ArgumentType.OVERLAP if other is not None:
            _check_overlap(node, subject, other, source)
        case ArgumentType.DATE | ArgumentType.PERIOD if other is not None and other.kind is not Kind.DATE:
            source.problem(line, f"{node.operator!r} compares dates, but the other is {other.kind}", "name a date")
        case _:
            pass


def _check_direction(operator: str, period: Period, line: int, source: Source) -> None:
    if operator == "older_than" and period.direction != "at":
        source.problem(line, "'older_than' counts at a date", "write at: context.appointment_date")
    if operator == "within" and period.direction == "at":
        source.problem(line, "'within' counts before or after a date", "write before or after")


def _check_options(node: Test, subject: FieldType, source: Source) -> None:
    known = YES_NO if subject.kind in {Kind.YES_NO, Kind.GROUP} else subject.options
    given = node.argument if isinstance(node.argument, tuple) else (str(node.argument),)
    for option in given:
        if option not in known:
            source.unknown(node.position.line, f"option of {node.subject!r}:", option, known)
    if len(set(given)) < len(given):
        source.problem(node.position.line, f"an option of {node.subject!r} is named twice", "name it once")


def _check_number(node: Test, subject: FieldType, source: Source) -> None:
    number, line = Decimal(str(node.argument)), node.position.line
    if subject.kind is Kind.PERCENTAGE and not 0 <= number <= _HUNDRED:
        source.problem(line, f"{number} is not a percentage", "use a number from 0 to 100")
    if subject.kind is Kind.MONEY_BAND and number not in BAND_BOUNDS:
        bounds = ", ".join(map(str, BAND_BOUNDS))
        source.problem(line, f"{number} lies inside a band, so no answer could tell", f"use a bound: {bounds}")


def _check_overlap(node: Test, subject: FieldType, other: FieldType, source: Source) -> None:
    line = node.position.line
    if other.kind not in {Kind.CHOICE, Kind.CHOICES}:
        source.problem(line, f"{node.operator!r} needs two choices, but the other is {other.kind}", "name a choice")
    elif not (set(subject.options) & set(other.options)) - {NONE_OPTION}:
        source.problem(line, "the two questions have no option in common, so this never holds", "compare other ones")
