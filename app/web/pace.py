"""How often one place may send a form where nobody is signed in: trying the questions out, signing in, opening a link.

Each of those costs work (a hash that is slow on purpose, a mail, weighing all rules), and nothing about the visitor is
known. A place has a store of turns that fills up evenly, so that people who type are never held up, also not a whole
authority behind one address. Places are kept in memory only, and no more than `PLACES`.
"""

import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts.lockout import place_of
from app.web.security import Refusal

PLACES = 10_000
"""How many places are remembered; the one that was quiet longest is forgotten first."""
TOO_OFTEN = 429

_OPEN = re.compile(r"/(?:proef|inloggen|uitnodiging|toegang|welkom|kandidaat)(?:/|$)")
# Going to the organisation to sign in is a link, and writes a row. So does coming back with something wrong.
_ALSO_READ = frozenset({"/inloggen/organisatie", "/inloggen/organisatie/terug"})


class Pace:
    """Refuses with 429 what comes too often from one place. With `per_minute=0` everything passes."""

    def __init__(
        self, app: ASGIApp, *, per_minute: int, refuse: Refusal, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._most = per_minute
        self._refuse = refuse
        self._clock = clock
        self._turns: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when its place has a turn left, else say after how many seconds there is one again."""
        if scope["type"] != "http" or not self._most or not _costs(scope):
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        wait = self._take(place_of(client[0] if client else ""))
        if wait > 0:
            answer = self._refuse(Request(scope), TOO_OFTEN)
            answer.headers["Retry-After"] = str(math.ceil(wait))
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _take(self, place: str) -> float:
        """Take a turn; gives how many seconds to wait when there is none."""
        now, each = self._clock(), 60 / self._most
        left, at = self._turns.pop(place, (float(self._most), now))
        left = min(self._most, left + (now - at) / each)
        self._turns[place] = (left - 1 if left >= 1 else left, now)
        if len(self._turns) > PLACES:
            self._turns.popitem(last=False)
        return 0 if left >= 1 else (1 - left) * each


def _costs(scope: Scope) -> bool:
    changes = scope["method"] not in {"GET", "HEAD", "OPTIONS"}
    return scope["path"] in _ALSO_READ or (changes and _OPEN.match(scope["path"]) is not None)
