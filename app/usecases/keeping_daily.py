"""The daily round over everything that is kept: warn in time, once, whoever it concerns. It never destroys anything."""

from collections.abc import Collection
from dataclasses import dataclass
from threading import Event
from typing import Any

from sqlmodel import Session

from app import logs, mail
from app.accounts.actor import Actor, system_actor
from app.reviews.lifecycle import Role
from app.reviews.retention import Clock, Kept, Standing
from app.settings import Settings
from app.store import audit, outbox, people
from app.store import retention as kept
from app.store.engine import Engine, open_session
from app.store.rows import CaseRow, OrganisationRow, RetentionRow
from app.store.types import utc_now
from app.usecases import candidate_mail, wall_clock
from app.usecases.keeping_clocks import clocks_of, left_of
from app.usecases.lines import reference_of
from app.usecases.organisations import agreements_of

EVERY_SECONDS = 6 * 3600.0
"""How often the round is made. A process that starts makes one at once, so that nobody waits for a restart at night."""

_WARNED = {Kept.CASE: "warned_at", Kept.COUNCIL_VERSION: "council_warned_at"}
"""Where it stands, for each kind of record, when people were warned about its day."""
_NEAR = frozenset({Standing.NEAR, Standing.DUE})
_KEEPERS = frozenset({Role.CLERK, Role.PRINCIPAL})
ADVICE = (
    "the clock went this many days further than the product ran: set it right, or run 'toetssteen clock confirm' when it "
    "is right; until then nobody is warned and nothing is destroyed because a term is over"
)


@dataclass(frozen=True, slots=True)
class Warned:
    """What one round did: about how many cases mails were written, and how many."""

    cases: int
    mails: int


def warn(db: Session, settings: Settings) -> Warned:
    """Write mails about everything whose day is near and that nobody was warned about.

    Documents of the council have a day of their own, also when the case they came from is gone. Two rounds at once never
    write the same mail twice. A warning from a day that has yet to come was written while the clock was ahead: when the
    day is near, there will be another one.
    """
    cases = mails = 0
    for row, case in kept.everywhere(db):
        _forget_what_is_yet_to_come(db, row)
        near = _to_warn_about(db, row, case)
        if near:
            cases += 1
            mails += _warn(db, settings, row, case, near)
    return Warned(cases, mails)


def warn_once(engine: Engine, settings: Settings) -> Warned:
    """Make one round, in a transaction of its own. Nobody is warned while it is not sure that the clock is right."""
    with open_session(engine) as db:
        leapt = wall_clock.look(db)
        if leapt is not None:
            logs.error("clock_leapt", count=leapt.days, advice=ADVICE)
        warned = warn(db, settings) if leapt is None else Warned(0, 0)
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


def _forget_what_is_yet_to_come(db: Session, row: RetentionRow) -> None:
    now = utc_now()
    for name in _WARNED.values():
        at = getattr(row, name)
        if at is not None and at > now:
            setattr(row, name, None)
            kept.add(db, row)
            db.flush()  # what claims the warning looks at the row in the database


def _to_warn_about(db: Session, row: RetentionRow, case: CaseRow) -> tuple[Clock, ...]:
    near = [one for one in clocks_of(row) if one.standing in _NEAR and getattr(row, _WARNED[one.kept]) is None]
    left: Collection[Kept] = left_of(db, case) if near else ()
    return tuple(one for one in near if one.kept in left and kept.claim(db, row, _WARNED[one.kept]))


def _warn(db: Session, settings: Settings, row: RetentionRow, case: CaseRow, near: tuple[Clock, ...]) -> int:
    organisation = db.get_one(OrganisationRow, case.organisation_id)
    agreed = agreements_of(organisation)
    actor = system_actor(organisation.id)
    days = {one.kept: one.on for one in near}
    told: dict[str, Any] = {
        "reference": reference_of(case),
        "case_on": days.get(Kept.CASE),
        "council_on": days.get(Kept.COUNCIL_VERSION),
    }
    gone = Kept.CASE not in left_of(db, case)
    mails = 0
    if not gone:  # of a destroyed case nobody knows any more who the candidate was
        candidate_mail.send(db, case, "retention_near", sender=agreed.contact.name, link="", **told)
        mails = 1
    for name, address in _keepers(db, actor):
        letter = mail.write(
            "retention_near",
            name=name,
            link=f"{settings.base_url}/zaken/{row.case_id}/bewaren",
            contact=str(agreed.contact),
            organisation=agreed.name,
            sender=agreed.contact.name,
            **told,
        )
        # The key of a destroyed case seals nothing any more; that of the organisation does.
        outbox.put(db, organisation.id, None if gone else case.id, "retention_near", address, letter)
        mails += 1
    detail = {"mails": mails, "kept": sorted(one.kept.value for one in near)}
    audit.append(db, actor, "retention_warned", "case", case.id, case_id=case.id, detail=detail)
    return mails


def _keepers(db: Session, actor: Actor) -> list[tuple[str, str]]:
    return [(one.name, one.email) for one in people.people_of(db, actor) if one.active and one.role in _KEEPERS]
