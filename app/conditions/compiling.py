"""Conditions as plain Python source, for when only the truth is wanted and many conditions must be weighed.

Every condition becomes two boolean expressions: *possible* (not NO) and *certain* (YES). Written out with `and` and `or`
they stop at the first part that decides, which makes them several times quicker than walking the tree. The source is
readable on purpose (`toetssteen rules explain` can show it) and a property test holds it against the explaining
evaluator on random trees and random facts.

The facts must be total: every question of the vocabulary is a key. A missing one raises KeyError, it never counts as NO.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from app.conditions.checking import Vocabulary
from app.conditions.comparisons import MONEY_BANDS
from app.conditions.facts import Open
from app.conditions.fast_tests import WEIGHING, weigher
from app.conditions.operators import Kind
from app.conditions.tree import All, Any, Count, Node, Not, Period, Reference, Test, anchor_of

_FEW: Final = 6  # up to so many options a tuple is searched faster than a set


class Pair(NamedTuple):
    """The two expressions of one condition."""

    possible: str
    certain: str


Setup: TypeAlias = dict[str, str]


@dataclass(slots=True)
class Emitter:
    """Writes conditions as source and gathers what the source refers to.

    ``constants`` are the names the source expects to find; ``functions`` is the source of the counts it calls.
    """

    vocabulary: Vocabulary
    constants: dict[str, object] = field(default_factory=lambda: dict(WEIGHING))
    functions: list[str] = field(default_factory=list)
    weighers: dict[object, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.constants |= {f"blank_{name}": Open((f"context.{name}",)) for name in self.vocabulary.context}

    def pair(self, node: Node, scope: "Scope", *, negated: bool = False) -> Pair:
        """Write one condition. What it needs is noted in ``scope``."""
        match node:
            case Test():
                return self._test(node, scope, negated=negated)
            case Not(part):
                return self.pair(part, scope, negated=not negated)
            case Count():
                return self._count(node, negated=negated)
            case All(parts) | Any(parts):
                pairs = [self.pair(part, scope, negated=negated) for part in parts]
                joint = " and " if isinstance(node, All) is not negated else " or "
                empty = "True" if isinstance(node, All) is not negated else "False"
                possible = joint.join(pair.possible for pair in pairs) or empty
                certain = joint.join(pair.certain for pair in pairs) or empty
                return Pair(f"({possible})", f"({certain})")

    def constant(self, value: object, stem: str) -> str:
        """Name a value that cannot be written out; equal values share a name."""
        for name, known in self.constants.items():
            if name.startswith(stem) and type(known) is type(value) and known == value:
                return name
        name = f"{stem}{len(self.constants)}"
        self.constants[name] = value
        return name

    def _test(self, node: Test, scope: "Scope", *, negated: bool) -> Pair:
        subject = scope.variable(node.subject)
        if node.operator == "is_given":
            known = f"({subject} is not NOT_ASKED and type({subject}) is not Open)"
            return Pair(f"type({subject}) is Open", "False") if negated else Pair(f"{subject} is not NOT_ASKED", known)
        reference = anchor_of(node.argument)
        shared = isinstance(node.argument, Reference) and node.operator == "shares_with"
        if shared and reference is not None and reference.path.startswith("context."):
            return self._shared(node, subject, scope, negated=negated)
        plain = None if reference is not None else self._plain(node, subject)
        if plain is None:
            return self._called(node, subject, reference, scope, negated=negated)
        if not negated:
            return Pair(f"(type({subject}) is Open or {plain})", plain)
        asked = f"{subject} is not NOT_ASKED"
        return Pair(f"({asked} and not {plain})", f"({asked} and type({subject}) is not Open and not {plain})")

    def _plain(self, node: Test, subject: str) -> str | None:
        """Write a test with a fixed argument so that it is False for what is open or not asked."""
        argument = node.argument
        kind = self.vocabulary.find(node.subject)
        if isinstance(argument, Decimal):
            if kind is not None and kind.kind is Kind.MONEY_BAND:
                wanted = [band.id for band in MONEY_BANDS if (band.low >= argument) is (node.operator == "at_least")]
                return self._among(subject, tuple(wanted))
            number = str(int(argument)) if argument == int(argument) else self.constant(argument, "NUMBER_")
            known = f"type({subject}) is not Open and {subject} is not NOT_ASKED"
            return f"({known} and {subject} {_SIGNS[node.operator]} {number})"
        if node.operator == "is":
            return f"{subject} == {argument!r}"
        if isinstance(argument, str):  # includes
            return f"(type({subject}) is tuple and {argument!r} in {subject})"
        if not isinstance(argument, tuple):
            return None
        if node.operator == "is_any_of":
            return self._among(subject, argument)
        if node.operator == "relation_any_of":
            return f"(type({subject}) is Party and {subject}.relation in {argument!r})"
        return f"(type({subject}) is tuple and not {self.constant(frozenset(argument), 'SET_')}.isdisjoint({subject}))"

    def _among(self, subject: str, options: tuple[str, ...]) -> str:
        if len(options) == 1:
            return f"{subject} == {options[0]!r}"
        if len(options) <= _FEW:
            return f"{subject} in {options!r}"
        return f"(type({subject}) is str and {subject} in {self.constant(frozenset(options), 'SET_')})"

    def _shared(self, node: Test, subject: str, scope: "Scope", *, negated: bool) -> Pair:
        """Write an overlap with a fact of the case: its options are made into two sets once per evaluation.

        ``may`` holds everything while the fact is unknown, ``sure`` nothing; when it is known they are the same.
        """
        may, sure = scope.shared(anchor_of(node.argument))
        kind = self.vocabulary.find(node.subject)
        several = kind is not None and kind.kind is Kind.CHOICES
        one, other = (
            (f"not {may}.isdisjoint({subject})", f"not {sure}.isdisjoint({subject})")
            if several
            else (
                f"{subject} in {may}",
                f"{subject} in {sure}",
            )
        )
        known = f"{subject} is not NOT_ASKED and type({subject}) is not Open"
        if not negated:
            return Pair(
                f"({subject} is not NOT_ASKED and (type({subject}) is Open or {one}))", f"({known} and {other})"
            )
        unsure = f"{subject} is not NOT_ASKED and (type({subject}) is Open or not ({other}))"
        return Pair(f"({unsure})", f"({known} and not ({one}))")

    def _called(self, node: Test, subject: str, reference: Reference | None, scope: "Scope", *, negated: bool) -> Pair:
        """Write what does not fit in an expression (dates, other answers) as a call that weighs one test."""
        if node.operator in _DATE_ORDERS:
            call = self._dates(node, subject, reference, scope, negated=negated)
        else:
            other = "None" if reference is None else scope.variable(reference.path)
            call = f"{self._weigher(node, negated=negated)}({subject}, {other})"
        return Pair(f"{call} > 0", f"{call} > 1")

    def _dates(self, node: Test, subject: str, reference: Reference | None, scope: "Scope", *, negated: bool) -> str:
        opposite, turned = _DATE_ORDERS[node.operator]
        other = self.constant(node.argument, "DATE_") if reference is None else scope.variable(reference.path)
        one, other = (other, subject) if turned else (subject, other)
        return f"{'is_before' if opposite is negated else 'is_not_before'}({one}, {other})"

    def _weigher(self, node: Test, *, negated: bool) -> str:
        """Name the function that weighs this kind of test; tests that say the same share one."""
        kind = (node.operator, node.argument if isinstance(node.argument, Period) else None, negated)
        name = self.weighers.get(kind)
        if name is None:
            name = self.weighers[kind] = f"weigh_{node.operator}_{len(self.weighers)}"
            self.constants[name] = weigher(node, negated=negated)
        return name

    def _count(self, node: Count, *, negated: bool) -> Pair:
        name = f"count_{len(self.functions)}"
        self.functions.append("")  # keeps the place: a count may hold counts
        self.functions[int(name.removeprefix("count_"))] = self._count_source(node, name, negated=negated)
        call = f"{name}(facts)"
        return Pair(f"{call} > 0", f"{call} > 1")

    def _count_source(self, node: Count, name: str, *, negated: bool) -> str:
        inner = Scope(self.vocabulary, node.group)
        pair = Pair("True", "True") if node.where is None else self.pair(node.where, inner)
        bounds = self.constant(node, "COUNT_")
        return "\n".join(
            [
                f"def {name}(facts):",
                *indented(inner.prologue(), 1),
                f"    group = G[{node.group!r}]",
                "    if group.state is NOT_ASKED_GROUP:",
                "        return 0",
                "    low = high = 0",
                "    if group.state is not EMPTY_GROUP:",
                "        for item in group.items:",
                "            R = item.readings",
                *indented(inner.item_setup(), 3),
                f"            if {pair.possible}:",
                "                high += 1",
                f"                if {pair.certain}:",
                "                    low += 1",
                "    if group.state is ASKED_GROUP or group.state is OPEN_GROUP:",
                "        get = group.further.get",
                *indented(inner.further_setup(), 2),
                f"        if {pair.possible}:",
                "            high = None",
                f"    found = count_truth({bounds}, low, high)",
                f"    return {'2 - found' if negated else 'found'}",
                "",
            ]
        )


# every order of two dates is "one is (not) before the other": whether it is the opposite, and which comes first
_DATE_ORDERS: Final = {
    "before": (False, False),
    "after": (False, True),
    "on_or_before": (True, True),
    "on_or_after": (True, False),
}
_SIGNS: Final = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}


@dataclass(slots=True)
class Scope:
    """The variables that one piece of source reads, and the lines that set them.

    ``group`` is the list whose items are looked at: their fields are set anew for every item.
    """

    vocabulary: Vocabulary
    group: str | None = None
    top: Setup = field(default_factory=dict)
    fields: Setup = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)

    def variable(self, path: str) -> str:
        """Name the variable that holds a reading."""
        if path.startswith("context."):
            name = path.removeprefix("context.")
            self.top.setdefault(f"context_{name}", f"C.get({name!r}, blank_{name})")
            return f"context_{name}"
        if self.group is not None and path.startswith(f"{self.group}."):
            name = path.removeprefix(f"{self.group}.")
            self.fields.setdefault(f"its_{name}", name)
            return f"its_{name}"
        known = self.vocabulary.questions.get(path)
        if known is not None and known.kind is Kind.GROUP:
            self.top.setdefault(f"has_{path}", f"gate(G[{path!r}])")
            return f"has_{path}"
        self.top.setdefault(f"answer_{path}", f"T[{path!r}]")
        return f"answer_{path}"

    def shared(self, reference: Reference | None) -> tuple[str, str]:
        """Name the two sets of options of a fact of the case."""
        name = reference.path.removeprefix("context.") if reference is not None else ""
        self.shares[name] = f"{name}_may, {name}_sure = shared_options(C.get({name!r}))"
        return f"{name}_may", f"{name}_sure"

    def prologue(self) -> list[str]:
        """Give the lines that set what does not change from item to item."""
        lines = ["T, C, G = facts.top, facts.context, facts.groups"]
        lines += self.shares.values()
        return lines + [f"{name} = {source}" for name, source in self.top.items()]

    def item_setup(self) -> list[str]:
        """Give the lines that read the fields of a listed item."""
        return [f"{name} = R[{source!r}]" for name, source in self.fields.items()]

    def further_setup(self) -> list[str]:
        """Give the lines that read the fields of an item that may still be added."""
        return [f"{name} = get({source!r}, UNKNOWN)" for name, source in self.fields.items()]


def indented(lines: list[str], depth: int) -> list[str]:
    """Indent lines of source."""
    return [f"{'    ' * depth}{line}" for line in lines]


def build(source: str, constants: Mapping[str, object]) -> dict[str, object]:
    """Run generated source and give the names it defines. Only ever fed with what `Emitter` wrote."""
    names = dict(constants)
    exec(compile(source, "<compiled conditions>", "exec"), names)  # noqa: S102 - our own generator, no outside text
    return names
