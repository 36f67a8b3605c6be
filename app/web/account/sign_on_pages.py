"""What the pages about signing in through the organisation show."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOnRefusedPage(Page):
    """Signing in through the organisation did not work: why, and how to try again.

    `out_url` signs out there, for who was somebody else there; empty when that is not the matter, or not offered.
    """

    template: ClassVar[str] = "pages/account/sign_on_refused.html"
    message: str
    again_url: str
    out_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPage(Page):
    """Going to the organisation, to join one's account to who one is there; `name` is how it is called."""

    template: ClassVar[str] = "pages/account/join.html"
    address: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutPage(Page):
    """Signed out here; `address` signs out at the organisation too."""

    template: ClassVar[str] = "pages/account/signed_out.html"
    address: str
