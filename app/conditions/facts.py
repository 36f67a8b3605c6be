"""What conditions read: the answers and the case, already weighed for relevance.

A reading is a value, *open* (nobody knows yet, so it may still be anything) or *not asked* (it can never be a reason).
Absent from ``Facts`` means open, never "no".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, TypeAlias

from app.conditions.dates import PartialDate

CONTEXT: Final = "context"
CONTEXT_PREFIX: Final = "context."


@dataclass(frozen=True, slots=True)
class Party:
    """Another person, only ever as a relation and the interest at stake; never by name."""

    relation: str
    interest: str = ""


# yes/no, an option, text and a money band are all str; several options are a tuple; a percentage is a Decimal.
Value: TypeAlias = str | int | Decimal | tuple[str, ...] | PartialDate | Party


@dataclass(frozen=True, slots=True)
class Open:
    """Not known yet. ``because`` names the questions whose answers would settle it (path texts, never empty)."""

    because: tuple[str, ...]


class NotAsked(Enum):
    """The type of `NOT_ASKED`."""

    NOT_ASKED = "not asked"


NOT_ASKED: Final = NotAsked.NOT_ASKED
"""This question does not apply here. A test on it is NO, also under *not*."""

Reading: TypeAlias = Value | Open | NotAsked


class GroupState(Enum):
    """How far a repeating list has come."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"  # nobody said yet whether there is anything to list (or whether it will be asked at all)
    OPEN = "open"  # there is something, and the list may still grow
    CLOSED = "closed"  # the list is complete
    NONE = "none"  # there is nothing to list


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a repeating list; ``readings`` by field name without the group (``share_pct``)."""

    id: str
    readings: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A repeating list as the conditions see it.

    ``open_because`` names what would settle the list while it is ASKED or OPEN (usually the group itself).
    ``further`` describes an item that may still be added, as far as that is certain for every such item: in practice
    the fields that would not be asked. Whatever it does not name is open.
    """

    state: GroupState
    items: tuple[Item, ...] = ()
    open_because: tuple[str, ...] = ()
    further: Mapping[str, Reading] = field(default_factory=dict)

    @property
    def may_grow(self) -> bool:
        """Whether an item may still be added."""
        return self.state is GroupState.ASKED or self.state is GroupState.OPEN

    @property
    def listed(self) -> tuple[Item, ...]:
        """The items that count: none when the list is not asked or said to be empty."""
        return () if self.state is GroupState.NOT_ASKED or self.state is GroupState.NONE else self.items


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a condition may read.

    ``top`` holds every top-level question that is not a group, ``groups`` every group, ``context`` what is known of
    the case (``tier``, ``portfolio``, ``appointment_date`` as `PartialDate`, …); a fact of the case that is not known
    yet is simply absent there.
    """

    top: Mapping[str, Reading] = field(default_factory=dict)
    groups: Mapping[str, GroupFacts] = field(default_factory=dict)
    context: Mapping[str, Value] = field(default_factory=dict)

    def group(self, group: str) -> GroupFacts:
        """Give the list of that name; one that nobody mentioned is still to be asked."""
        return self.groups.get(group) or GroupFacts(GroupState.ASKED, (), (group,))

    def item(self, group: str, item_id: str) -> Item | None:
        """Give one item of a list, or None."""
        for item in self.group(group).listed:
            if item.id == item_id:
                return item
        return None

    def read(self, path: str, item: "Binding | None" = None) -> Reading:
        """Read ``vog_status``, ``context.tier``, or (with the item in hand) ``companies.share_pct``."""
        owner, name = split(path)
        if item is not None and owner == item.group:
            return item.read(name)
        if owner == CONTEXT:
            found: Reading | None = self.context.get(name)
        elif path in self.groups:
            return gate(self.groups[path])
        else:
            found = self.top.get(path)
        return Open((path,)) if found is None else found


@lru_cache(maxsize=4096)
def split(path: str) -> tuple[str, str]:
    """Part a path in what owns it (a list, ``context``, or "") and its name there."""
    owner, _, name = path.rpartition(".")
    return owner, name


@dataclass(frozen=True, slots=True)
class Binding:
    """The item a condition is looking at: a listed one, or (``item`` None) one that may still be added."""

    group: str
    item: Item | None
    facts: GroupFacts

    def read(self, name: str) -> Reading:
        """Read one field of this item."""
        if self.item is None:
            found = self.facts.further.get(name)
            return Open(self.facts.open_because or (self.group,)) if found is None else found
        found = self.item.readings.get(name)
        return Open((self.path(name),)) if found is None else found

    def path(self, name: str) -> str:
        """Write the path of one field of this item; for a further item that of the group itself."""
        return self.group if self.item is None else f"{self.group}[{self.item.id}].{name}"


def gate(group: GroupFacts) -> Reading:
    """Read a list as a yes/no question about having anything to list."""
    match group.state:
        case GroupState.NOT_ASKED:
            return NOT_ASKED
        case GroupState.ASKED:
            return Open(group.open_because)
        case GroupState.NONE:
            return "no"
        case GroupState.OPEN | GroupState.CLOSED:
            return "yes"


def bindings(facts: Facts, group: str) -> Iterator[Binding]:
    """Give every listed item of a group, in order."""
    found = facts.group(group)
    for item in found.listed:
        yield Binding(group, item, found)
