"""The pages of a rehearsal. `bundle` is everything somebody filled in: it travels with the form, and only there."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.cases.views import InsightView, NormView, OptionView, ProblemLine, QuestionView, RowView, SubjectLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalStartPage(Page):
    """What a rehearsal is, where nothing stays, and how to begin or go on with a file."""

    template: ClassVar[str] = "pages/rehearsal/start.html"
    authorities: tuple[OptionView, ...]
    authority: str
    error: str
    file_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalOfficePage(Page):
    """The office somebody thinks of: portfolio, time, date and law."""

    template: ClassVar[str] = "pages/rehearsal/office.html"
    bundle: str
    authority: str
    authority_label: str
    fields: tuple[OptionView, ...]
    portfolio: tuple[str, ...]
    full_time: str
    appointment: str
    reappointment: str
    scope: str
    legal_frame: str
    problems: tuple[ProblemLine, ...]
    appointment_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalLine:
    """A section in the overview; `go` is where its button leads."""

    title: str
    go: str
    status: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalOverviewPage(Page):
    """Every section, the way to the result, and the file."""

    template: ClassVar[str] = "pages/rehearsal/overview.html"
    bundle: str
    case: tuple[RowView, ...]
    sections: tuple[RehearsalLine, ...]
    answered: int
    total: int
    left_out: tuple[str, ...]
    subjects: tuple[SubjectLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalItem:
    """One item of a list as a card; `edit` and `remove` are where its buttons lead."""

    title: str
    id: str
    rows: tuple[RowView, ...]
    edit: str
    remove: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalPlace:
    """A question on a page, or a list with its items; never both."""

    place: QuestionView
    noun: str
    items: tuple[RehearsalItem, ...]
    add: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalSectionPage(Page):
    """The questions of one section, or about one item of a list."""

    template: ClassVar[str] = "pages/rehearsal/section.html"
    bundle: str
    here: str
    title: str
    intro: str
    number: int
    count: int
    noun: str
    places: tuple[RehearsalPlace, ...]
    problems: tuple[ProblemLine, ...]
    appeared: int
    full: bool
    answered: int
    total: int
    forward: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalRemovePage(Page):
    """Asks once before an item goes: nothing here is kept, so it does not come back."""

    template: ClassVar[str] = "pages/rehearsal/remove.html"
    bundle: str
    title: str
    noun: str
    go: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalFlag:
    """What one rule says, whole."""

    insight: InsightView
    id: str
    subject: str
    href: str
    proposal: bool
    quotes: tuple[tuple[str, str], ...]
    norms: tuple[NormView, ...]
    consequence: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalResultPage(Page):
    """What the rules say about everything that was filled in."""

    template: ClassVar[str] = "pages/rehearsal/result.html"
    bundle: str
    case: tuple[RowView, ...]
    certain: tuple[RehearsalFlag, ...]
    possible: tuple[RehearsalFlag, ...]
    waiting: int
    answered: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverFilePage(Page):
    """Asks a candidate for the file of their rehearsal."""

    template: ClassVar[str] = "pages/rehearsal/take_over_file.html"
    action: str
    crumbs: tuple[RowView, ...]
    back: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverItem:
    """Something of a list that would be added; `beside` other things in that list; `refused` while the case says "no"."""

    title: str
    rows: tuple[RowView, ...]
    beside: bool
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferingLine:
    """An answer that stands in the case and says something else than the file."""

    label: str
    now: str
    in_file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverPage(Page):
    """What taking over would do, before it is done; with `done`, what could not be."""

    template: ClassVar[str] = "pages/rehearsal/take_over.html"
    action: str
    crumbs: tuple[RowView, ...]
    back: str
    answers: str
    version: int
    warning: str
    done: bool
    empty: bool
    new: tuple[RowView, ...]
    items: tuple[TakeOverItem, ...]
    differing: tuple[DifferingLine, ...]
    same: int
    left_out: tuple[str, ...]
    untold: tuple[str, ...]
