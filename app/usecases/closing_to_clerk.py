"""Closing the content of cases to the clerk: a choice of the organisation, made by the principal, with a reason.

The law in force leaves it to the authority. In the consultation on a statutory risk analysis the clerk was to be kept out
of carrying it out (reaction of the Vereniging van Griffiers, 2023-24); what becomes law is not known. So it is a setting. Where it is closed, the clerk works with process facts: names, steps, dates, and what went to the council.
Whether somebody may read is decided where cases are opened, from this setting.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, role_title
from app.store import audit, people
from app.store.people import CLOSED_TO_CLERK
from app.store.rows import OrganisationRow
from app.usecases.texts import required_text

_CONCERNED = frozenset({Role.CLERK, Role.PRINCIPAL})
_WHY = "Schrijf op waarom. De griffier leest de reden ook."


@dataclass(frozen=True, slots=True)
class Closing:
    """One time that the content was closed to the clerk, or opened again."""

    closed: bool
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClerkPage:
    """How it stands, how that came about (newest first), and whether the reader decides on it."""

    closed: bool
    history: tuple[Closing, ...]
    may_set: bool


def closed_to(db: Session, actor: Actor) -> bool:
    """Tell whether this is a clerk from whom the content of cases is closed."""
    return actor.role is Role.CLERK and is_closed(people.organisation_of(db, actor))


def is_closed(organisation: OrganisationRow) -> bool:
    """Tell whether an organisation keeps its clerk out of the content of cases."""
    return bool(organisation.settings.get(CLOSED_TO_CLERK, False))


def page(db: Session, actor: Actor) -> ClerkPage:
    """Show how it stands to clerk and principal. Raises NotFound for others."""
    if actor.role not in _CONCERNED:
        raise NotFound("for clerk and principal")
    history = tuple(Closing(row.closed, row.reason, row.by_name, row.at) for row in people.clerk_closings(db, actor))
    return ClerkPage(is_closed(people.organisation_of(db, actor)), history, actor.role is Role.PRINCIPAL)


def set_closed(db: Session, actor: Actor, *, closed: bool, reason: str) -> None:
    """Close the content to the clerk, or open it again, for every case from now on.

    Raises NotFound for who is not concerned, NotAllowed for the clerk, without a reason, or when it is so already.
    """
    if actor.role not in _CONCERNED:
        raise NotFound("for clerk and principal")
    if actor.role is not Role.PRINCIPAL:
        raise NotAllowed(f"Dit kan alleen de {role_title(Role.PRINCIPAL, actor.tier)} doen.")
    _set(db, actor, people.organisation_of(db, actor), closed=closed, reason=reason)


def set_by_command(db: Session, organisation: str, *, closed: bool, reason: str) -> None:
    """Do the same for an organisation by its name. Raises NotFound, and NotAllowed as `set_closed` does."""
    row = people.organisation_named(db, organisation)
    if row is None:
        raise NotFound(f"no organisation {organisation!r}")
    _set(db, system_actor(row.id, "opdracht op de server"), row, closed=closed, reason=reason)


def _set(db: Session, actor: Actor, row: OrganisationRow, *, closed: bool, reason: str) -> None:
    why = required_text(reason, _WHY)
    if is_closed(row) is closed:
        raise NotAllowed("Zo staat het al. Er is niets veranderd.")
    people.close_to_clerk(db, row, closed=closed, reason=why, by_name=actor.name)
    detail = {"changed": [CLOSED_TO_CLERK], "closed": closed}
    audit.append(db, actor, "settings_changed", "organisation", row.id, detail=detail)
