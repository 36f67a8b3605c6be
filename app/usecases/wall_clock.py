"""A clock that leaps: what rests on days alone waits until somebody said that the clock is right.

Terms run by the clock of the machine. When it is years ahead, every case seems due: everybody would be warned, and two
people could destroy what has to stay, which nothing brings back. So now and then is written down how far the clock is.
When it has gone much further since than it should, no warning goes out and nothing is destroyed because a term is over,
until the clock is back or a person says that it is right. The product may just have been off for a long time: only a
person can tell.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.actor import system_actor
from app.store import audit, wall_clock
from app.store.engine import Engine, open_session
from app.store.types import utc_now

MOST = timedelta(days=14)
"""The clock may have gone this much further since the last look: longer than the product is off over a holiday."""
CONFIRMED = "clock_confirmed"


@dataclass(frozen=True, slots=True)
class Leap:
    """The clock leapt: how far it was, and how far it is now."""

    before: datetime
    now: datetime

    @property
    def days(self) -> int:
        """How many whole days it went further."""
        return (self.now - self.before).days


def leap(db: Session) -> Leap | None:
    """Tell whether the clock leapt since the last look. Writes nothing."""
    before, now = wall_clock.last_look(db), utc_now()
    return Leap(before, now) if before is not None and now > before + MOST else None


def look(db: Session) -> Leap | None:
    """Look at the clock, and write down how far it is unless it leapt.

    A clock that went back is believed: whatever it was before, terms then only take longer.
    """
    found = leap(db)
    if found is None:
        wall_clock.looked(db, utc_now())
    return found


def confirm(db: Session) -> Leap | None:
    """Take the word of an operator that the clock is right, on record; gives the leap, `None` when there was none."""
    found = leap(db)
    wall_clock.looked(db, utc_now())
    if found is not None:
        detail = {"before": found.before.isoformat(timespec="seconds"), "now": found.now.isoformat(timespec="seconds")}
        audit.append(db, system_actor(""), CONFIRMED, "clock", "installation", detail=detail)
    return found


def go_on(engine: Engine) -> None:
    """Let what is made from now on come after what was made before, wherever the clock has been."""
    with open_session(engine, writes=False) as db:
        wall_clock.go_on_after_newest(db)
