"""Which answer a file belongs to: a question, or one thing of a list. Chosen by who adds the file, and never needed."""

from collections.abc import Iterator, Mapping

from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Group
from app.questionnaires.model import Respondent
from app.questionnaires.showing import item_title
from app.usecases.assessing import CaseReading

_GONE = "een antwoord dat er niet meer is"


def offered(reading: CaseReading) -> Mapping[str, str]:
    """Give every answer of the candidate that a file can belong to, in the order of the questionnaire: words by path."""
    found: dict[str, str] | None = reading.shown.get("attachment_places")
    if found is None:
        found = reading.shown["attachment_places"] = dict(_offered(reading))
    return found


def title_of(reading: CaseReading, path: str) -> str:
    """Say in words which answer this is, also when it is not asked or not there any more."""
    known = offered(reading).get(path)
    if known is not None:
        return known
    at = AnswerPath.parse(path)
    question = reading.worded.questions.get(at.question)
    return question.label if question is not None and at.item is None else _GONE


def _offered(reading: CaseReading) -> Iterator[tuple[str, str]]:
    asked = {str(path) for path in reading.survey.asked}
    for section in reading.worded.sections:
        if section.respondent is not Respondent.CANDIDATE:
            continue
        for question in section.questions:
            if question.id not in asked:
                continue
            yield question.id, f"{section.title}: {question.label}"
            if isinstance(question, Group):
                for item in reading.answers.items(question.id):
                    title = item_title(question, item, reading.answers, reading.context.tier)
                    yield str(AnswerPath(question.id, item)), f"{section.title}: {title}"
