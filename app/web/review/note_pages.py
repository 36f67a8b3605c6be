"""Working notes on pages: the block beside a case or a flag, all of them, changing one, and asking before one goes."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.cases.views import ProblemLine
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """One note. `about` names its flag where it stands among others; without `edit` it is somebody else's, or frozen."""

    id: str
    title: str
    text: str
    readers: str
    shared: bool
    about: str
    about_url: str
    edit: str
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesView:
    """Notes with the form for one more; without `action` none can be written, and `frozen` says why."""

    lines: tuple[NoteView, ...]
    action: str
    frozen: str
    rule: str
    item: str
    back: str
    all_url: str
    all_count: int
    typed: str
    shared: bool
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesPage(Page):
    """All notes of a case that the reader may read."""

    template: ClassVar[str] = "pages/review/notes.html"
    name: str
    back: str
    notes: NotesView
    problems: tuple[ProblemLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage(Page):
    """Changing a note, or who reads it."""

    template: ClassVar[str] = "pages/review/note.html"
    name: str
    back: str
    action: str
    about: str
    typed: str
    shared: bool
    error: str
    problems: tuple[ProblemLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveNotePage(Page):
    """Asking once before a note goes."""

    template: ClassVar[str] = "pages/review/note_remove.html"
    name: str
    text: str
    shared: bool
    action: str
    cancel: str
