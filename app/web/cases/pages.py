"""The pages and parts of the candidate."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from markupsafe import Markup

from app.web.cases.views import (
    AttachedView,
    NormView,
    OptionView,
    ProblemLine,
    QuestionView,
    RowView,
    SectionLine,
    SubjectLine,
)
from app.web.pages import Contact, Page, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterPage(Page):
    """The door: somebody with an invitation link types the code that came by another way."""

    template: ClassVar[str] = "pages/cases/enter.html"
    organisation: str
    contact: Contact
    action: str
    state: str
    error: str = ""
    back_to: str = ""
    kept: tuple[tuple[str, str], ...] = ()
    way: str = ""
    passkey: bool = False
    first: bool = False
    """The code comes before the one of the app: too many of those were wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage(Page):
    """The door for who types: the reference from a mail. `known` is the door that this browser came in by before."""

    template: ClassVar[str] = "pages/cases/reference.html"
    typed: str
    error: str
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLinkPage(Page):
    """Asking for a link by mail. `asked` thanks without telling whether there is such a candidate."""

    template: ClassVar[str] = "pages/cases/ask_link.html"
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePage(Page):
    """Link and code were right: how the candidate gets in from now on."""

    template: ClassVar[str] = "pages/account/choose.html"
    error: str
    back_to: str
    kept: tuple[tuple[str, str], ...]
    passkey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCodePage(Page):
    """The candidate types a code: one that was mailed, one of the `app`, or the first of a new app, whose `picture` is shown."""

    template: ClassVar[str] = "pages/account/own_code.html"
    error: str
    back_to: str
    kept: tuple[tuple[str, str], ...]
    picture: Markup
    secret: str
    mailbox: str
    app: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWayPage(Page):
    """How the candidate gets in now. Without `fresh` the page says to sign in again first."""

    template: ClassVar[str] = "pages/account/own_way.html"
    way: str
    fresh: bool
    action: str
    door: str
    back_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(Page):
    """Home of the candidate: what this is for, what rights there are, and the task list."""

    template: ClassVar[str] = "pages/cases/start.html"
    organisation: str
    office: str
    principal: str
    clerk: str
    """Who does not read the answers, because the organisation closed them; empty otherwise."""
    council: str
    due: date | None
    sections: tuple[SectionLine, ...]
    minutes_left: int
    answered: int
    total: int
    can_answer: bool
    corrections: int
    check_url: str
    status_url: str
    take_over_url: str
    """Where answers of a rehearsal can be taken over; empty when that cannot be done now."""
    subjects: tuple[SubjectLine, ...]
    """What the candidate may tell more about; `act` is the address that takes the choice."""
    can_choose: bool
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage(Page):
    """The questions of one section, or about one item of a group, with what the answers bring to light.

    For an item `noun` names it ("onderneming") and `number` is 0; for a section `noun` is empty.
    """

    template: ClassVar[str] = "pages/cases/section.html"
    title: str
    intro: str
    noun: str
    number: int
    count: int
    minutes: int
    places: tuple[QuestionView, ...]
    problems: tuple[ProblemLine, ...]
    appeared: int
    answered: int
    total: int
    saved: str
    action: str
    crumbs: tuple[RowView, ...]
    back: str
    back_label: str
    writable: bool
    attached: tuple[AttachedView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPart(Part):
    """One question again, after it was saved, or after another answer made it appear or disappear."""

    template: ClassVar[str] = "parts/section.html"
    block: ClassVar[str] = "question"
    place: QuestionView
    writable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightsPart(Part):
    """What an answer brings to light, beside its question."""

    template: ClassVar[str] = "parts/section.html"
    block: ClassVar[str] = "insights"
    place: QuestionView

    @property
    def empty(self) -> bool:
        """Nothing comes to light here."""
        return not self.place.asked and not self.place.insights


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionProgressPart(Part):
    """How far the candidate is in this section."""

    template: ClassVar[str] = "parts/section.html"
    block: ClassVar[str] = "progress"
    answered: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveItemPage(Page):
    """Asks once before an item disappears."""

    template: ClassVar[str] = "pages/cases/remove.html"
    title: str
    noun: str
    action: str
    cancel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedItemPage(Page):
    """Somebody answered about an item that was removed meanwhile: what was typed, and the way to bring it back.

    `kept` holds every field of the form as name and value, `rows` what people filled in, in words they recognise.
    """

    template: ClassVar[str] = "pages/cases/removed.html"
    rows: tuple[RowView, ...]
    kept: tuple[tuple[str, str], ...]
    action: str
    cancel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSection:
    """A section on the page that shows all answers."""

    title: str
    rows: tuple[RowView, ...]
    items: tuple[tuple[str, tuple[RowView, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    """All answers on one page, and the declaration with which they are sent."""

    template: ClassVar[str] = "pages/cases/check.html"
    sections: tuple[CheckedSection, ...]
    open_count: int
    matter: tuple[OptionView, ...]
    """Open questions that can still change a signal; the id is the address where each can be answered."""
    action: str
    back: str
    problems: tuple[ProblemLine, ...]
    truthful: bool
    will_report: bool
    can_submit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedPage(Page):
    """The end: what was sent, what happens next, and the receipt."""

    template: ClassVar[str] = "pages/cases/submitted.html"
    number: str
    at: datetime
    receipt_url: str
    status_url: str
    principal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedView:
    """Somebody opened the file."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step of the journey, done, current or to come."""

    label: str
    state: Literal["done", "current", "todo"]
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPage(Page):
    """How the case stands, the dates, and who opened the file and when."""

    template: ClassVar[str] = "pages/cases/status.html"
    step: str
    steps: tuple[StepView, ...]
    dates: tuple[RowView, ...]
    opened: tuple[OpenedView, ...]
    reviewers: tuple[RowView, ...]
    withdraw_url: str
    can_withdraw: bool
    keeping_url: str
    copy_url: str
    correct_url: str
    way_url: str
    back: str
    hearing_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPage(Page):
    """Withdrawing, with its consequences, before it is done; with `sure`, the question that is asked once more."""

    template: ClassVar[str] = "pages/cases/withdraw.html"
    action: str
    cancel: str
    reason: str
    sure: bool
    happens: tuple[str, ...]
    stays: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """A point of the concept report, to which the candidate may reply."""

    id: str
    rule: str
    item: str
    title: str
    severity: int
    certain: bool
    text: str
    finding: str
    advice: str
    norms: tuple[NormView, ...]
    reply: str
    replied_at: datetime | None
    action: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingPage(Page):
    """The concept report: every point with the finding, and room for the candidate's own view."""

    template: ClassVar[str] = "pages/cases/hearing.html"
    points: tuple[PointView, ...]
    until: date | None
    can_reply: bool
    back: str
    response: str
    response_action: str
    response_error: str
    files: tuple[RowView, ...]
    """What reviewers added."""
    files_url: str
