"""What was answered: an immutable mapping from question to answer.

An answer is in one of three states; a question without an answer is *unanswered*, and whether a question is asked at
all is not stored but computed (`relevance`). Items of a group have ids that never change and are never reused.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.errors import NotFound

_PATH = re.compile(r"(?P<question>[a-z][a-z0-9_]*)(?:\[(?P<item>[a-z0-9]{1,12})\])?(?:\.(?P<field>[a-z][a-z0-9_]*))?")
_ITEM = re.compile(r"[a-z0-9]{1,12}")

NONE, OPEN_LIST, COMPLETE = "no", "yes", "complete"
"""What the gate of a group can say: there are none; there are some, the list is still open; the list is complete."""


@dataclass(frozen=True, slots=True, order=True)
class AnswerPath:
    """The place of one answer: a question, and which item it is about when the question belongs to a group.

    Written `vog_status`, `companies` (the group itself) and `companies[co1].share_pct`; `companies[co1]` is the item.
    """

    question: str
    item: str | None = None

    @classmethod
    def parse(cls, text: str) -> "AnswerPath":
        """Read a path as `str` writes it. Raises NotFound for anything else: such an answer cannot exist."""
        match = _PATH.fullmatch(text)
        if match is None or (match["field"] is not None and match["item"] is None):
            raise NotFound(f"no answer can stand at {text[:80]!r}")
        question = match["question"] if match["field"] is None else f"{match['question']}.{match['field']}"
        return cls(question, match["item"])

    def __str__(self) -> str:
        if self.item is None:
            return self.question
        group, dot, name = self.question.partition(".")
        return f"{group}[{self.item}]{dot}{name}"

    @property
    def group(self) -> str:
        """The group this path lies in; for a question at the top level, the question itself."""
        return self.question.partition(".")[0]


class AnswerState(StrEnum):
    """What somebody did with a question they were asked."""

    ANSWERED = "answered"
    DOES_NOT_KNOW = "does_not_know"
    ORAL = "oral"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `value` is there exactly when the state is *answered*; `note` is a remark in the person's own words."""

    state: AnswerState
    value: Value | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if (self.state is AnswerState.ANSWERED) == (self.value is None):
            raise ValueError("a value belongs to the state `answered`, and only to that")

    def to_jsonable(self) -> dict[str, Any]:
        """Give the answer as plain JSON; `from_jsonable` reads it back unchanged."""
        plain: dict[str, Any] = {"state": str(self.state)}
        if self.value is not None:
            plain["value"] = value_to_jsonable(self.value)
        if self.note:
            plain["note"] = self.note
        return plain

    @classmethod
    def from_jsonable(cls, stored: Mapping[str, Any]) -> "Answer":
        """Read back what `to_jsonable` gave. Anything else is a bug and raises ValueError, KeyError or TypeError."""
        value = value_from_jsonable(stored["value"]) if "value" in stored else None
        return cls(AnswerState(stored["state"]), value, stored.get("note", ""))


def answered(value: Value, note: str = "") -> Answer:
    """Make the ordinary answer: a value."""
    return Answer(AnswerState.ANSWERED, value, note)


def value_to_jsonable(value: Value) -> Any:
    """Give a value as plain JSON that still tells its type: a date is `{"date": …}`, a percentage `{"decimal": …}`."""
    match value:
        case str() | int():
            return value
        case tuple():
            return list(value)
        case Decimal():
            return {"decimal": str(value)}
        case PartialDate():
            return {"date": str(value)}
        case _:
            return {"party": {"relation": value.relation, "interest": value.interest}}


def value_from_jsonable(stored: Any) -> Value:
    """Read back what `value_to_jsonable` gave; raises ValueError for anything else."""
    match stored:
        case bool():
            raise ValueError("a truth value is stored as yes or no")
        case str() | int():
            return stored
        case list():
            return tuple(str(option) for option in stored)
        case {"decimal": str(number)}:
            return Decimal(number)
        case {"date": str(date)}:
            return PartialDate.parse(date)
        case {"party": {"relation": str(relation), "interest": str(interest)}}:
            return Party(relation, interest)
        case _:
            raise ValueError(f"not a stored value: {stored!r}")


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything one person answered. Never changes: `put`, `clear`, `add_item`, `remove_item` give new answers.

    It knows nothing of the questionnaire: who puts an answer here has checked that the question exists (`decoding`).
    """

    given: Mapping[AnswerPath, Answer] = field(default_factory=dict)
    item_ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[tuple[AnswerPath, Answer]]:
        return iter(self.given.items())

    def __len__(self) -> int:
        return len(self.given)

    def get(self, path: AnswerPath) -> Answer | None:
        """Give the answer at this path, or `None` when the question is unanswered."""
        return self.given.get(path)

    def value(self, path: AnswerPath) -> Value | None:
        """Give the value at this path; `None` when unanswered, not known or kept for the conversation."""
        answer = self.given.get(path)
        return None if answer is None else answer.value

    def items(self, group: str) -> tuple[str, ...]:
        """Give the ids of the items of a group, in the order in which they were added."""
        return self.item_ids.get(group, ())

    def put(self, path: AnswerPath, answer: Answer) -> "Answers":
        """Answer a question. Raises NotFound when the path names an item that does not exist."""
        self._require_item(path)
        return Answers({**self.given, path: answer}, self.item_ids)

    def put_all(self, many: Iterable[tuple[AnswerPath, Answer]]) -> "Answers":
        """Answer several questions at once; the same as `put` one by one."""
        given = dict(self.given)
        for path, answer in many:
            self._require_item(path)
            given[path] = answer
        return Answers(given, self.item_ids)

    def clear(self, path: AnswerPath) -> "Answers":
        """Make a question unanswered again. Raises NotFound when the path names an item that does not exist."""
        self._require_item(path)
        return Answers({at: answer for at, answer in self.given.items() if at != path}, self.item_ids)

    def add_item(self, group: str, item_id: str) -> "Answers":
        """Add an empty item at the end of a group. Adding one that is there already changes nothing."""
        if not _ITEM.fullmatch(item_id):
            raise ValueError(f"not an item id: {item_id!r}")
        if item_id in self.items(group):
            return self
        return Answers(self.given, {**self.item_ids, group: (*self.items(group), item_id)})

    def remove_item(self, group: str, item_id: str) -> "Answers":
        """Remove an item with everything answered about it. Raises NotFound when it does not exist."""
        self._require_item(AnswerPath(group, item_id))
        left = tuple(item for item in self.items(group) if item != item_id)
        item_ids = {name: ids for name, ids in self.item_ids.items() if name != group} | ({group: left} if left else {})
        given = {at: answer for at, answer in self.given.items() if (at.group, at.item) != (group, item_id)}
        return Answers(given, item_ids)

    def to_jsonable(self) -> dict[str, Any]:
        """Give everything as plain JSON, in an order that depends on the content alone."""
        return {
            "items": {group: list(ids) for group, ids in sorted(self.item_ids.items())},
            "given": {str(path): answer.to_jsonable() for path, answer in sorted(self.given.items(), key=_as_text)},
        }

    @classmethod
    def from_jsonable(cls, stored: Mapping[str, Any]) -> "Answers":
        """Read back what `to_jsonable` gave. Anything else is a bug and raises."""
        given = {AnswerPath.parse(path): Answer.from_jsonable(answer) for path, answer in stored["given"].items()}
        return cls(given, {group: tuple(ids) for group, ids in stored["items"].items()})

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON: the same answers always have the same digest."""
        canonical = json.dumps(self.to_jsonable(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def _require_item(self, path: AnswerPath) -> None:
        if path.item is not None and path.item not in self.items(path.group):
            raise NotFound(f"no item {path.item!r} in {path.group!r}")


def _as_text(entry: tuple[AnswerPath, Answer]) -> str:
    return str(entry[0])
