"""The pages of an administrator: who has an account, who tried to get in, and who asks to let somebody begin again."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.web.cases.views import OptionView, ProblemLine, RowView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLineView:
    """Somebody on one line; `state` in words, `kind` is the look of its badge."""

    name: str
    href: str
    role: str
    state: str
    kind: str
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(Page):
    """Everybody with an account. Without `inviting` accounts come from elsewhere; `waiting` counts requests to decide on."""

    template: ClassVar[str] = "pages/people/people.html"
    people: tuple[PersonLineView, ...]
    inviting: bool
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteErrors:
    """What is wrong with each field; empty when nothing is."""

    name: str = ""
    email: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePersonPage(Page):
    """Inviting a colleague."""

    template: ClassVar[str] = "pages/people/invite.html"
    problems: tuple[ProblemLine, ...]
    errors: InviteErrors
    name: str
    email: str
    role: str
    roles: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErrors:
    """What is wrong with each field of an account; empty when nothing is."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage(Page):
    """One account: its role, whether it is on, and a way to begin again.

    `waits` says what was asked already; without a `second_pair` nobody can agree, so nothing can be asked. With
    `elsewhere` the organisation lets this person in and gives the role, so there is nothing of the kind to do here.
    """

    template: ClassVar[str] = "pages/people/person.html"
    problems: tuple[ProblemLine, ...]
    errors: PersonErrors
    base: str
    name: str
    email: str
    role: str
    role_title: str
    roles: tuple[OptionView, ...]
    state: str
    active: bool
    begun: bool
    elsewhere: bool
    oneself: bool
    app: bool
    passkeys: int
    recovery_codes: int
    invited_until: datetime | None
    reason: str
    waits: tuple[RowView, ...]
    second_pair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOverView:
    """A request to let a colleague begin again; `base` is the address of what can be done with it."""

    name: str
    rows: tuple[RowView, ...]
    base: str
    may_decide: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOverPage(Page):
    """The requests that wait, for administrators and the principal."""

    template: ClassVar[str] = "pages/people/starting_over.html"
    waiting: tuple[StartOverView, ...]
    people_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsLineView:
    """What one person may, since when, and who gave it."""

    name: str
    role: str
    special: bool
    since: datetime
    given_by: str
    proof: str
    last: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsPage(Page):
    """Who has which rights, special ones first."""

    template: ClassVar[str] = "pages/people/rights.html"
    lines: tuple[RightsLineView, ...]
    file_url: str
    people_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailuresPage(Page):
    """Failed attempts, newest first: when, whose account, what went wrong, and from which address."""

    template: ClassVar[str] = "pages/people/failures.html"
    attempts: tuple[tuple[str, str, str, str], ...]
    at_nobody: int
