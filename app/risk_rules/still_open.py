"""Which open questions can still change what the rules say, and which cannot any more.

Nothing is tried out here, everything is read off: a question matters while it stands in a part of a condition that is not
decided yet, or decides whether such a question is asked. What is called settled is settled for certain. What is said to
matter can lie in a condition that asks the same thing twice, and then matter less than it seems.
"""

from dataclasses import dataclass

from app.conditions.evaluate import evaluate
from app.conditions.facts import Binding, Facts, GroupFacts, Item, Open, Reading
from app.conditions.kleene import Kleene, joined
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Group, Question, Single
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import Assessment, RuleOutcome
from app.risk_rules.rulebook import About, Outcome, RuleBook, conditions

_JUDGEMENT = "judgement("


@dataclass(frozen=True, slots=True)
class StillOpen:
    """The open questions of a case in two sorts, as paths in reading order.

    An answer to one that `matters` can still change the outcome or the weight of some rule, the place it cites, or what
    is joined with it. It holds facts of the case (``context.portfolio``) too, and questions that only come up after
    another answer. `no_longer` are asked now, are not answered, and change none of that.
    """

    matters: tuple[str, ...]
    no_longer: tuple[str, ...]
    judgements: tuple[str, ...]
    """What a reviewer must weigh (``judgement(ABS-01[co1])``): open norms of which the facts do not rule them out."""


def still_open(rulebook: RuleBook, case: Supposed, assessment: Assessment) -> StillOpen:
    """Part the open questions of a case. ``assessment`` is what `assess` says about this very case."""
    facts = far_reaching(case)
    found: set[str] = set()
    judgements: dict[str, None] = {}
    by_field = any(one.about is About.POLICY_FIELD for one in rulebook.combinations)
    for outcome in assessment.flags:
        found |= can_change(outcome, facts)
        if by_field and outcome.rule.for_each is not None and outcome.item is not None:
            found |= _where_it_lies(outcome.rule.for_each, outcome.item, facts)
        judgements.update(dict.fromkeys(path for path in outcome.missing if path.startswith(_JUDGEMENT)))
    unanswered = (str(path) for path in case.survey.asked if _is_open(case, path))
    return StillOpen(
        matters=case.in_reading_order(found),
        no_longer=tuple(path for path in unanswered if path not in found),
        judgements=tuple(judgements),
    )


def can_change(outcome: RuleOutcome, facts: Facts, *, weight: bool = True) -> frozenset[str]:
    """Give every open question that can change one outcome; with ``weight`` also how heavy it is and what it cites.

    ``facts`` come from `far_reaching`.
    """
    rule = outcome.rule
    bound = None
    if rule.for_each is not None:
        item = None if outcome.item is None else facts.item(rule.for_each, outcome.item)
        bound = Binding(rule.for_each, item, facts.group(rule.for_each))
    found: set[str] = set()
    if outcome.outcome is Outcome.POSSIBLE and outcome.further and bound is not None:
        found |= set(bound.facts.open_because)
    for node in conditions(rule) if weight else (rule.when,):
        verdict = evaluate(node, facts, bound)
        if verdict.truth is Kleene.UNKNOWN:
            found |= set(verdict.missing)
    return frozenset(found)


def _where_it_lies(group: str, item_id: str, facts: Facts) -> frozenset[str]:
    """Flags about one policy field are joined, so the field counts while it is open."""
    item = facts.item(group, item_id)
    field = None if item is None else item.readings.get("policy_field")
    return frozenset(field.because if isinstance(field, Open) else ())


def _is_open(case: Supposed, path: AnswerPath) -> bool:
    """Tell whether a question that is asked has no answer that counts: nothing yet, not known, or kept to talk about."""
    if path.item is None and path.question in case.questionnaire.groups:
        return case.facts.groups[path.question].may_grow
    item = None if path.item is None else case.facts.item(path.group, path.item)
    bound = None if item is None else Binding(path.group, item, case.facts.group(path.group))
    return isinstance(case.facts.read(path.question, bound), Open)


def far_reaching(case: Supposed) -> Facts:
    """Give the facts of a case in which whatever is open names everything that may have to be answered for it.

    In ordinary facts it names what can be answered at once. Here a question that waits for another names itself too, and
    all it waits for; a list that may grow names what its new items may wait for.
    """
    walk = _Walk(case)
    for question in case.questionnaire.order.questions:
        if isinstance(question, Group):
            walk.group(question, case.questionnaire.order.fields[question.id])
        else:
            walk.top[question.id] = walk.read(question, AnswerPath(question.id), case.facts.top[question.id], None)
    return walk.facts


class _Walk:
    def __init__(self, case: Supposed) -> None:
        self.case = case
        self.top: dict[str, Reading] = {}
        self.groups: dict[str, GroupFacts] = {}
        self.facts = Facts(self.top, self.groups, case.facts.context)

    def read(self, question: Question, path: AnswerPath, found: Reading, bound: Binding | None) -> Reading:
        if question.relevant_when is None or path not in self.case.survey.waiting:
            return found
        waits_for = evaluate(question.relevant_when, self.facts, bound).missing
        answered = self.case.answers.value(path) is not None
        return Open(waits_for if answered else joined(waits_for, (str(path),)))

    def group(self, group: Group, fields: tuple[Single, ...]) -> None:
        old = self.case.facts.groups[group.id]
        because: tuple[str, ...] = ()
        if old.may_grow:
            reading = self.read(group, AnswerPath(group.id), Open((group.id,)), None)
            because = reading.because if isinstance(reading, Open) else ()
            because = joined(because, (group.id,))
            new = Binding(group.id, None, GroupFacts(old.state, (), (group.id,), old.further))
            for field in fields:
                if field.relevant_when is not None and field.field not in old.further:
                    because = joined(because, evaluate(field.relevant_when, self.facts, new).missing)
        readings: list[dict[str, Reading]] = [{} for _ in old.items]
        items = tuple(Item(item.id, known) for item, known in zip(old.items, readings, strict=True))
        now = self.groups[group.id] = GroupFacts(old.state, items, because or old.open_because, old.further)
        for before, item, known in zip(old.items, items, readings, strict=True):
            bound = Binding(group.id, item, now)
            for field in fields:
                path = AnswerPath(field.id, item.id)
                known[field.field] = self.read(field, path, before.readings[field.field], bound)
