"""Many failed attempts to get in at once: told to the administrators by mail, once for each peak (BIO2 5.17.01).

Looked at now and then and never while somebody signs in: the door costs the same for everybody.
"""

from datetime import timedelta

from sqlmodel import Session

from app import mail
from app.accounts.actor import system_actor
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import audit, outbox, people, signins
from app.store.engine import Engine, open_session
from app.store.rows import FailurePeakRow, OrganisationRow
from app.store.types import utc_now


def look_once(engine: Engine, settings: Settings) -> int:
    """Look at every organisation; gives how many peaks began. Nobody waits for it when nothing has changed."""
    with open_session(engine, writes=False) as db:
        changed = [one.id for one in people.organisations(db) if _change(db, settings, one.id) is not None]
    if not changed:
        return 0
    with open_session(engine) as db:
        began = sum(look(db, settings, organisation_id) for organisation_id in changed)
        db.commit()
    return began


def look(db: Session, settings: Settings, organisation_id: str) -> bool:
    """Write down that a peak began or ended; when it began, tell the administrators. Gives whether it began."""
    organisation = signins.held(db, organisation_id)  # two processes that look at once tell it once
    change = _change(db, settings, organisation_id)
    if change is None:
        return False
    row, now = db.get(FailurePeakRow, organisation_id), utc_now()
    if not change and row is not None:
        row.ended_at = now
        db.add(row)
        return False
    row = row or FailurePeakRow(organisation_id=organisation_id, began_at=now)
    row.began_at, row.ended_at = now, None
    db.add(row)
    _tell(db, settings, organisation)
    return True


def _change(db: Session, settings: Settings, organisation_id: str) -> bool | None:
    """Tell whether a peak begins (True) or ends (False) now; `None` when nothing changes."""
    count = _count(db, settings, organisation_id)
    row = db.get(FailurePeakRow, organisation_id, populate_existing=True)
    going_on = row is not None and row.ended_at is None
    if not going_on and count >= settings.failure_peak:
        return True
    # It ends well below where it begins: a number that goes up and down around the limit is one peak.
    return False if going_on and count * 2 < settings.failure_peak else None


def _count(db: Session, settings: Settings, organisation_id: str) -> int:
    """Count what failed here, and at addresses that nobody has: those are no organisation's."""
    return signins.failures_at(db, organisation_id, utc_now(), timedelta(minutes=settings.failure_peak_minutes))


def _tell(db: Session, settings: Settings, organisation: OrganisationRow) -> None:
    by = system_actor(organisation.id)
    count = _count(db, settings, organisation.id)
    admins = [one for one in people.people_of(db, by) if one.role is Role.ADMIN and one.active]
    for one in admins:
        letter = mail.write(
            "failure_peak",
            name=one.name,
            count=count,
            minutes=settings.failure_peak_minutes,
            link=f"{settings.base_url}/mensen/inlogpogingen",
            organisation=organisation.name,
            sender="Toetssteen",
        )
        outbox.put(db, organisation.id, None, "failure_peak", one.email, letter)
    detail = {"count": count, "minutes": settings.failure_peak_minutes, "mails": len(admins)}
    audit.append(db, by, "failures_peaked", "organisation", organisation.id, detail=detail)
