"""The policy of an organisation about keeping: a setting, complete or not there at all."""

from typing import Any

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.reviews.retention import Choice, End, Kept, Policy, Start, Term, problems
from app.store import audit, people
from app.store.rows import OrganisationRow

_SETTING = "retention"
READERS = frozenset({Role.CLERK, Role.PRINCIPAL, Role.AUDITOR, Role.ADMIN})
"""Who may see how an organisation keeps its cases; a candidate sees it for the own case."""


def policy_of(organisation: OrganisationRow) -> Policy | None:
    """Give the policy of an organisation; `None` when it has not set one."""
    written = organisation.settings.get(_SETTING)
    return None if written is None else policy_from(written)


def policy(db: Session, actor: Actor) -> Policy | None:
    """Give the policy of one's own organisation. Raises NotFound for a candidate: theirs stands with the case."""
    if actor.role not in READERS:
        raise NotFound("not for you")
    return policy_of(people.organisation_of(db, actor))


def set_policy(db: Session, actor: Actor, chosen: Policy) -> None:
    """Set the policy for outcomes from now on. Raises NotAllowed with the first gap, or for who may not."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed("Alleen een beheerder kan het bewaarbeleid instellen.")
    gaps = problems(chosen)
    if gaps:
        raise NotAllowed(" ".join(gaps))
    row = people.organisation_of(db, actor)
    row.settings = {**row.settings, _SETTING: to_jsonable(chosen)}
    audit.append(db, actor, "settings_changed", "organisation", row.id, detail={"changed": [_SETTING]})


def to_jsonable(chosen: Policy) -> dict[str, Any]:
    """Write a policy as plain values."""
    return {
        "selection_list": chosen.selection_list,
        "warn_days": chosen.warn_days,
        "choices": sorted(one.value for one in chosen.choices),
        "terms": [
            {
                "end": one.end.value,
                "kept": one.kept.value,
                "months": one.months,
                "start": one.start.value,
                "category": one.category,
            }
            for one in chosen.terms
        ],
    }


def policy_from(written: dict[str, Any]) -> Policy:
    """Read what `to_jsonable` wrote. Raises KeyError or ValueError for anything else."""
    return Policy(
        selection_list=written["selection_list"],
        warn_days=int(written["warn_days"]),
        choices=frozenset(Choice(one) for one in written["choices"]),
        terms=tuple(
            Term(End(one["end"]), Kept(one["kept"]), one["months"], Start(one["start"]), one["category"])
            for one in written["terms"]
        ),
    )
