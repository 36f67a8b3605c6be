"""The page with the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLineView:
    """One line as an auditor reads it."""

    number: int
    when: str
    who: str
    what: str
    thing: str
    case: str
    origin: str
    result: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage(Page):
    """The lines of an organisation, with a filter, and whether the log is whole."""

    template: ClassVar[str] = "pages/log/log.html"
    action: str
    state: tuple[RowView, ...]
    broken: bool
    lines: tuple[LogLineView, ...]
    people: tuple[OptionView, ...]
    actions: tuple[OptionView, ...]
    results: tuple[OptionView, ...]
    filtered: bool
    older_url: str
    newest_url: str
    csv_url: str
    json_url: str
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[ProblemLine, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
