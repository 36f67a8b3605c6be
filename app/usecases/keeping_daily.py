"""The daily round over everything that is kept: warn in time, once, whoever it concerns. It never destroys anything."""

from threading import Event
from typing import Any

from sqlmodel import Session

from app import logs, mail
from app.accounts.actor import system_actor
from app.reviews.lifecycle import Role
from app.reviews.retention import Kept, Standing
from app.settings import Settings
from app.store import audit, outbox, people
from app.store import retention as kept
from app.store.engine import Engine, open_session
from app.store.rows import CaseRow, OrganisationRow, RetentionRow
from app.store.types import utc_now
from app.usecases import candidate_mail
from app.usecases.lines import reference_of
from app.usecases.organisations import agreements_of
from app.usecases.retention import clock_of

EVERY_SECONDS = 6 * 3600.0
"""How often the round is made. A process that starts makes one at once, so that nobody waits for a restart at night."""


def warn(db: Session, settings: Settings) -> int:
    """Write a mail about every case whose day is near and that nobody was warned about; gives how many cases."""
    warned = 0
    for row, case in kept.everywhere(db):
        clock = clock_of(row, Kept.CASE)
        if row.warned_at is None and clock is not None and clock.standing in {Standing.NEAR, Standing.DUE}:
            _warn(db, settings, row, case)
            warned += 1
    return warned


def warn_once(engine: Engine, settings: Settings) -> int:
    """Make one round, in a transaction of its own."""
    with open_session(engine) as db:
        warned = warn(db, settings)
        db.commit()
    return warned


def warn_until(engine: Engine, settings: Settings, stop: Event) -> None:
    """Make a round now and then until `stop` is set. A failure is logged and does not end the loop."""
    while True:
        try:
            warn_once(engine, settings)
        except Exception:  # noqa: BLE001 - the next round tries again, whatever it was
            logs.error("keeping_failed", exc_info=True)
        if stop.wait(EVERY_SECONDS):
            return


def _warn(db: Session, settings: Settings, row: RetentionRow, case: CaseRow) -> None:
    clock = clock_of(row, Kept.CASE)
    organisation = db.get_one(OrganisationRow, case.organisation_id)
    agreed = agreements_of(organisation)
    actor = system_actor(organisation.id)
    link = f"{settings.base_url}/zaken/{case.id}/bewaren"
    keepers = [
        (one.name, one.email, link)
        for one in people.people_of(db, actor)
        if one.active and one.role in {Role.CLERK, Role.PRINCIPAL}
    ]
    told: dict[str, Any] = {"reference": reference_of(case), "on": None if clock is None else clock.on}
    candidate_mail.send(db, case, "retention_near", sender=agreed.contact.name, link="", **told)
    for name, address, where in keepers:
        letter = mail.write(
            "retention_near",
            name=name,
            link=where,
            contact=str(agreed.contact),
            organisation=agreed.name,
            sender=agreed.contact.name,
            **told,
        )
        outbox.put(db, case.organisation_id, case.id, "retention_near", address, letter)
    row.warned_at = utc_now()
    kept.add(db, row)
    audit.append(db, actor, "retention_warned", "case", case.id, case_id=case.id, detail={"mails": len(keepers) + 1})
