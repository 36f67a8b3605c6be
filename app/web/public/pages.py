"""The pages that need no sign-in."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.cases.views import TermView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage(Page):
    """What Toetssteen is and is not."""

    template: ClassVar[str] = "pages/public/about.html"
    version: str
    rules: int
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage(Page):
    """What happens with what people fill in."""

    template: ClassVar[str] = "pages/public/privacy.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityPage(Page):
    """What was done for accessibility, and where to report a problem."""

    template: ClassVar[str] = "pages/public/accessibility.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryPage(Page):
    """The words we use, explained."""

    template: ClassVar[str] = "pages/public/glossary.html"
    terms: tuple[TermView, ...]
