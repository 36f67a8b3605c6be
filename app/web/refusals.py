"""What is refused before any route sees it: a page that says so, and a line in the log.

One line a minute for each kind, with how many there were since the one before: whoever is refused does not decide how
long the log becomes.
"""

import time
from collections.abc import Callable

from fastapi import Request
from fastapi.responses import HTMLResponse

from app import logs
from app.web.problems import refusal

SECONDS = 60


class Refusals:
    """Answers for the middleware, and tells the log."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[int, float] = {}
        self._since: dict[int, int] = {}

    def answer(self, request: Request, status: int) -> HTMLResponse:
        """Give the page for a status. Nothing of the address is logged but its first word: the rest may be a key."""
        now = self._clock()
        self._since[status] = self._since.get(status, 0) + 1
        if status not in self._told or now - self._told[status] >= SECONDS:
            self._told[status] = now
            first = f"/{request.scope['path'].lstrip('/').partition('/')[0][:40]}"
            logs.noted("refused_at_the_gate", kind=str(status), path=first, count=self._since.pop(status))
        return refusal(request, status)
