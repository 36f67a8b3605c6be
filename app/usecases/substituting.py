"""Substitutes: somebody stepped aside in a case, and clerk, principal or administrator point out who comes instead."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app import mail
from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, role_title
from app.store import audit, independence, outbox, people
from app.store.rows import DeclarationRow
from app.store.types import utc_now
from app.usecases.lines import PersonLine, person_line, reference_of
from app.usecases.organisations import agreements

POINT_OUT = frozenset({Role.CLERK, Role.PRINCIPAL, Role.ADMIN})
"""Who may point out a substitute. An administrator does so without seeing whose case it is."""


@dataclass(frozen=True, slots=True)
class SubstituteAsked:
    """Somebody who stepped aside and has nobody instead yet. `case_id` is empty for who cannot open the case."""

    declaration_id: str
    case_id: str
    reference: str
    name: str
    role_title: str
    at: datetime
    colleagues: tuple[PersonLine, ...]


def asked(db: Session, actor: Actor) -> tuple[SubstituteAsked, ...]:
    """Give who must still get a substitute, oldest first. Raises NotFound for who does not point one out."""
    if actor.role not in POINT_OUT:
        raise NotFound("not for you")
    return tuple(
        SubstituteAsked(
            declaration_id=row.id,
            case_id="" if actor.role is Role.ADMIN else case.id,
            reference=reference_of(case),
            name=row.person_name,
            role_title=role_title(row.person_role, actor.tier),
            at=row.at,
            colleagues=tuple(person_line(one, actor.tier) for one in independence.could_substitute(db, row)),
        )
        for row, case in independence.asking_for_substitutes(db, actor)
    )


def point_out(db: Session, actor: Actor, declaration_id: str, person_id: str) -> None:
    """Let a colleague with the same role take part instead. The substitute declares their own relation first.

    Raises NotFound for who may not point one out, and for a declaration that asks for nobody; NotAllowed for somebody
    who has another role or stepped aside too.
    """
    if actor.role not in POINT_OUT:
        raise NotFound("not for you")
    waiting = independence.asking_for_substitutes(db, actor)
    row = next((one for one, _ in waiting if one.id == declaration_id), None)
    if row is None:
        raise NotFound("nobody is asked for here")
    person = next((one for one in independence.could_substitute(db, row) if one.id == person_id), None)
    if person is None:
        raise NotAllowed("Kies een collega met dezelfde rol, die zelf wel mee kan doen.")
    independence.let_take_part(db, row, person, actor)
    row.substitute_id, row.substitute_name = person.id, person.name
    row.substitute_by_name, row.substitute_at = actor.name, utc_now()
    audit.append(db, actor, "substitute_pointed_out", "person", person.id, case_id=row.case_id)


def ask_for_substitute(db: Session, actor: Actor, row: DeclarationRow) -> None:
    """Mail those who can point out a substitute; where nobody else can, the administrators."""
    staff = [one for one in people.people_of(db, actor) if one.active and one.id != actor.id]
    to = [one for one in staff if one.role in POINT_OUT - {Role.ADMIN}] or [
        one for one in staff if one.role is Role.ADMIN
    ]
    for person in to:
        letter = mail.write(
            "substitute_needed",
            name=person.name,
            role=role_title(row.person_role, actor.tier),
            contact=str(agreements(db, actor).contact),
            organisation=actor.organisation_name,
            sender=actor.name,
        )
        outbox.put(db, row.organisation_id, row.case_id, "substitute_needed", person.email, letter)
