"""Versions of a questionnaire: published ones never change, and moving a case to a newer one is an explicit act.

A case keeps the version it started with. Moving it shows what differs, and says of every answer whether it came along.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.errors import Problem
from app.questionnaires import limits
from app.questionnaires.answers import Answer, AnswerPath, Answers
from app.questionnaires.kinds import Choice, Choices, Date, MoneyBand, Number, Question, Text
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.loading import LIBRARY
from app.questionnaires.model import Questionnaire, canonical_question

PUBLISHED = LIBRARY / "published.json"
"""The digest of every version that was ever published: `{"kandidaat-bestuurder": {"1": "..."}}`."""

_MEANING = frozenset({"kind", "label", "options", "relevant_when", "tiers", "scope"})


def published_digests(path: Path = PUBLISHED) -> dict[tuple[str, int], str]:
    """Read the digests of the published versions. Raises OSError or ValueError when there is no such list."""
    listed: Mapping[str, Mapping[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return {(name, int(version)): digest for name, versions in listed.items() for version, digest in versions.items()}


def changed_after_publication(
    questionnaires: Mapping[tuple[str, int], Questionnaire], published: Mapping[tuple[str, int], str]
) -> list[Problem]:
    """Give a problem for every published version that is gone or says something else than when it was published."""
    problems = []
    for (name, version), digest in sorted(published.items()):
        questionnaire = questionnaires.get((name, version))
        if questionnaire is None:
            message, remedy = "was published but is gone", "bring it back: cases still use it"
        elif questionnaire.digest != digest:
            message, remedy = "was published and has changed since", "undo the change, and make it in a new version"
        else:
            continue
        problems.append(Problem(f"{name}.v{version}", 0, f"{name} version {version} {message}", remedy))
    return problems


class Difference(StrEnum):
    """What happened to a question between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One question that differs; `parts` names what changed, `before` and `after` hold it in canonical form."""

    question: str
    difference: Difference
    parts: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None

    @property
    def meaning(self) -> bool:
        """Whether it now asks something else, or asks it of others, so that its answer deserves another look."""
        return self.difference is not Difference.CHANGED or not _MEANING.isdisjoint(self.parts)


def diff(old: Questionnaire, new: Questionnaire) -> tuple[Change, ...]:
    """Give every question that differs: first what changed or was removed (in the old order), then what was added."""
    changes: list[Change] = []
    for question_id, question in old.questions.items():
        if question_id not in new.questions:
            changes.append(Change(question_id, Difference.REMOVED, before=_own(question)))
            continue
        before, after = _own(question), _own(new.questions[question_id])
        parts = tuple(sorted(part for part in before.keys() | after.keys() if before.get(part) != after.get(part)))
        if parts:
            changes.append(Change(question_id, Difference.CHANGED, parts, before, after))
    added = (question for question_id, question in new.questions.items() if question_id not in old.questions)
    return (*changes, *(Change(question.id, Difference.ADDED, after=_own(question)) for question in added))


def _own(question: Question) -> dict[str, Any]:
    """Write a question without its fields: those are compared as questions of their own."""
    return {part: value for part, value in canonical_question(question).items() if part != "questions"}


@dataclass(frozen=True, slots=True)
class Left:
    """An answer that could not come along, and why (English, for the report)."""

    path: AnswerPath
    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving a case did to its answers: kept unchanged, kept but worth another look, or left behind."""

    kept: tuple[AnswerPath, ...]
    look_again: tuple[AnswerPath, ...]
    left: tuple[Left, ...]


def migrate_answers(old: Questionnaire, new: Questionnaire, answers: Answers) -> tuple[Answers, Migration]:
    """Bring answers to another version. Nothing is guessed: an answer that does not fit is left behind and reported."""
    changes = {change.question: change for change in diff(old, new)}
    groups = {group: ids for group, ids in answers.item_ids.items() if group in new.groups}
    moved: dict[AnswerPath, Answer] = {}
    look_again: list[AnswerPath] = []
    left: list[Left] = []
    for path, answer in sorted(answers, key=_by_path):
        reason = _why_left(old, new, path, answer)
        if reason is not None:
            left.append(Left(path, answer, reason))
            continue
        moved[path] = answer
        change = changes.get(path.question)
        if change is not None and change.meaning:
            look_again.append(path)
    kept = tuple(path for path in moved if path not in look_again)
    return Answers(moved, groups), Migration(kept, tuple(look_again), tuple(left))


def _by_path(entry: tuple[AnswerPath, Answer]) -> str:
    return str(entry[0])


def _why_left(old: Questionnaire, new: Questionnaire, path: AnswerPath, answer: Answer) -> str | None:
    question = new.questions.get(path.question)
    if question is None:
        return "the question no longer exists"
    was = old.questions.get(path.question)
    if was is not None and was.kind != question.kind and {was.kind, question.kind} != {"text", "long_text"}:
        return f"the question was {was.kind} and is now {question.kind}"
    if answer.value is not None and not fits(question, answer.value):
        return "the answer is not among the answers the question takes now"
    return None


def fits(question: Question, value: Value) -> bool:
    """Tell whether a value of the right kind is one this very question takes (options, range, length, precision)."""
    match question:
        case Choice() | MoneyBand():
            return value in {option.id for option in question.options}
        case Choices():
            return isinstance(value, tuple) and set(value) <= {option.id for option in question.options}
        case PartyQuestion():
            return isinstance(value, Party) and value.relation in {option.id for option in question.options}
        case Number():
            return isinstance(value, int) and question.minimum <= value <= question.maximum
        case Text():
            return isinstance(value, str) and len(value) <= limits.LENGTH[question.kind]
        case Date():
            return not isinstance(value, PartialDate) or limits.precise_enough(value, question.precision)
        case _:
            return True
