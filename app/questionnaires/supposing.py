"""A case as it would be after answers that nobody has given yet.

Everything follows from the same walk as for real answers (`resurvey`), so what is supposed brings up and takes away
questions just as it would if somebody typed it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from app.conditions.dates import PartialDate
from app.conditions.facts import CONTEXT_PREFIX, Facts, GroupState, Value
from app.questionnaires.answers import COMPLETE, NONE, AnswerPath, Answers, answered
from app.questionnaires.context import CaseContext
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import Survey, resurvey, survey

_ADDED: Final = "new{}"
"""What a supposed item is called; the ids the product gives out are longer."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """Answers in a case, with what is asked and what conditions read of them. Start from what is really there."""

    questionnaire: Questionnaire
    answers: Answers
    context: CaseContext
    survey: Survey

    @property
    def facts(self) -> Facts:
        """What conditions read."""
        return self.survey.facts

    def answering(self, path: str, value: Value) -> "Supposed":
        """Suppose one more answer, or one more fact of the case (``context.portfolio``).

        A question that is not asked gets its answer too, and that says nothing, as always.
        """
        if path.startswith(CONTEXT_PREFIX):
            return self._knowing(path.removeprefix(CONTEXT_PREFIX), value)
        at = AnswerPath.parse(path)
        answers = self.answers.put(at, answered(value))
        return replace(
            self, answers=answers, survey=resurvey(self.survey, self.questionnaire, answers, self.context, at)
        )

    def completing(self, group: str, more: int) -> "Supposed":
        """Suppose that a list is complete, with so many items more than are stored now; nothing is known of those yet.

        A list that would be complete and empty is a list of which is said that there is nothing in it.
        """
        answers = self.answers
        taken = set(answers.items(group))
        names = (name for number in range(len(taken) + more) if (name := _ADDED.format(number)) not in taken)
        for _ in range(more):
            answers = answers.add_item(group, next(names))
        at = AnswerPath(group)
        answers = answers.put(at, answered(COMPLETE if answers.items(group) else NONE))
        return replace(
            self, answers=answers, survey=resurvey(self.survey, self.questionnaire, answers, self.context, at)
        )

    def without(self, group: str) -> "Supposed":
        """Suppose there is nothing to list."""
        return self.answering(group, NONE)

    def said_to_have(self, group: str) -> bool:
        """Tell whether somebody said that there is something to list."""
        return self.facts.group(group).state in {GroupState.OPEN, GroupState.CLOSED}

    def in_reading_order(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Put paths in the order of the questionnaire; of a list item by item. Facts of the case come last."""
        places = {question: place for place, question in enumerate(self.questionnaire.questions)}

        def place(path: str) -> tuple[int, int, int, str]:
            if path.startswith(CONTEXT_PREFIX):
                return len(places), 0, 0, path
            at = AnswerPath.parse(path)
            items = self.answers.items(at.group)
            return places[at.group], items.index(at.item) + 1 if at.item in items else 0, places[at.question], path

        return tuple(sorted(paths, key=place))

    def _knowing(self, name: str, value: Value) -> "Supposed":
        known: dict[str, Any] = {name: value.first if isinstance(value, PartialDate) else value}
        context = replace(self.context, **known)
        path = f"{CONTEXT_PREFIX}{name}"
        if path in self.questionnaire.gating:
            return replace(self, context=context, survey=survey(self.questionnaire, self.answers, context))
        old = self.facts
        facts = Facts(old.top, old.groups, {**old.context, name: value})
        return replace(self, context=context, survey=replace(self.survey, facts=facts))
