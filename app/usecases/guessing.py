"""How many guesses at six digits a day lets through, wherever they come from.

Whoever has a network of their own has ten thousand places to guess from, and every place has at least one attempt. Against
a password or a long code that is nothing. Six digits, three of which fit at any moment, would be found in hours. So beside
the count for each place there is one for all strange places together, over a day. A device that was used before has its own.

Nobody can keep somebody out with it who does not have the first proof: the guesses count for that password, or for that
choice of an app, and begin at nothing with a new one.
"""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts.tokens import fingerprint
from app.store import signins
from app.store.rows import PersonRow
from app.store.types import utc_now
from app.usecases.signing_in import Counted

MOST_IN_A_DAY = 30
"""Guesses at the code of one app: each has three chances in a million."""
DAY = timedelta(days=1)


def account_of(person: PersonRow) -> str:
    """Name what is guessed at: the second proof of a person beside this password."""
    return f"{person.id} {fingerprint(person.password_hash)}"


def made(db: Session, counted: Counted, since: datetime | None = None) -> int:
    """Count the wrong guesses of the last day, or since a moment that is later."""
    now = utc_now()
    begin = max(now - DAY, since or now - DAY)
    return signins.failures_since(db, counted.failure.account_sha256, begin, now + DAY)


def used_up(db: Session, counted: Counted, since: datetime | None = None) -> bool:
    """Tell whether no strange place may guess on for now."""
    return not counted.known and made(db, counted, since) >= MOST_IN_A_DAY
