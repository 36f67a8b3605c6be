"""The pages of signing in, and of one's own account."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

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
    passwords: bool = True
    passkeys: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(Page):
    """The second proof. `demo_code` is what the app of an invented person would show, in development."""

    template: ClassVar[str] = "pages/account/code.html"
    error: str
    back_to: str
    kept: tuple[tuple[str, str], ...]
    app: bool
    passkey: bool
    demo_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpPage(Page):
    """Setting up an app or a passkey. `picture` brings the secret into an app; `passkey` says whether a key can be made.

    `action` is where the code goes, with `/sleutel` behind it where a passkey goes.
    """

    template: ClassVar[str] = "pages/account/set_up.html"
    error: str
    back_to: str
    kept: tuple[tuple[str, str], ...]
    action: str
    app: bool
    picture: Markup
    secret: str
    passkey: bool
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage(Page):
    """Recovery codes, shown once. What was typed before the session ended goes on with the button."""

    template: ClassVar[str] = "pages/account/codes.html"
    codes: tuple[str, ...]
    action: str
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomePage(Page):
    """Behind a link that was mailed: choosing a password, or going on without one."""

    template: ClassVar[str] = "pages/account/welcome.html"
    name: str
    email: str
    error: str
    action: str
    open: bool
    invitation: bool
    passkey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenPage(Page):
    """Asking for a link to choose a new password. `asked` thanks without telling whether there is such an account."""

    template: ClassVar[str] = "pages/account/forgotten.html"
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """A passkey on the page of its owner."""

    name: str
    made: datetime
    used: datetime | None
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccountPage(Page):
    """One's own account: how one proves who one is. Without `fresh` the page says to sign in again first.

    `error_at` is the field that an error is about; empty when it is about none. With `elsewhere` the organisation lets
    this person in. `join` is how it is called, when the account can be joined to it.
    """

    template: ClassVar[str] = "pages/account/own.html"
    email: str
    error: str
    error_at: str
    password: bool
    app: bool
    passkeys: tuple[PasskeyView, ...]
    passkeys_possible: bool
    recovery_codes: int
    fresh: bool
    elsewhere: bool
    join: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuePage(Page):
    """After signing in again: what was typed goes on to where it was meant for, with one press of a button."""

    template: ClassVar[str] = "pages/account/continue.html"
    action: str
    kept: tuple[tuple[str, str], ...]
    cancel: str
