"""Questions that no case could ever bring up, and questions whose answers nobody would use.

Both are mistakes of an author. What is called unreachable here is so for certain: every tier is tried, and within it
every combination of answers to the questions a condition looks at, as far as those can be counted out.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product
from math import prod

from app.conditions.evaluate import evaluate
from app.conditions.facts import NOT_ASKED, Binding, Facts, GroupFacts, GroupState, Item, Open, Reading
from app.conditions.kleene import Kleene
from app.conditions.operators import NONE_OPTION
from app.questionnaires.context import AskedScope, Tier
from app.questionnaires.kinds import Choice, Choices, Group, Question, Scope, YesNo
from app.questionnaires.model import Questionnaire
from app.questionnaires.order import needs

_NEVER = "its condition contradicts itself, or waits for questions that are not asked at the same tiers"
_NOT_BY_LAW = "the law asks it (scope W), but it waits for a question of good practice (scope P) that may be left out"

_MOST_COMBINATIONS = 4_000
"""Beyond this many combinations the answers are left open: a missed mistake rather than a slow start."""

_MOST_OPTIONS = 9
"""Beyond this many options a multiple choice is left open, for the same reason."""


def unreachable(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """Give the id of every question that is asked in no case at all, with the reason; in reading order.

    A question the law asks must also be reached in cases where nothing but the law is asked.
    """
    reached = _reached_anywhere(questionnaire, AskedScope.PRACTICE)
    by_law = _reached_anywhere(questionnaire, AskedScope.STATUTORY)
    found = []
    for question in questionnaire.questions.values():
        if question.id not in reached:
            found.append((question.id, _NEVER))
        elif question.scope is Scope.STATUTORY and question.id not in by_law:
            found.append((question.id, _NOT_BY_LAW))
    # what is in a list nobody is asked for needs no message of its own
    listed = {question_id for question_id, _ in found}
    return [
        (question_id, why) for question_id, why in found if question_id.partition(".")[0] not in listed - {question_id}
    ]


def unused_questions(questionnaire: Questionnaire, read_by_rules: frozenset[str]) -> tuple[str, ...]:
    """Give the questions that no rule reads, no reviewer uses, and that lead to no such question; in reading order.

    `read_by_rules` holds full ids of questions (`companies.share_pct`). A question nobody uses may not be asked.
    """
    used = {question.id for question in questionnaire.questions.values() if question.used_by}
    fresh = used | {path for path in read_by_rules if path in questionnaire.questions}
    while fresh:
        used |= fresh
        wanted = {path for question_id in fresh for path in _leading_to(questionnaire.question(question_id))}
        fresh = (wanted & questionnaire.questions.keys()) - used
    return tuple(question_id for question_id in questionnaire.questions if question_id not in used)


def _leading_to(question: Question) -> frozenset[str]:
    """Give what must be asked before this one can be: what its condition reads, and the list it belongs to."""
    return needs(question) | ({question.group} if question.group else set())


def _reached_anywhere(questionnaire: Questionnaire, scope: AskedScope) -> set[str]:
    return set().union(*(_reached(questionnaire, tier, scope) for tier in Tier))


def _reached(questionnaire: Questionnaire, tier: Tier, scope: AskedScope) -> set[str]:
    reached: set[str] = set()
    for question in questionnaire.order.questions:
        if _can_be_asked(questionnaire, question, tier, scope, reached):
            reached.add(question.id)
            for field in questionnaire.order.fields.get(question.id, ()):
                if _can_be_asked(questionnaire, field, tier, scope, reached):
                    reached.add(field.id)
    return reached


def _can_be_asked(
    questionnaire: Questionnaire, question: Question, tier: Tier, scope: AskedScope, reached: set[str]
) -> bool:
    if question.tiers and tier not in question.tiers:
        return False
    if question.scope is Scope.PRACTICE and scope is AskedScope.STATUTORY:
        return False
    if question.relevant_when is None:
        return True
    node = question.relevant_when
    for answers in _combinations(questionnaire, question, tier, reached):
        facts, bound = _facts(questionnaire, question, tier, scope, answers)
        if evaluate(node, facts, bound).truth is not Kleene.NO:
            return True
    return False


def _combinations(
    questionnaire: Questionnaire, question: Question, tier: Tier, reached: set[str]
) -> Iterator[dict[str, Reading]]:
    paths = sorted(path for path in needs(question) if path in questionnaire.questions)
    readings = [_possible(questionnaire.questions[path], tier, asked=path in reached) for path in paths]
    if prod(map(len, readings)) > _MOST_COMBINATIONS:
        readings = [
            choices if choices == [NOT_ASKED] else [Open((path,))]
            for path, choices in zip(paths, readings, strict=True)
        ]
    for chosen in product(*readings):
        yield dict(zip(paths, chosen, strict=True))


def _possible(question: Question, tier: Tier, *, asked: bool) -> list[Reading]:
    """Give every answer a question can get, or one open answer for a question with too many."""
    if not asked:
        return [NOT_ASKED]
    match question:
        case YesNo() | Group():
            return ["yes", "no"]
        case Choice():
            return [option.id for option in question.options if option.offered_at(tier)]
        case Choices() if len(question.options) <= _MOST_OPTIONS:
            single = [option.id for option in question.options if option.offered_at(tier) and option.id != NONE_OPTION]
            sets = chain.from_iterable(combinations(single, size) for size in range(1, len(single) + 1))
            return [(NONE_OPTION,), *sets]
        case _:
            return [Open((question.id,))]


def _facts(
    questionnaire: Questionnaire, question: Question, tier: Tier, scope: AskedScope, answers: Mapping[str, Reading]
) -> tuple[Facts, Binding | None]:
    top = {path: reading for path, reading in answers.items() if "." not in path and path not in questionnaire.groups}
    groups = {
        path: GroupFacts(_state(reading), (), (path,))
        for path, reading in answers.items()
        if path in questionnaire.groups
    }
    facts = Facts(top, groups, {"tier": str(tier), "scope": str(scope)})
    if question.group is None:
        return facts, None
    fields = {
        path.partition(".")[2]: reading for path, reading in answers.items() if path.startswith(f"{question.group}.")
    }
    item = Item("any", fields)
    return facts, Binding(question.group, item, GroupFacts(GroupState.OPEN, (item,), (question.group,)))


def _state(reading: Reading) -> GroupState:
    match reading:
        case "yes":
            return GroupState.OPEN
        case "no":
            return GroupState.NONE
        case Open():
            return GroupState.ASKED
        case _:
            return GroupState.NOT_ASKED
