"""One rule from YAML: every field read, every reference checked, every text held against what it may say."""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final

from app.conditions.checking import Vocabulary, check, check_asked, repeated
from app.conditions.fields import Fields
from app.conditions.operators import Kind
from app.conditions.parsing import parse
from app.conditions.tree import All, Node, Position
from app.conditions.yaml_source import Mapped, Source
from app.questionnaires.wording import PLACEHOLDERS
from app.risk_rules.parallels import TIER_OF_LAW, read_places
from app.risk_rules.registers import Registers
from app.risk_rules.rulebook import Adjustment, Example, Frame, Judgement, Outcome, Rule, RuleKind, Severity, conditions
from app.risk_rules.sources import LegalBasis

TIERS: Final = tuple(TIER_OF_LAW.values())
RULE_PREFIX: Final = re.compile(r"([A-Z]{2,5})-(\d{1,3})")
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_LEAST_EXAMPLES: Final = 3
_LEAST_CONSIDERATIONS: Final = 3
_FORBIDDEN: Final = re.compile(r"\b(integer|niet-integer|goedgekeurd|afgekeurd|score|geen risico's)\b", re.IGNORECASE)
_TEXTS: Final = ("title", "flag", "ask", "council", "consequence", "advice", "question_for_reviewer", "interpretation")
_FOR_EVERYBODY: Final = ("title", "council")  # read in an open meeting, so without anything the candidate typed
_NOTHING: Final = All(())


def read_rule(
    entry: Fields, vocabulary: Vocabulary, registers: Registers, notes: Source, *, examples: bool = True
) -> Rule:
    """Read and check one rule. Problems go to the entry's source; ``notes`` takes warnings that stop nobody.

    ``examples`` says whether there should be any: they are left out where only cases are weighed.
    """
    rule_id = entry.text("id")
    entry.what = f"rule {rule_id}" if rule_id else "a rule"
    tiers = entry.some_of("tiers", TIERS)
    for_each = entry.text("for_each", required=False) or None
    group = _meant(for_each, vocabulary)
    kind = entry.one_of("kind", RuleKind)
    rule = Rule(
        id=rule_id,
        title=entry.text("title"),
        subject=entry.text("subject"),
        severity=_severity(entry),
        frame=entry.one_of("frame", Frame),
        kind=kind,
        tiers=tiers,
        basis=tuple(
            place for part in entry.entries("basis", "a basis") for place in _places(part, vocabulary, registers, group)
        ),
        when=_condition(entry, "when", vocabulary, group),
        flag=entry.text("flag"),
        ask=entry.text("ask"),
        council=entry.text("council"),
        consequence=entry.text("consequence", required=False),
        advice=entry.text("advice", required=False),
        measures=entry.some_of("measures", registers.measures, whole="measures" not in registers.unread),
        valid_from=entry.day("valid_from"),
        valid_to=entry.day("valid_to"),
        catalogue=entry.texts("catalogue"),
        statements=entry.texts("statements"),
        interpretation=entry.text("interpretation", required=False),
        exempting_authority=_exempting(entry, tiers),
        for_each=for_each,
        adjust=tuple(_adjustment(part, vocabulary, group) for part in entry.entries("adjust", "an adjustment")),
        question_for_reviewer=entry.text("question_for_reviewer", required=kind is RuleKind.OPEN_NORM),
        considerations=entry.texts("considerations"),
        examples=tuple(_example(part, rule_id) for part in entry.entries("examples", "an example")),
        position=Position(entry.source.name, entry.line),
    )
    entry.finish()
    for node in conditions(rule) if rule.tiers else ():
        check_asked(node, vocabulary, entry.source, rule.tiers)
    _check_rule(rule, entry, vocabulary, registers)
    _check_texts(rule, entry, vocabulary, group)
    if examples:
        _check_examples(rule, entry)
    for path in repeated(rule.when):
        message = f"rule {rule.id} tests {path!r} more than once; while it is blank the rule may stay open for nothing"
        notes.problem(entry.at("when"), message, "see whether one test can do")
    return rule


def _severity(entry: Fields) -> Severity:
    number = entry.whole("severity")
    if number not in list(Severity):
        entry.wrong("severity", "a number from 0 to 4")
        return Severity.RECORDED
    return Severity(number)


def _condition(entry: Fields, name: str, vocabulary: Vocabulary, group: str | None) -> Node:
    raw = entry.raw(name)
    if raw is None:
        entry.absent(name)
        return _NOTHING
    node = parse(raw, entry.source, entry.at(name))
    if node is None:
        return _NOTHING
    check(node, vocabulary, entry.source, group)
    return node


def _places(entry: Fields, vocabulary: Vocabulary, registers: Registers, group: str | None) -> tuple[LegalBasis, ...]:
    when = _condition(entry, "when", vocabulary, group) if entry.has("when") else None
    return read_places(entry, registers.sources, when, whole="sources" not in registers.unread)


def _meant(for_each: str | None, vocabulary: Vocabulary) -> str | None:
    """Give the list a rule is about; of a name that does not exist the list it looks like, to read the rest by."""
    if for_each is None or for_each in vocabulary.questions or vocabulary.in_doubt(for_each):
        return for_each
    groups = [name for name, found in vocabulary.questions.items() if found.kind is Kind.GROUP]
    return next(iter(get_close_matches(for_each, groups, n=1)), for_each)


def _exempting(entry: Fields, tiers: Collection[str]) -> Mapping[str, str]:
    found = entry.mapping_of("exempting_authority")
    for tier in found:
        if tier not in tiers:
            entry.source.unknown(found.lines[tier], "tier", tier, tiers)
    return {str(tier): str(authority) for tier, authority in found.items()}


def _adjustment(entry: Fields, vocabulary: Vocabulary, group: str | None) -> Adjustment:
    adjustment = Adjustment(_condition(entry, "when", vocabulary, group), entry.whole("by"), entry.text("because"))
    entry.finish()
    if adjustment.by == 0:
        entry.source.problem(entry.at("by"), "an adjustment by 0 changes nothing", "use 1 or -1, or remove it")
    return adjustment


def _example(entry: Fields, rule_id: str) -> Example:
    example = Example(
        why=entry.text("why"),
        expect=entry.one_of("expect", Outcome),
        item=entry.text("item", required=False) or None,
        severity=entry.whole("severity") if entry.has("severity") else None,
        basis=entry.texts("basis") if entry.has("basis") else None,
        context=entry.mapping_of("context"),
        answers=entry.mapping_of("answers"),
        judgements=tuple(_judgement(part, rule_id) for part in entry.entries("judgements", "a judgement")),
        line=entry.line,
    )
    entry.finish()
    return example


def _judgement(entry: Fields, rule_id: str) -> Judgement:
    said = entry.text("outcome")
    if said not in {"applies", "does_not_apply"}:
        entry.source.unknown(entry.at("outcome"), "judgement", said, ("applies", "does_not_apply"))
    item = entry.text("item", required=False) or None
    entry.finish()
    return Judgement(rule_id, item, said == "applies")


def _check_rule(rule: Rule, entry: Fields, vocabulary: Vocabulary, registers: Registers) -> None:
    source = entry.source
    if rule.id and not RULE_PREFIX.fullmatch(rule.id):
        source.problem(entry.at("id"), f"{rule.id!r} is not a rule id", "write capitals, a dash and a number: COM-01")
    if rule.subject and rule.subject not in registers.subjects and "subjects" not in registers.unread:
        source.unknown(entry.at("subject"), "subject", rule.subject, registers.subjects)
    if not rule.tiers and not entry.mapping.get("tiers"):
        source.problem(entry.at("tiers"), f"{entry.what} applies nowhere", f"add tiers: [{', '.join(TIERS)}]")
    if not rule.basis:
        source.problem(entry.line, f"{entry.what} has no basis", "name the article, or the row of the catalogue")
    if rule.for_each is not None and not vocabulary.in_doubt(rule.for_each):
        found = vocabulary.questions.get(rule.for_each)
        if found is None or found.kind is not Kind.GROUP:
            groups = [name for name, kind in vocabulary.questions.items() if kind.kind is Kind.GROUP]
            source.unknown(entry.at("for_each"), "list", rule.for_each, groups)
    if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
        source.problem(entry.at("valid_to"), f"{entry.what} ends before it starts", "turn the dates around")
    if rule.severity is Severity.LEGAL_BAR and rule.frame is not Frame.IN_FORCE:
        source.problem(entry.at("severity"), f"{entry.what} is no law, so it can bar nobody", "use 3 at most")
    _check_weighing(rule, entry)
    _check_frame(rule, entry, registers)


def _check_weighing(rule: Rule, entry: Fields) -> None:
    """An open norm gives the person who weighs it a question and something to weigh; no other rule is weighed."""
    if entry.raw("kind") != rule.kind:
        return  # that is a mistake by itself
    if rule.kind is not RuleKind.OPEN_NORM:
        for name in ("question_for_reviewer", "considerations"):
            if entry.has(name):
                remedy = "make it kind: open_norm, or leave this out"
                entry.source.problem(entry.at(name), f"{entry.what} has {name!r}, but nobody weighs it", remedy)
    elif len(rule.considerations) < _LEAST_CONSIDERATIONS:
        message = f"{entry.what} is an open norm with too little to weigh"
        remedy = f"write at least {_LEAST_CONSIDERATIONS} considerations, as questions to the facts"
        entry.source.problem(entry.at("considerations"), message, remedy)


def _check_frame(rule: Rule, entry: Fields, registers: Registers) -> None:
    if entry.raw("frame") != rule.frame or any(basis.source not in registers.sources for basis in rule.basis):
        return  # one of the two is a mistake by itself
    kinds = {registers.sources[basis.source].kind for basis in rule.basis}
    if rule.frame is Frame.IN_FORCE and rule.basis and "law" not in kinds:
        entry.source.problem(entry.at("frame"), f"{entry.what} claims to be law but cites none", "cite the article")
    if rule.frame is Frame.BILL and "bill" not in kinds:
        entry.source.problem(entry.at("frame"), f"{entry.what} belongs to the bill but does not cite it", "cite it")


def _check_texts(rule: Rule, entry: Fields, vocabulary: Vocabulary, group: str | None) -> None:
    for name in _TEXTS:
        text = getattr(rule, name)
        for found in _FORBIDDEN.finditer(text):
            remedy = "say aandachtspunt, risico met beheersmaatregel or wettelijk beletsel"
            entry.source.problem(entry.at(name), f"{name!r} says {found.group()!r}, which judges a person", remedy)
        for placeholder in PLACEHOLDER.findall(text):
            _check_placeholder(placeholder, name, group, entry, vocabulary)


def _check_placeholder(path: str, name: str, group: str | None, entry: Fields, vocabulary: Vocabulary) -> None:
    if path.lower() in PLACEHOLDERS:
        return
    found = vocabulary.find(path)
    line = entry.at(name)
    if name in _FOR_EVERYBODY:
        remedy = f"leave it out, or choose from: {', '.join(sorted(PLACEHOLDERS))}"
        entry.source.problem(line, f"{name!r} names {path!r}, but an open meeting reads it", remedy)
        return
    if found is None:
        if not vocabulary.in_doubt(path):
            entry.source.unknown(line, f"placeholder in {name!r}:", path, [*vocabulary.paths, *sorted(PLACEHOLDERS)])
    elif found.group is not None and found.group != group:
        remedy = f"make the rule for_each {found.group}, or leave the placeholder out"
        entry.source.problem(line, f"{name!r} names {path!r}, but no item of {found.group!r} is in hand", remedy)


def _check_examples(rule: Rule, entry: Fields) -> None:
    places = [basis.place for basis in rule.basis if basis.when is not None]
    for example in rule.examples:
        for place in example.basis or ():
            if not any(known == place or known.startswith(f"{place} ") for known in places):
                entry.source.unknown(example.line, "place with a condition", place, places)
    if any(part.get("expect") not in list(Outcome) for part in entry.raw("examples") or () if isinstance(part, Mapped)):
        return  # what was meant there may be the outcome that seems to be missing
    missing = [str(outcome) for outcome in Outcome if outcome not in {example.expect for example in rule.examples}]
    if missing or len(rule.examples) < _LEAST_EXAMPLES:
        remedy = f"add one that is {' and one that is '.join(missing) or 'different'}"
        entry.source.problem(entry.at("examples"), f"{entry.what} needs an example of each outcome", remedy)
