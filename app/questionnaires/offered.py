"""What nobody could have answered: an option, or a whole question, that an authority of this tier does not offer.

A page never offers it, but a file can hold it. Whoever reads answers from a file asks here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.conditions.facts import Party
from app.questionnaires.answers import AnswerPath, Answers
from app.questionnaires.context import Tier
from app.questionnaires.kinds import Choice, Choices, MoneyBand, Question
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.model import Questionnaire


@dataclass(frozen=True, slots=True)
class NotOffered:
    """An answer that does not exist at a tier. Without an `option` it is the question that is not asked there."""

    path: AnswerPath
    option: str
    offered: tuple[str, ...]


def not_offered(questionnaire: Questionnaire, answers: Answers, tier: Tier) -> Iterator[NotOffered]:
    """Give every answer that nobody could have given at an authority of this tier, in the order of the answers."""
    for path, answer in answers:
        question = questionnaire.question(path.question)
        if question.tiers and tier not in question.tiers:
            yield NotOffered(path, "", tuple(question.tiers))
            continue
        offered = _offered(question, tier)
        if offered is None or answer.value is None:
            continue
        chosen = answer.value.relation if isinstance(answer.value, Party) else answer.value
        for option in chosen if isinstance(chosen, tuple) else (str(chosen),):
            if option not in offered:
                yield NotOffered(path, option, offered)


def _offered(question: Question, tier: Tier) -> tuple[str, ...] | None:
    """Give the options of a question at this tier; None for a question that has none to choose from."""
    if not isinstance(question, Choice | Choices | MoneyBand | PartyQuestion):
        return None
    return tuple(option.id for option in question.options if option.offered_at(tier))
