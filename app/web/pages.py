"""What a browser gets: whole documents and parts of documents.

A template is a contract. A `Page` lists exactly what its template reads; a `Part` lists exactly what one named block
of such a template reads, so that the block can be sent on its own. `render` turns either into a response. The first
part is what the browser swaps in; every further part finds its own place, by the id of its outermost element.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, ClassVar, Literal

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2_fragments import render_block

from app.web.templating import environment

NoticeKind = Literal["info", "ok", "warning", "error"]

_OUTERMOST_ID = re.compile(r"""\A\s*<[a-z][a-z0-9-]*\b[^>]*?\sid="([^"\s]+)\"""", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One line of the main menu; `count` is shown as a number badge when it is above zero."""

    label: str
    href: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message about what was just done, shown once at the top of the next page."""

    kind: NoticeKind
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to ask for help; the same person at the same place on every page."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is looking: a name, a role in words, where to sign out (a POST), and where this person is signed in.

    `idle_minutes` is how long doing nothing is fine; 0: nothing is said about that.
    """

    name: str
    role: str
    sign_out: str = "/afmelden"
    sessions: str = "/ingelogd"
    idle_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame around every page.

    `theme` is the name of a token file under `static/tokens/`, without extension. `home` is where the product mark
    leads. `development` adds a line saying that this is not a real environment.
    """

    organisation: str
    theme: str = "default"
    home: str = "/"
    nav: tuple[NavItem, ...] = ()
    person: SignedIn | None = None
    notice: Notice | None = None
    contact: Contact | None = None
    development: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole document. Subclasses name their `template` and add the fields it reads."""

    template: ClassVar[str]
    shell: Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A named block of a page's template, with the fields that block reads.

    The block starts with one element that carries an id: that id is its place in the document.
    """

    template: ClassVar[str]
    block: ClassVar[str]

    @property
    def empty(self) -> bool:
        """Whether this part only keeps a place, and holds nothing of anybody."""
        return False


class PartWithoutPlaceError(ValueError):
    """A part was sent beside another one, but its outermost element has no id: the browser could not place it."""


def render(
    shown: Page | Part,
    *more: Part,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Give the document of a page, or the fragments of parts.

    The first part is swapped where the request said. The others are placed by the id of their outermost element and
    morphed, so that focus and what someone is typing survive.
    """
    if isinstance(shown, Page):
        if more:
            raise TypeError("a page is a whole document: nothing can be sent beside it")
        html = environment.get_template(shown.template).render(context_of(shown))
    else:
        html = fragment_of(shown) + "".join(_placed(part) for part in more)
    return HTMLResponse(html, status_code=status, headers=dict(headers or {}))


def fragment_of(part: Part) -> str:
    """Render the block of one part on its own."""
    return _same(part) if part.empty else _rendered(part)


@lru_cache(maxsize=2000)
def _same(part: Part) -> str:
    """An empty place holds nothing but its name, so it is the same for everybody; a save sends several."""
    return _rendered(part)


def _rendered(part: Part) -> str:
    return render_block(environment, part.template, part.block, context_of(part))


def context_of(shown: Page | Part) -> dict[str, Any]:
    """Give the fields of a page or part by name, without copying their values."""
    return {field.name: getattr(shown, field.name) for field in fields(shown)}


def is_htmx(request: Request) -> bool:
    """Tell whether a fragment will do. Only this one header is read: the others differ between versions of htmx."""
    return request.headers.get("hx-request") == "true"


def _placed(part: Part) -> str:
    html = fragment_of(part)
    found = _OUTERMOST_ID.match(html)
    if found is None:
        raise PartWithoutPlaceError(
            f"block {part.block!r} of {part.template} does not start with an element with an id"
        )
    return f'<hx-partial hx-target="#{found[1]}" hx-swap="outerMorph">{html}</hx-partial>'
