"""Words between braces that no tier fills in: a typing mistake that people would otherwise read as it stands."""

import re
from collections.abc import Iterator

from app.questionnaires.kinds import Frozen, Group
from app.questionnaires.model import Questionnaire
from app.questionnaires.wording import PLACEHOLDERS, TEXTS

_BRACES = re.compile(r"\{([^{}]*)\}")


def strange_words(questionnaire: Questionnaire) -> Iterator[tuple[str | None, str]]:
    """Give the word of every placeholder nobody fills in, with the id of the question it stands in.

    `None` instead of an id: it stands in a title, an introduction, a talking point or the glossary.
    """
    for question in questionnaire.questions.values():
        own = question.model_copy(update={"questions": ()}) if isinstance(question, Group) else question
        yield from ((question.id, word) for word in _strange(own))
    for section in questionnaire.sections:
        yield from ((None, word) for word in _strange(section.model_copy(update={"questions": ()})))
    for part in (*questionnaire.glossary, questionnaire.model_copy(update={"sections": (), "glossary": ()})):
        yield from ((None, word) for word in _strange(part))


def _strange(value: Frozen) -> Iterator[str]:
    for name in type(value).model_fields:
        part = getattr(value, name)
        if isinstance(part, str) and name in TEXTS:
            yield from (word for word in _BRACES.findall(part) if word[:1].lower() + word[1:] not in PLACEHOLDERS)
        elif isinstance(part, tuple):
            yield from (word for each in part if isinstance(each, Frozen) for word in _strange(each))
