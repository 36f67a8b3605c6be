"""What withdrawing means for a candidate, told before it is done, and the choice afterwards."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Step
from app.reviews.retention import Choice, End, Kept
from app.store import audit, cases
from app.store import retention as kept
from app.store.rows import OrganisationRow
from app.store.types import utc_now
from app.usecases import retention, retention_policy
from app.usecases.retention import Ask
from app.usecases.retention_policy import policy_from

_CHOICES = {
    Choice.DESTROY: "Vragen om alles te laten vernietigen. Een medewerker bevestigt dat. Daarna kan niemand uw antwoorden nog "
    "lezen, u ook niet.",
    Choice.RECEIVE: "Eerst alles ontvangen wat over u is vastgelegd. U downloadt het zelf en bevestigt dat u het heeft. Daarna "
    "geldt de bewaartermijn.",
}
COPIES = ("copy_taken", "copy_given")
"""The lines of the audit log that say that a copy of everything was made."""
_PRESENTED = frozenset({Step.PRESENTED, Step.APPOINTED, Step.NOT_APPOINTED, Step.AFTERCARE})


@dataclass(frozen=True, slots=True)
class Consequences:
    """In sentences: what stops, what stays, and what the candidate may choose afterwards."""

    happens: tuple[str, ...]
    stays: tuple[str, ...]
    choices: tuple[str, ...]


def means(db: Session, actor: Actor, case_id: str) -> Consequences:
    """Tell a candidate what withdrawing means, within the policy on keeping of the organisation. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    if not actor.is_candidate:
        raise NotFound("only for the candidate")
    policy = retention_policy.policy_of(db.get_one(OrganisationRow, actor.organisation_id))
    happens = ["De beoordeling stopt.", "U kunt dit niet zelf terugdraaien."]
    if access.case.step not in _PRESENTED:
        happens.insert(1, "Uw antwoorden gaan niet naar de raad.")
    stays = ["Wat u heeft ingevuld wordt niet meteen weggegooid. U kunt het nog lezen."]
    term = policy.term(End.WITHDRAWN, Kept.CASE) if policy is not None else None
    if term is None:
        stays.append("Er is nog geen bewaartermijn afgesproken. Vraag uw contactpersoon hoe lang alles blijft.")
    elif term.months is None:
        stays.append("Uw dossier wordt blijvend bewaard.")
    elif term.months == 0:
        stays.append("Uw dossier mag daarna meteen worden vernietigd. Daar besluiten altijd twee mensen over.")
    else:
        stays.append(f"Na {_months(term.months)} mag het worden vernietigd. Daar besluiten altijd twee mensen over.")
    stays.append("In het logboek blijft staan wie uw dossier heeft geopend. Wat u antwoordde, staat daar niet in.")
    open_to = policy.choices if policy is not None else frozenset()
    return Consequences(tuple(happens), tuple(stays), tuple(_CHOICES[one] for one in Choice if one in open_to))


def choose(db: Session, actor: Actor, case_id: str, choice: Choice) -> None:
    """Let somebody who withdrew choose what happens, within the policy of the organisation.

    Choosing destruction is a request like any other: a second person carries it out. Whoever chooses to receive everything
    after all takes that request back. Raises NotAllowed outside the policy.
    """
    access = cases.access(db, actor, case_id, lock=True)
    row = kept.find(db, access.case)
    if not actor.is_candidate or row is None or row.ended_as != End.WITHDRAWN or row.policy is None:
        raise NotFound("no choice for you")
    if choice not in policy_from(row.policy).choices:
        raise NotAllowed("Deze keuze past niet bij het bewaarbeleid van de organisatie.")
    if row.choice != choice.value:
        row.choice, row.chosen_at = choice.value, utc_now()
    kept.add(db, row)
    audit.append(db, actor, "withdrawal_choice", "case", case_id, case_id=case_id, detail={"choice": choice.value})
    waiting = [one for one in kept.requests(db, case_id) if one.kind == Ask.DESTROY and one.accepted is None]
    if choice is Choice.DESTROY and not waiting:
        retention.put(db, actor, row, Ask.DESTROY, "De kandidaat vraagt dit na terugtrekking.", None)
    for one in waiting:
        if choice is Choice.RECEIVE and one.asked_by == actor.id:
            retention.close(db, actor, one, accepted=False)


def received(db: Session, actor: Actor, case_id: str) -> None:
    """Let somebody who chose to receive everything confirm that it came. Twice is once.

    Raises NotFound for staff, NotAllowed for who did not choose that and before a copy was taken: nobody confirms by mistake.
    """
    access = cases.access(db, actor, case_id, lock=True)
    row = kept.find(db, access.case)
    if not actor.is_candidate:
        raise NotFound("nothing to confirm for you")
    if row is None or row.choice != Choice.RECEIVE:
        raise NotAllowed("Hier is niets te bevestigen: u koos niet om eerst alles te ontvangen.")
    if row.received_at is not None:
        return
    if not audit.of_case(db, actor.organisation_id, case_id, COPIES):
        raise NotAllowed(
            "Download eerst uw gegevens. Kijk of u het bestand kunt openen. Bevestig daarna dat u alles heeft."
        )
    row.received_at = utc_now()
    kept.add(db, row)
    audit.append(db, actor, "copy_confirmed", "case", case_id, case_id=case_id)


def _months(count: int) -> str:
    return "1 maand" if count == 1 else f"{count} maanden"
