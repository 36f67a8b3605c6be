"""The address that takes an answer while somebody types. A plain Starlette route: it is most of all traffic.

What it cannot do itself it hands to the ordinary route, on the ordinary road, in a thread.
"""

import asyncio
import random
import time
from collections import OrderedDict
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.actor import Actor
from app.questionnaires.answers import AnswerPath
from app.settings import Settings
from app.store.engine import Engine, open_session
from app.usecases import signing_in
from app.usecases.autosaving import Autosaver
from app.web.cases.forms import typed
from app.web.cases.making import around_section
from app.web.cases.parts import after_saving
from app.web.cases.routes import save_answer
from app.web.deps import SignInNeeded, cookie_name, of_case, origin_of
from app.web.pages import is_htmx

SEEN_AGAIN = 45.0
"""Seconds that a session is remembered after its last save before it is looked up again; shorter than any idle limit.

Whether it was revoked or has ended is looked at in the transaction of every save.
"""
RENEWED = 300.0
"""Seconds after which it is looked up again although it goes on saving, or at most twice as many: who came in together is
spread. The name of an organisation may have changed meanwhile."""
MOST_REMEMBERED = 4000


@dataclass(slots=True)
class _Known:
    actor: Actor
    saved_at: float
    until: float


class Remembered:
    """Who is behind a session, remembered shortly."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()

    async def actor(self, request: Request) -> Actor:
        """Give who sent this request, and from where. Raises SignInNeeded."""
        key = self._key(request)
        found, now = self._known.get(key), time.monotonic()
        if found is not None and now - found.saved_at < SEEN_AGAIN and now < found.until:
            return found.actor
        actor = await asyncio.to_thread(self._look_up, *key) if key[0] else None
        if actor is None:
            self._known.pop(key, None)
            raise SignInNeeded
        now = time.monotonic()
        # Who came in together is not looked up again together.
        self._known[key] = _Known(actor, now, now + RENEWED * (1 + random.random()))  # noqa: S311 - nothing secret
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return actor

    def saved(self, request: Request) -> None:
        """Go on remembering a session: that it lives was seen in the transaction of a save."""
        found = self._known.get(self._key(request))
        if found is not None:
            found.saved_at = time.monotonic()

    def forget(self, request: Request) -> None:
        """Look this session up again the next time."""
        self._known.pop(self._key(request), None)

    def mark(self, db: Session, request: Request) -> None:
        """Write down that the session was seen, for a save on the ordinary road."""
        signing_in.who(db, self._settings, request.cookies.get(cookie_name(self._settings), ""), origin_of(request))

    def _key(self, request: Request) -> tuple[str, str]:
        return request.cookies.get(cookie_name(self._settings), ""), origin_of(request)

    def _look_up(self, token: str, origin: str) -> Actor | None:
        # Only read: the save itself marks the session as seen. A crowd that looks itself up would keep the writer out.
        with open_session(self._engine, writes=False) as db:
            return signing_in.who(db, self._settings, token, origin, mark=False)


async def autosave(request: Request) -> Response:
    """Save one answer and give back what changed on the page."""
    state = request.app.state
    remembered: Remembered = state.remembered
    saver: Autosaver = state.autosaver
    case_id, path = request.path_params["case_id"], request.path_params["path"]
    actor = of_case(await remembered.actor(request), case_id)
    form = await request.form(max_files=0, max_fields=1000)
    section = request.query_params.get("op", "")
    if is_htmx(request):
        saved = await saver.save(actor, case_id, typed(form, path))
        if saved is not None:
            remembered.saved(request)
        if saved is not None and saved.section.section.id == section:
            moved = (*saved.appeared, *saved.gone)
            return after_saving(
                around_section(actor, saved.section),
                saved.section,
                AnswerPath.parse(path),
                moved,
                flags_before=saved.flags_before,
            )
    remembered.forget(request)
    saver.forget(case_id)
    actor = of_case(await remembered.actor(request), case_id)

    def ordinary() -> Response:
        with open_session(state.engine) as db:
            remembered.mark(db, request)
            response = save_answer(request, db, actor, case_id, path, form, section)
            db.commit()
        return response

    return await asyncio.to_thread(ordinary)


def autosave_route() -> Route:
    """Give the route; it must stand before the ordinary one at the same address."""
    return Route("/vragenlijst/{case_id}/antwoord/{path}", autosave, methods=["POST"])
