"""Which questions are asked of this person, and what conditions may read of the answers.

Three things keep apart what looks alike. A question that is *not asked* can never be a reason for anything. A question
whose relevance is *not settled yet* is not shown, but may still turn out to matter: for the rules it is open, and what
would settle it is the question it depends on. An *unanswered* question is open too, and settled by itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.conditions.dates import PartialDate
from app.conditions.evaluate import evaluate
from app.conditions.facts import NOT_ASKED, Binding, Facts, GroupFacts, GroupState, Item, NotAsked, Open, Reading, Value
from app.conditions.kleene import Kleene, Verdict
from app.questionnaires.answers import NONE, AnswerPath, Answers
from app.questionnaires.context import AskedScope, CaseContext
from app.questionnaires.kinds import Group, Question, Scope, Single
from app.questionnaires.model import Questionnaire

_YES = Verdict(Kleene.YES)
_NO = Verdict(Kleene.NO)


@dataclass(frozen=True, slots=True)
class Survey:
    """One look at all the answers of one case.

    `facts` is what conditions read. `asked` holds the paths that are shown now, in reading order: for a group first the
    group itself, then item by item. `waiting` holds the questions of which nobody knows yet whether they will be asked,
    with what would settle that.
    """

    facts: Facts
    asked: tuple[AnswerPath, ...]
    waiting: Mapping[AnswerPath, tuple[str, ...]]


def facts(questionnaire: Questionnaire, answers: Answers, context: CaseContext) -> Facts:
    """Give what conditions may read of these answers; the same as `survey(...).facts`."""
    return survey(questionnaire, answers, context).facts


def survey(questionnaire: Questionnaire, answers: Answers, context: CaseContext) -> Survey:
    """Work out which questions are asked and what conditions may read. Never fails, whatever was answered."""
    look = _Look(answers, context)
    for question in questionnaire.order.questions:
        if isinstance(question, Group):
            look.group(question, questionnaire.order.fields[question.id])
        else:
            look.single(question)
    asked = tuple(path for path in _reading_order(questionnaire, answers) if path in look.shown)
    return Survey(look.facts, asked, look.waiting)


def context_values(context: CaseContext) -> dict[str, Value]:
    """Give what conditions read as `context.…`. What is not known yet is left out, and thereby open."""
    known: dict[str, Value | None] = {
        "tier": str(context.tier),
        "office": str(context.office),
        "full_time": context.full_time,
        "portfolio": context.portfolio,
        "replacement_portfolio": context.replacement_portfolio,
        "appointment_date": PartialDate.of(context.appointment_date) if context.appointment_date else None,
        "legal_frame": str(context.legal_frame),
        "as_of": PartialDate.of(context.as_of),
        "reappointment": context.reappointment,
        "scope": str(context.scope),
    }
    return {name: value for name, value in known.items() if value is not None}


class _Look:
    """One walk over the questions, each after everything its relevance depends on."""

    def __init__(self, answers: Answers, context: CaseContext) -> None:
        self.answers = answers
        self.context = context
        self.top: dict[str, Reading] = {}
        self.groups: dict[str, GroupFacts] = {}
        self.facts = Facts(self.top, self.groups, context_values(context))
        self.shown: set[AnswerPath] = set()
        self.waiting: dict[AnswerPath, tuple[str, ...]] = {}

    def single(self, question: Single) -> None:
        path = AnswerPath(question.id)
        self.top[question.id] = self._read(path, self._relevance(question, None))

    def group(self, group: Group, fields: tuple[Single, ...]) -> None:
        relevance = self._relevance(group, None)
        reading = self._read(AnswerPath(group.id), relevance)
        ids = self.answers.items(group.id)
        if relevance.truth is not Kleene.YES or reading == NONE:
            ids = ()  # what was listed before stays stored, but says nothing now
        items: list[tuple[Item, dict[str, Reading]]] = []
        for item_id in ids:
            readings: dict[str, Reading] = {}
            items.append((Item(item_id, readings), readings))
        further: dict[str, Reading] = {}
        because = reading.because if isinstance(reading, Open) else (group.id,)
        found = GroupFacts(_state(reading, listed=bool(items)), tuple(item for item, _ in items), because, further)
        self.groups[group.id] = found
        for item, readings in items:
            bound = Binding(group.id, item, found)
            for question in fields:
                path = AnswerPath(question.id, item.id)
                readings[question.field] = self._read(path, self._relevance(question, bound))
        if found.may_grow:
            bound = Binding(group.id, None, found)
            for question in fields:
                if self._relevance(question, bound).truth is Kleene.NO:
                    further[question.field] = NOT_ASKED

    def _read(self, path: AnswerPath, relevance: Verdict) -> Reading:
        if relevance.truth is Kleene.NO:
            return NOT_ASKED
        if relevance.truth is Kleene.UNKNOWN:
            self.waiting[path] = relevance.missing
            return Open(relevance.missing)
        self.shown.add(path)
        answer = self.answers.get(path)
        return Open((str(path),)) if answer is None or answer.value is None else answer.value

    def _relevance(self, question: Question, bound: Binding | None) -> Verdict:
        if question.tiers and self.context.tier not in question.tiers:
            return _NO
        if question.scope is Scope.PRACTICE and self.context.scope is AskedScope.STATUTORY:
            return _NO
        if question.relevant_when is None:
            return _YES
        return evaluate(question.relevant_when, self.facts, bound)


def _state(reading: Reading, *, listed: bool) -> GroupState:
    """Tell how far a list has come. A list that is called complete while it is empty is still open: nothing was named."""
    match reading:
        case NotAsked():
            return GroupState.NOT_ASKED
        case Open():
            return GroupState.OPEN if listed else GroupState.ASKED
        case "no":
            return GroupState.NONE
        case "complete" if listed:
            return GroupState.CLOSED
        case _:
            return GroupState.OPEN


def _reading_order(questionnaire: Questionnaire, answers: Answers) -> Iterator[AnswerPath]:
    for section in questionnaire.sections:
        for question in section.questions:
            yield AnswerPath(question.id)
            if isinstance(question, Group):
                for item_id in answers.items(question.id):
                    yield from (AnswerPath(field.id, item_id) for field in question.questions)
