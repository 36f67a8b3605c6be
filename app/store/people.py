"""Organisations and their people. The unscoped queries of the product stand here and in `signins`, nowhere else."""

from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.errors import NotFound
from app.store.rows import ClerkClosingRow, OrganisationRow, PersonRow


def add_organisation(db: Session, name: str, tier: str, *, theme: str, settings: dict[str, Any]) -> OrganisationRow:
    """Write a new organisation."""
    row = OrganisationRow(name=name, tier=tier, theme=theme, settings=settings)
    db.add(row)
    db.flush()  # its people and settings refer to it
    return row


def organisation_named(db: Session, name: str) -> OrganisationRow | None:
    """Find an organisation by its exact name."""
    return db.exec(select(OrganisationRow).where(OrganisationRow.name == name)).first()


LOCAL_RULES = "local_rules"
"""Under this name the settings of an organisation hold the digest of its local rules."""


def pack_of(db: Session, organisation_id: str) -> str:
    """Give the digest of the local rules that the cases of an organisation are weighed with; "" for none."""
    row = db.get(OrganisationRow, organisation_id)
    return "" if row is None else str(row.settings.get(LOCAL_RULES, ""))


CHOSEN_BEFORE = "local_rules_chosen"
"""Under this name the settings of an organisation hold every choice of local rules: digest and day, oldest first."""


def organisations(db: Session) -> list[OrganisationRow]:
    """Give every organisation by name: for pages that tell anybody which rules of their own they have."""
    return list(db.exec(select(OrganisationRow).order_by(col(OrganisationRow.name))).all())


def organisation_with(db: Session, organisation_id: str) -> OrganisationRow | None:
    """Find an organisation by its id, for the same pages."""
    return db.get(OrganisationRow, organisation_id)


def organisation_of(db: Session, actor: Actor) -> OrganisationRow:
    """Give one's own organisation. Raises NotFound."""
    row = db.get(OrganisationRow, actor.organisation_id)
    if row is None:
        raise NotFound("no such organisation")
    return row


CLOSED_TO_CLERK = "closed_to_clerk"
"""Under this name the settings of an organisation say that the clerk is kept out of the content of every case."""


def close_to_clerk(db: Session, row: OrganisationRow, *, closed: bool, reason: str, by_name: str) -> None:
    """Close the content of every case to the clerk, or open it again. It counts from the next page anybody opens."""
    row.settings = {**row.settings, CLOSED_TO_CLERK: closed}
    db.add(ClerkClosingRow(organisation_id=row.id, closed=closed, reason=reason, by_name=by_name))
    db.flush()  # a page of the same request shows it


def clerk_closings(db: Session, actor: Actor) -> list[ClerkClosingRow]:
    """Give every time it was closed or opened in one's own organisation, newest first."""
    query = select(ClerkClosingRow).where(ClerkClosingRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(ClerkClosingRow.id).desc())).all())


def add_person(db: Session, row: PersonRow) -> None:
    """Write a new account. The address must be free: `signins.person_by_email` tells."""
    db.add(row)
    db.flush()  # whoever adds a person uses it at once


def people_of(db: Session, actor: Actor) -> list[PersonRow]:
    """Give everybody of one's own organisation, by name."""
    query = select(PersonRow).where(PersonRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(PersonRow.name))).all())


def person_of(db: Session, actor: Actor, person_id: str) -> PersonRow:
    """Give somebody of one's own organisation. Raises NotFound."""
    query = select(PersonRow).where(PersonRow.id == person_id, PersonRow.organisation_id == actor.organisation_id)
    row = db.exec(query).first()
    if row is None:
        raise NotFound("no such colleague")
    return row
