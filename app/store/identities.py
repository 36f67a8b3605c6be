"""Queries about signing in through the organisation. Unscoped on purpose: here we still find out who is asking."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.store.lasting import lasting
from app.store.rows import IdentityRow, PersonRow, SignOnRow

LASTS = timedelta(minutes=10)
"""How long somebody may take at the provider."""


def begin(db: Session, row: SignOnRow, now: datetime) -> None:
    """Write down a sign-in that goes to the provider, and forget those that never came back."""
    db.exec(delete(SignOnRow).where(col(SignOnRow.expires_at) <= now))
    db.add(row)


def take(db: Session, state_sha256: str, browser_sha256: str, now: datetime) -> SignOnRow | None:
    """Take a sign-in that came back, once: whoever comes second gets `None`, also at the same moment."""
    ours = (
        col(SignOnRow.state_sha256) == state_sha256,
        col(SignOnRow.browser_sha256) == browser_sha256,
        *lasting(SignOnRow.expires_at, now, LASTS),
    )
    row = db.exec(select(SignOnRow).where(*ours)).first()
    if row is None:
        return None
    found = SignOnRow(**row.model_dump())
    db.expunge(row)
    taken = db.exec(delete(SignOnRow).where(*ours))
    return found if taken.rowcount == 1 else None


def person_of(db: Session, issuer: str, subject: str) -> PersonRow | None:
    """Find the account of a subject at a provider."""
    query = select(PersonRow).join(IdentityRow, col(IdentityRow.person_id) == PersonRow.id)
    return db.exec(query.where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)).first()


def is_linked(db: Session, person_id: str, issuers: Sequence[str] = ()) -> bool:
    """Tell whether an account belongs to a subject already: of any provider, or of one with these names."""
    query = select(IdentityRow.id).where(IdentityRow.person_id == person_id)
    return db.exec(query.where(col(IdentityRow.issuer).in_(issuers)) if issuers else query).first() is not None


def linked_of(db: Session, organisation_id: str, issuers: Sequence[str]) -> frozenset[str]:
    """Give the ids of the people of an organisation whose account belongs to a subject of a provider with these names."""
    query = select(IdentityRow.person_id).join(PersonRow, col(PersonRow.id) == IdentityRow.person_id)
    ours = (PersonRow.organisation_id == organisation_id, col(IdentityRow.issuer).in_(issuers))
    return frozenset(db.exec(query.where(*ours)).all())


def unlink(db: Session, person_id: str) -> bool:
    """Part an account from its subject. False: it had none."""
    return db.exec(delete(IdentityRow).where(col(IdentityRow.person_id) == person_id)).rowcount > 0


def link(db: Session, person_id: str, issuer: str, subject: str, now: datetime) -> None:
    """Write down that an account is this subject at this provider, and no other one any more."""
    unlink(db, person_id)
    db.add(IdentityRow(person_id=person_id, issuer=issuer, subject=subject, linked_at=now))
