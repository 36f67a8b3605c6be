"""The pages about the rights of a candidate."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopyPage(Page):
    """What the copy of everything holds and what not, with the way to download it."""

    template: ClassVar[str] = "pages/rights/own_copy.html"
    back: str
    file_url: str
    reference: str
    left_out: tuple[tuple[str, str], ...]
