"""Components that say the same for everybody are rendered once: why something is asked, what it means, what to choose.

A page with thirty questions is mostly such text. What is remembered depends on nothing but the arguments, and an
argument that can hold what somebody typed is never remembered: see `REMEMBERED`.
"""

from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jinja2.runtime import Macro
from jinja2.utils import missing

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

MOST = 1000
"""How many renderings of one component are kept: every question a few times over."""


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
