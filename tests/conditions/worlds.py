"""Random conditions over a small vocabulary, random facts for them, and every way in which blanks get filled in."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from app.conditions.checking import FieldType, Vocabulary
from app.conditions.comparisons import BAND_BOUNDS, MONEY_BANDS
from app.conditions.compiling import Emitter, Scope, build, indented
from app.conditions.dates import PartialDate
from app.conditions.facts import (
    NOT_ASKED,
    Facts,
    GroupFacts,
    GroupState,
    Item,
    Open,
    Party,
    Reading,
    Value,
)
from app.conditions.kleene import Kleene
from app.conditions.operators import OPERATORS, ArgumentType, Kind
from app.conditions.tree import All, Any, Argument, Count, Node, Not, Period, Reference, Test

FIELDS = ("housing", "land", "energy", "none")
TIES = ("subsidy", "permit", "contract", "none")
RELATIONS = ("partner", "child", "friend")
BANDS = tuple(band.id for band in MONEY_BANDS)


def _types(group: str | None) -> dict[str, FieldType]:
    kinds = {
        "ok": FieldType(Kind.YES_NO, (), group, "Klopt dit?"),
        "field": FieldType(Kind.CHOICE, FIELDS, group, "Welk terrein?", {"housing": "Wonen"}),
        "ties": FieldType(Kind.CHOICES, TIES, group, "Welke banden?", {"subsidy": "Subsidie", "permit": "Vergunning"}),
        "pct": FieldType(Kind.PERCENTAGE, (), group, "Welk deel?"),
        "hours": FieldType(Kind.NUMBER, (), group, "Hoeveel uur?"),
        "money": FieldType(Kind.MONEY_BAND, BANDS, group, "Welk bedrag?"),
        "day": FieldType(Kind.DATE, (), group, "Welke dag?"),
        "who": FieldType(Kind.PARTY, RELATIONS, group, "Wie?", {"partner": "Mijn partner"}),
        "text": FieldType(Kind.TEXT, (), group, "Hoe heet het?"),
    }
    return {name if group is None else f"{group}.{name}": kind for name, kind in kinds.items()}


GROUPS = ("companies", "ties_of")
VOCABULARY = Vocabulary(
    questions={
        **_types(None),
        **{group: FieldType(Kind.GROUP, (), None, f"Heeft u {group}?") for group in GROUPS},
        **_types("companies"),
        **_types("ties_of"),
    },
    context={
        "tier": FieldType(Kind.CHOICE, ("municipality", "province"), None, "soort organisatie"),
        "portfolio": FieldType(Kind.CHOICES, FIELDS, None, "portefeuille"),
        "appointment_date": FieldType(Kind.DATE, (), None, "datum van benoeming"),
        "full_time": FieldType(Kind.YES_NO, (), None, "voltijd"),
    },
)

days = st.dates(PartialDate(2020).first, PartialDate(2027).last).map(PartialDate.of)
dates = st.one_of(
    days,
    st.builds(PartialDate, st.integers(2020, 2027), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(2020, 2027)),
)
percentages = st.integers(0, 200).map(lambda half: Decimal(half) / 2)


def values(kind: FieldType) -> st.SearchStrategy[Value]:
    """Every value a question can hold."""
    match kind.kind:
        case Kind.YES_NO | Kind.GROUP:
            return st.sampled_from(["yes", "no"])
        case Kind.CHOICE | Kind.MONEY_BAND:
            return st.sampled_from(kind.options)
        case Kind.CHOICES:
            others = [option for option in kind.options if option != "none"]
            some = st.sets(st.sampled_from(others), min_size=1).map(lambda chosen: tuple(sorted(chosen)))
            return st.one_of(st.just(("none",)), some)
        case Kind.PERCENTAGE:
            return percentages
        case Kind.NUMBER:
            return st.integers(0, 12)
        case Kind.DATE:
            return dates
        case Kind.PARTY:
            return st.builds(Party, st.sampled_from(kind.options), st.just("werk"))
        case _:
            return st.sampled_from(["Bakker", "Molen"])


def readings(path: str, kind: FieldType) -> st.SearchStrategy[Reading]:
    """A value, open, or not asked."""
    known: st.SearchStrategy[Reading] = values(kind)
    return st.one_of(known, known, st.just(Open((path,))), st.just(NOT_ASKED))


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    """The facts of a random case; total, as a questionnaire makes them."""
    top = {path: draw(readings(path, VOCABULARY.questions[path])) for path in _types(None)}
    groups = {group: draw(_group(group)) for group in GROUPS}
    context = {}
    for name, kind in VOCABULARY.context.items():
        if draw(st.booleans()):
            context[name] = draw(days if kind.kind is Kind.DATE else values(kind))
    return Facts(top, groups, context)


@st.composite
def _group(draw: st.DrawFn, group: str) -> GroupFacts:
    state = draw(st.sampled_from(GroupState))
    may_grow = state in {GroupState.ASKED, GroupState.OPEN}
    fields = _types(group)
    skipped = draw(st.sets(st.sampled_from(sorted(fields)), max_size=2)) if may_grow else set()
    further: dict[str, Reading] = {path.split(".")[1]: NOT_ASKED for path in skipped}
    found = GroupFacts(state, (), (group,) if may_grow else (), further)
    if state in {GroupState.NOT_ASKED, GroupState.NONE}:
        return found
    ids = draw(st.lists(st.sampled_from(["a1", "b2", "c3"]), unique=True, max_size=3))
    return replace(found, items=tuple(draw(items(group, item_id, further)) for item_id in ids))


@st.composite
def items(draw: st.DrawFn, group: str, item_id: str, further: Mapping[str, Reading]) -> Item:
    """One item of a list; what no further item is asked, this one is not asked either."""
    read: dict[str, Reading] = {}
    for path, kind in _types(group).items():
        name = path.split(".")[1]
        read[name] = NOT_ASKED if name in further else draw(readings(f"{group}[{item_id}].{name}", kind))
    return Item(item_id, read)


@st.composite
def filled_in(draw: st.DrawFn, before: Facts) -> Facts:
    """The same case after somebody filled in some blanks, added items or made dates more precise."""
    top = {path: draw(_later(path, VOCABULARY.questions[path], reading)) for path, reading in before.top.items()}
    groups = {group: draw(_later_group(group, found)) for group, found in before.groups.items()}
    context = dict(before.context)
    for name, kind in VOCABULARY.context.items():
        if name not in context and draw(st.booleans()):
            context[name] = draw(days if kind.kind is Kind.DATE else values(kind))
    return Facts(top, groups, context)


def _later(path: str, kind: FieldType, reading: Reading) -> st.SearchStrategy[Reading]:
    if isinstance(reading, Open):
        return readings(path, kind)
    if isinstance(reading, PartialDate):
        inside = st.dates(reading.first, reading.last).map(PartialDate.of)
        return st.one_of(st.just(reading), inside)
    return st.just(reading)


@st.composite
def _later_group(draw: st.DrawFn, group: str, before: GroupFacts) -> GroupFacts:
    fields = _types(group)
    kept = tuple(
        Item(
            item.id,
            {
                name: draw(_later(f"{group}[{item.id}].{name}", fields[f"{group}.{name}"], reading))
                for name, reading in item.readings.items()
            },
        )
        for item in before.items
    )
    if not before.may_grow:
        return replace(before, items=kept)
    free = [item_id for item_id in ("d4", "e5") if draw(st.booleans())]
    added = tuple(draw(items(group, item_id, before.further)) for item_id in free)
    states = [GroupState.OPEN, GroupState.CLOSED, before.state]
    if before.state is GroupState.ASKED and not before.items:
        states += [GroupState.NONE, GroupState.NOT_ASKED]
    state = draw(st.sampled_from(states))
    if state in {GroupState.NONE, GroupState.NOT_ASKED}:
        return GroupFacts(state)
    return replace(before, state=state, items=kept + added)


@st.composite
def arguments(draw: st.DrawFn, path: str, kind: FieldType, operator: str, group: str | None) -> Argument:
    """Anything that may stand behind this operator."""
    options = ("yes", "no") if kind.kind in {Kind.YES_NO, Kind.GROUP} else kind.options
    match OPERATORS[operator].argument:
        case ArgumentType.OPTION:
            return draw(st.sampled_from(options))
        case ArgumentType.OPTIONS:
            return tuple(draw(st.lists(st.sampled_from(options), min_size=1, max_size=len(options), unique=True)))
        case ArgumentType.NUMBER:
            if kind.kind is Kind.MONEY_BAND:
                return Decimal(draw(st.sampled_from(BAND_BOUNDS)))
            return draw(percentages) if kind.kind is Kind.PERCENTAGE else Decimal(draw(st.integers(0, 12)))
        case ArgumentType.OVERLAP:
            same = [name for name, other in _reachable(group).items() if other.options == kind.options and name != path]
            return Reference(draw(st.sampled_from(sorted(same))))
        case ArgumentType.DATE:
            return draw(st.one_of(days, _date_references(path, group)))
        case ArgumentType.PERIOD:
            ways = ["at"] if operator == "older_than" else ["before", "after"]
            length = draw(st.sampled_from([{"months": 3}, {"years": 1}, {"days": 10}, {"years": 1, "months": 1}]))
            return Period(draw(st.sampled_from(ways)), draw(st.one_of(days, _date_references(path, group))), **length)
        case ArgumentType.TRUE:
            return None


def _date_references(path: str, group: str | None) -> st.SearchStrategy[Reference]:
    found = [name for name, kind in _reachable(group).items() if kind.kind is Kind.DATE and name != path]
    return st.sampled_from(sorted(found)).map(Reference)


def _reachable(group: str | None) -> dict[str, FieldType]:
    """What a condition may name: the top level, the case, and the item in hand."""
    own = {path: kind for path, kind in VOCABULARY.questions.items() if kind.group in {None, group}}
    return own | {f"context.{name}": kind for name, kind in VOCABULARY.context.items()}


@st.composite
def single_tests(draw: st.DrawFn, group: str | None) -> Node:
    """One test on anything within reach."""
    found = _reachable(group)
    path = draw(st.sampled_from(sorted(found)))
    kind = found[path]
    fitting = [
        name
        for name, row in OPERATORS.items()
        if kind.kind in row.kinds
        and not (row.argument is ArgumentType.OVERLAP and _alone(path, kind, found))
        and not (row.argument is ArgumentType.OPTION and not kind.options and kind.kind not in _YES_OR_NO)
    ]
    operator = draw(st.sampled_from(fitting))
    return Test(path, operator, draw(arguments(path, kind, operator, group)))


_YES_OR_NO = {Kind.YES_NO, Kind.GROUP}


def _alone(path: str, kind: FieldType, found: Mapping[str, FieldType]) -> bool:
    return not any(other.options == kind.options for name, other in found.items() if name != path)


def nodes(group: str | None = None, depth: int = 3) -> st.SearchStrategy[Node]:
    """Any condition; with ``group`` about one item of that list."""
    if depth == 0:
        return single_tests(group)
    inner = st.deferred(lambda: nodes(group, depth - 1))
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        single_tests(group), st.builds(All, parts), st.builds(Any, parts), st.builds(Not, inner), counts(depth - 1)
    )


@st.composite
def counts(draw: st.DrawFn, depth: int) -> Node:
    """A count in one of the lists."""
    group = draw(st.sampled_from(GROUPS))
    where = draw(st.none() | nodes(group, min(depth, 1)))
    low = draw(st.none() | st.integers(1, 3))
    high = draw(st.integers(low or 0, 4)) if low is None or draw(st.booleans()) else None
    return Count(group, where, low, high)


def fast(node: Node, found: Facts) -> Kleene:
    """Weigh a condition the compiled way."""
    emitter, scope = Emitter(VOCABULARY), Scope(VOCABULARY)
    pair = emitter.pair(node, scope)
    lines = [*emitter.functions, "def weigh(facts):", *indented(scope.prologue(), 1)]
    source = "\n".join([*lines, f"    return bool({pair.possible}) + bool({pair.certain})", ""])
    weigh = build(source, emitter.constants)["weigh"]
    assert callable(weigh)
    return Kleene(weigh(found))
