"""What the page with files shows."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.cases.views import ProblemLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file: its name, what it is said to be, and where to get or remove it."""

    filename: str
    subject: str
    size: str
    url: str
    remove_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentsPage(Page):
    """The files of a case, for its candidate."""

    template: ClassVar[str] = "pages/cases/attachments.html"
    files: tuple[AttachmentView, ...]
    may_add: bool
    action: str
    most_megabytes: int
    subject: str
    problems: tuple[ProblemLine, ...]
    file_error: str
    subject_error: str
