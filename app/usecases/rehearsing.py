"""A rehearsal: the same questions and the same rules for anybody, of which nothing is kept.

There is no database here and no memory. Everything somebody filled in travels with their own browser, as text that
`carried` writes and `taken_up` reads; the same goes for the file they can keep and bring back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.conditions.yaml_source import Listed, Mapped, Source
from app.errors import Broken, NotFound
from app.questionnaires import limits
from app.questionnaires.answers import NONE, OPEN_LIST, Answer, AnswerPath, Answers, answered
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, Tier
from app.questionnaires.decoding import Misfit, decode
from app.questionnaires.kinds import Group, Option
from app.questionnaires.model import Questionnaire, Respondent, Section
from app.questionnaires.progress import SectionProgress, progress, section_progress
from app.questionnaires.showing import as_typed
from app.reviews.lifecycle import Step
from app.store.answers import StoredAnswers
from app.usecases import library
from app.usecases.answering import NOT_ASKED_NOW, Problem, Typed
from app.usecases.assessing import CaseReading, reading_of
from app.usecases.case_files import CaseFile, case_in, case_written
from app.usecases.flags import FlagView, shown_to_candidate
from app.usecases.questions import QuestionView, Writing, section_questions

TITLE: Final = "Proef"
_WRITING: Final = Writing(Step.ANSWERING, Respondent.CANDIDATE, {})
_EARLIEST, _LATEST = 1900, 2200
"""Years between which a case can lie: far enough from the ends of the calendar to count in."""
_MOST_DIGITS: Final = 6
_ODD: Final = (TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading raises for a value of a sort that nobody writes by hand: a list as a state, a mapping as a text."""
_DEEPEST: Final = 12
"""A file of ours is six levels deep; deeper is somebody trying something."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One situation as somebody described it, at one moment of their own rehearsal."""

    questionnaire: Questionnaire
    context: CaseContext
    answers: Answers


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file held. `left_out` names, by id, the answers that this questionnaire does not know or cannot read."""

    rehearsal: Rehearsal
    left_out: tuple[str, ...]


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
    """Look at the same answers in another case."""
    return replace(rehearsal, context=context)


def reading(rehearsal: Rehearsal) -> CaseReading:
    """Work out what is asked and what the rules say."""
    return reading_of(rehearsal.questionnaire, rehearsal.context, StoredAnswers(rehearsal.answers, {}))


# -- on the way to the browser and back --------------------------------------------------------------


def carried(rehearsal: Rehearsal) -> str:
    """Write everything as one line of text, for a browser to hold."""
    plain = {"context": rehearsal.context.to_jsonable(), "answers": rehearsal.answers.to_jsonable()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def taken_up(text: str) -> Rehearsal | None:
    """Read what `carried` wrote. It may have been changed on the way: what could not be an answer is left out.

    `None`: this is no rehearsal.
    """
    try:
        plain = json.loads(text)
        context = CaseContext.from_jsonable(plain["context"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    answers = answers_in(plain.get("answers"))
    if answers is None or not _in_our_time(context):
        return None
    return fitting(Rehearsal(library.newest(), context, answers))


def answers_in(plain: Any) -> Answers | None:
    """Read answers that travelled with a form. `None`: these are none. They still have to be made fitting."""
    try:
        return Answers.from_jsonable(plain)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, NotFound, RecursionError):
        return None


def fitting(rehearsal: Rehearsal) -> Rehearsal:
    """Keep only what could be a case, and an answer of a candidate to this questionnaire."""
    asked, tier = rehearsal.questionnaire, rehearsal.context.tier
    offered = [option.id for option in asked.policy_fields if option.offered_at(tier)]
    context = replace(
        rehearsal.context,
        office=OFFICE_OF_TIER[tier],
        portfolio=_chosen(rehearsal.context.portfolio, offered),
        replacement_portfolio=_chosen(rehearsal.context.replacement_portfolio, offered),
        verification="no",
    )
    items = {
        group.id: tuple(dict.fromkeys(filter(_is_item_id, rehearsal.answers.items(group.id))))[: group.max_items]
        for group in asked.groups.values()
        if _is_theirs(asked, group.id)
    }
    items = {group: ids for group, ids in items.items() if ids}
    given: dict[AnswerPath, Answer] = {}
    for path, answer in rehearsal.answers:
        question = asked.questions.get(path.question)
        if question is None or not _is_theirs(asked, path.question):
            continue
        if (question.group is None) is not (path.item is None):
            continue
        if (path.item is not None and path.item not in items.get(path.group, ())) or not _is_plain(answer):
            continue
        try:
            read = decode(question, as_typed(answer), tier, answer.note)
        except (TypeError, ValueError, AttributeError):
            continue
        if isinstance(read, Answer):
            given[path] = read
    return replace(rehearsal, context=context, answers=Answers(given, items))


def _in_our_time(context: CaseContext) -> bool:
    days = (context.as_of, context.appointment_date or context.as_of)
    return all(_EARLIEST <= day.year <= _LATEST for day in days)


def _is_item_id(text: object) -> bool:
    return isinstance(text, str) and limits.is_item_id(text)


def _is_plain(answer: Answer) -> bool:
    """Tell whether an answer can be written out: a number of a billion digits is no percentage."""
    number = answer.value
    return not isinstance(number, Decimal) or (number.is_finite() and number.adjusted() <= _MOST_DIGITS)


def _chosen(fields: tuple[str, ...] | None, offered: list[str]) -> tuple[str, ...] | None:
    return None if fields is None else tuple(one for one in offered if one in fields)


def _is_theirs(asked: Questionnaire, question_id: str) -> bool:
    return asked.section_of[question_id].respondent is Respondent.CANDIDATE


# -- the file ----------------------------------------------------------------------------------------


def as_file(rehearsal: Rehearsal) -> str:
    """Write a file that `toetssteen assess` reads, and that `open_file` brings back."""
    case = CaseFile(TITLE, rehearsal.questionnaire, rehearsal.context, rehearsal.answers, ())
    plain = case_written(case)
    del plain["judgements"]
    # While nobody checked anything, whether somebody did is left for the reader of the file to see.
    del plain["context"]["verification"]
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def open_file(text: str, today: date) -> Opened | None:
    """Read a file of a rehearsal, or any case for `assess` in JSON, and look at it with the law of today.

    `None`: it is no such file.
    """
    try:
        content = _located(json.loads(text, parse_constant=_refuse), 0)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, Mapped) or not isinstance(content.get("answers", {}), Mapping):
        return None
    told: Mapping[str, Any] = content.pop("answers", None) or {}
    for name in ("questionnaire", "judgements", "expect"):
        content.pop(name, None)
    try:
        case = case_in(content, Source("file"), TITLE, today)
    except (Broken, *_ODD):
        return None
    if not _in_our_time(case.context):
        return None
    rehearsal, left_out = _with_answers(begin(replace(case.context, as_of=today, verification="no")), told)
    return Opened(rehearsal, left_out)


def _with_answers(rehearsal: Rehearsal, told: Mapping[str, Any]) -> tuple[Rehearsal, tuple[str, ...]]:
    """Take in the answers one question at a time, so that one that cannot be read costs no other."""
    given: dict[AnswerPath, Answer] = {}
    items: dict[str, tuple[str, ...]] = {}
    left_out: list[str] = []
    for question_id, written in told.items():
        try:
            read = read_answers(rehearsal.questionnaire, {question_id: written})
        except (Broken, *_ODD):
            left_out.append(question_id)
            continue
        fine = fitting(replace(rehearsal, answers=read)).answers
        left_out += [str(path) for path, answer in read if fine.get(path) != answer]
        given |= fine.given
        items |= fine.item_ids
    return replace(rehearsal, answers=Answers(given, items)), tuple(left_out)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _located(value: Any, depth: int) -> Any:
    """Give plain JSON in the shape of a YAML file, without lines."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, dict):
        found = Mapped({str(key): _located(part, depth + 1) for key, part in value.items()})
        found.lines = dict.fromkeys(found, 0)
        return found
    if isinstance(value, list):
        listed = Listed(_located(part, depth + 1) for part in value)
        listed.lines = [0] * len(listed)
        return listed
    return value


# -- answering ---------------------------------------------------------------------------------------


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
        if misplaced or not _is_theirs(rehearsal.questionnaire, path.question):
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
    if not isinstance(found, Group) or not _is_theirs(rehearsal.questionnaire, group_id):
        raise NotFound("no such list")
    return found


# -- looking -----------------------------------------------------------------------------------------


def sections(rehearsal: Rehearsal, look: CaseReading) -> tuple[RehearsedLine, ...]:
    """Give every section in which something is asked, with what is answered."""
    counted = progress(rehearsal.questionnaire, look.survey, rehearsal.answers)
    return tuple(
        RehearsedLine(one.section, look.worded.section(one.section).title, one.asked, one.answered)
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
