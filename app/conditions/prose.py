"""A condition in Dutch, made from the tree itself, so that it cannot say anything else than what is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.conditions.checking import FieldType, Vocabulary
from app.conditions.dates import PartialDate
from app.conditions.operators import OPERATORS, Kind
from app.conditions.tree import All, Any, Argument, Count, Node, Not, Period, Reference, Test

_MONTHS: Final = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_UNITS: Final = {"years": ("jaar", "jaar"), "months": ("maand", "maanden"), "days": ("dag", "dagen")}
_YES_NO: Final[Mapping[str, str]] = {"yes": "ja", "no": "nee"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of explanation, with the lines it introduces below it."""

    text: str
    parts: "tuple[Sentence, ...]" = ()

    def lines(self, depth: int = 0) -> tuple[str, ...]:
        """Write it as an indented list, one line each."""
        own = f"{'  ' * depth}- {self.text}" if depth else self.text
        return (own, *(line for part in self.parts for line in part.lines(depth + 1)))

    def __str__(self) -> str:
        if not self.parts:
            return self.text
        return f"{self.text} {'; '.join(str(part) for part in self.parts)}"


def describe(node: Node, vocabulary: Vocabulary) -> Sentence:
    """Say what a condition means. *Not* is written at the tests it ends up at, just as it is evaluated."""
    return _say(node, vocabulary, negated=False)


def _say(node: Node, vocabulary: Vocabulary, *, negated: bool) -> Sentence:
    match node:
        case Test():
            return Sentence(_test(node, vocabulary, negated=negated))
        case Not(part):
            return _say(part, vocabulary, negated=not negated)
        case Count():
            return _count(node, vocabulary, negated=negated)
        case All(parts) | Any(parts):
            if len(parts) == 1:
                return _say(parts[0], vocabulary, negated=negated)
            every = isinstance(node, All) is not negated
            head = "al deze punten gelden:" if every else "ten minste één van deze punten geldt:"
            return Sentence(head, tuple(_say(part, vocabulary, negated=negated) for part in parts))


def _count(node: Count, vocabulary: Vocabulary, *, negated: bool) -> Sentence:
    bounds = []
    if node.at_least is not None:
        bounds.append(f"minstens {node.at_least}")
    if node.at_most is not None:
        bounds.append(f"hoogstens {node.at_most}")
    amount = " en ".join(bounds)
    head = f"bij {name_of(node.group, vocabulary)} staan {'niet ' if negated else ''}{amount}"
    if node.where is None:
        return Sentence(head)
    return Sentence(f"{head} waarvoor geldt:", (_say(node.where, vocabulary, negated=False),))


def _test(node: Test, vocabulary: Vocabulary, *, negated: bool) -> str:
    operator = OPERATORS[node.operator]
    subject = vocabulary.find(node.subject)
    phrase = operator.denied if negated else operator.phrase
    return phrase.format(name_of(node.subject, vocabulary), argument_text(node.argument, subject, vocabulary))


def name_of(path: str, vocabulary: Vocabulary) -> str:
    """Name a question by its label between «», a fact of the case by its plain label."""
    found = vocabulary.find(path)
    label = found.label if found is not None and found.label else path
    return label if path.startswith("context.") else f"«{label}»"


def argument_text(argument: Argument, subject: FieldType | None, vocabulary: Vocabulary) -> str:
    """Write what a test compares with, in Dutch."""
    match argument:
        case None:
            return ""
        case str():
            return option_text(argument, subject)
        case tuple():
            return listing([option_text(option, subject) for option in argument], "of")
        case Decimal():
            return amount_text(argument, subject)
        case PartialDate():
            return date_text(argument)
        case Reference(path):
            return name_of(path, vocabulary)
        case Period():
            return _period(argument, vocabulary)


def _period(period: Period, vocabulary: Vocabulary) -> str:
    amounts = {"years": period.years, "months": period.months, "days": period.days}
    length = " en ".join(
        f"{amount} {_UNITS[unit][0 if amount == 1 else 1]}" for unit, amount in amounts.items() if amount
    )
    anchor = argument_text(period.anchor, None, vocabulary)
    match period.direction:
        case "at":
            return f"ouder dan {length} op {anchor}"
        case "before":
            return f"in de periode van {length} vóór {anchor}"
        case "after":
            return f"in de periode van {length} na {anchor}"


def option_text(option: str, subject: FieldType | None) -> str:
    """Write an option in a sentence: its label between quotes, or ja and nee."""
    label = option_label(option, subject)
    return label if label == option or option in _YES_NO else f"“{label}”"


def option_label(option: str, subject: FieldType | None) -> str:
    """Write an option as people chose it."""
    if subject is not None and subject.option_labels.get(option):
        return subject.option_labels[option]
    return _YES_NO.get(option, option)


def amount_text(number: int | Decimal, subject: FieldType | None = None) -> str:
    """Write a number the Dutch way: 1.250, 33,5%, € 5.000."""
    text = f"{Decimal(number).normalize():,f}".translate(str.maketrans(",.", ".,"))
    match subject.kind if subject is not None else None:
        case Kind.PERCENTAGE:
            return f"{text}%"
        case Kind.MONEY_BAND:
            return f"€ {text}"
        case _:
            return text


def date_text(day: PartialDate) -> str:
    """Write a date in Dutch, as precise as it is known: 12 maart 2026, maart 2026, 2026."""
    words = [str(day.day)] if day.day else []
    if day.month:
        words.append(_MONTHS[day.month - 1])
    return " ".join([*words, str(day.year)])


def listing(words: list[str], joint: str) -> str:
    """Join words as a sentence does: a, b of c."""
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"
