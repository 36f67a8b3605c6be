"""The rulebook as generated source: verdicts in microseconds, reasons only for what fired.

The explaining evaluator (`assess`) is the reference; this room is only faster. A property test holds the two together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias, cast

from app.conditions.compiled_reasons import Reasons, compile_reasons
from app.conditions.compiling import Emitter, Pair, Scope, build, indented
from app.conditions.dates import PartialDate
from app.conditions.facts import Binding, Facts
from app.conditions.kleene import Kleene, Verdict
from app.conditions.tree import reads
from app.risk_rules.assess import FlagKey, Judged, RuleOutcome, applicable, outcome_of
from app.risk_rules.explain import question_id
from app.risk_rules.rulebook import Rule, RuleBook, RuleKind, conditions

Fired: TypeAlias = dict[FlagKey, int]
"""What fired: 1 for possible, 2 for certain (as in `Kleene`). A further item has None in its key."""

Program: TypeAlias = Callable[[Facts, Judged], Fired]
_CaseKey: TypeAlias = tuple[object, object, date]

_DECIDES_WHICH_RULES: Final = frozenset({"context.tier", "context.legal_frame", "context.as_of"})
_NOTHING_JUDGED: Final[Judged] = {}
_MOST_CASES: Final = 512  # different (tier, frame, day) remembered; a day's work has a handful


@dataclass(slots=True)
class CompiledBook:
    """A rulebook ready to be weighed quickly. Made by `compile_rulebook`; safe to share between threads."""

    rulebook: RuleBook
    readers: Mapping[str, frozenset[str]]
    """Per question (and ``context.…``): the ids of the rules whose outcome or weight its answer can touch."""
    _whole: dict[_CaseKey, Program] = field(default_factory=dict)
    _reasons: dict[str, tuple[Reasons, ...]] = field(default_factory=dict)
    _programs: dict[tuple[str, ...], Program] = field(default_factory=dict)
    _narrow: dict[tuple[_CaseKey, str], tuple[frozenset[str], Program]] = field(default_factory=dict)

    def verdicts(self, facts: Facts, judged: Judged = _NOTHING_JUDGED) -> Fired:
        """Weigh every rule that exists for this case. Facts must be total: KeyError for a question that is absent."""
        key = self._case_key(facts)
        program = self._whole.get(key)
        if program is None:
            program = self._program(applicable(self.rulebook, facts))
            if len(self._whole) >= _MOST_CASES:
                self._whole.clear()
            self._whole[key] = program
        return program(facts, judged)

    def reassess(self, previous: Fired, facts: Facts, changed: str, judged: Judged = _NOTHING_JUDGED) -> Fired:
        """Weigh again only what the changed answer can touch; the same as `verdicts`, given the verdicts before.

        ``changed`` is the path of the answer (``companies[co1].share_pct``), of an item or list, or ``context.…``.
        """
        question = question_id(changed)
        if question in _DECIDES_WHICH_RULES:
            return self.verdicts(facts, judged)
        key = (self._case_key(facts), question)
        narrow = self._narrow.get(key)
        if narrow is None:
            touched = self.readers.get(question, frozenset())
            rules = tuple(rule for rule in applicable(self.rulebook, facts) if rule.id in touched)
            narrow = touched, self._program(rules)
            if len(self._narrow) >= _MOST_CASES * 8:
                self._narrow.clear()
            self._narrow[key] = narrow
        touched, program = narrow
        kept = {key: truth for key, truth in previous.items() if key[0] not in touched}
        kept.update(program(facts, judged))
        return kept

    def explain(self, fired: Iterable[FlagKey], facts: Facts, judged: Judged = _NOTHING_JUDGED) -> list[RuleOutcome]:
        """Give the reasons of what fired, as `assess` would, in the order of the rulebook."""
        order = self.rulebook.places
        return [self._explained(key, facts, judged) for key in sorted(fired, key=lambda key: order[key[0]])]

    def _explained(self, key: FlagKey, facts: Facts, judged: Judged) -> RuleOutcome:
        rule_id, item = key
        rule = self.rulebook.by_id[rule_id]
        reasons = self._reasons.get(rule_id)
        if reasons is None:
            nodes = (rule.when, *(adjustment.when for adjustment in rule.adjust))
            compiled = (compile_reasons(node, self.rulebook.vocabulary, rule.for_each) for node in nodes)
            reasons = self._reasons[rule_id] = tuple(compiled)
        bound = None if rule.for_each is None else _bound(rule.for_each, item, facts)
        verdict = reasons[0](facts, bound) or Verdict(Kleene.NO)
        return outcome_of(rule, bound, verdict, judged, lambda: [why(facts, bound) for why in reasons[1:]])

    def _case_key(self, facts: Facts) -> _CaseKey:
        as_of = facts.context.get("as_of")
        day = as_of.first if isinstance(as_of, PartialDate) else date.min
        return facts.context.get("tier"), facts.context.get("legal_frame"), day

    def _program(self, rules: tuple[Rule, ...]) -> Program:
        key = tuple(rule.id for rule in rules)
        program = self._programs.get(key)
        if program is None:
            program = self._programs[key] = compile_rules(rules, self.rulebook)
        return program


def _bound(group: str, item_id: str | None, facts: Facts) -> Binding:
    """Give the item a flag is about; without an id the one that may still be added."""
    found = facts.groups[group]
    for item in found.items:
        if item.id == item_id:
            return Binding(group, item, found)
    return Binding(group, None, found)


def compile_rulebook(rulebook: RuleBook) -> CompiledBook:
    """Make a rulebook ready. Source is generated when a kind of case first asks for it, and kept."""
    return CompiledBook(rulebook, index(rulebook))


def index(rulebook: RuleBook) -> dict[str, frozenset[str]]:
    """Say for every question and fact of the case which rules its answer can touch, also by way of relevance."""
    dependents: dict[str, set[str]] = {}
    for question, needs in rulebook.vocabulary.depends_on.items():
        for need in needs:
            dependents.setdefault(need, set()).add(question)
    direct: dict[str, set[str]] = {}
    for rule in rulebook.rules:
        for path in read_by(rule):
            direct.setdefault(path, set()).add(rule.id)
    return {
        path: frozenset(rule for touched in _touched(path, dependents) for rule in direct.get(touched, ()))
        for path in rulebook.vocabulary.paths
    }


def read_by(rule: Rule) -> frozenset[str]:
    """Give every question and fact of the case a rule looks at: for its outcome, its weight and what it cites."""
    own = frozenset() if rule.for_each is None else frozenset({rule.for_each})
    return own.union(*(reads(node) for node in conditions(rule)))


def _touched(path: str, dependents: Mapping[str, set[str]]) -> set[str]:
    """Give the questions whose being asked can change with this answer, however far, and the question itself."""
    seen = {path}
    waiting = [path]
    while waiting:
        for question in dependents.get(waiting.pop(), set()) - seen:
            seen.add(question)
            waiting.append(question)
    return seen


def compile_rules(rules: tuple[Rule, ...], rulebook: RuleBook) -> Program:
    """Make one function that weighs these rules."""
    source, constants = rules_source(rules, rulebook)
    return cast("Program", build(source, constants)["weigh_rules"])


def rules_source(rules: tuple[Rule, ...], rulebook: RuleBook) -> tuple[str, dict[str, object]]:
    """Write the source of that function, and what it refers to. Rules about one list share one walk over it."""
    emitter = Emitter(rulebook.vocabulary)
    general = Scope(rulebook.vocabulary)
    body: list[str] = []
    for rule in rules:
        if rule.for_each is None:
            body += _fire(rule, emitter.pair(rule.when, general), f"({rule.id!r}, None)")
    for group in dict.fromkeys(rule.for_each for rule in rules if rule.for_each is not None):
        body += _walk_list(group, [rule for rule in rules if rule.for_each == group], emitter, general)
    lines = [*emitter.functions, "def weigh_rules(facts, judged):", *indented(general.prologue(), 1), "    fired = {}"]
    return "\n".join([*lines, *indented(body, 1), "    return fired", ""]), emitter.constants


def _walk_list(group: str, rules: list[Rule], emitter: Emitter, general: Scope) -> list[str]:
    scope = Scope(emitter.vocabulary, group, general.top, {}, general.shares)
    pairs = [(rule, emitter.pair(rule.when, scope)) for rule in rules]
    listed = [line for rule, pair in pairs for line in _fire(rule, pair, f"({rule.id!r}, item.id)")]
    further = [line for rule, pair in pairs for line in _may_fire(rule, pair)]
    return [
        f"group = G[{group!r}]",
        "state = group.state",
        "if state is not EMPTY_GROUP and state is not NOT_ASKED_GROUP:",
        "    for item in group.items:",
        "        R = item.readings",
        *indented(scope.item_setup(), 2),
        *indented(listed, 2),
        "    if state is not CLOSED_GROUP:",
        "        get = group.further.get",
        *indented(scope.further_setup(), 2),
        *indented(further, 2),
    ]


def _fire(rule: Rule, pair: Pair, key: str) -> list[str]:
    if rule.kind is RuleKind.OPEN_NORM:
        return [
            f"if {pair.possible}:",
            f"    said = judged.get({key})",
            "    if said is not False:",
            f"        fired[{key}] = 2 if said and {pair.certain} else 1",
        ]
    return [f"if {pair.possible}:", f"    fired[{key}] = 2 if {pair.certain} else 1"]


def _may_fire(rule: Rule, pair: Pair) -> list[str]:
    return [f"if {pair.possible}:", f"    fired[({rule.id!r}, None)] = 1"]
