"""The pages about keeping and destroying."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.pages import Page
from app.web.rounds.pages import EventView


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPartView:
    """One kind of record of a case: in words from when it may go, and how that stands. Empty when there is none."""

    when: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """One case in the list: no name, only its mark."""

    reference: str
    ended: str
    case: KeptPartView
    council: KeptPartView
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedView:
    """One destruction, with the address of its declaration."""

    reference: str
    what: str
    when: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftView:
    """A document that is left of a case that was destroyed."""

    title: str
    when: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingListPage(Page):
    """Every case with an outcome, the policy, and what was destroyed."""

    template: ClassVar[str] = "pages/keeping/list.html"
    policy: tuple[RowView, ...]
    policy_url: str
    policy_history: tuple[EventView, ...]
    cases: tuple[KeptView, ...]
    destroyed: tuple[DestroyedView, ...]
    left: tuple[LeftView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermField:
    """One line of the form for the policy."""

    name: str
    label: str
    months: str
    start: str
    category: str
    error: str
    asks_start: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage(Page):
    """The form for the policy of an organisation."""

    template: ClassVar[str] = "pages/keeping/policy.html"
    action: str
    cancel: str
    selection_list: str
    warn_days: str
    choices: tuple[str, ...]
    reason: str
    terms: tuple[TermField, ...]
    problems: tuple[ProblemLine, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequestView:
    """A request that waits for a second person."""

    id: str
    title: str
    text: str
    action: str
    own: bool
    destroys: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKeepingPage(Page):
    """How long one case is kept, and everything that can be asked about it."""

    template: ClassVar[str] = "pages/keeping/case.html"
    name: str
    back: str
    facts: tuple[RowView, ...]
    waiting: tuple[OpenRequestView, ...]
    history: tuple[EventView, ...]
    asks: tuple[OptionView, ...]
    ask_url: str
    ask_hint: str
    date_hint: str
    left_url: str
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[ProblemLine, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKeepingPage(Page):
    """How long the candidate's own case is kept, and the choice after withdrawing."""

    template: ClassVar[str] = "pages/keeping/own.html"
    back: str
    facts: tuple[RowView, ...]
    known: bool
    choices: tuple[OptionView, ...]
    choice: str
    action: str
    copy_url: str
    receive_url: str
    """Where the candidate confirms to have received everything; empty when there is nothing to confirm."""
    error: str = ""
    receive_error: str = ""
