"""Queries behind the report on rights: who gave somebody their role, and what people prove themselves with."""

from collections import defaultdict

from sqlmodel import Session, col, select

from app.store.rows import AuditRow, AuthenticatorRow, IdentityRow, PasskeyRow, PersonRow

GIVING = ("person_added", "role_changed")
"""The acts by which somebody gets a role."""


def given(db: Session, organisation_id: str) -> dict[str, AuditRow]:
    """Give for each person of an organisation the line of the log about the last time their role was given."""
    query = select(AuditRow).where(
        AuditRow.organisation_id == organisation_id,
        AuditRow.object_kind == "person",
        col(AuditRow.action).in_(GIVING),
    )
    return {row.object_id: row for row in db.exec(query.order_by(col(AuditRow.number))).all()}


def proofs(db: Session, organisation_id: str) -> dict[str, frozenset[str]]:
    """Give for each person which kinds of proof they have beside a password: `app`, `passkey`, `single_sign_on`."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind, table in (("app", AuthenticatorRow), ("passkey", PasskeyRow), ("single_sign_on", IdentityRow)):
        query = select(table.person_id).join(PersonRow, col(PersonRow.id) == table.person_id)
        for person_id in db.exec(query.where(PersonRow.organisation_id == organisation_id)).all():
            found[person_id].add(kind)
    return {person_id: frozenset(kinds) for person_id, kinds in found.items()}
