"""What the pages about signing in through the organisation show."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnRefusedPage(Page):
    """Signing in through the organisation did not work: why, and how to try again."""

    template: ClassVar[str] = "pages/account/sign_on_refused.html"
    message: str
    again_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutPage(Page):
    """Signed out here; `address` signs out at the organisation too."""

    template: ClassVar[str] = "pages/account/signed_out.html"
    address: str
