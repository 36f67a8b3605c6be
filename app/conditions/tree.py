"""The whole vocabulary of conditions: five node types and what a test may be compared with.

    All, Any        every part, at least one part
    Not             the opposite of one part
    Count           how many items of a list fit
    Test            one answer (or fact of the case), one operator, one argument

Nodes are values: two trees that say the same are equal, wherever they were written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from app.conditions.dates import PartialDate


class Position(NamedTuple):
    """Where a node was written; line 0 when it was not read from a file."""

    file: str = ""
    line: int = 0


NOWHERE = Position()


@dataclass(frozen=True, slots=True)
class Reference:
    """Compare with another answer (``side_positions.policy_field``) or fact of the case (``context.portfolio``)."""

    path: str


@dataclass(frozen=True, slots=True)
class Period:
    """A number of calendar years, months and days before, after or at another date."""

    direction: Literal["before", "after", "at"]
    anchor: PartialDate | Reference
    years: int = 0
    months: int = 0
    days: int = 0


Argument: TypeAlias = str | tuple[str, ...] | Decimal | PartialDate | Reference | Period | None


@dataclass(frozen=True, slots=True)
class Test:
    """One answer held against one operator. ``subject`` is a question id or ``context.…``, never with an item id."""

    __test__ = False  # the name is right; pytest must not collect it

    subject: str
    operator: str
    argument: Argument
    position: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part holds."""

    parts: "tuple[Node, ...]"
    position: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Any:
    """Holds when at least one part holds."""

    parts: "tuple[Node, ...]"
    position: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the part does not. What was not asked stays NO: see `app.conditions.evaluate`."""

    part: "Node"
    position: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    """Holds when the number of items in ``group`` that fit ``where`` lies within the bounds (both included).

    At least one bound is given. Without ``where`` every item counts.
    """

    group: str
    where: "Node | None" = None
    at_least: int | None = None
    at_most: int | None = None
    position: Position = field(default=NOWHERE, compare=False, repr=False)


Node: TypeAlias = All | Any | Not | Count | Test


def parts_of(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly below this one."""
    match node:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case Count(where=where):
            return () if where is None else (where,)
        case Test():
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Give this node and everything below it, top first, left to right."""
    yield node
    for part in parts_of(node):
        yield from walk(part)


def anchor_of(argument: Argument) -> Reference | None:
    """Give the other answer an argument refers to, if it does."""
    if isinstance(argument, Period):
        argument = argument.anchor
    return argument if isinstance(argument, Reference) else None


def reads(node: Node) -> frozenset[str]:
    """Give every path this condition looks at: subjects, references and counted groups, without item ids."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, Count):
            found.add(part.group)
        elif isinstance(part, Test):
            found.add(part.subject)
            reference = anchor_of(part.argument)
            if reference is not None:
                found.add(reference.path)
    return frozenset(found)


def canonical(node: Node) -> object:
    """Write a tree as plain JSON values, the same for equal trees; this is what digests are taken over."""
    match node:
        case All(parts):
            return {"all": [canonical(part) for part in parts]}
        case Any(parts):
            return {"any": [canonical(part) for part in parts]}
        case Not(part):
            return {"not": canonical(part)}
        case Count(group, where, at_least, at_most):
            inner = None if where is None else canonical(where)
            return {"count": {"in": group, "where": inner, "at_least": at_least, "at_most": at_most}}
        case Test(subject, operator, argument):
            return {"test": subject, operator: canonical_argument(argument)}


def canonical_argument(argument: Argument) -> object:
    """Write the argument of a test as plain JSON values."""
    match argument:
        case None:
            return True
        case str():
            return argument
        case tuple():
            return list(argument)
        case Reference(path):
            return {"ref": path}
        case Period(direction, anchor, years, months, days):
            written = canonical_argument(anchor)
            return {"years": years, "months": months, "days": days, direction: written}
        case _:
            return str(argument)
