"""A rehearsal: the same questions and the same rules for anybody, of which nothing is kept.

There is no database here and no memory. Everything somebody filled in travels with their own browser (`carrying`), and
stands nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from app.errors import NotFound
from app.questionnaires.answers import NONE, OPEN_LIST, AnswerPath, Answers, answered
from app.questionnaires.context import CaseContext, Tier
from app.questionnaires.decoding import Misfit, decode
from app.questionnaires.kinds import Group, Option
from app.questionnaires.model import Questionnaire, Respondent, Section
from app.questionnaires.progress import SectionProgress, progress, section_progress
from app.questionnaires.volunteering import of_practice
from app.reviews.lifecycle import Step
from app.store.answers import StoredAnswers
from app.usecases import library
from app.usecases.answering import NOT_ASKED_NOW, Problem, Typed
from app.usecases.assessing import CaseReading, reading_of
from app.usecases.flags import FlagView, shown_to_candidate
from app.usecases.questions import QuestionView, Writing, section_questions
from app.usecases.telling_more import choose

_WRITING: Final = Writing(Step.ANSWERING, Respondent.CANDIDATE, {})


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One situation as somebody described it, at one moment of their own rehearsal."""

    questionnaire: Questionnaire
    context: CaseContext
    answers: Answers


@dataclass(frozen=True, slots=True)
class RehearsedSection:
    """One section on a page: what is asked now, and what the answers bring to light there."""

    section: Section
    questions: tuple[QuestionView, ...]
    flags: tuple[FlagView, ...]
    here: SectionProgress
    number: int
    of: int
    previous_id: str | None
    next_id: str | None


@dataclass(frozen=True, slots=True)
class RehearsedLine:
    """A section on a line."""

    id: str
    title: str
    asked: int
    answered: int
    of_practice: int
    """How many of the questions asked here do not come from the law."""
    untold: int
    """How many questions somebody chose to see and left empty; nobody waits for those."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the rules say. `waiting` counts the rules that rest on no answer yet: they say nothing, in no direction."""

    certain: tuple[FlagView, ...]
    possible: tuple[FlagView, ...]
    waiting: int
    asked: int
    answered: int


def begin(context: CaseContext) -> Rehearsal:
    """Start with nothing answered."""
    return Rehearsal(library.newest(), context, Answers())


def with_context(rehearsal: Rehearsal, context: CaseContext) -> Rehearsal:
    """Look at the same answers in another case; what somebody chose to tell more about stays chosen."""
    return replace(rehearsal, context=replace(context, volunteered=rehearsal.context.volunteered))


def tell_more(rehearsal: Rehearsal, section_id: str, *, tell: bool) -> Rehearsal:
    """Show the questions about a subject that this case leaves out, or leave them out again; answers stay.

    Raises NotFound for a subject that has no such questions.
    """
    sections_ = tuple(rehearsal.questionnaire.beyond_the_law)
    if section_id not in sections_:
        raise NotFound("nothing to tell more about here")
    return replace(rehearsal, context=choose(rehearsal.context, sections_, section_id, tell=tell))


def reading(rehearsal: Rehearsal) -> CaseReading:
    """Work out what is asked and what the rules say."""
    return reading_of(rehearsal.questionnaire, rehearsal.context, StoredAnswers(rehearsal.answers, {}))


def is_theirs(asked: Questionnaire, question_id: str) -> bool:
    """Tell whether a candidate answers this question."""
    return asked.section_of[question_id].respondent is Respondent.CANDIDATE


def save_page(rehearsal: Rehearsal, page: Iterable[Typed]) -> tuple[Rehearsal, tuple[Problem, ...]]:
    """Take in a whole page: what can be an answer becomes one, whatever is wrong with the rest.

    Raises NotFound for a place that cannot exist.
    """
    look = reading(rehearsal)
    answers, problems = rehearsal.answers, list[Problem]()
    for typed in page:
        path = AnswerPath.parse(typed.path)
        question = rehearsal.questionnaire.question(path.question)
        misplaced = (question.group is None) is not (path.item is None)
        if misplaced or not is_theirs(rehearsal.questionnaire, path.question):
            raise NotFound("this question does not stand there")
        if path.item is not None and path.item not in answers.items(path.group):
            raise NotFound("no such item")
        answer = decode(look.worded.question(path.question), typed.raw, rehearsal.context.tier, typed.note)
        if isinstance(answer, Misfit):
            problems.append(Problem(typed.path, answer.message, typed.raw))
        elif answer is None:
            answers = answers.clear(path)
        elif path in look.survey.asked or path in look.survey.waiting or answers.get(path) is not None:
            answers = answers.put(path, answer)
        else:
            problems.append(Problem(typed.path, NOT_ASKED_NOW, typed.raw))
    return replace(rehearsal, answers=answers), tuple(problems)


def add_item(rehearsal: Rehearsal, group_id: str) -> tuple[Rehearsal, str]:
    """Add an empty item to a list; the list then says that there are some. No id: the list is full.

    Raises NotFound when there is no such list.
    """
    group = group_of(rehearsal, group_id)
    answers, path = rehearsal.answers, AnswerPath(group_id)
    there = answers.items(group_id)
    if len(there) >= group.max_items:
        return rehearsal, ""
    item_id = next(name for name in (f"i{number}" for number in range(1, group.max_items + 2)) if name not in there)
    if answers.value(path) in {None, NONE}:
        answers = answers.put(path, answered(OPEN_LIST))
    return replace(rehearsal, answers=answers.add_item(group_id, item_id)), item_id


def remove_item(rehearsal: Rehearsal, group_id: str, item_id: str) -> Rehearsal:
    """Take an item away with everything about it. Doing it twice changes nothing. Raises NotFound for another list."""
    group_of(rehearsal, group_id)
    if item_id not in rehearsal.answers.items(group_id):
        return rehearsal
    return replace(rehearsal, answers=rehearsal.answers.remove_item(group_id, item_id))


def group_of(rehearsal: Rehearsal, group_id: str) -> Group:
    """Find a list that a candidate fills in. Raises NotFound."""
    found = rehearsal.questionnaire.questions.get(group_id)
    if not isinstance(found, Group) or not is_theirs(rehearsal.questionnaire, group_id):
        raise NotFound("no such list")
    return found


def sections(rehearsal: Rehearsal, look: CaseReading) -> tuple[RehearsedLine, ...]:
    """Give every section in which something is asked, with what is answered."""
    counted = progress(rehearsal.questionnaire, look.survey, rehearsal.answers)
    beyond = of_practice(rehearsal.questionnaire)
    return tuple(
        RehearsedLine(
            id=one.section,
            title=look.worded.section(one.section).title,
            asked=one.asked,
            answered=one.answered,
            of_practice=sum(path.question in beyond for path in look.survey.sections[one.section]),
            untold=len(one.voluntary),
        )
        for one in counted.sections
    )


def section(rehearsal: Rehearsal, look: CaseReading, section_id: str) -> RehearsedSection:
    """Show one section. Raises NotFound when a candidate has none of that name."""
    found = look.worded.section(section_id)
    if found.respondent is not Respondent.CANDIDATE:
        raise NotFound("this section is for reviewers")
    order = [line.id for line in sections(rehearsal, look)]
    place = order.index(section_id) if section_id in order else -1
    return RehearsedSection(
        section=found,
        questions=section_questions(look, found, _WRITING),
        flags=shown_to_candidate(look, section_id),
        here=section_progress(rehearsal.questionnaire, look.survey, rehearsal.answers, section_id),
        number=place + 1,
        of=len(order),
        previous_id=order[place - 1] if place > 0 else None,
        next_id=order[place + 1] if 0 <= place < len(order) - 1 else None,
    )


def result(rehearsal: Rehearsal, look: CaseReading) -> Result:
    """Say what the rules say about everything that was answered."""
    shown = shown_to_candidate(look)
    counted = progress(rehearsal.questionnaire, look.survey, rehearsal.answers)
    named = {(flag.rule, flag.item) for flag in shown}
    waiting = {one.rule.id for one in look.assessment.flags if one.flag_key not in named}
    return Result(
        certain=tuple(flag for flag in shown if flag.certain),
        possible=tuple(flag for flag in shown if not flag.certain),
        waiting=len(waiting),
        asked=counted.asked,
        answered=counted.answered,
    )


def policy_fields(tier: Tier) -> tuple[Option, ...]:
    """Give what an authority of this kind deals with, to choose a portfolio from."""
    return tuple(option for option in library.newest().policy_fields if option.offered_at(tier))
