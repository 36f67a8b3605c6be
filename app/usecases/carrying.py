"""A rehearsal on its way: in the form that carries it from page to page, and in the file that somebody keeps.

What comes back may have been changed by anybody, so it is read like something that was typed: what could not be a case,
or an answer of a candidate, is left out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.conditions.yaml_source import Listed, Mapped, Source
from app.errors import Broken, NotFound
from app.questionnaires import limits
from app.questionnaires.answers import Answer, AnswerPath, Answers
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext
from app.questionnaires.decoding import decode
from app.questionnaires.showing import as_typed
from app.questionnaires.volunteering import in_order
from app.usecases import library
from app.usecases.case_files import CaseFile, case_in, case_written
from app.usecases.rehearsing import Rehearsal, begin, is_theirs

TITLE: Final = "Proef"
_EARLIEST, _LATEST = 1900, 2200
"""Years between which a case can lie: far enough from the ends of the calendar to count in."""
_MOST_DIGITS: Final = 6
_ODD: Final = (TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading raises for a value of a sort that nobody writes by hand: a list as a state, a mapping as a text."""
_DEEPEST: Final = 12
"""A file of ours is six levels deep; deeper is somebody trying something."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file held. `left_out` names, by id, the answers that this questionnaire does not know or cannot read."""

    rehearsal: Rehearsal
    left_out: tuple[str, ...]


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
        volunteered=in_order(asked, rehearsal.context.volunteered),
    )
    items = {
        group.id: tuple(dict.fromkeys(filter(_is_item_id, rehearsal.answers.items(group.id))))[: group.max_items]
        for group in asked.groups.values()
        if is_theirs(asked, group.id)
    }
    items = {group: ids for group, ids in items.items() if ids}
    given: dict[AnswerPath, Answer] = {}
    for path, answer in rehearsal.answers:
        question = asked.questions.get(path.question)
        if question is None or not is_theirs(asked, path.question) or (question.tiers and tier not in question.tiers):
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
