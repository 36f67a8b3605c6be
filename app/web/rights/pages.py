"""The pages about the rights of a candidate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from app.web.cases.views import FieldView, OptionView, ProblemLine, RowView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopyPage(Page):
    """What the copy of everything holds and what not, with the way to download it."""

    template: ClassVar[str] = "pages/rights/own_copy.html"
    back: str
    file_url: str
    reference: str
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """One request for a correction with what was answered. With `action` it waits for an answer of the reader."""

    id: str
    title: str
    state: str
    kind: str
    rows: tuple[RowView, ...]
    action: str = ""
    is_list: bool = False
    reopens: bool = False
    """Agreeing opens a case again that was concluded."""
    typed: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequestsPage(Page):
    """What the candidate asked to have corrected, and the way to ask for something else."""

    template: ClassVar[str] = "pages/rights/own_requests.html"
    back: str
    here: str
    form_url: str
    requests: tuple[RequestView, ...]
    questions: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage(Page):
    """The form about one answer: what it should be, and why. A list is described in words."""

    template: ClassVar[str] = "pages/rights/ask.html"
    back: str
    action: str
    path: str
    question: str
    about: str
    now: str
    asked: FieldView | None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[ProblemLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage(Page):
    """The requests of a candidate, for those who review the case."""

    template: ClassVar[str] = "pages/rights/requests.html"
    name: str
    back: str
    requests: tuple[RequestView, ...]
    problems: tuple[ProblemLine, ...] = ()
