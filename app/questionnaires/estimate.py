"""How long the questionnaire takes, computed from what is asked.

The constants are our own assumption, set on the careful side; `docs/reference` shows them and a pilot may correct them.
Reading runs at 180 words a minute: below the 238 of silent reading in English that Brysbaert found (Journal of Memory
and Language 109, 2019), because these are questions about oneself. Thinking and answering costs more for a text or an
amount than for yes or no.
"""

from collections.abc import Iterable
from math import ceil
from typing import Final

from app.questionnaires.kinds import Question
from app.questionnaires.model import Questionnaire, Respondent

WORDS_PER_MINUTE: Final = 180
"""Reading speed, in words a minute."""

SECONDS: Final = {
    "yes_no": 10,
    "choice": 12,
    "choices": 20,
    "text": 30,
    "long_text": 150,
    "number": 15,
    "percentage": 20,
    "money_band": 20,
    "date": 20,
    "party": 35,
    "group": 15,
}
"""Thinking and answering, in seconds for each kind of question. Our own assumption."""

_ROUND_TO: Final = 5


def minutes(questions: Iterable[Question]) -> int:
    """Give the time these questions take, in whole minutes, at least one when there is any question."""
    seconds = sum(_words(question) * 60 / WORDS_PER_MINUTE + SECONDS[question.kind] for question in questions)
    return ceil(seconds / 60)


def minutes_for_simple_case(questionnaire: Questionnaire) -> int:
    """Give the time for somebody with little to tell (only what everybody is asked), rounded up to five minutes."""
    everybody = [
        question
        for question in questionnaire.questions.values()
        if questionnaire.section_of[question.id].respondent is Respondent.CANDIDATE
        and question.group is None
        and question.relevant_when is None
        and not question.tiers
    ]
    return ceil(minutes(everybody) / _ROUND_TO) * _ROUND_TO


def _words(question: Question) -> int:
    options = getattr(question, "options", ())
    texts = [question.label, question.why, *(option.label for option in options)]
    return sum(len(text.split()) for text in texts)
