"""What the page with files shows to the candidate."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.cases.views import OptionView, ProblemLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file: its name, what it is said to be, and where to get it. With `remove_url` the reader can take it away.

    `about` is the answer it belongs to; `origin` is there for what a reviewer added; `added` says by whom and when.
    """

    filename: str
    subject: str
    size: str
    url: str
    remove_url: str
    about: str
    origin: str
    added: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentsPage(Page):
    """The files of a case, for its candidate: the own ones, and what reviewers added once the candidate may read it."""

    template: ClassVar[str] = "pages/cases/attachments.html"
    files: tuple[AttachmentView, ...]
    theirs: tuple[AttachmentView, ...]
    may_add: bool
    action: str
    most_megabytes: int
    places: tuple[OptionView, ...]
    typed: dict[str, str]
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]
