"""What somebody typed on a page whose session had ended travels through the pages of signing in, as hidden fields."""

from collections.abc import Iterable

from fastapi import Request, Response
from starlette.datastructures import FormData

from app.web.account.pages import ContinuePage
from app.web.deps import see_other
from app.web.pages import Shell, render
from app.web.shells import door

KEPT = "bewaard:"
"""In front of the name of a field that travels through the sign-in page."""


def kept_in(form: FormData) -> tuple[tuple[str, str], ...]:
    """Give the fields that travelled through the sign-in page, still with their mark."""
    return tuple((n, v) for n, v in form.multi_items() if n.startswith(KEPT) and isinstance(v, str))


def go_on(request: Request, back_to: str, kept: Iterable[tuple[str, str]], shell: Shell | None = None) -> Response:
    """Go to where somebody was; when something was typed there, offer to save it first."""
    typed = tuple((name.removeprefix(KEPT), value) for name, value in kept)
    if not typed:
        return see_other(back_to)
    return render(ContinuePage(shell=shell or door(request), action=back_to, kept=typed, cancel="/"))
