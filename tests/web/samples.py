"""Makes up a value for any page field from its annotation: always the same one, plain and recognisable."""

import dataclasses
import enum
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from markupsafe import Markup

T = TypeVar("T")

# Text and addresses are one type; "#x" is fine as both. Themes are real names of files.
_BY_NAME = {"theme": "default"}
_PLAIN: dict[Any, tuple[object, object]] = {  # type → (filled, empty)
    str: ("#waarde", "#kort"),
    Markup: (Markup("<b>waarde</b>"), Markup("")),
    int: (2, 0),
    bool: (True, False),
    float: (1.5, 0.0),
    Decimal: (Decimal("12.50"), Decimal(0)),
    date: (date(2026, 3, 12), date(2026, 1, 1)),
    datetime: (datetime(2026, 3, 12, 13, 3, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
    Any: ("#waarde", "#kort"),
    object: ("#waarde", "#kort"),
    type(None): (None, None),
}


def sample(wanted: type[T], *, full: bool) -> T:
    """Make up one value: `full` fills everything, otherwise defaults, None and empty sequences stay as they are."""
    return typing.cast("T", _value(wanted, full=full))


def _value(wanted: Any, *, full: bool) -> object:
    if wanted in _PLAIN:
        return _PLAIN[wanted][0 if full else 1]
    origin = typing.get_origin(wanted)
    if origin is not None:
        return _generic(origin, typing.get_args(wanted), full=full)
    if isinstance(wanted, type) and issubclass(wanted, enum.Enum):
        return list(wanted)[-1 if full else 0]
    if dataclasses.is_dataclass(wanted):
        hints = typing.get_type_hints(wanted)
        return typing.cast("Callable[..., object]", wanted)(
            **{
                field.name: _BY_NAME.get(field.name) or _value(hints[field.name], full=full)
                for field in dataclasses.fields(wanted)
                if field.init and (full or _has_no_default(field))
            }
        )
    raise AssertionError(f"no made-up value for {wanted!r}: give page fields plain types")


def _has_no_default(field: "dataclasses.Field[object]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _generic(origin: Any, arguments: tuple[Any, ...], *, full: bool) -> object:
    if origin is typing.Literal:
        return arguments[-1 if full else 0]
    if origin is typing.Annotated:
        return _value(arguments[0], full=full)
    if origin in {typing.Union, types.UnionType}:
        if not full and type(None) in arguments:
            return None
        return _value(next(one for one in arguments if one is not type(None)), full=full)
    if origin is tuple and arguments[-1] is not ...:
        return tuple(_value(one, full=full) for one in arguments)
    if origin in {tuple, list, set, frozenset, Sequence}:
        made = [_value(arguments[0], full=full)] if full else []
        return made if origin is Sequence else origin(made)
    if origin in {dict, Mapping}:
        return {_value(arguments[0], full=True): _value(arguments[1], full=full)} if full else {}
    raise AssertionError(f"no made-up value for {origin!r}: give page fields plain types")
