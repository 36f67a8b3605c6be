"""What the pages about sessions show."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.web.pages import Page, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One place where somebody is signed in. `end_url` ends it there; empty for the place that asks."""

    device: str
    origin: str
    started_at: datetime
    seen_at: datetime
    end_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsPage(Page):
    """Where somebody is signed in, this place first."""

    template: ClassVar[str] = "pages/account/sessions.html"
    here: tuple[SessionView, ...]
    elsewhere: tuple[SessionView, ...]
    end_others_url: str
    idle_minutes: int
    hours: int
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionWarningPart(Part):
    """Says that the session is about to end. `minutes` is rounded up; 0: it is over."""

    template: ClassVar[str] = "parts/session_warning.html"
    block: ClassVar[str] = "warning"
    minutes: int
    can_stay: bool
    stay_url: str
