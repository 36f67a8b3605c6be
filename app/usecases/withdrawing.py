"""What withdrawing means for a candidate, told before it is done."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.lifecycle import Step
from app.reviews.retention import Choice, End, Kept
from app.store import cases
from app.store.rows import OrganisationRow
from app.usecases import retention_policy

_CHOICES = {
    Choice.DESTROY: "Vragen om alles te laten vernietigen. Een medewerker bevestigt dat. Daarna kan niemand uw antwoorden nog "
    "lezen, u ook niet.",
    Choice.RECEIVE: "Eerst alles ontvangen wat over u is vastgelegd. Een medewerker stuurt u dat toe.",
}
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
    else:
        stays.append(f"Na {_months(term.months)} wordt het vernietigd.")
    stays.append("In het logboek blijft staan wie uw dossier heeft geopend. Wat u antwoordde, staat daar niet in.")
    open_to = policy.choices if policy is not None else frozenset()
    return Consequences(tuple(happens), tuple(stays), tuple(_CHOICES[one] for one in Choice if one in open_to))


def _months(count: int) -> str:
    return "1 maand" if count == 1 else f"{count} maanden"
