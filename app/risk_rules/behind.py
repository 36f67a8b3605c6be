"""Everything one rule hangs on: the questions it reads, and those that decide whether such a question is asked."""

from collections.abc import Hashable, Iterator

from app.conditions.facts import CONTEXT_PREFIX, split
from app.conditions.tree import Node
from app.questionnaires.answers import AnswerPath
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.compiled import read_by
from app.risk_rules.rulebook import Rule, RuleBook


def conditions_behind(rule: Rule, rulebook: RuleBook, case: Supposed) -> Iterator[Node]:
    """Give the condition of a rule, and those that decide whether the questions it reads are asked, however far."""
    yield rule.when
    for question_id in hangs_on(rule, rulebook):
        question = case.questionnaire.questions.get(question_id)
        if question is not None and question.relevant_when is not None:
            yield question.relevant_when


def hangs_on(rule: Rule, rulebook: RuleBook) -> tuple[str, ...]:
    """Give every question and fact of the case that a rule reads, or that decides whether such a question is asked."""
    key = (rulebook.digest, rule.id)
    known = _hangs_on.get(key)
    if known is None:
        known = _hangs_on[key] = _followed(rule, rulebook)
    return known


_hangs_on: dict[tuple[str, str], tuple[str, ...]] = {}


def _followed(rule: Rule, rulebook: RuleBook) -> tuple[str, ...]:
    needs = rulebook.vocabulary.depends_on
    seen: set[str] = set()
    waiting = set(read_by(rule))
    while waiting:
        question_id = waiting.pop()
        seen.add(question_id)
        waiting |= needs.get(question_id, frozenset()) - seen
    return tuple(sorted(seen))


def circumstances(rulebook: RuleBook, case: Supposed, outcome: RuleOutcome) -> Hashable:
    """Give everything `settling` looks at: where this is equal, so is what it finds."""
    facts, answers = case.facts, case.answers
    seen: list[object] = [rulebook.digest, case.questionnaire.digest, *outcome.flag_key, outcome.missing, case.context]
    for question_id in hangs_on(outcome.rule, rulebook):
        if question_id.startswith(CONTEXT_PREFIX):
            continue
        owner, name = split(question_id)
        group = facts.groups.get(owner or question_id)
        if group is None:
            seen.append((facts.top[question_id], answers.value(AnswerPath(question_id))))
        elif not owner:
            seen.append((group.state, tuple(item.id for item in group.items), answers.items(question_id)))
        else:
            stored = tuple(answers.value(AnswerPath(question_id, item)) for item in answers.items(owner))
            seen.append((name in group.further, tuple(item.readings[name] for item in group.items), stored))
    return tuple(seen)
