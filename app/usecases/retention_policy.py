"""The policy of an organisation about keeping: a setting, complete or not there at all, with its history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role
from app.reviews.retention import Choice, End, Kept, Policy, Start, Term, problems
from app.store import audit, people
from app.store import retention as kept
from app.store.rows import OrganisationRow
from app.usecases.texts import optional_text

_SETTING = "retention"
BY_COMMAND = "opdracht op de server"
"""The name of whoever acts from the command line, where nobody is signed in."""
REASON_LENGTH = 300
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


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One time that the policy was set; `reason` is empty when nobody told why."""

    selection_list: str
    reason: str
    by_name: str
    at: datetime


def changes(db: Session, actor: Actor) -> tuple[PolicyChange, ...]:
    """Give every time the policy of one's own organisation was set, newest first. Raises what `policy` raises."""
    if actor.role not in READERS:
        raise NotFound("not for you")
    rows = kept.policy_changes(db, actor.organisation_id)
    return tuple(PolicyChange(row.policy["selection_list"], row.reason, row.by_name, row.at) for row in rows)


def set_policy(db: Session, actor: Actor, chosen: Policy, reason: str = "") -> None:
    """Set the policy for outcomes from now on. Raises NotAllowed with every gap, or for who may not."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed("Alleen een beheerder kan het bewaarbeleid instellen.")
    _set(db, actor, people.organisation_of(db, actor), chosen, optional_text(reason))


def set_by_command(db: Session, organisation: str, chosen: Policy, reason: str) -> bool:
    """Do the same for an organisation by its name; false when its policy says this already, and then nothing is written.

    Raises NotFound, and NotAllowed without a reason: whoever runs the machine has no name here.
    """
    row = _named(db, organisation)
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise NotAllowed(f"say with --reason, in at most {REASON_LENGTH} characters, why; the organisation reads it")
    if policy_of(row) == chosen:
        return False
    _set(db, system_actor(row.id, BY_COMMAND), row, chosen, reason.strip())
    return True


def named(db: Session, organisation: str) -> Policy:
    """Give the policy of an organisation by its name. Raises NotFound, also when it has not set one."""
    found = policy_of(_named(db, organisation))
    if found is None:
        raise NotFound(f"{organisation} has no policy yet: nothing is computed, and nothing can be destroyed")
    return found


def _named(db: Session, organisation: str) -> OrganisationRow:
    row = people.organisation_named(db, organisation)
    if row is None:
        raise NotFound(f"no organisation {organisation!r}")
    return row


def _set(db: Session, actor: Actor, row: OrganisationRow, chosen: Policy, reason: str) -> None:
    gaps = problems(chosen)
    if gaps:
        raise NotAllowed(" ".join(gaps))
    written = to_jsonable(chosen)
    row.settings = {**row.settings, _SETTING: written}
    kept.remember_policy(db, row, written, reason, actor.name)
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
