"""Files with a case as reviewers see them: all of them with the form for one more, and asking before one goes."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.cases.attachment_pages import AttachmentView
from app.web.cases.views import OptionView, ProblemLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage(Page):
    """All files of a case: what reviewers added, and what the candidate did. Without `action` none can be added."""

    template: ClassVar[str] = "pages/review/files.html"
    name: str
    back: str
    ours: tuple[AttachmentView, ...]
    theirs: tuple[AttachmentView, ...]
    action: str
    frozen: str
    most_megabytes: int
    kinds: tuple[OptionView, ...]
    places: tuple[OptionView, ...]
    typed: dict[str, str]
    problems: tuple[ProblemLine, ...]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFilePage(Page):
    """Asking once before a file goes."""

    template: ClassVar[str] = "pages/review/file_remove.html"
    name: str
    subject: str
    filename: str
    action: str
    cancel: str
