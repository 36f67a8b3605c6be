"""Column types: JSON that is the same text on every engine, personal content that is sealed, and closed lists of words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.crypto.envelope import evened
from app.reviews.decisions import ConclusionKind, Judgement, Openness, Outcome
from app.reviews.independence import Relation
from app.reviews.lifecycle import Action, Role, Step


def canonical(value: Any) -> bytes:
    """Write a value as JSON in exactly one way: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def utc_now() -> datetime:
    """Tell the moment, in UTC. The shell's clock; the core gets time as an argument."""
    return datetime.now(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value kept as canonical text. Nothing ever searches inside it, so a JSON column would gain nothing."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the value; `None` stays NULL."""
        del dialect
        return None if value is None else canonical(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the value back."""
        del dialect
        return None if value is None else orjson.loads(value)


@dataclass(frozen=True, slots=True)
class Sealed:
    """Content as it stands in the database. `plain` is what was sealed; of what was just read it is not known yet."""

    text: bytes
    plain: Any = field(default=None, repr=False)


class SealedType(TypeDecorator[Any]):
    """Content that only stands in the database sealed. It takes nothing else: see `app.store.sealing`."""

    impl = LargeBinary
    cache_ok = True

    def written(self, value: Any) -> bytes:
        """Write content as the bytes that are sealed: canonical JSON, of a length that tells next to nothing."""
        return evened(canonical(value))

    def read(self, text: bytes) -> Any:
        """Read content back from the bytes that were sealed."""
        return orjson.loads(text)

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Give the sealed bytes; `None` stays NULL. Raises TypeError for anything that is not sealed."""
        del dialect
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("content that is not sealed may not be written")
        return value.text

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """Give what stands there, still sealed."""
        del dialect
        return None if value is None else Sealed(bytes(value))


class Content(SealedType):
    """Personal content that is a JSON value. Spaces behind it, which make its length even, mean nothing in JSON."""

    cache_ok = True


class ContentBytes(SealedType):
    """Personal content that is bytes already, such as a document."""

    cache_ok = True

    def written(self, value: bytes) -> bytes:
        """Take it as it is."""
        return value

    def read(self, text: bytes) -> bytes:
        """Give it as it is."""
        return text


class Word(TypeDecorator[StrEnum]):
    """A member of a closed list, kept by its value: adding a member is no migration on any engine."""

    impl = String(40)
    cache_ok = True
    words: type[StrEnum]

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Write the value; a word outside the list raises ValueError before it reaches the database."""
        del dialect
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Read the member back."""
        del dialect
        return None if value is None else self.words(value)


class StepWord(Word):
    """A step of the journey of a case."""

    cache_ok = True
    words = Step


class RoleWord(Word):
    """A role of a person, in an organisation or in a case."""

    cache_ok = True
    words = Role


class ActionWord(Word):
    """An act on a case."""

    cache_ok = True
    words = Action


class OutcomeWord(Word):
    """What was decided about one flag."""

    cache_ok = True
    words = Outcome


class JudgementWord(Word):
    """A reviewer's answer to an open norm."""

    cache_ok = True
    words = Judgement


class OpennessWord(Word):
    """Whether a measure may stand in the council version."""

    cache_ok = True
    words = Openness


class ConclusionWord(Word):
    """A conclusion from the fixed vocabulary."""

    cache_ok = True
    words = ConclusionKind


class RelationWord(Word):
    """What a reviewer declared about the candidate."""

    cache_ok = True
    words = Relation
