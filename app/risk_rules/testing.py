"""Rules carry their own examples; here the examples are run, and the rules are broken on purpose to test the examples.

A mutant is the rule with one small mistake in it. When no example of the rule notices, the examples do not pin the rule
down: the mistake could be in the rule today. Every mutant must be noticed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.conditions.checking import Vocabulary
from app.conditions.facts import Facts
from app.conditions.tree import All, Node
from app.errors import Broken, Problem
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, Tier
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.assess import RuleOutcome, weigh_rule
from app.risk_rules.grounds import grounds
from app.risk_rules.mutants import mutants_of
from app.risk_rules.rulebook import Example, Frame, Outcome, Rule, RuleBook

_AS_OF = date(2026, 11, 23)
_ALWAYS = All(())
_STRENGTH = {Outcome.NONE: 0, Outcome.POSSIBLE: 1, Outcome.CERTAIN: 2}


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example came out. ``trouble`` is "" when it says what it should."""

    rule: str
    why: str
    file: str
    line: int
    trouble: str

    @property
    def ok(self) -> bool:
        """Whether the rule says what its author expects."""
        return not self.trouble

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule} ({self.why}): {self.trouble or 'as expected'}"


@dataclass(frozen=True, slots=True)
class MutantResult:
    """One mistake made on purpose, and whether an example noticed."""

    rule: str
    mistake: str
    file: str
    line: int
    killed: bool
    remedy: str

    def __str__(self) -> str:
        end = "noticed" if self.killed else f"NOT noticed → {self.remedy}"
        return f"{self.file}:{self.line}: {self.rule}: {self.mistake}: {end}"


@dataclass(frozen=True, slots=True)
class _Case:
    example: Example
    facts: Facts
    tier: str


def run_examples(rulebook: RuleBook, questionnaire: Questionnaire) -> tuple[ExampleResult, ...]:
    """Run every example of every rule."""
    return tuple(result for rule in rulebook.rules for result in _examples(rule, questionnaire))


def run_mutants(rulebook: RuleBook, questionnaire: Questionnaire) -> tuple[MutantResult, ...]:
    """Break every rule in every small way and see whether its examples notice.

    Raises `Broken` when an example cannot be read; run the examples first.
    """
    return tuple(result for rule in rulebook.rules for result in _mutants(rule, questionnaire, rulebook.vocabulary))


def example_context(rule: Rule, given: Mapping[str, Any]) -> CaseContext:
    """Make the case of an example: what it does not say is taken from the rule, or not known yet.

    Raises ValueError, KeyError or TypeError for a context that cannot be.
    """
    tier = Tier(given.get("tier") or rule.tiers[0])
    start = max(_AS_OF, rule.valid_from) if rule.valid_from else _AS_OF
    stored: dict[str, Any] = {
        "tier": str(tier),
        "office": str(OFFICE_OF_TIER[tier]),
        "as_of": min(start, rule.valid_to) if rule.valid_to else start,
        "legal_frame": Frame.BILL if rule.frame is Frame.BILL else Frame.IN_FORCE,
    }
    unknown = given.keys() - set(CaseContext.__dataclass_fields__)
    if unknown:
        raise KeyError(f"there is no context.{min(unknown)}")
    stored |= given
    return CaseContext.from_jsonable({name: _plain(value) for name, value in stored.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple) else value


def _case(rule: Rule, example: Example, questionnaire: Questionnaire) -> _Case:
    try:
        context = example_context(rule, example.context)
    except (KeyError, TypeError, ValueError) as error:
        raise Broken([Problem(rule.position.file, example.line, f"the context cannot be: {error}")]) from error
    answers = read_answers(questionnaire, example.answers, file=rule.position.file)
    return _Case(example, facts_of(questionnaire, answers, context), str(context.tier))


def _examples(rule: Rule, questionnaire: Questionnaire) -> Iterator[ExampleResult]:
    for example in rule.examples:
        try:
            trouble = _trouble(rule, _case(rule, example, questionnaire))
        except Broken as broken:
            trouble = "; ".join(str(problem) for problem in broken.problems)
        yield ExampleResult(rule.id, example.why, rule.position.file, example.line, trouble)


def _trouble(rule: Rule, case: _Case) -> str:
    """Say how an example differs from what was expected; "" when it does not."""
    found = _outcome(rule, case)
    example = case.example
    if found is None:
        return f"there is no outcome about item {example.item!r}"
    if found.outcome is not example.expect:
        because = ", ".join(f"{one.path}={one.value}" for one in found.because) or "nothing"
        missing = ", ".join(found.missing) or "nothing"
        return f"expected {example.expect}, got {found.outcome} (because {because}; missing {missing})"
    if example.severity is not None and found.severity != example.severity:
        return f"expected severity {example.severity}, got {found.severity:d}"
    return _trouble_with_basis(found, case)


def _trouble_with_basis(found: RuleOutcome, case: _Case) -> str:
    expected = case.example.basis
    if expected is None:
        return ""
    cited = [basis.place for basis in grounds(found, case.facts, case.tier) if basis.when is not None]
    if sorted(cited) == sorted(expected):
        return ""
    return f"expected the basis {', '.join(expected) or 'nothing'}, got {', '.join(cited) or 'nothing'}"


def _outcome(rule: Rule, case: _Case) -> RuleOutcome | None:
    """Give the outcome an example is about: that of its item, or the strongest one."""
    judged = {(one.rule, one.item): one.applies for one in case.example.judgements}
    outcomes = list(weigh_rule(rule, case.facts, judged))
    if case.example.item is not None:
        return next((one for one in outcomes if one.item == case.example.item), None)
    return max(outcomes, key=lambda one: (_STRENGTH[one.outcome], one.severity), default=None)


def _mutants(rule: Rule, questionnaire: Questionnaire, vocabulary: Vocabulary) -> Iterator[MutantResult]:
    cases = [_case(rule, example, questionnaire) for example in rule.examples]
    for mutant in mutants_of(rule.when, vocabulary):
        yield _verdict(rule, replace(rule, when=mutant.node), mutant.mistake, mutant.line, mutant.remedy, cases)
    for place, adjustment in enumerate(rule.adjust):
        for mutant in mutants_of(adjustment.when, vocabulary):
            broken = replace(adjustment, when=mutant.node)
            changed = (*rule.adjust[:place], broken, *rule.adjust[place + 1 :])
            remedy = f"{mutant.remedy}, with the severity it should have"
            yield _verdict(rule, replace(rule, adjust=changed), mutant.mistake, mutant.line, remedy, cases)
        without = replace(rule, adjust=(*rule.adjust[:place], *rule.adjust[place + 1 :]))
        remedy = "add an example in which it applies, with the severity it should have"
        line = adjustment.when.position.line
        yield _verdict(rule, without, f"without the adjustment “{adjustment.because}”", line, remedy, cases)
    yield from _basis_mutants(rule, vocabulary, cases)


def _basis_mutants(rule: Rule, vocabulary: Vocabulary, cases: list[_Case]) -> Iterator[MutantResult]:
    """Cite a place always, never, or under a condition with a mistake in it.

    What was written once for several laws is broken once: an example of one tier notices.
    """
    written: dict[int, tuple[Node, str]] = {}
    for basis in rule.basis:
        if basis.when is not None and any(basis in rule.basis_for(tier) for tier in rule.tiers):
            written.setdefault(id(basis.when), (basis.when, basis.place))
    for when, place in written.values():
        line = when.position.line
        remedy = f"add an example about something else, with the basis it should have: not {place}"
        yield _verdict(rule, _placed(rule, when, _ALWAYS), f"always citing {place}", line, remedy, cases)
        remedy = f"add an example with basis: [{place}]"
        yield _verdict(rule, _placed(rule, when, None), f"never citing {place}", line, remedy, cases)
        for mutant in mutants_of(when, vocabulary):
            remedy = f"{mutant.remedy}, with the basis it should have"
            yield _verdict(rule, _placed(rule, when, mutant.node), mutant.mistake, line, remedy, cases)


def _placed(rule: Rule, when: Node, instead: Node | None) -> Rule:
    """Give the rule with another condition on the places that share this one, or without them."""
    kept = (basis for basis in rule.basis if instead is not None or basis.when is not when)
    return replace(rule, basis=tuple(replace(basis, when=instead) if basis.when is when else basis for basis in kept))


def _verdict(rule: Rule, broken: Rule, mistake: str, line: int, remedy: str, cases: Iterable[_Case]) -> MutantResult:
    killed = any(_trouble(broken, case) for case in cases)
    return MutantResult(rule.id, mistake, rule.position.file, line, killed, remedy)
