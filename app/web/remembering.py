"""Components that say the same for everybody are rendered once: why something is asked, what it means, what to choose.

A page with thirty questions is mostly such text. What is remembered depends on nothing but the arguments, and an
argument that can hold what somebody typed is never remembered: see `REMEMBERED`.
"""

from collections.abc import Hashable
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jinja2.runtime import Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

from app.web.cases.views import MARKS, FieldView

REMEMBERED = MappingProxyType(
    {
        "why": (),
        "terms": (),
        "icon": (),
        "yes_no": ("error",),
        "radios": ("error",),
        "checkboxes": ("error",),
        "select": ("error",),
        "answer_state": (),
        "remark": ("note",),
        "text_field": ("value", "error"),
        "text_area": ("value", "error"),
    }
)
"""The components that are remembered, each with the arguments that can hold what somebody typed: only while those are
empty. The other arguments come from the questionnaire, or are an option of it."""

MOST_OUTLINES = 2000
"""How many outlines are kept: every question of four kinds of authority with its usual answers."""

MOST = 1000
"""How many renderings of one component are kept: every question a few times over."""


OUTLINED = "asked"
"""The component of a whole question: remembered as an outline, with marks where people differ."""


class Outlined(Macro):
    """A macro over one `FieldView` that keeps what it rendered for the outline of a question, and fills it in."""

    def __init__(self, macro: Macro) -> None:
        """Stand in for `macro`, whose first argument is the question."""
        vars(self).update(vars(macro))
        self._outlines: dict[tuple[Hashable, ...], tuple[str, ...]] = {}

    @property
    def kept(self) -> int:
        """How many outlines are remembered now."""
        return len(self._outlines)

    def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: FBT001 - how the template engine passes it on
        field: FieldView = arguments[0]
        shape = field.shape
        if shape is None:
            return super()._invoke(arguments, autoescape)
        key = (shape, autoescape, *arguments[1:])
        parts = self._outlines.get(key)
        if parts is None:
            if len(self._outlines) >= MOST_OUTLINES:
                self._outlines.clear()
            parts = tuple(MARKS.split(super()._invoke([field.outline, *arguments[1:]], autoescape)))
            self._outlines[key] = parts
        # Every second part is a mark, for the pattern has one group. What people typed is escaped on its way in.
        filled = list(parts)
        filling = {mark: str(escape(text)) for mark, text in field.filling.items() if text}
        filled[1::2] = [filling.get(mark, "") for mark in parts[1::2]]
        return Markup("".join(filled))  # noqa: S704 - our own template, and escaped just now


class Remembered(Macro):
    """A macro that keeps what it rendered, for arguments that can be compared."""

    def __init__(self, macro: Macro, typed: tuple[str, ...]) -> None:
        """Stand in for `macro`; `typed` names the arguments that must be empty to remember."""
        vars(self).update(vars(macro))
        self._typed = tuple(macro.arguments.index(name) for name in typed)
        self._kept = lru_cache(maxsize=MOST, typed=True)(self._render)

    @property
    def kept(self) -> int:
        """How many renderings are remembered now."""
        return self._kept.cache_info().currsize

    def _render(self, autoescape: bool, *arguments: Any) -> str:  # noqa: FBT001 - how the template engine passes it on
        return super()._invoke(list(arguments), autoescape)

    def _invoke(self, arguments: list[Any], autoescape: bool) -> str:  # noqa: FBT001 - same
        if any(arguments[place] and arguments[place] is not missing for place in self._typed):
            return super()._invoke(arguments, autoescape)
        try:
            return self._kept(autoescape, *arguments)
        except TypeError:  # an argument that cannot be compared, such as a list
            return super()._invoke(arguments, autoescape)
