"""Hold the whole rulebook against the facts of one case.

Pure and quick: never stored while somebody is still answering, so it cannot be out of date. What is frozen later carries
a `Receipt`, so that the same outcome can be made again years from now.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from app import __version__
from app.conditions.dates import PartialDate
from app.conditions.evaluate import evaluate
from app.conditions.facts import Binding, Facts, GroupState, Party, Value, bindings
from app.conditions.kleene import Evidence, Kleene, Verdict
from app.risk_rules.rulebook import Judgement, Outcome, Rule, RuleBook, RuleKind, Severity

FlagKey: TypeAlias = tuple[str, str | None]
Judged: TypeAlias = Mapping[FlagKey, bool]

ENGINE: Final = f"toetssteen {__version__}"
OUTCOMES: Final = {Kleene.YES: Outcome.CERTAIN, Kleene.UNKNOWN: Outcome.POSSIBLE, Kleene.NO: Outcome.NONE}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an assessment was made from and with; equal receipts mean equal outcomes. Digests are SHA-256, in hex."""

    engine: str
    questionnaire_digest: str
    rulebook_digest: str
    answers_digest: str
    context_digest: str
    judgements_digest: str
    as_of: date


class AppliedAdjustment(NamedTuple):
    """A circumstance that changes the weight. When not ``certain`` it is only named: it may change the weight."""

    by: int
    because: str
    certain: bool
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


class RuleOutcome(NamedTuple):
    """What one rule says about one thing (``item`` of the list it looks at, or the case as a whole).

    ``further`` means: about an item that may still be added to an unfinished list; ``item`` is then None and the outcome
    at most possible. ``awaiting_judgement``: the facts of an open norm are there, a reviewer has yet to weigh them.
    """

    rule: Rule
    item: str | None
    outcome: Outcome
    severity: Severity
    because: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    adjustments: tuple[AppliedAdjustment, ...] = ()
    awaiting_judgement: bool = False
    further: bool = False

    @property
    def flag_key(self) -> FlagKey:
        """What findings and decisions attach to: the id of the rule and of the item."""
        return (self.rule.id, self.item)

    @property
    def evidence_digest(self) -> str:
        """SHA-256 over the outcome and the answers that carry it: when it changes, a decision needs a new look."""
        because = sorted(f"{one.path} {one.operator} {one.asked} {_written(one.value)}" for one in self.because)
        return _digest([self.outcome, int(self.severity), because, sorted(self.missing)])


@dataclass(frozen=True, slots=True)
class CombinedFlag:
    """Several certain flags about the same thing, which together weigh more."""

    id: str
    title: str
    text: str
    severity: Severity
    keys: tuple[FlagKey, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the rulebook says about one case, in the order of the rulebook."""

    outcomes: tuple[RuleOutcome, ...]
    receipt: Receipt
    combined: tuple[CombinedFlag, ...] = ()

    @property
    def flags(self) -> tuple[RuleOutcome, ...]:
        """What is certain or possible."""
        return tuple(outcome for outcome in self.outcomes if outcome.outcome is not Outcome.NONE)

    @property
    def not_fired(self) -> tuple[RuleOutcome, ...]:
        """What was looked at and did not hold, with the answers that made it so."""
        return tuple(outcome for outcome in self.outcomes if outcome.outcome is Outcome.NONE)

    def find(self, rule_id: str, item: str | None = None) -> RuleOutcome | None:
        """Give the outcome of one rule about one thing, or None when it was not looked at."""
        return next((outcome for outcome in self.outcomes if outcome.flag_key == (rule_id, item)), None)


@dataclass(frozen=True, slots=True)
class Digests:
    """Where the facts came from, for the receipt."""

    questionnaire: str = ""
    answers: str = ""
    context: str = ""


def assess(
    rulebook: RuleBook, facts: Facts, judgements: Iterable[Judgement] = (), digests: Digests | None = None
) -> Assessment:
    """Weigh every rule that exists for this case, with its reasons.

    The facts must know ``context.tier``, ``context.legal_frame`` and ``context.as_of``: they decide which rules exist.
    Raises TypeError when they do not.
    """
    judged = {(one.rule, one.item): one.applies for one in judgements}
    outcomes = tuple(outcome for rule in applicable(rulebook, facts) for outcome in weigh_rule(rule, facts, judged))
    digests = digests or Digests()
    receipt = Receipt(
        engine=ENGINE,
        questionnaire_digest=digests.questionnaire,
        rulebook_digest=rulebook.digest,
        answers_digest=digests.answers,
        context_digest=digests.context,
        judgements_digest=_digest(sorted([rule, item or "", said] for (rule, item), said in judged.items())),
        as_of=as_of(facts),
    )
    return Assessment(outcomes, receipt, tuple(combine(rulebook, outcomes, facts)))


def as_of(facts: Facts) -> date:
    """Give the day the case is looked at. Raises TypeError when the facts do not know it."""
    day = facts.context.get("as_of")
    if not isinstance(day, PartialDate):
        raise TypeError("the facts of the case do not say on which day they are looked at (context.as_of)")
    return day.first


def applicable(rulebook: RuleBook, facts: Facts) -> tuple[Rule, ...]:
    """Give the rules that exist for this case. Raises TypeError when the facts do not say which case it is."""
    tier, frame = facts.context.get("tier"), facts.context.get("legal_frame")
    if not isinstance(tier, str) or not isinstance(frame, str):
        raise TypeError("the facts of the case lack context.tier or context.legal_frame")
    return rulebook.applicable(tier=tier, legal_frame=frame, as_of=as_of(facts))


def weigh_rule(rule: Rule, facts: Facts, judged: Judged) -> Iterator[RuleOutcome]:
    """Weigh one rule for every thing it is about, and for what may still be added to an unfinished list."""
    if rule.for_each is None:
        yield weigh(rule, facts, None, judged)
        return
    group = facts.group(rule.for_each)
    for bound in bindings(facts, rule.for_each):
        yield weigh(rule, facts, bound, judged)
    if group.may_grow:
        further = weigh(rule, facts, Binding(rule.for_each, None, group), judged)
        if further.outcome is not Outcome.NONE or not group.listed:
            yield further
    elif not group.listed:
        asked = group.state is not GroupState.NOT_ASKED
        nothing = Evidence(rule.for_each, "no" if asked else None, "is", "yes", holds=False, asked=asked)
        yield RuleOutcome(rule, None, Outcome.NONE, rule.severity, (nothing,))


def weigh(rule: Rule, facts: Facts, bound: Binding | None, judged: Judged) -> RuleOutcome:
    """Weigh one rule for one thing, with reasons."""
    verdict = evaluate(rule.when, facts, bound)
    return outcome_of(
        rule, bound, verdict, judged, lambda: [evaluate(adjustment.when, facts, bound) for adjustment in rule.adjust]
    )


def outcome_of(
    rule: Rule,
    bound: Binding | None,
    verdict: Verdict,
    judged: Judged,
    circumstances: Callable[[], Iterable[Verdict | None]],
) -> RuleOutcome:
    """Make the outcome of one rule from its verdict.

    ``circumstances`` weighs the adjustments in order; None stands for one that does not hold.
    """
    further = bound is not None and bound.item is None
    item = None if bound is None or bound.item is None else bound.item.id
    awaiting = False
    if further and verdict.truth is Kleene.YES:  # it would hold for every further item, but there may be none
        verdict = Verdict(Kleene.UNKNOWN, verdict.because, bound.facts.open_because if bound else ())
    elif rule.kind is RuleKind.OPEN_NORM and not further:
        verdict, awaiting = _judge(rule, item, verdict, judged)
    if verdict.truth is Kleene.NO:
        return RuleOutcome(rule, item, Outcome.NONE, rule.severity, verdict.because, further=further)
    severity, adjustments = _adjusted(rule, circumstances()) if rule.adjust else (rule.severity, ())
    outcome = OUTCOMES[verdict.truth]
    return RuleOutcome(rule, item, outcome, severity, verdict.because, verdict.missing, adjustments, awaiting, further)


def judgement_path(rule_id: str, item: str | None) -> str:
    """Write what is missing when a reviewer has yet to judge: ``judgement(SID-01[sp1])``."""
    return f"judgement({rule_id}[{item}])" if item is not None else f"judgement({rule_id})"


def _judge(rule: Rule, item: str | None, verdict: Verdict, judged: Judged) -> tuple[Verdict, bool]:
    """An open norm is never certain by itself: people weigh it, and their word is the outcome."""
    path = judgement_path(rule.id, item)
    applies = judged.get((rule.id, item))
    if verdict.truth is Kleene.NO:
        return verdict, False
    if applies is None:
        missing = (*verdict.missing, path)
        return Verdict(Kleene.UNKNOWN, verdict.because, missing), verdict.truth is Kleene.YES
    said = Evidence(path, "applies" if applies else "does_not_apply", "is", "applies", holds=applies)
    if not applies:
        return Verdict(Kleene.NO, (said,)), False
    return Verdict(verdict.truth, (*verdict.because, said), verdict.missing), False


def _adjusted(rule: Rule, verdicts: Iterable[Verdict | None]) -> tuple[Severity, tuple[AppliedAdjustment, ...]]:
    """Weigh the circumstances. Only law makes a legal bar: no circumstance lifts anything else to that severity."""
    found = []
    weight = int(rule.severity)
    for adjustment, verdict in zip(rule.adjust, verdicts, strict=True):
        if verdict is None or verdict.truth is Kleene.NO:
            continue
        certain = verdict.truth is Kleene.YES
        weight += adjustment.by if certain else 0
        found.append(AppliedAdjustment(adjustment.by, adjustment.because, certain, verdict.because, verdict.missing))
    highest = Severity.LEGAL_BAR if rule.severity is Severity.LEGAL_BAR else Severity.BEFORE_APPOINTMENT
    return Severity(min(max(weight, 0), highest)), tuple(found)


def combine(rulebook: RuleBook, outcomes: Iterable[RuleOutcome], facts: Facts) -> Iterator[CombinedFlag]:
    """Join certain flags of one severity about one thing into one that weighs more (practice catalogue, section D)."""
    certain = [one for one in outcomes if one.outcome is Outcome.CERTAIN]
    seen: set[frozenset[FlagKey]] = set()
    for combination in rulebook.combinations:
        together: dict[str, list[FlagKey]] = {}
        for outcome in certain:
            about = _about(outcome, combination.about, facts)
            if outcome.severity is combination.severity and about:
                together.setdefault(about, []).append(outcome.flag_key)
        for about, keys in together.items():
            if len(keys) >= combination.count and frozenset(keys) not in seen:
                seen.add(frozenset(keys))
                yield CombinedFlag(
                    combination.id, combination.title, combination.flag, combination.becomes, tuple(keys), about
                )


_SAYS_NOTHING: Final = frozenset({"none", "other", "general"})


def _about(outcome: RuleOutcome, about: str, facts: Facts) -> str:
    """Name what a flag is about; "" when it is about the whole case."""
    group = outcome.rule.for_each
    if group is None or outcome.item is None:
        return ""
    if about == "item":
        return f"{group}[{outcome.item}]"
    item = facts.item(group, outcome.item)
    field = item.readings.get("policy_field") if item is not None else None
    return field if isinstance(field, str) and field not in _SAYS_NOTHING else ""


def _written(value: Value | None) -> str:
    """Write a value in a way that outlives the code: this goes into digests that are kept for years."""
    match value:
        case tuple():
            return ",".join(value)
        case Party(relation, interest):
            return f"{relation}:{interest}"
        case _:
            return str(value)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
