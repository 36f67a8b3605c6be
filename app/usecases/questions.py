"""Questions as a page shows them: worded, with the answer that stands, and whether it may be changed now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.questionnaires.answers import Answer, AnswerPath
from app.questionnaires.kinds import Group, Question
from app.questionnaires.model import Respondent, Section
from app.questionnaires.progress import is_complete
from app.questionnaires.showing import as_typed, item_title, show
from app.questionnaires.volunteering import marked
from app.reviews.lifecycle import Step
from app.store.answers import Attempt
from app.usecases.assessing import CaseReading


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An answer that came too late: what it said, when, and by whom. `typed` refills the form with it."""

    shown: str
    typed: tuple[str, ...]
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One question on a page. `path` is its stable name, also in forms; `typed` refills the form.

    `items` is only for a group.
    """

    path: str
    question: Question
    answer: Answer | None
    typed: tuple[str, ...]
    note: str
    shown: str
    complete: bool
    revision: int
    saved_at: datetime | None
    writable: bool
    asked_for: str = ""
    """Why a reviewer asks to look at this answer again; empty when nobody did."""
    voluntary: bool = False
    """Nobody asked this: the candidate chose to tell more about the subject."""
    attempts: tuple[AttemptView, ...] = ()
    items: "tuple[ItemView, ...]" = ()

    @property
    def marked(self) -> str:
        """The label, with a word behind it when the question does not come from the law."""
        return marked(self.question, frozenset((self.question.id,)) if self.voluntary else frozenset())

    @property
    def waits(self) -> bool:
        """Whether an answer is still waited for."""
        return not self.complete and not self.voluntary


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of a group, such as one company, with the questions that are asked about it now."""

    group: str
    item_id: str
    title: str
    questions: tuple[QuestionView, ...]
    complete: bool
    writable: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """What may be written now: nothing, everything, or only what a reviewer asked to look at again."""

    step: Step
    respondent: Respondent
    named: Mapping[str, str]
    """Paths or question ids named in open correction requests, with the reason."""

    def asked_for(self, path: AnswerPath) -> str:
        """Give why a reviewer asks to look at this answer again; empty when nobody did."""
        for name in (str(path), path.question, path.group):
            if name in self.named:
                return self.named[name]
        return ""

    def allows(self, reading: CaseReading, path: AnswerPath) -> bool:
        """Tell whether this answer may be written now."""
        if self.respondent is not Respondent.CANDIDATE:
            return self.step in {Step.IN_REVIEW, Step.CORRECTION, Step.HEARING, Step.WEIGHING}
        if self.step is Step.ANSWERING:
            return True
        # A corrected answer may bring up new questions: those are open, so they may be answered.
        return self.step is Step.CORRECTION and (bool(self.asked_for(path)) or reading.answers.get(path) is None)


def question_view(
    reading: CaseReading, path: AnswerPath, writing: Writing, attempts: Iterable[Attempt] = ()
) -> QuestionView:
    """Show one question as it stands; for a group with its items."""
    question = reading.worded.question(path.question)
    answer = reading.answers.get(path)
    standing = reading.stored.standing.get(path)
    tier = reading.context.tier
    return QuestionView(
        path=str(path),
        question=question,
        answer=answer,
        typed=as_typed(answer),
        note=answer.note if answer else "",
        shown=show(question, answer, tier),
        complete=is_complete(reading.questionnaire, path, reading.answers),
        revision=standing.revision if standing else 0,
        saved_at=standing.at if standing else None,
        writable=writing.allows(reading, path),
        asked_for=writing.asked_for(path),
        voluntary=path.question in reading.survey.voluntary,
        attempts=tuple(
            AttemptView(show(question, one.answer, tier), as_typed(one.answer), one.at, one.by_name)
            for one in attempts
            if one.path == path
        ),
        items=items_of(reading, question, writing, attempts) if isinstance(question, Group) else (),
    )


def items_of(
    reading: CaseReading, group: Group, writing: Writing, attempts: Iterable[Attempt] = ()
) -> tuple[ItemView, ...]:
    """Show the items of a group that count: none while the group is said to be empty."""
    attempts = tuple(attempts)
    asked: dict[str, list[AnswerPath]] = {item: [] for item in reading.answers.items(group.id)}
    if reading.survey.facts.group(group.id).listed == ():
        return ()
    for path in reading.survey.sections[reading.questionnaire.section_of[group.id].id]:
        if path.item is not None and path.group == group.id:
            asked[path.item].append(path)
    return tuple(item_view(reading, group, item_id, paths, writing, attempts) for item_id, paths in asked.items())


def item_view(
    reading: CaseReading,
    group: Group,
    item_id: str,
    paths: Iterable[AnswerPath],
    writing: Writing,
    attempts: Iterable[Attempt] = (),
) -> ItemView:
    """Show one item with its questions."""
    questions = tuple(question_view(reading, path, writing, attempts) for path in paths)
    return ItemView(
        group=group.id,
        item_id=item_id,
        title=item_title(group, item_id, reading.answers, reading.context.tier),
        questions=questions,
        complete=not any(question.waits for question in questions),
        writable=writing.allows(reading, AnswerPath(group.id)),
    )


def is_list(reading: CaseReading, path: AnswerPath) -> bool:
    """Tell whether a question is answered with a list of things."""
    return isinstance(reading.questionnaire.questions.get(path.question), Group)


def counted(questions: Iterable[QuestionView]) -> tuple[int, int]:
    """Count what was answered and what is asked. What is volunteered counts from the moment it is answered."""
    asked = [question for question in questions if question.complete or question.waits]
    return sum(question.complete for question in asked), len(asked)


def section_questions(
    reading: CaseReading, section: Section, writing: Writing, attempts: Iterable[Attempt] = ()
) -> tuple[QuestionView, ...]:
    """Show the questions of a section that are asked now, in reading order; items stand inside their group."""
    attempts = tuple(attempts)
    plain = not attempts and not writing.named
    key = ("questions", section.id, writing.step, writing.respondent)
    known: tuple[QuestionView, ...] | None = reading.shown.get(key) if plain else None
    if known is None:
        paths = (path for path in reading.survey.sections[section.id] if path.item is None)
        known = tuple(question_view(reading, path, writing, attempts) for path in paths)
        if plain:
            reading.shown[key] = known
    return known
