"""In which order relevance is worked out: every question after the questions it depends on.

The order stays as close to the reading order as it can, so that the same questionnaire always gives the same walk.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.conditions.facts import CONTEXT_PREFIX
from app.conditions.tree import reads
from app.questionnaires.kinds import Group, Question, Single

Q = TypeVar("Q", bound=Question)


@dataclass(frozen=True, slots=True)
class AskingOrder:
    """Top-level questions (groups included) in order of need, and for every group its fields in order of need.

    `touched` gives by top-level id everything that may be asked otherwise after another answer there, however far, in
    order of need: the question itself first. For a group an answer about any of its items counts as an answer there.
    """

    questions: tuple[Question, ...]
    fields: Mapping[str, tuple[Single, ...]]
    touched: Mapping[str, tuple[Question, ...]]


class CircularError(ValueError):
    """Questions wait for each other, so none of them can ever be asked. `circle` lists their ids."""

    def __init__(self, circle: tuple[str, ...]) -> None:
        super().__init__(" → ".join(circle))
        self.circle = circle


def needs(question: Question) -> frozenset[str]:
    """Give the full ids of the questions that decide whether this one is asked; for a group not those of its fields."""
    found = frozenset[str]() if question.relevant_when is None else reads(question.relevant_when)
    return frozenset(path for path in found if not path.startswith(CONTEXT_PREFIX))


def asking_order(questions: Iterable[Question]) -> AskingOrder:
    """Put top-level questions in order of need. Raises CircularError when some wait for each other."""
    top = {question.id: question for question in questions}
    groups = [question for question in top.values() if isinstance(question, Group)]
    fields = {group.id: _sorted({field.id: field for field in group.questions}, needs) for group in groups}
    ordered = _sorted(top, _needs_of_all)
    return AskingOrder(ordered, fields, _touched(ordered))


def _touched(ordered: tuple[Question, ...]) -> dict[str, tuple[Question, ...]]:
    needed = {question.id: _needs_of_all(question) for question in ordered}
    found: dict[str, tuple[Question, ...]] = {}
    for question in ordered:
        seen = {question.id}
        for other in ordered:  # in order of need: whatever a question waits for came before it
            if needed[other.id] & seen:
                seen.add(other.id)
        found[question.id] = tuple(other for other in ordered if other.id in seen)
    return found


def _needs_of_all(question: Question) -> frozenset[str]:
    """Give the top-level questions that a question, or any field of it, waits for.

    Fields of one item may wait for each other, that is their own order; but not for the list they are part of.
    """
    found = {path.partition(".")[0] for path in needs(question)}
    if isinstance(question, Group):
        inside = f"{question.id}."
        found |= {
            path.partition(".")[0]
            for field in question.questions
            for path in needs(field)
            if not path.startswith(inside)
        }
    return frozenset(found)


def _sorted(questions: Mapping[str, Q], needed: Callable[[Q], frozenset[str]]) -> tuple[Q, ...]:
    done: dict[str, Q] = {}
    busy: list[str] = []

    def visit(question: Q) -> None:
        if question.id in done:
            return
        if question.id in busy:
            raise CircularError((*busy[busy.index(question.id) :], question.id))
        busy.append(question.id)
        for path in sorted(needed(question)):
            if path in questions:
                visit(questions[path])
        busy.pop()
        done[question.id] = question

    for question in questions.values():
        visit(question)
    return tuple(done.values())
