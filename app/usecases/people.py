"""Accounts: who works here, and as what."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.actor import Actor, system_actor
from app.accounts.passwords import hash_password, password_problem
from app.errors import NotAllowed, NotFound
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import audit, people, signins
from app.store.rows import OrganisationRow, PersonRow
from app.usecases.lines import PersonLine, person_line

EMAIL_LENGTH = 254
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of a form, in Dutch, and what to do about it."""

    field: str
    message: str


def colleagues(db: Session, actor: Actor, role: Role | None = None) -> tuple[PersonLine, ...]:
    """Give everybody of one's own organisation, or only those with one role. Candidates get nobody."""
    if actor.is_candidate:
        raise NotFound("candidates do not see colleagues")
    rows = people.people_of(db, actor)
    return tuple(person_line(row, actor.tier) for row in rows if role is None or row.role is role)


def add_person(
    db: Session, settings: Settings, actor: Actor, *, name: str, email: str, role: Role, password: str
) -> PersonLine | tuple[FieldProblem, ...]:
    """Give somebody an account. Raises NotAllowed for everybody but an administrator or a command."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed("Alleen een beheerder kan mensen toevoegen.")
    problems = tuple(_problems(db, name, email, role, password))
    if problems:
        return problems
    row = PersonRow(
        organisation_id=actor.organisation_id,
        name=name.strip(),
        email=email.strip().lower(),
        role=role,
        password_hash=hash_password(settings, password),
    )
    people.add_person(db, row)
    audit.append(db, actor, "person_added", "person", row.id, detail={"role": role.value})
    return person_line(row, actor.tier)


def deactivate(db: Session, actor: Actor, person_id: str) -> PersonLine:
    """Switch an account off; its sessions end at once. Raises NotAllowed for one's own account."""
    if actor.role is not Role.ADMIN:
        raise NotAllowed("Alleen een beheerder kan een account uitzetten.")
    if person_id == actor.id:
        raise NotAllowed("U kunt uw eigen account niet uitzetten. Vraag een andere beheerder.")
    row = people.person_of(db, actor, person_id)
    row.active = False
    sessions.end_all_of(db, row.id)
    audit.append(db, actor, "person_switched_off", "person", row.id)
    return person_line(row, actor.tier)


def set_password(db: Session, settings: Settings, actor: Actor, person_id: str, password: str) -> FieldProblem | None:
    """Set a new password: one's own, or as an administrator somebody else's. All sessions of that person end."""
    if person_id != actor.id and actor.role is not Role.ADMIN:
        raise NotAllowed("Alleen een beheerder kan het wachtwoord van een ander wijzigen.")
    problem = password_problem(password)
    if problem is not None:
        return FieldProblem("password", problem)
    row = people.person_of(db, actor, person_id)
    row.password_hash = hash_password(settings, password)
    sessions.end_all_of(db, row.id)
    audit.append(db, actor, "password_set", "person", row.id)
    return None


def organisation_for_command(db: Session, name: str, tier: Tier | None = None) -> OrganisationRow:
    """Find an organisation by name for a command line, or make it when its tier is given. Raises NotFound."""
    row = people.organisation_named(db, name)
    if row is not None:
        return row
    if tier is None:
        raise NotFound(f"there is no organisation called {name!r}; give its tier to make it")
    return people.add_organisation(db, name, tier.value, theme="default", settings={})


def add_person_by_command(
    db: Session,
    settings: Settings,
    *,
    organisation: str,
    tier: Tier | None,
    name: str,
    email: str,
    role: Role,
    password: str,
) -> PersonLine | tuple[FieldProblem, ...]:
    """Give somebody an account from the command line; makes the organisation when it is new and its tier is given."""
    row = organisation_for_command(db, organisation, tier)
    return add_person(db, settings, system_actor(row.id), name=name, email=email, role=role, password=password)


def _problems(db: Session, name: str, email: str, role: Role, password: str) -> list[FieldProblem]:
    found = []
    if not name.strip() or len(name) > NAME_LENGTH:
        found.append(FieldProblem("name", "Vul een naam in van hoogstens 200 tekens."))
    if not looks_like_email(email):
        found.append(FieldProblem("email", "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."))
    elif signins.person_by_email(db, email) is not None:
        found.append(FieldProblem("email", "Dit e-mailadres heeft al een account. Gebruik een ander adres."))
    if role is Role.CANDIDATE:
        found.append(FieldProblem("role", "Een kandidaat krijgt geen account. Nodig de kandidaat uit vanuit de zaak."))
    problem = password_problem(password)
    if problem is not None:
        found.append(FieldProblem("password", problem))
    return found


def looks_like_email(text: str) -> bool:
    """Tell whether this can be an address. Only a mail that arrives proves that it is one."""
    name, at, domain = text.strip().rpartition("@")
    return (
        bool(name and at and domain) and len(text) <= EMAIL_LENGTH and not any(sign.isspace() for sign in text.strip())
    )
