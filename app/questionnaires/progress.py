"""How far somebody has come: per section what is asked, what is answered, what is still open."""

from dataclasses import dataclass

from app.questionnaires.answers import COMPLETE, OPEN_LIST, AnswerPath, Answers
from app.questionnaires.model import Questionnaire, Respondent
from app.questionnaires.relevance import Survey


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """Where one section stands. `open` holds what still waits for an answer, in reading order.

    "I do not know" and "I would rather talk about it" are complete answers. A list counts as answered when it is said
    to be empty or complete. What the candidate volunteered and has not answered is not waited for: it stands in
    `voluntary`, and counts neither as asked nor as open.
    """

    section: str
    asked: int
    answered: int
    open: tuple[AnswerPath, ...]
    voluntary: tuple[AnswerPath, ...] = ()

    @property
    def complete(self) -> bool:
        """Nothing is left to answer here, for now: an answer elsewhere may still bring up a question."""
        return not self.open


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the whole questionnaire stands. Sections in which nothing is asked are left out."""

    sections: tuple[SectionProgress, ...]

    @property
    def asked(self) -> int:
        """How many questions are asked now."""
        return sum(section.asked for section in self.sections)

    @property
    def answered(self) -> int:
        """How many of those have an answer."""
        return sum(section.answered for section in self.sections)

    @property
    def open(self) -> tuple[AnswerPath, ...]:
        """Everything that still waits for an answer, in reading order."""
        return tuple(path for section in self.sections for path in section.open)

    @property
    def complete(self) -> bool:
        """Nothing is left to answer."""
        return not self.open


def progress(
    questionnaire: Questionnaire, survey: Survey, answers: Answers, respondent: Respondent = Respondent.CANDIDATE
) -> Progress:
    """Count what one sort of person has answered of what they are asked."""
    counted = (
        section_progress(questionnaire, survey, answers, section.id)
        for section in questionnaire.sections
        if section.respondent is respondent
    )
    return Progress(tuple(section for section in counted if section.asked or section.voluntary))


def section_progress(
    questionnaire: Questionnaire, survey: Survey, answers: Answers, section_id: str
) -> SectionProgress:
    """Count what was answered of one section."""
    asked = survey.sections[section_id]
    waits = tuple(path for path in asked if not is_complete(questionnaire, path, answers))
    if not survey.voluntary:
        return SectionProgress(section_id, len(asked), len(asked) - len(waits), waits)
    free = tuple(path for path in waits if path.question in survey.voluntary)
    waits = tuple(path for path in waits if path.question not in survey.voluntary)
    counted = len(asked) - len(free)
    return SectionProgress(section_id, counted, counted - len(waits), waits, free)


def is_complete(questionnaire: Questionnaire, path: AnswerPath, answers: Answers) -> bool:
    """Tell whether a question needs nothing more: it has an answer, and a list is not left open or empty."""
    answer = answers.get(path)
    if answer is None:
        return False
    if path.question not in questionnaire.groups or answer.value not in {OPEN_LIST, COMPLETE}:
        return True
    return answer.value == COMPLETE and bool(answers.items(path.question))


def no_longer_asked(survey: Survey, answers: Answers) -> tuple[AnswerPath, ...]:
    """Give the answers that do not count now, because their question is not asked any more. Nothing is thrown away."""
    asked = set(survey.asked)
    return tuple(sorted((path for path, _ in answers if path not in asked), key=str))
