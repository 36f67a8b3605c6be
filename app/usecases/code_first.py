"""When the code of the other channel comes before the code of the app: after many guesses with nothing but the link."""

from sqlmodel import Session

from app.accounts import invitations as invited
from app.settings import Settings
from app.store import candidate_ways
from app.usecases import guessing
from app.usecases.entering import count_here
from app.usecases.signing_in import Place


def asks_code_first(db: Session, settings: Settings, token: str, place: Place) -> bool:
    """Tell whether somebody with this link types the code of the other channel first.

    Not on a device that the candidate came in with before. So who has only the mailbox guesses thirty times a day, and the
    candidate, who has the code too, gets in at any place.
    """
    presented = invited.present(db, token)
    row = candidate_ways.way_of(db, presented.case.id) if presented is not None else None
    if presented is None or row is None or row.way != "app":
        return False
    return guessing.used_up(db, count_here(db, settings, presented.case, place), row.chosen_at)
