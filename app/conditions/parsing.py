"""From YAML values to a condition tree. Shape only: whether the names and types exist is `checking`'s business.

all: [ … ]   any: [ … ]   not: …
count: {in: companies, where: …, at_least: 2, at_most: 3}
exists: {in: companies, where: …}
{answer: companies.share_pct, at_least: 50}
{context: tier, is: municipality}
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any as Anything
from typing import Literal, cast

from app.conditions.dates import PartialDate
from app.conditions.facts import CONTEXT_PREFIX
from app.conditions.operators import OPERATORS, ArgumentType
from app.conditions.tree import All, Any, Argument, Count, Node, Not, Period, Position, Reference, Test
from app.conditions.yaml_source import Listed, Mapped, Source, line_of

_NODE_WORDS = ("all", "any", "not", "count", "exists", "answer", "context")
_SHAPES = "write all, any, not, count, exists, answer or context, and one of them only"
_UNITS = ("years", "months", "days")
_DIRECTIONS = ("before", "after", "at")


def parse(raw: Anything, source: Source, line: int = 0) -> Node | None:
    """Read one condition. What is wrong is noted in ``source``; gives None when no condition can be made of it."""
    line = line_of(raw, line)
    if not isinstance(raw, Mapped):
        source.problem(line, f"a condition is a mapping, not {raw!r}", _SHAPES)
        return None
    words = [word for word in raw if word in _NODE_WORDS]
    if len(words) != 1:
        strangers = [word for word in raw if word not in _NODE_WORDS and word not in OPERATORS]
        if strangers and not words:
            source.unknown(raw.lines[strangers[0]], "kind of condition", strangers[0], _NODE_WORDS)
        else:
            source.problem(line, f"this is not one condition: {', '.join(map(str, raw)) or 'empty'}", _SHAPES)
        return None
    word = words[0]
    if word in {"answer", "context"}:
        return _test(raw, word, source)
    for extra in raw.keys() - {word}:
        source.problem(raw.lines[extra], f"{extra!r} cannot stand beside {word!r}", "indent it, or wrap both in all")
    return _BRANCHES[word](raw[word], source, line)


def _several(make: type[All | Any], word: str) -> Callable[[Anything, Source, int], Node | None]:
    def read(raw: Anything, source: Source, line: int) -> Node | None:
        if not isinstance(raw, Listed) or not raw:
            source.problem(line_of(raw, line), f"{word!r} takes a list of conditions", f"write {word}: [ … ]")
            return None
        parts = [parse(part, source, at) for part, at in zip(raw, raw.lines, strict=True)]
        return make(tuple(part for part in parts if part is not None), Position(source.name, line))

    return read


def _not(raw: Anything, source: Source, line: int) -> Node | None:
    part = parse(raw, source, line)
    return None if part is None else Not(part, Position(source.name, line))


def _bound(raw: Mapped, word: str, source: Source) -> int | None:
    value = raw.get(word)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        source.problem(raw.lines[word], f"{word!r} of a count is a whole number", f"write {word}: 2")
        return None
    return value


def _counted(raw: Anything, source: Source, line: int, *, exists: bool) -> Node | None:
    word = "exists" if exists else "count"
    if not isinstance(raw, Mapped) or not isinstance(raw.get("in"), str):
        source.problem(line_of(raw, line), f"{word!r} needs the list to look in", f"write {word}: {{in: companies, …}}")
        return None
    allowed = ["in", "where"] if exists else ["in", "where", "at_least", "at_most"]
    for key in raw:
        if key not in allowed:
            source.unknown(raw.lines[key], f"part of {word!r}", key, allowed)
    where = parse(raw["where"], source, raw.lines["where"]) if "where" in raw else None
    if exists:
        return Count(raw["in"], where, 1, None, Position(source.name, line))
    at_least, at_most = _bound(raw, "at_least", source), _bound(raw, "at_most", source)
    if not {"at_least", "at_most"} & raw.keys():
        source.problem(raw.line, "a count needs a bound", "add at_least or at_most")
    if at_least is None and at_most is None:
        return None
    return Count(raw["in"], where, at_least, at_most, Position(source.name, line))


def _count(raw: Anything, source: Source, line: int) -> Node | None:
    return _counted(raw, source, line, exists=False)


def _exists(raw: Anything, source: Source, line: int) -> Node | None:
    return _counted(raw, source, line, exists=True)


_BRANCHES: dict[str, Callable[[Anything, Source, int], Node | None]] = {
    "all": _several(All, "all"),
    "any": _several(Any, "any"),
    "not": _not,
    "count": _count,
    "exists": _exists,
}


def _test(raw: Mapped, word: str, source: Source) -> Node | None:
    subject = raw[word]
    if not isinstance(subject, str):
        source.problem(raw.lines[word], f"{word!r} names a question, not {subject!r}", "write its id")
        return None
    if word == "context":
        subject = CONTEXT_PREFIX + subject
    rest = [key for key in raw if key != word]
    if len(rest) != 1:
        said = "has no operator" if not rest else f"has more than one operator: {', '.join(rest)}"
        source.problem(raw.line, f"the test on {subject!r} {said}", "one test, one operator; combine tests with all")
        return None
    name = rest[0]
    operator = OPERATORS.get(name)
    if operator is None:
        source.unknown(raw.lines[name], "operator", name, OPERATORS)
        return None
    found = len(source.problems)
    argument = _ARGUMENTS[operator.argument](raw[name], source, raw.lines[name])
    if len(source.problems) > found:
        return None
    if argument is None and operator.argument is not ArgumentType.TRUE:
        remedy = f"for example {operator.example}"
        source.problem(raw.lines[name], f"{name!r} takes {operator.argument}, not {raw[name]!r}", remedy)
        return None
    return Test(subject, name, argument, Position(source.name, raw.line))


def _option(raw: Anything, _source: Source, _line: int) -> Argument:
    return raw if isinstance(raw, str) else None


def _options(raw: Anything, _source: Source, _line: int) -> Argument:
    if isinstance(raw, Listed) and raw and all(isinstance(part, str) for part in raw):
        return tuple(raw)
    return None


def _number(raw: Anything, _source: Source, _line: int) -> Argument:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        return None
    return Decimal(raw)


def _overlap(raw: Anything, _source: Source, _line: int) -> Argument:
    return Reference(raw) if isinstance(raw, str) else None


def _date(raw: Anything, _source: Source, _line: int) -> PartialDate | Reference | None:
    if isinstance(raw, date):
        return PartialDate.of(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return None
    try:
        return PartialDate.parse(str(raw))
    except ValueError:
        starts_like_a_name = str(raw)[:1].isalpha()
        return Reference(str(raw)) if starts_like_a_name else None


def _period(raw: Anything, source: Source, line: int) -> Argument:
    if not isinstance(raw, Mapped):
        return None
    strangers = [key for key in raw if key not in {*_UNITS, *_DIRECTIONS}]
    for key in strangers:
        source.unknown(raw.lines[key], "part of a period", key, (*_UNITS, *_DIRECTIONS))
    if strangers:
        return None
    directions = [word for word in _DIRECTIONS if word in raw]
    amounts = {unit: raw.get(unit, 0) for unit in _UNITS}
    whole = all(isinstance(amount, int) and not isinstance(amount, bool) for amount in amounts.values())
    if not whole or not any(amounts.values()) or any(amount < 0 for amount in amounts.values()):
        source.problem(line, "a period is a number of years, months or days", "write for example months: 3")
        return None
    if len(directions) != 1:
        source.problem(line, "a period counts from one date", "add before, after or at, with a date")
        return None
    direction = cast("Literal['before', 'after', 'at']", directions[0])
    anchor = _date(raw[direction], source, line)
    if anchor is None:
        source.problem(raw.lines[direction], f"not a date: {raw[direction]!r}", "write 2026-03-12 or context.as_of")
        return None
    return Period(direction, anchor, **amounts)


def _true(raw: Anything, source: Source, line: int) -> Argument:
    if raw is not True:
        source.problem(line, "is_given only takes true", "write is_given: true, and not: {…} for the opposite")
    return None


_ARGUMENTS: dict[ArgumentType, Callable[[Anything, Source, int], Argument]] = {
    ArgumentType.OPTION: _option,
    ArgumentType.OPTIONS: _options,
    ArgumentType.NUMBER: _number,
    ArgumentType.OVERLAP: _overlap,
    ArgumentType.DATE: _date,
    ArgumentType.PERIOD: _period,
    ArgumentType.TRUE: _true,
}
