"""Every small mistake that could be in a condition: a part dropped, all and any swapped, a not stripped, a bound moved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from app.conditions.checking import Vocabulary
from app.conditions.dates import PartialDate
from app.conditions.operators import BAND_BOUNDS, Kind
from app.conditions.tree import All, Any, Argument, Count, Node, Not, Period, Test


@dataclass(frozen=True, slots=True)
class Mutant:
    """A condition with one mistake in it, what the mistake is, and which example would notice."""

    node: Node
    mistake: str
    line: int
    remedy: str


def mutants_of(node: Node, vocabulary: Vocabulary) -> Iterator[Mutant]:
    """Give every condition that differs from this one by one small mistake."""
    match node:
        case All(parts) | Any(parts):
            yield from _branch(node, parts, vocabulary)
        case Not(part):
            remedy = f"add an example in which {brief(part)}"
            yield Mutant(part, f"without not before {brief(part)}", node.position.line, remedy)
            for mutant in mutants_of(part, vocabulary):
                yield replace(mutant, node=replace(node, part=mutant.node))
        case Count():
            yield from _count(node, vocabulary)
        case Test():
            yield from _bounds(node, vocabulary)


def brief(node: Node) -> str:
    """Write a condition in a few words, for messages to authors."""
    match node:
        case Test(subject, operator, argument):
            return f"{subject} {operator} {_written(argument)}"
        case Not(part):
            return f"not ({brief(part)})"
        case Count(group, where):
            return f"count in {group}" if where is None else f"count in {group} ({brief(where)})"
        case All(parts):
            return f"all of {len(parts)} ({brief(parts[0])}, …)" if parts else "all of nothing"
        case Any(parts):
            return f"any of {len(parts)} ({brief(parts[0])}, …)" if parts else "any of nothing"


def _written(argument: Argument) -> str:
    match argument:
        case Period(direction, anchor, years, months, days):
            return f"{years}y {months}m {days}d {direction} {anchor}"
        case None:
            return ""
        case _:
            return str(argument)


def _branch(node: All | Any, parts: tuple[Node, ...], vocabulary: Vocabulary) -> Iterator[Mutant]:
    line = node.position.line
    several = len(parts) > 1
    if several:
        swapped: Node = Any(parts, node.position) if isinstance(node, All) else All(parts, node.position)
        name = "any instead of all" if isinstance(node, All) else "all instead of any"
        yield Mutant(swapped, name, line, f"add an example in which only some hold of {brief(node)}")
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        if several:
            fitting = "everything but this holds" if isinstance(node, All) else "only this holds"
            remedy = f"add an example in which {fitting}: {brief(part)}"
            yield Mutant(
                replace(node, parts=before + after), f"without {brief(part)}", part.position.line or line, remedy
            )
        for mutant in mutants_of(part, vocabulary):
            yield replace(mutant, node=replace(node, parts=(*before, mutant.node, *after)))


def _count(node: Count, vocabulary: Vocabulary) -> Iterator[Mutant]:
    line = node.position.line
    if node.where is not None:
        yield Mutant(
            replace(node, where=None),
            "counting every item",
            line,
            f"add an example with items other than {brief(node.where)}",
        )
        for mutant in mutants_of(node.where, vocabulary):
            yield replace(mutant, node=replace(node, where=mutant.node))
    for step in (1, -1):
        if node.at_least is not None:
            telling = node.at_least if step > 0 else node.at_least - 1
            remedy = f"add an example with exactly {telling} of {brief(node)}"
            yield Mutant(replace(node, at_least=node.at_least + step), f"at_least {node.at_least + step}", line, remedy)
        if node.at_most is not None:
            telling = node.at_most + 1 if step > 0 else node.at_most
            remedy = f"add an example with exactly {telling} of {brief(node)}"
            yield Mutant(replace(node, at_most=node.at_most + step), f"at_most {node.at_most + step}", line, remedy)


def _bounds(node: Test, vocabulary: Vocabulary) -> Iterator[Mutant]:
    known = vocabulary.find(node.subject)
    for moved in _moved(node.argument, money=known is not None and known.kind is Kind.MONEY_BAND):
        mistake = f"{brief(node)} moved to {_written(moved)}"
        remedy = f"add an example right at {_written(node.argument)}, and one just beside it"
        yield Mutant(replace(node, argument=moved), mistake, node.position.line, remedy)


def _moved(argument: Argument, *, money: bool) -> Iterator[Argument]:
    """Move a bound by one, a date by a day, and money to the next bound of a band."""
    match argument:
        case Decimal() if money:
            place = BAND_BOUNDS.index(int(argument))
            yield from (Decimal(bound) for bound in BAND_BOUNDS[max(place - 1, 0) : place + 2] if bound != argument)
        case Decimal():
            yield argument + 1
            yield argument - 1
        case PartialDate(day=int()):
            yield PartialDate.of(argument.first + timedelta(days=1))
            yield PartialDate.of(argument.first - timedelta(days=1))
        case Period():
            yield replace(argument, days=argument.days + 1)
            yield replace(argument, days=argument.days - 1)
        case _:
            return
