"""Every component in every state on one page, for people who build pages. Only in development."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from app.web.assets import themes
from app.web.pages import Contact, NavItem, Notice, Page, Part, Shell, SignedIn, render

ADDRESS = "/ontwikkel/componenten"


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage(Page):
    """The gallery: its frame shows the menu, a notice and every theme."""

    template: ClassVar[str] = "pages/development/gallery.html"
    themes: tuple[str, ...]
    sample: str
    version: int
    problem: str


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


def gallery_routes() -> APIRouter:
    """Give the routes of the gallery; the application adds them in development mode only."""
    router = APIRouter(prefix=ADDRESS, include_in_schema=False)

    @router.get("")
    def show(thema: str = "default") -> HTMLResponse:
        theme = thema if thema in themes() else "default"
        return render(GalleryPage(shell=gallery_shell(theme), themes=themes(), sample="", version=1, problem=""))

    @router.post("")
    def save(
        request: Request, sample: Annotated[str, Form()] = "", version: Annotated[int, Form()] = 1
    ) -> HTMLResponse:
        problem = "" if "fout" not in sample else "Haal het woord ‘fout’ weg. Dan kunnen we uw antwoord opslaan."
        saved = version if problem else version + 1
        status = 422 if problem else 200
        if request.headers.get("hx-request") == "true":
            return render(
                SavedPart(sample=sample, version=saved, problem=problem),
                SavedProgressPart(version=saved),
                status=status,
            )
        shell = gallery_shell("default")
        page = GalleryPage(shell=shell, themes=themes(), sample=sample, version=saved, problem=problem)
        return render(page, status=status)

    return router
