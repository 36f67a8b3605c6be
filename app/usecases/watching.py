"""What is looked after every minute, apart from any request."""

from itertools import count
from threading import Event

from app import logs
from app.settings import Settings
from app.store import keys, tidying
from app.store.engine import Engine, open_session
from app.store.types import utc_now
from app.usecases import failure_peaks, wall_clock
from app.usecases.turned_away import TurnedAway

EVERY_SECONDS = 60.0
ROUNDS_OF_AN_HOUR = 60


def watch_until(engine: Engine, settings: Settings, stop: Event, turned_away: TurnedAway) -> None:
    """Look every minute until `stop` is set, and tidy up every hour. A failure is logged and does not end the loop."""
    for number in count():
        if stop.wait(EVERY_SECONDS):
            return
        watch_once(engine, settings)
        turned_away.flush()
        if number % ROUNDS_OF_AN_HOUR == 0:
            tidy_once(engine)


def tidy_once(engine: Engine) -> None:
    """Take away what nobody needs any more."""
    try:
        with open_session(engine) as db:
            tidying.tidy(db, utc_now())
            db.commit()
    except Exception:  # noqa: BLE001 - as below
        logs.error("tidying_failed", exc_info=True)


def watch_once(engine: Engine, settings: Settings) -> None:
    """Look once."""
    try:
        keys.look_for_gone(engine)
        # Another process may have made something while its clock was ahead.
        wall_clock.go_on(engine)
        failure_peaks.look_once(engine, settings)
    except Exception:  # noqa: BLE001 - the next round tries again, whatever it was
        logs.error("watching_failed", exc_info=True)
