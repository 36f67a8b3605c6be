"""How tests sign in: `let_in` gives a session without asking anything, `enter` walks both steps, `code_of` is the app."""

import re
from datetime import datetime

from sqlmodel import Session

from app.accounts import second_factor, sessions
from app.accounts.sessions import SignedIn
from app.settings import Settings
from app.store import outbox, proofs, signins
from app.store.rows import CaseRow, PersonRow
from app.store.types import utc_now
from app.usecases import entering, second_step, signing_in
from app.usecases.entering import AtDoor
from app.usecases.signing_in import Halfway, Place, Refused

PASSWORD = "een zin om te onthouden"


def person(db: Session, email: str) -> PersonRow:
    """The account with this address."""
    row = signins.person_by_email(db, email)
    assert row is not None, email
    return row


def let_in(db: Session, settings: Settings, email: str) -> SignedIn:
    """A session, for tests that are about something else."""
    return sessions.start_for_person(db, settings, person(db, email), "")


def secret_of(email: str) -> bytes:
    """The secret that the app of somebody in a test holds."""
    return email.strip().lower().encode().ljust(20, b".")[:20]


def give_app(db: Session, email: str) -> None:
    """Give somebody an app, as setting it up would."""
    proofs.set_authenticator(db, person(db, email), secret_of(email))


def code_of(email: str, moment: datetime | None = None) -> str:
    """What the app of somebody shows now."""
    return second_factor.code_of(secret_of(email), second_factor.step_at(moment or utc_now()))


def enter(
    db: Session, settings: Settings, email: str, password: str = PASSWORD, origin: str = "", device: str = ""
) -> SignedIn | Refused:
    """Both steps: the password, and the code of the app, which is given when there is none yet."""
    if (row := signins.person_by_email(db, email)) is not None and proofs.authenticator_of(db, row.id) is None:
        give_app(db, email)
    place = Place(origin, device)
    halfway = signing_in.begin(db, settings, email, password, place)
    if not isinstance(halfway, Halfway):
        return halfway
    return second_step.finish(db, settings, halfway.token, code_of(email), place)


def mailed_code(db: Session, email: str = "") -> str:
    """The code in the last mail with one, to this address when one is given."""
    rows = (row for row in outbox.newest(db) if row.name == "candidate_code" and email in {"", row.to_address})
    found = re.search(r"^(\d{4}) (\d{4})$", outbox.letter_of(next(rows)).text, re.MULTILINE)
    assert found is not None
    return "".join(found.groups())


def candidate_in(db: Session, settings: Settings, link: str, code: str) -> SignedIn:
    """A candidate with link and code, for tests that are about something else: no mail is written."""
    door = entering.begin(db, settings, link.rpartition("/")[2], code)
    assert isinstance(door, AtDoor)
    waiting = entering.waiting(db, door.token)
    assert waiting is not None
    return entering.inside(db, settings, db.get_one(CaseRow, waiting.case_id), "", "mail")


def by_mail(db: Session, settings: Settings, link: str, code: str) -> SignedIn | Refused:
    """All steps of a candidate who gets codes by mail: link and code, and the code that was mailed."""
    door = entering.begin(db, settings, link.rpartition("/")[2], code)
    if isinstance(door, Refused):
        return door
    refused = entering.send_code(db, door.token)
    return refused or entering.with_mailed_code(db, settings, door.token, mailed_code(db))
