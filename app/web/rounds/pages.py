"""The pages of whoever prepares cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.letters import LetterPart
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """Something that waits for the reader."""

    name: str
    what: str
    step: str
    due: date | None
    late: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorklistPage(Page):
    """What waits for me."""

    template: ClassVar[str] = "pages/rounds/worklist.html"
    greeting: str
    waiting: tuple[WaitingView, ...]
    others: tuple[WaitingView, ...]
    waiting_shown: str
    others_shown: str
    page: int
    pages: int
    rounds_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundLineView:
    """A round on one line."""

    title: str
    href: str
    appointment: date | None
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsPage(Page):
    """All rounds of the organisation."""

    template: ClassVar[str] = "pages/rounds/rounds.html"
    rounds: tuple[RoundLineView, ...]
    new_url: str
    agreements_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoundPage(Page):
    """Opening a round."""

    template: ClassVar[str] = "pages/rounds/new_round.html"
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]
    title: str
    appointment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLineView:
    """A case on one line of a round."""

    name: str
    href: str
    office: str
    step: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineView:
    """A date counted from the appointment; `when` has it in words, `norm` the article it follows from."""

    title: str
    when: str
    norm: str
    owner: str
    why: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage(Page):
    """One round: its candidates and its dates."""

    template: ClassVar[str] = "pages/rounds/round.html"
    title: str
    appointment: date | None
    cases: tuple[CaseLineView, ...]
    deadlines: tuple[DeadlineView, ...]
    add_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFormPage(Page):
    """Adding a candidate, or changing what is known about the case."""

    template: ClassVar[str] = "pages/rounds/case_form.html"
    heading: str
    action: str
    cancel: str
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]
    name: str
    email: str
    full_time: str
    portfolio: tuple[str, ...]
    replacement: tuple[str, ...]
    policy_fields: tuple[OptionView, ...]
    appointment: str
    legal_frame: str
    scope: str
    reappointment: str
    colleagues: tuple[OptionView, ...]
    reviewers: tuple[str, ...]
    editing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """Something that can be done with a case now."""

    label: str
    href: str
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """A line of the timeline of a case."""

    when: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class StuckMailView:
    """A mail of the case that is not out: what to know, and whether somebody has to do something."""

    title: str
    text: str
    given_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(Page):
    """One case: where it stands, what can be done, the dates, who takes part, what happened."""

    template: ClassVar[str] = "pages/rounds/case.html"
    name: str
    reference: str
    step: str
    kind: str
    round_title: str
    round_url: str
    facts: tuple[RowView, ...]
    actions: tuple[ActionView, ...]
    deadlines: tuple[DeadlineView, ...]
    members: tuple[RowView, ...]
    colleagues: tuple[OptionView, ...]
    assign_url: str
    remind_url: str
    begin_again_url: str
    link_url: str
    keeping_url: str
    independence_url: str
    documents: tuple[RowView, ...]
    closed: str
    closed_url: str
    stuck_mails: tuple[StuckMailView, ...]
    timeline: tuple[EventView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePage(Page):
    """The letter as the candidate will get it, before it goes out."""

    template: ClassVar[str] = "pages/rounds/invite.html"
    name: str
    email: str
    subject: str
    letter: tuple[LetterPart, ...]
    action: str
    cancel: str
    again: bool
    links: bool
    mails_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedPage(Page):
    """The invitation went out; the code is shown once."""

    template: ClassVar[str] = "pages/rounds/invited.html"
    name: str
    code: str
    by_mail: bool
    until: date
    case_url: str
    mailbox_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage(Page):
    """The link of a candidate: taking it back, or sending a new one after that."""

    template: ClassVar[str] = "pages/rounds/link.html"
    name: str
    revoked: bool
    action: str
    cancel: str
    other: str
    error: str = ""
    reason: str = ""
    again: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLinksPage(Page):
    """Whether mails to candidates carry links."""

    template: ClassVar[str] = "pages/rounds/mail_links.html"
    links: bool
    example: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysField:
    """How many days before the appointment something should be done."""

    name: str
    label: str
    value: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementsPage(Page):
    """Whom people can call, and how far before the appointment each step is planned."""

    template: ClassVar[str] = "pages/rounds/agreements.html"
    action: str
    typed: Mapping[str, str]
    days: tuple[DaysField, ...]
    margin: DaysField
    problems: tuple[ProblemLine, ...]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomePage(Page):
    """Recording what the council decided."""

    template: ClassVar[str] = "pages/rounds/outcome.html"
    name: str
    council: str
    action: str
    cancel: str
    problems: tuple[ProblemLine, ...]
    on: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonPage(Page):
    """An act that needs a written reason: reopening a case, going back a step."""

    template: ClassVar[str] = "pages/rounds/reason.html"
    heading: str
    text: str
    button: str
    action: str
    cancel: str
    error: str
    reason: str
    needs_reason: bool
