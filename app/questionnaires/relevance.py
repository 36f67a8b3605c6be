"""Which questions are asked of this person, and what conditions may read of the answers.

Three things keep apart what looks alike. A question that is *not asked* can never be a reason for anything. A question
whose relevance is *not settled yet* is not shown, but may still turn out to matter: for the rules it is open, and what
would settle it is the question it depends on. An *unanswered* question is open too, and settled by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.conditions.dates import PartialDate
from app.conditions.evaluate import evaluate
from app.conditions.facts import (
    NOT_ASKED,
    Binding,
    Facts,
    GroupFacts,
    GroupState,
    Item,
    NotAsked,
    Open,
    Reading,
    Value,
)
from app.questionnaires.answers import COMPLETE, OPEN_LIST, AnswerPath, Answers
from app.questionnaires.context import CaseContext
from app.questionnaires.gates import gates_of
from app.questionnaires.kinds import Group, Question, Single
from app.questionnaires.model import Questionnaire, Section
from app.questionnaires.volunteering import begin_a_story, kept_out, volunteered

_NO, _OPEN, _YES = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Survey:
    """One look at all the answers of one case.

    `facts` is what conditions read. `sections` holds by section the paths that are shown now, in reading order: for a
    group first the group itself, then item by item. `waiting` holds the questions of which nobody knows yet whether
    they will be asked, with what would settle that. `voluntary` holds the ids of the questions that are there only
    because the candidate chose to tell about them; one of those that is left empty says nothing.
    """

    facts: Facts
    sections: Mapping[str, tuple[AnswerPath, ...]]
    waiting: Mapping[AnswerPath, tuple[str, ...]]
    voluntary: frozenset[str] = frozenset()

    @property
    def asked(self) -> tuple[AnswerPath, ...]:
        """All paths that are shown now, in reading order."""
        return tuple(path for paths in self.sections.values() for path in paths)


def facts(questionnaire: Questionnaire, answers: Answers, context: CaseContext) -> Facts:
    """Give what conditions may read of these answers; the same as `survey(...).facts`."""
    return survey(questionnaire, answers, context).facts


def survey(questionnaire: Questionnaire, answers: Answers, context: CaseContext) -> Survey:
    """Work out which questions are asked and what conditions may read. Never fails, whatever was answered."""
    look = _Look(questionnaire, answers, context)
    look.walk(questionnaire.order.questions)
    shown = {section.id: tuple(look.in_reading_order(section)) for section in questionnaire.sections}
    return Survey(look.facts, shown, look.waiting, look.voluntary)


def resurvey(
    before: Survey, questionnaire: Questionnaire, answers: Answers, context: CaseContext, path: AnswerPath
) -> Survey:
    """Look again after one answer changed: the same as `survey`, and cheap when little depends on that answer.

    `answers` differ from those of `before` at `path` alone.
    """
    here = questionnaire.section_of[path.question].id
    if path not in before.sections[here]:
        return survey(questionnaire, answers, context)
    if path.question in questionnaire.gating:
        return _followed(before, questionnaire, answers, context, path)
    reading = _reading_of(answers, path)
    if isinstance(reading, Open) and path.question in before.voluntary:
        return survey(questionnaire, answers, context)  # it may say nothing now: seldom enough to look at everything
    old = before.facts
    if path.item is None:
        facts_now = Facts({**old.top, path.question: reading}, old.groups, old.context)
    else:
        field = path.question.rpartition(".")[2]
        group = old.groups[path.group]
        items = tuple(
            Item(item.id, {**item.readings, field: reading}) if item.id == path.item else item for item in group.items
        )
        now = GroupFacts(group.state, items, group.open_because, group.further)
        facts_now = Facts(old.top, {**old.groups, path.group: now}, old.context)
    return Survey(facts_now, before.sections, before.waiting, before.voluntary)


def _followed(
    before: Survey, questionnaire: Questionnaire, answers: Answers, context: CaseContext, path: AnswerPath
) -> Survey:
    """Look again at everything that depends on this answer, however far; the rest stays what it was."""
    touched = questionnaire.order.touched[path.group]
    look = _Look(questionnaire, answers, context, before.facts)
    look.walk(touched)
    again = {question.id for question in touched}
    sections = dict(before.sections)
    for section_id in dict.fromkeys(questionnaire.section_of[question.id].id for question in touched):
        section, old = questionnaire.section(section_id), before.sections[section_id]
        kept: dict[str, list[AnswerPath]] = {}
        for one in old:
            kept.setdefault(one.group, []).append(one)
        sections[section_id] = tuple(
            one
            for question in section.questions
            for one in (look.shown_of(question) if question.id in again else kept.get(question.id, ()))
        )
    waiting = {one: missing for one, missing in before.waiting.items() if one.group not in again}
    return Survey(look.facts, sections, {**waiting, **look.waiting}, before.voluntary)


def _reading_of(answers: Answers, path: AnswerPath) -> Reading:
    """Give what conditions read of a question that is asked."""
    answer = answers.given.get(path)
    return Open((str(path),)) if answer is None or answer.value is None else answer.value


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
        "verification": context.verification,
    }
    return {name: value for name, value in known.items() if value is not None}


class _Look:
    """One walk over the questions, each after everything its relevance depends on."""

    def __init__(
        self, questionnaire: Questionnaire, answers: Answers, context: CaseContext, before: Facts | None = None
    ) -> None:
        self.questionnaire = questionnaire
        self.gates = gates_of(questionnaire)
        self.answers = answers
        self.tier = context.tier
        self.kept_out = kept_out(questionnaire, context)
        self.voluntary = volunteered(questionnaire, context)
        self.silent = self.voluntary & begin_a_story(questionnaire) if self.voluntary else self.voluntary
        self.top: dict[str, Reading] = {} if before is None else dict(before.top)
        self.groups: dict[str, GroupFacts] = {} if before is None else dict(before.groups)
        known = context_values(context) if before is None else before.context
        self.facts = Facts(self.top, self.groups, known)
        self.shown: set[str] = set()  # top level: questions and groups
        self.shown_in: dict[str, list[set[str]]] = {}  # per group, per item: full ids of fields
        self.waiting: dict[AnswerPath, tuple[str, ...]] = {}

    def walk(self, questions: Iterable[Question]) -> None:
        """Look at top-level questions, given in order of need."""
        for question in questions:
            if isinstance(question, Group):
                self.group(question, self.questionnaire.order.fields[question.id])
            else:
                self.single(question)

    def single(self, question: Single) -> None:
        self.top[question.id] = self._top(question, AnswerPath(question.id))

    def group(self, group: Group, fields: tuple[Single, ...]) -> None:
        path = AnswerPath(group.id)
        reading = self._top(group, path)
        ids = self.answers.items(group.id)
        if reading not in {OPEN_LIST, COMPLETE}:
            # What was listed stays stored, but says nothing while "do you have any" is not answered with yes: that
            # answer may still be no, and what counts now must still count then.
            ids = ()
        readings: list[dict[str, Reading]] = [{} for _ in ids]
        items = tuple(Item(item_id, known) for item_id, known in zip(ids, readings, strict=True))
        further: dict[str, Reading] = {}
        because = reading.because if isinstance(reading, Open) else (group.id,)
        found = GroupFacts(_state(reading, listed=bool(items)), items, because, further)
        self.groups[group.id] = found
        self.shown_in[group.id] = []
        for item, known in zip(items, readings, strict=True):
            self._item(fields, Binding(group.id, item, found), known, item.id)
        if found.may_grow:
            for question in fields:
                if self._rules_out(question, further):
                    further[question.field] = NOT_ASKED

    def _item(self, fields: tuple[Single, ...], bound: Binding, known: dict[str, Reading], item_id: str) -> None:
        shown: set[str] = set()
        self.shown_in[bound.group].append(shown)
        for question in fields:
            path = AnswerPath(question.id, item_id)
            truth = self._allowed(question)
            if truth and question.relevant_when is not None:
                truth = self.gates.items[question.id](self.facts, known)
            if truth == _YES:
                shown.add(question.id)
            known[question.field] = self._read(question, path, truth, bound)

    def in_reading_order(self, section: Section) -> Iterator[AnswerPath]:
        """Give what is shown of a section: a group comes right before its items."""
        for question in section.questions:
            yield from self.shown_of(question)

    def shown_of(self, question: Question) -> Iterator[AnswerPath]:
        """Give what is shown of a top-level question: itself, and for a group what is asked of each item."""
        if question.id not in self.shown:
            return
        yield AnswerPath(question.id)
        if isinstance(question, Group):
            items = self.groups[question.id].items
            for item, shown in zip(items, self.shown_in[question.id], strict=True):
                yield from (AnswerPath(one.id, item.id) for one in question.questions if one.id in shown)

    def _top(self, question: Question, path: AnswerPath) -> Reading:
        truth = self._allowed(question)
        if truth and question.relevant_when is not None:
            truth = self.gates.top[question.id](self.facts)
        if truth == _YES:
            self.shown.add(question.id)
        return self._read(question, path, truth, None)

    def _read(self, question: Question, path: AnswerPath, truth: int, bound: Binding | None) -> Reading:
        if truth == _NO or (question.id in self.silent and path not in self.answers.given):
            return NOT_ASKED
        if truth == _OPEN and question.relevant_when is not None:
            missing = evaluate(question.relevant_when, self.facts, bound).missing
            self.waiting[path] = missing
            return Open(missing)
        return _reading_of(self.answers, path)

    def _rules_out(self, question: Single, further: dict[str, Reading]) -> bool:
        """Tell whether this would be asked of no item that may still be added, or would say nothing there."""
        if not self._allowed(question) or question.id in self.silent:
            return True
        gate = self.gates.further.get(question.id)
        return gate is not None and gate(self.facts, further) == _NO

    def _allowed(self, question: Question) -> int:
        """Tell whether the question exists in this case at all; its condition may still rule it out."""
        if question.tiers and self.tier not in question.tiers:
            return _NO
        return _NO if question.id in self.kept_out else _YES


def _state(reading: Reading, *, listed: bool) -> GroupState:
    """Tell how far a list has come. A list that is called complete while it is empty is still open: nothing was named."""
    match reading:
        case NotAsked():
            return GroupState.NOT_ASKED
        case Open():
            return GroupState.ASKED
        case "no":
            return GroupState.NONE
        case "complete" if listed:
            return GroupState.CLOSED
        case _:
            return GroupState.OPEN
