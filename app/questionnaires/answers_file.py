"""Answers as a person writes them in a file, for examples of rules and for `assess`.

A mapping by question id. A plain value is the answer; a list of mappings is a complete group (`[]` or `no`: there are
none); `{items: [...], complete: false}` is a list that is not finished; `{state: does_not_know, note: ...}` and
`{state: oral}` are the other states; what is left out is unanswered. Inside an item the fields go without the name of
their group, and `id` may name the item.

Everything wrong is reported at once, in English with the line, because whoever writes such a file is an author.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.conditions.yaml_source import Listed, Mapped, did_you_mean
from app.errors import Broken, Problem
from app.questionnaires import limits
from app.questionnaires.answers import COMPLETE, NONE, OPEN_LIST, Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.kinds import (
    Choice,
    Choices,
    Group,
    MoneyBand,
    Number,
    Percentage,
    Question,
    Single,
    Text,
    YesNo,
)
from app.questionnaires.kinds import Date as DateQuestion
from app.questionnaires.kinds import Party as PartyQuestion
from app.questionnaires.model import Questionnaire


def read_answers(questionnaire: Questionnaire, mapping: Mapping[str, Any], *, file: str = "") -> Answers:
    """Read answers in the file format. Raises Broken with everything that is wrong; `file` is only for the messages.

    A mapping that `app.conditions.yaml_source` read gives problems with line numbers.
    """
    reader = _Reader(questionnaire, file)
    answers = reader.read(mapping)
    if reader.problems:
        raise Broken(reader.problems)
    return answers


class _UnfitError(Exception):
    """A value does not fit its question; the message says why, the remedy what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class _Reader:
    """One reading of one mapping, collecting problems on the way."""

    def __init__(self, questionnaire: Questionnaire, file: str) -> None:
        self.questionnaire = questionnaire
        self.file = file
        self.problems: list[Problem] = []
        self.given: dict[AnswerPath, Answer] = {}
        self.item_ids: dict[str, tuple[str, ...]] = {}

    def read(self, mapping: object) -> Answers:
        if not isinstance(mapping, Mapping):
            self._tell(0, "answers are a mapping from question id to answer", "write `question_id: answer`, one a line")
            return Answers()
        for key, written in mapping.items():
            question = self.questionnaire.questions.get(str(key))
            line = entry_line(mapping, key)
            if question is None or question.group is not None:
                self._unknown(str(key), line, question)
            elif isinstance(question, Group):
                self._group(question, written, line)
            else:
                self._single(question, AnswerPath(question.id), written, line)
        return Answers(self.given, self.item_ids)

    def _unknown(self, key: str, line: int, question: Question | None) -> None:
        if question is not None:
            remedy = f"write it as {question.field!r} inside an item of the list {question.group!r}"
            self._tell(line, f"{key!r} belongs to a group", remedy)
            return
        top = [name for name, known in self.questionnaire.questions.items() if known.group is None]
        self._tell(line, f"unknown question {key!r}", did_you_mean(key, top))

    def _single(self, question: Single, path: AnswerPath, written: Any, line: int) -> None:
        try:
            self.given[path] = _answer(question, written)
        except _UnfitError as unfit:
            self._tell(line, f"{path}: {unfit.message}", unfit.remedy)

    def _group(self, group: Group, written: Any, line: int) -> None:
        path = AnswerPath(group.id)
        match written:
            case False | "no" | []:
                self.given[path] = answered(NONE)
            case True | "yes":
                self.given[path] = answered(OPEN_LIST)
            case {"items": list(items), **rest} if rest in ({}, {"complete": True}, {"complete": False}):
                self.given[path] = answered(COMPLETE if rest.get("complete", True) else OPEN_LIST)
                self._items(group, items, line)
            case {"state": _}:
                self._gate(path, written, line)
            case list():
                self.given[path] = answered(COMPLETE)
                self._items(group, written, line)
            case _:
                remedy = "write a list of items, `[]` for none, or `{items: [...], complete: false}`"
                self._tell(line, f"{group.id} is a group and cannot be {written!r}", remedy)

    def _gate(self, path: AnswerPath, written: Mapping[str, Any], line: int) -> None:
        try:
            self.given[path] = _other_state(written)
        except _UnfitError as unfit:
            self._tell(line, f"{path}: {unfit.message}", unfit.remedy)

    def _items(self, group: Group, items: list[Any], line: int) -> None:
        fields = {question.field: question for question in group.questions}
        taken = {str(item["id"]) for item in items if isinstance(item, Mapping) and "id" in item}
        free = (f"i{number}" for number in range(1, 10_000) if f"i{number}" not in taken)
        ids: list[str] = []
        for index, item in enumerate(items):
            at = entry_line(items, index) or line
            if not isinstance(item, Mapping):
                self._tell(at, f"an item of {group.id} cannot be {item!r}", "write a mapping from field to answer")
                continue
            item_id = str(item["id"]) if "id" in item else next(free)
            if not limits.is_item_id(item_id) or item_id in ids:
                self._tell(at, f"{group.id}: item id {item_id!r} cannot be used", "use a-z and 0-9, and each id once")
                continue
            ids.append(item_id)
            self._fields(group, fields, item_id, item)
        self.item_ids[group.id] = tuple(ids)

    def _fields(self, group: Group, fields: Mapping[str, Single], item_id: str, item: Mapping[str, Any]) -> None:
        for key, written in item.items():
            if key == "id":
                continue
            line = entry_line(item, key)
            question = fields.get(str(key))
            if question is None:
                self._tell(line, f"unknown field {key!r} in {group.id}", did_you_mean(str(key), fields))
            else:
                self._single(question, AnswerPath(question.id, item_id), written, line)

    def _tell(self, line: int, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, message, remedy))


def _answer(question: Single, written: Any) -> Answer:
    match written:
        case {"state": "answered", "value": value, **rest} if rest.keys() <= {"note"}:
            return answered(_value(question, value), str(rest.get("note", "")))
        case {"state": _}:
            return _other_state(written)
        case _:
            return answered(_value(question, written))


def _other_state(written: Mapping[str, Any]) -> Answer:
    state = written["state"]
    if state not in {AnswerState.DOES_NOT_KNOW, AnswerState.ORAL}:
        raise _UnfitError(
            f"unknown state {state!r}", "the states are `does_not_know` and `oral`; else write the answer itself"
        )
    if written.keys() - {"state", "note"}:
        raise _UnfitError("a state goes with nothing but a note", "leave out the rest")
    return Answer(AnswerState(state), None, str(written.get("note", "")))


def _value(question: Single, written: Any) -> Value:
    match question:
        case YesNo():
            return _yes_no(written)
        case Choice() | MoneyBand():
            return _option(question, written)
        case Choices():
            return _options(question, written)
        case Text():
            return _text(question, written)
        case Number():
            return _number(question, written)
        case Percentage():
            return _percentage(written)
        case DateQuestion():
            return _date(question, written)
        case _:
            return _party(question, written)


def _yes_no(written: Any) -> str:
    if written is True or written == "yes":
        return "yes"
    if written is False or written == "no":
        return "no"
    raise _UnfitError(f"{written!r} is neither yes nor no", "write `yes` or `no`")


def _option(question: Choice | MoneyBand | PartyQuestion, written: Any) -> str:
    known = [option.id for option in question.options]
    if isinstance(written, str) and written in known:
        return str(written)
    raise _UnfitError(f"{written!r} is not an option", did_you_mean(str(written), known))


def _options(question: Choices, written: Any) -> tuple[str, ...]:
    chosen = [written] if isinstance(written, str) else written
    if not isinstance(chosen, list) or not chosen:
        raise _UnfitError(
            f"{written!r} is not a list of options", "write a list; leave the question out when unanswered"
        )
    known = [option.id for option in question.options]
    for option in chosen:
        if option not in known:
            raise _UnfitError(f"{option!r} is not an option", did_you_mean(str(option), known))
    if limits.EXCLUSIVE in chosen and len(set(chosen)) > 1:
        raise _UnfitError("`none` excludes every other option", "choose `none` alone, or leave it out")
    return tuple(option for option in known if option in chosen)


def _text(question: Text, written: Any) -> str:
    if not isinstance(written, str) or not limits.clean(str(written)):
        raise _UnfitError(f"{written!r} is not a text", "write a text, between quotes when it looks like a number")
    text = limits.clean(str(written))
    if len(text) > limits.LENGTH[question.kind]:
        raise _UnfitError(f"{len(text)} characters is too long", f"at most {limits.LENGTH[question.kind]}")
    return text


def _number(question: Number, written: Any) -> int:
    if isinstance(written, bool) or not isinstance(written, int):
        raise _UnfitError(f"{written!r} is not a whole number", "write a whole number without quotes")
    if not question.minimum <= written <= question.maximum:
        raise _UnfitError(f"{written} is out of range", f"from {question.minimum} to {question.maximum}")
    return int(written)


def _percentage(written: Any) -> Decimal:
    try:
        if isinstance(written, bool):
            raise InvalidOperation  # noqa: TRY301 - a truth value would otherwise pass for 0 or 1
        number = Decimal(str(written))
        if number != number.quantize(limits.CENT) or not 0 <= number <= limits.WHOLE:
            raise InvalidOperation  # noqa: TRY301 - same message for every misfit
    except InvalidOperation:
        raise _UnfitError(
            f"{written!r} is not a percentage", "write a number from 0 to 100, at most two decimals"
        ) from None
    return number.quantize(limits.CENT)


def _date(question: DateQuestion, written: Any) -> PartialDate:
    try:
        found = PartialDate.of(written) if isinstance(written, date) else PartialDate.parse(str(written))
    except ValueError:
        raise _UnfitError(f"{written!r} is not a date", "write 2026-03-12, 2026-03 or 2026") from None
    if not limits.precise_enough(found, question.precision):
        raise _UnfitError(f"{found} is not precise enough", f"this date is needed to the {question.precision}")
    return found


def _party(question: PartyQuestion, written: Any) -> Party:
    match written:
        case {"relation": relation, **rest} if rest.keys() <= {"interest"}:
            return Party(_option(question, relation), limits.clean(str(rest.get("interest", ""))))
        case _:
            remedy = "write `{relation: partner, interest: ...}`"
            raise _UnfitError(f"{written!r} is not a relation with an interest", remedy)


def write_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, Any]:
    """Write answers in the file format, in the order of the questionnaire; `read_answers` gives the same answers back.

    A list whose gate is unanswered while it has items is written as a list that is not finished.
    """
    written: dict[str, Any] = {}
    for question in questionnaire.questions.values():
        path = AnswerPath(question.id)
        if isinstance(question, Group):
            if (list_ := _write_group(question, answers)) is not None:
                written[question.id] = list_
        elif question.group is None and (answer := answers.get(path)) is not None:
            written[question.id] = _write(answer)
    return written


def _write_group(group: Group, answers: Answers) -> Any:
    gate = answers.get(AnswerPath(group.id))
    items = [_write_item(group, answers, item_id) for item_id in answers.items(group.id)]
    if gate is not None and gate.value is None:
        return _write(gate)
    if gate is not None and gate.value == NONE:
        return []
    if gate is not None and gate.value == COMPLETE and items:
        return items
    if gate is None and not items:
        return None
    return {"items": items, "complete": gate is not None and gate.value == COMPLETE}


def _write_item(group: Group, answers: Answers, item_id: str) -> dict[str, Any]:
    item: dict[str, Any] = {"id": item_id}
    for question in group.questions:
        if (answer := answers.get(AnswerPath(question.id, item_id))) is not None:
            item[question.field] = _write(answer)
    return item


def _write(answer: Answer) -> Any:
    note = {"note": answer.note} if answer.note else {}
    if answer.value is None:
        return {"state": str(answer.state), **note}
    plain = _plain(answer.value)
    return {"state": "answered", "value": plain, **note} if note else plain


def _plain(value: Value) -> Any:
    match value:
        case Party():
            return {"relation": value.relation} | ({"interest": value.interest} if value.interest else {})
        case tuple():
            return list(value)
        case int():
            return value
        case _:
            return str(value)


def entry_line(parent: object, key: object) -> int:
    """Give the line of an entry in what `yaml_source` read; 0 for anything that carries no lines."""
    if isinstance(parent, Mapped):
        return parent.lines.get(str(key), 0)
    return parent.lines[int(str(key))] if isinstance(parent, Listed) else 0
