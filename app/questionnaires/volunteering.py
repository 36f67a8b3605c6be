"""What a candidate tells without being asked: questions of good practice in a case that only asks what the law asks.

A section is volunteered as a whole and by an act of its own. A volunteered question that nobody answered says nothing:
to the rules it is *not asked*, so opening a section and leaving it empty changes no outcome. Once somebody has begun to
tell, what belongs to that (the fields of a thing they named, and what follows from an answer) is asked as always.
"""

from collections.abc import Iterable

from app.questionnaires.context import CaseContext
from app.questionnaires.kinds import Question, Scope
from app.questionnaires.model import Questionnaire
from app.questionnaires.order import needs

FREE = "vrijwillig"
"""How a question of good practice is marked where the organisation asks it."""

OWN_ACCORD = "uit eigen beweging"
"""How such a question is marked where nobody asked it and the candidate told it."""


def mark_of(question: Question, voluntary: frozenset[str]) -> str:
    """Say in a word that a question does not come from the law; "" for one that does.

    `voluntary` is what `volunteered` gives for the case.
    """
    if question.id in voluntary:
        return OWN_ACCORD
    return FREE if question.scope is Scope.PRACTICE else ""


def marked(question: Question, voluntary: frozenset[str]) -> str:
    """Give the label of a question with its mark, for a list or a document."""
    mark = mark_of(question, voluntary)
    return f"{question.label} ({mark})" if mark else question.label


def volunteered(questionnaire: Questionnaire, context: CaseContext) -> frozenset[str]:
    """Give the questions that are there only because the candidate chose so, by full id.

    None in a case that asks them anyway: what the organisation asks is not volunteered.
    """
    if not context.volunteered or not context.asks_by_law_only:
        return frozenset()
    beyond = questionnaire.beyond_the_law
    return frozenset().union(*(beyond.get(section, frozenset()) for section in context.volunteered))


def kept_out(questionnaire: Questionnaire, context: CaseContext) -> frozenset[str]:
    """Give the questions of good practice that this case does not ask and nobody volunteered, by full id."""
    if not context.asks_by_law_only:
        return frozenset()
    return of_practice(questionnaire) - volunteered(questionnaire, context)


def of_practice(questionnaire: Questionnaire) -> frozenset[str]:
    """Give every question that only good practice asks, by full id."""
    known = _of_practice.get(questionnaire.digest)
    if known is None:
        known = _of_practice[questionnaire.digest] = frozenset(
            question.id for question in questionnaire.questions.values() if question.scope is Scope.PRACTICE
        )
    return known


_of_practice: dict[str, frozenset[str]] = {}


def begin_a_story(questionnaire: Questionnaire) -> frozenset[str]:
    """Give the questions of good practice that follow from no other one: left empty, they say nothing when volunteered."""
    known = _begin.get(questionnaire.digest)
    if known is None:
        practice = of_practice(questionnaire)
        known = _begin[questionnaire.digest] = frozenset(
            question_id
            for question_id in practice
            if (question := questionnaire.questions[question_id]).group not in practice
            and practice.isdisjoint(needs(question))
        )
    return known


_begin: dict[str, frozenset[str]] = {}


def moved(old: Questionnaire, new: Questionnaire, sections: Iterable[str]) -> tuple[str, ...]:
    """Give the sections of a newer version that hold what was volunteered in the old one: it follows its questions."""
    told = frozenset[str]().union(*(old.beyond_the_law.get(section, frozenset()) for section in sections))
    return tuple(section.id for section in new.sections if told & new.beyond_the_law.get(section.id, frozenset()))


def in_order(questionnaire: Questionnaire, sections: Iterable[str]) -> tuple[str, ...]:
    """Put sections in the order of the questionnaire, each once; what cannot be volunteered falls out."""
    chosen = set(sections)
    return tuple(
        one.id for one in questionnaire.sections if one.id in chosen and one.id in questionnaire.beyond_the_law
    )
