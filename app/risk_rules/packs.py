"""Local rules: the code of conduct of one authority as a pack of rules beside those of the product.

A pack is one YAML file in the same language, with the same checks and the same duty to give examples. It can only add:
its rules rest on the code that the authority adopted and on nothing else, weigh 3 at most, and have ids of their own, so
that no rule of law can be weakened, hidden or imitated.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.conditions.fields import Fields
from app.conditions.yaml_source import Listed, Mapped, Source, load
from app.errors import Broken, Problem
from app.risk_rules.registers import Registers
from app.risk_rules.rule_reading import TIERS, read_rule
from app.risk_rules.rulebook import Frame, Rule, RuleBook
from app.risk_rules.sources import LegalSource, SourceKind

CODE: Final = "code"
"""What rules of a pack write as ``source``: the code of conduct the pack is about."""
LOCAL_ID: Final = re.compile(r"PACK-\d{1,3}")
_PARAMETER: Final = re.compile(r"\$([a-z_]+)")
_KEYS: Final = ("pack", "parameters", "rules")
_NOT_LOCAL: Final = ("statements", "exempting_authority")


def is_local(rule_id: str) -> bool:
    """Tell whether a rule comes from the code of conduct of one authority."""
    return LOCAL_ID.fullmatch(rule_id) is not None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that codes of conduct set differently, and between which bounds a code may set it."""

    name: str
    unit: str
    least: int
    most: int
    about: str


PARAMETERS: Final = {
    one.name: one
    for one in (
        Parameter("gift_limit", "euro", 0, 250, "the value up to which a gift may be kept"),
        Parameter("cooling_off_months", "months", 1, 60, "how long a position that ended still counts"),
        Parameter("share_percentage", "percent", 1, 100, "from which share in a company an interest is told"),
    )
}
"""The numbers a pack may set. Its rules write them as ``$gift_limit``, in conditions and in texts."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The local rules of one authority, read and checked. ``digest`` is the SHA-256 of the file."""

    id: str
    code: str
    adopted: date | None
    tiers: tuple[str, ...]
    url: str
    parameters: Mapping[str, int]
    rules: tuple[Rule, ...]
    digest: str

    @property
    def source(self) -> LegalSource:
        """The code of conduct as a source that can be cited by its own articles."""
        return LegalSource(CODE, SourceKind.CODE, self.code, consolidated=self.adopted, url=self.url)


def load_pack(path: Path, book: RuleBook, *, examples: bool = True) -> Pack:
    """Read a pack and check it against the rulebook it goes with. Raises `Broken` with every problem at once."""
    pack, problems = try_pack(path, book, examples=examples)
    if problems or pack is None:
        raise Broken(problems)
    return pack


def try_pack(path: Path, book: RuleBook, *, examples: bool = True) -> tuple[Pack | None, list[Problem]]:
    """Read as much of a pack as can be read, with everything that is wrong with it."""
    content, source = load(path)
    if not isinstance(content, Mapped):
        if not source.problems:
            source.problem(1, "a pack is a mapping", "start the file with pack:, parameters: and rules:")
        return None, source.problems
    top = Fields(content, source, "the pack")
    head = top.mapping_of("pack")
    if not top.has("pack"):
        top.absent("pack")
    about = Fields(head, source, "the pack")
    parameters = _parameters(top.mapping_of("parameters"), source)
    pack = Pack(
        id=about.text("id"),
        code=about.text("code"),
        adopted=about.day("adopted", required=True),
        tiers=about.some_of("tiers", TIERS),
        url=about.text("url", required=False),
        parameters=parameters,
        rules=(),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    about.finish()
    used: set[str] = set()
    for name in ("rules",):
        if isinstance(content.get(name), Listed):
            content[name] = _filled(content[name], parameters, source, content.lines[name], used)
    rules = tuple(_rule(entry, pack, book, examples=examples) for entry in top.entries("rules", "a rule"))
    if not rules:
        source.problem(1, "the pack has no rules", "add rules: with at least one")
    for unused in sorted(parameters.keys() - used):
        source.problem(top.at("parameters"), f"no rule uses the parameter {unused!r}", f"write ${unused} in a rule")
    top.finish()
    _check_ids(rules, source)
    return replace(pack, rules=rules), source.problems


def with_pack(book: RuleBook, pack: Pack) -> RuleBook:
    """Give the rulebook with the local rules in it: under their subjects, after the rules of the product."""
    order = {subject: place for place, subject in enumerate(book.subjects)}
    rules = sorted((*book.rules, *pack.rules), key=lambda rule: order[rule.subject])
    return replace(book, rules=tuple(rules), sources={**book.sources, CODE: pack.source}, code=pack.code)


def _parameters(written: Mapped, source: Source) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, value in written.items():
        line = written.lines[name]
        known = PARAMETERS.get(name)
        if known is None:
            source.unknown(line, "parameter", name, PARAMETERS)
        elif isinstance(value, bool) or not isinstance(value, int) or not known.least <= value <= known.most:
            bounds = f"a whole number from {known.least} to {known.most} ({known.unit})"
            source.problem(line, f"{name!r} is {bounds}, not {value!r}", f"write {bounds}")
        else:
            found[name] = value
    return found


def _filled(value: Any, numbers: Mapping[str, int], source: Source, line: int, used: set[str]) -> Any:
    """Write the numbers where their names stand; a name that has no number is a problem."""
    if isinstance(value, Mapped):
        for key in value:
            value[key] = _filled(value[key], numbers, source, value.lines[key], used)
    elif isinstance(value, Listed):
        value[:] = [_filled(one, numbers, source, at, used) for one, at in zip(value, value.lines, strict=True)]
    elif isinstance(value, str):
        names = _PARAMETER.findall(value)
        for name in names:
            used.add(name)
            if name not in numbers:
                source.unknown(line, "parameter", f"${name}", [f"${known}" for known in numbers or PARAMETERS])
        if len(names) == 1 and value == f"${names[0]}":
            return numbers.get(names[0], PARAMETERS[names[0]].least if names[0] in PARAMETERS else 1)
        return _PARAMETER.sub(lambda found: str(numbers.get(found[1], "")), value)
    return value


def _rule(entry: Fields, pack: Pack, book: RuleBook, *, examples: bool) -> Rule:
    known = {CODE: pack.source, **{key: one for key, one in book.sources.items() if one.kind is SourceKind.PRACTICE}}
    for name in _NOT_LOCAL:
        if entry.has(name):
            entry.source.problem(entry.at(name), f"a local rule has no {name!r}", "leave it out: only rules of law do")
    registers = Registers(known, book.subjects, book.measures)
    rule = read_rule(entry, book.vocabulary, registers, Source(entry.source.name), examples=examples)
    if rule.frame is not Frame.CODE_OF_CONDUCT and entry.has("frame"):
        entry.source.problem(
            entry.at("frame"), f"{entry.what} is local, so it is no {rule.frame}", "frame: code_of_conduct"
        )
    if rule.basis and all(basis.source != CODE for basis in rule.basis):
        entry.source.problem(
            entry.at("basis"), f"{entry.what} does not cite the code", "add {source: code, ref: art. 1}"
        )
    for basis in rule.basis:
        if basis.source == CODE and (not basis.ref or basis.article):
            entry.source.problem(entry.at("basis"), "the code is cited by its ref", "write {source: code, ref: art. 1}")
    for tier in rule.tiers:
        if tier not in pack.tiers:
            entry.source.unknown(entry.at("tiers"), "tier of this pack:", tier, pack.tiers)
    return rule


def _check_ids(rules: tuple[Rule, ...], source: Source) -> None:
    seen: set[str] = set()
    for rule in rules:
        line = rule.position.line
        if rule.id and not is_local(rule.id):
            source.problem(line, f"{rule.id!r} is no id of a local rule", "write PACK- and a number: PACK-01")
        if rule.id in seen:
            source.problem(line, f"rule {rule.id!r} exists already", "give it the next free number")
        seen.add(rule.id)
