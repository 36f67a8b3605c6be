"""What is looked after every minute, apart from any request."""

from threading import Event

from app import logs
from app.settings import Settings
from app.store import keys
from app.store.engine import Engine
from app.usecases import failure_peaks, wall_clock
from app.usecases.turned_away import TurnedAway

EVERY_SECONDS = 60.0


def watch_until(engine: Engine, settings: Settings, stop: Event, turned_away: TurnedAway) -> None:
    """Look every minute until `stop` is set. A failure is logged and does not end the loop."""
    while not stop.wait(EVERY_SECONDS):
        watch_once(engine, settings)
        turned_away.flush()


def watch_once(engine: Engine, settings: Settings) -> None:
    """Look once."""
    try:
        keys.look_for_gone(engine)
        # Another process may have made something while its clock was ahead.
        wall_clock.go_on(engine)
        failure_peaks.look_once(engine, settings)
    except Exception:  # noqa: BLE001 - the next round tries again, whatever it was
        logs.error("watching_failed", exc_info=True)
