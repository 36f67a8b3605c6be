"""Reminding whoever a case waits for: by mail, at most once a day, and on record."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app import mail
from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import audit, cases, outbox
from app.usecases import candidate_mail
from app.usecases.lines import today
from app.usecases.organisations import agreements, deadlines_of, due
from app.usecases.worklist import can_act, wait_of

BETWEEN = timedelta(hours=20)
"""The shortest time between two reminders in one case: once a working day, whatever the hour."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """To whom a reminder went, by name."""

    names: tuple[str, ...]


def remind(db: Session, settings: Settings, actor: Actor, case_id: str) -> Reminded:
    """Send a reminder to whoever the case waits for: the candidate, or the colleagues who can act.

    Raises NotAllowed for everybody but clerk and principal, when nothing waits, and when one went out just before.
    """
    access = cases.access(db, actor, case_id, lock=True)
    case = access.case
    if actor.role not in {Role.CLERK, Role.PRINCIPAL}:
        raise NotAllowed("Alleen de griffier of de voorzitter van het bestuur kan een herinnering sturen.")
    wait = wait_of(case.step)
    if wait is None:
        raise NotAllowed("Deze zaak wacht op niemand.")
    if outbox.written_lately(db, case.id, "reminder", BETWEEN):
        raise NotAllowed("Er is vandaag al een herinnering verstuurd. Stuur morgen weer een nieuwe.")
    agreed = agreements(db, actor)
    told: dict[str, Any] = {"what": wait.reminder, "due": due(deadlines_of(agreed, case, today()), wait.deadline)}
    if Role.CANDIDATE in wait.roles:
        candidate_mail.send(db, case, "reminder", sender=actor.name, link="", **told)
        audit.append(db, actor, "reminded", "case", case.id, case_id=case.id, detail={"step": case.step.value})
        return Reminded((case.candidate_name,))
    able = [person for _, person in cases.members(db, case.id) if person.active and can_act(wait, person.role, agreed)]
    to = [(person.name, person.email) for person in able]
    if not to:
        raise NotAllowed("Niemand die dit kan doen, neemt deel aan deze zaak. Voeg eerst iemand toe.")
    for name, address in to:
        letter = mail.write(
            "reminder",
            name=name,
            link=f"{settings.base_url}/zaken/{case.id}",
            contact=str(agreed.contact),
            organisation=agreed.name,
            sender=actor.name,
            **told,
        )
        outbox.put(db, case.organisation_id, case.id, "reminder", address, letter)
    audit.append(db, actor, "reminded", "case", case.id, case_id=case.id, detail={"step": case.step.value})
    return Reminded(tuple(name for name, _ in to))
