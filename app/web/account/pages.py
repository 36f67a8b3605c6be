"""The sign-in page."""

from dataclasses import dataclass
from typing import ClassVar

from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Signing in with address and password.

    `sign_on_name` is how the organisation is called whose own sign-in can be used, and `sign_on_url` leads there; empty
    when there is none. `back_to` is where the person was going; `kept` holds what was typed on a page whose session had ended, so that it is
    sent again after signing in. `demo` lists example accounts in development.
    """

    template: ClassVar[str] = "pages/account/sign_in.html"
    email: str
    error: str
    back_to: str
    kept: tuple[tuple[str, str], ...]
    demo: tuple[tuple[str, str], ...]
    sign_on_url: str = ""
    sign_on_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuePage(Page):
    """After signing in again: what was typed goes on to where it was meant for, with one press of a button."""

    template: ClassVar[str] = "pages/account/continue.html"
    action: str
    kept: tuple[tuple[str, str], ...]
    cancel: str
