"""Where somebody is signed in, and the warning before a session ends."""

import math
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from app.accounts.sessions import Remaining, Standing
from app.usecases import standing
from app.web.account.session_pages import SessionsPage, SessionView, SessionWarningPart
from app.web.deps import AppSettings, CurrentActor, Db, SignInNeeded, cookie_name, see_other
from app.web.pages import is_htmx, render
from app.web.shells import frame

router = APIRouter(include_in_schema=False)

WARNED = timedelta(minutes=5)
"""How long before the end people are warned. WCAG 2.2.1 asks for twenty seconds at least; finishing a text takes more."""
STEPS = (5, 3, 2, 1)
"""The minutes that the warning names: not each, because every change is read aloud."""
LOOK_AGAIN = 20
"""Seconds between two looks while the warning is shown."""
AGAIN = "X-Again-In"


@router.get("/ingelogd")
def show(request: Request, db: Db, settings: AppSettings, actor: CurrentActor) -> Response:
    """Show where somebody is signed in."""
    found = standing.list_sessions(db, settings, actor)
    page = SessionsPage(
        shell=frame(request, db, actor),
        here=tuple(_view(one) for one in found if one.here),
        elsewhere=tuple(_view(one) for one in found if not one.here),
        end_others_url="/ingelogd/andere",
        idle_minutes=settings.session_idle_minutes,
        hours=settings.session_hours,
        ends_at=next(one.ends_at for one in found if one.here),
    )
    return render(page)


@router.post("/ingelogd/andere")
def end_others(db: Db, settings: AppSettings, actor: CurrentActor) -> Response:
    """End every other session."""
    standing.end_others(db, settings, actor)
    return see_other("/ingelogd?gedaan=uitgelogd")


@router.post("/ingelogd/{session_id}/einde")
def end_one(db: Db, settings: AppSettings, actor: CurrentActor, session_id: str) -> Response:
    """End one session."""
    standing.end_one(db, settings, actor, session_id)
    return see_other("/ingelogd?gedaan=uitgelogd")


@router.get("/sessie")
def look(request: Request, db: Db, settings: AppSettings) -> Response:
    """Tell whether the session is about to end, without making it longer: the words, or nothing yet.

    `X-Again-In` says after how many seconds to look again; it is not there when the session is over.
    """
    token = request.cookies.get(cookie_name(settings), "")
    return _answer(standing.remaining(db, settings, token) if token else None)


@router.post("/sessie")
def stay(request: Request, db: Db, settings: AppSettings) -> Response:
    """Stay signed in. Raises SignInNeeded when the session was over already."""
    token = request.cookies.get(cookie_name(settings), "")
    if not standing.stay(db, settings, token):
        raise SignInNeeded
    return (
        _answer(standing.remaining(db, settings, token)) if is_htmx(request) else see_other("/ingelogd?gedaan=langer")
    )


def _answer(left: Remaining | None) -> Response:
    if left is None:
        return render(SessionWarningPart(minutes=0, can_stay=False, stay_url="/sessie"), status=401)
    if left.time > WARNED:
        again = min(left.time - WARNED, WARNED).total_seconds()
        return Response(status_code=204, headers={AGAIN: str(math.ceil(again) + 1)})
    minutes = math.ceil(left.time.total_seconds() / 60)
    named = next(one for one in reversed(STEPS) if one >= minutes)
    part = SessionWarningPart(minutes=named, can_stay=left.can_stay, stay_url="/sessie")
    return render(part, headers={AGAIN: str(LOOK_AGAIN)})


def _view(one: Standing) -> SessionView:
    return SessionView(
        device=one.device,
        origin=one.origin,
        started_at=one.started_at,
        seen_at=one.seen_at,
        end_url="" if one.here else f"/ingelogd/{one.id}/einde",
    )
