"""Every component in every state on one page, for people who build pages. Only in development."""

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from app.web.assets import themes
from app.web.pages import Contact, NavItem, Notice, Page, Part, Shell, SignedIn, is_htmx, render

ADDRESS = "/ontwikkel/componenten"
MOST = 9
"""Characters of the name of an item that this page made itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage(Page):
    """The gallery: its frame shows the menu, a notice and every theme."""

    template: ClassVar[str] = "pages/development/gallery.html"
    themes: tuple[str, ...]
    sample: str
    version: int
    problem: str
    items: tuple[str, ...]
    added: str
    removed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPart(Part):
    """A repeat group: the one that was added gets the focus, what was removed is read aloud."""

    template: ClassVar[str] = "pages/development/gallery.html"
    block: ClassVar[str] = "items"
    items: tuple[str, ...]
    added: str
    removed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPart(Part):
    """The one question of the gallery that is really saved, to try autosave on."""

    template: ClassVar[str] = "pages/development/gallery.html"
    block: ClassVar[str] = "saved_question"
    sample: str
    version: int
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedProgressPart(Part):
    """What is placed beside it, out of band."""

    template: ClassVar[str] = "pages/development/gallery.html"
    block: ClassVar[str] = "saved_progress"
    version: int


def gallery_shell(theme: str) -> Shell:
    """Make a frame with everything in it; all names are invented."""
    return Shell(
        organisation="Provincie Middenland" if theme == "middenland" else "Gemeente Voorbeeldstad",
        theme=theme,
        nav=(
            NavItem(label="Werklijst", href=ADDRESS, current=True, count=3),
            NavItem(label="Rondes", href=ADDRESS),
            NavItem(label="Kandidaten", href=ADDRESS),
            NavItem(label="Instellingen", href=ADDRESS),
        ),
        person=SignedIn(name="Noor van Dijk", role="griffier", sign_out=ADDRESS),
        notice=Notice(kind="ok", title="De uitnodiging is verstuurd", body="Kandidaat Sam Vermeer krijgt een brief."),
        contact=Contact(name="Griffie Voorbeeldstad", phone="0123 45 67 89", email="griffie@voorbeeldstad.example"),
        development=True,
    )


def _gallery(theme: str) -> GalleryPage:
    return GalleryPage(
        shell=gallery_shell(theme),
        themes=themes(),
        sample="",
        version=1,
        problem="",
        items=("i1", "i2"),
        added="",
        removed="",
    )


def gallery_routes() -> APIRouter:
    """Give the routes of the gallery; the application adds them in development mode only."""
    router = APIRouter(prefix=ADDRESS, include_in_schema=False)

    @router.get("")
    def show(thema: str = "default") -> HTMLResponse:
        theme = thema if thema in themes() else "default"
        return render(_gallery(theme))

    @router.post("")
    def save(
        request: Request, sample: Annotated[str, Form()] = "", version: Annotated[int, Form()] = 1
    ) -> HTMLResponse:
        problem = "" if "fout" not in sample else "Haal het woord ‘fout’ weg. Dan kunnen we uw antwoord opslaan."
        saved = version if problem else version + 1
        status = 422 if problem else 200
        if is_htmx(request):
            return render(
                SavedPart(sample=sample, version=saved, problem=problem),
                SavedProgressPart(version=saved),
                status=status,
            )
        return render(replace(_gallery("default"), sample=sample, version=saved, problem=problem), status=status)

    @router.post("/items")
    def change_items(
        request: Request,
        items: Annotated[list[str] | None, Form()] = None,
        add: Annotated[str, Form()] = "",
        remove: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        kept = tuple(item for item in items or () if item != remove)
        numbers = (int(item[1:]) for item in kept if item[1:].isascii() and item[1:].isdecimal() and len(item) < MOST)
        added = f"i{max(numbers, default=0) + 1}" if add else ""
        now = (*kept, added) if added else kept
        if is_htmx(request):
            return render(ItemsPart(items=now, added=added, removed=remove))
        return render(replace(_gallery("default"), items=now, added=added, removed=remove))

    return router
