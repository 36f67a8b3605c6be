"""The page that shows the council version before it is made."""

from dataclasses import dataclass
from typing import ClassVar

from app.dossiers.blocks import Dossier
from app.web.cases.views import RowView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(Page):
    """The blocks of a document, as the Word file will hold them."""

    template: ClassVar[str] = "pages/dossier/preview.html"
    dossier: Dossier
    crumbs: tuple[RowView, ...]
    make_url: str
    send_url: str
