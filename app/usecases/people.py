"""Accounts: who works here, and as what. An administrator manages them and sees no case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from app import mail
from app.accounts import local_ways, sessions
from app.accounts.actor import Actor, system_actor
from app.accounts.passwords import hash_password, password_problem
from app.errors import NotAllowed, NotFound
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role, role_title
from app.settings import Settings
from app.store import audit, identities, outbox, people, proofs, signins
from app.store.rows import AccountLinkRow, OrganisationRow, PersonRow
from app.store.types import utc_now
from app.usecases import joining
from app.usecases.lines import PersonLine, person_line
from app.usecases.second_step import warn

EMAIL_LENGTH = 254
NAME_LENGTH = 200
SPECIAL = frozenset({Role.ADMIN, Role.PRINCIPAL})
"""The roles with special rights: one gives rights to others, one decides."""


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
    db: Session, settings: Settings, actor: Actor, *, name: str, email: str, role: Role, password: str | None = None
) -> PersonLine | tuple[FieldProblem, ...]:
    """Give somebody an account, with or without a first password. Raises NotFound for everybody but an administrator.

    Without one they need a link (`invite`). With one they set up the second proof when they first sign in.
    """
    only_admin(actor)
    problems = tuple(_problems(db, name, email, role, password, signins.organisation(db, actor.organisation_id).name))
    if problems:
        return problems
    row = PersonRow(
        organisation_id=actor.organisation_id,
        name=name.strip(),
        email=email.strip().lower(),
        role=role,
        password_hash="" if password is None else hash_password(settings, password),
    )
    people.add_person(db, row)
    audit.append(db, actor, "person_added", "person", row.id, detail={"role": role.value})
    tell_administrators(db, row, actor)
    return person_line(row, actor.tier)


def may_invite(settings: Settings, actor: Actor) -> None:
    """Let pass an administrator where people are invited. Raises NotFound for others, NotAllowed where nobody is."""
    only_admin(actor)
    if not settings.local_accounts:
        raise NotAllowed("Hier komen accounts uit de inlogdienst van uw organisatie.")


def invite(
    db: Session, settings: Settings, actor: Actor, *, name: str, email: str, role: Role
) -> PersonLine | tuple[FieldProblem, ...]:
    """Give somebody an account and mail them the link to begin. Raises what `may_invite` raises."""
    may_invite(settings, actor)
    done = add_person(db, settings, actor, name=name, email=email, role=role)
    if isinstance(done, PersonLine):
        joining.send_link(db, settings, actor, people.person_of(db, actor, done.id), "invitation")
    return done


def invite_again(db: Session, settings: Settings, actor: Actor, person_id: str) -> PersonLine:
    """Mail a new link to somebody who did not begin yet. Raises NotAllowed for who did."""
    row = colleague(db, actor, person_id, "U bent al begonnen.")
    if row.password_hash or proofs.has_factor(db, row.id):
        raise NotAllowed("Deze collega is al begonnen. Kwijt hoe in te loggen? Kies dan voor opnieuw beginnen.")
    joining.send_link(db, settings, actor, row, "invitation")
    return person_line(row, actor.tier)


def change_role(db: Session, settings: Settings, actor: Actor, person_id: str, role: Role) -> PersonLine:
    """Give somebody another role. Their sessions end, so that nothing goes on with the old one.

    Raises NotAllowed for who gets it from the organisation: the next sign-in there would undo it.
    """
    row = colleague(db, actor, person_id, "U kunt uw eigen rol niet wijzigen. Vraag een andere beheerder.")
    if local_ways.closed(db, settings, row.id):
        raise NotAllowed("De rol van deze collega komt van uw organisatie. Laat de rol daar wijzigen.")
    if role is Role.CANDIDATE:
        raise NotAllowed("Een kandidaat krijgt geen account. Nodig de kandidaat uit vanuit de zaak.")
    before, row.role = row.role, role
    db.add(row)
    if before is not role:
        sessions.end_all_of(db, row.id)
        audit.append(db, actor, "role_changed", "person", row.id, detail={"from": before.value, "to": role.value})
        warn(db, row, "account_changed", what=f"Uw rol is nu: {person_line(row, actor.tier).role_title}.")
        tell_administrators(db, row, actor)
    return person_line(row, actor.tier)


def tell_administrators(db: Session, person: PersonRow, by: Actor) -> None:
    """Mail the other administrators when somebody got a role with special rights, whichever way (BIO2 8.02.01).

    Where there is no other administrator, the principal hears what an administrator did: nobody makes an account with
    special rights unseen.
    """
    if person.role not in SPECIAL:
        return
    organisation = signins.organisation(db, person.organisation_id)
    others = [one for one in people.people_of(db, by) if one.active and one.id not in {by.id, person.id}]
    admins = [one for one in others if one.role is Role.ADMIN]
    alone = not admins and by.kind == "person"
    for one in [one for one in others if one.role is Role.PRINCIPAL] if alone else admins:
        letter = mail.write(
            "rights_given",
            name=one.name,
            who=person.name,
            role=role_title(person.role, organisation.tier),
            by=by.name if by.kind == "person" else "de inlogdienst of een opdracht op de server",
            organisation=organisation.name,
            sender="Toetssteen",
        )
        outbox.put(db, organisation.id, None, "rights_given", one.email, letter)


def deactivate(db: Session, actor: Actor, person_id: str) -> PersonLine:
    """Switch an account off; its sessions end at once. Raises NotAllowed for one's own account."""
    row = colleague(db, actor, person_id, "U kunt uw eigen account niet uitzetten. Vraag een andere beheerder.")
    row.active = False
    db.add(row)
    sessions.end_all_of(db, row.id)
    audit.append(db, actor, "person_switched_off", "person", row.id)
    return person_line(row, actor.tier)


def activate(db: Session, actor: Actor, person_id: str) -> PersonLine:
    """Switch an account on again. What its person proved themselves with still works."""
    row = colleague(db, actor, person_id, "Uw eigen account staat aan.")
    row.active = True
    db.add(row)
    audit.append(db, actor, "person_switched_on", "person", row.id)
    return person_line(row, actor.tier)


@dataclass(frozen=True, slots=True)
class Account:
    """What an administrator sees of an account. With `elsewhere` the organisation lets its person in, and gives the role."""

    person: PersonLine
    begun: bool
    elsewhere: bool
    app: bool
    passkeys: int
    recovery_codes: int
    invited_until: datetime | None


def account(db: Session, settings: Settings, actor: Actor, person_id: str) -> Account:
    """Give one account. Raises NotFound for everybody but an administrator of the same organisation."""
    only_admin(actor)
    return _accounts(db, settings, actor, [people.person_of(db, actor, person_id)])[0]


def accounts(db: Session, settings: Settings, actor: Actor) -> tuple[Account, ...]:
    """Give all accounts of one's own organisation. Raises NotFound for everybody but an administrator."""
    only_admin(actor)
    return _accounts(db, settings, actor, people.people_of(db, actor))


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt to get in that failed. `name` is empty for a candidate, whom an administrator does not know."""

    at: datetime
    name: str
    what: str
    origin: str


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed attempts at one's own organisation, newest first, and how many were at nobody's account."""

    attempts: tuple[Failure, ...]
    at_nobody: int


def failures(db: Session, actor: Actor) -> Failures:
    """Give the failed attempts of the last thirty days. Raises NotFound for everybody but an administrator."""
    only_admin(actor)
    since = utc_now() - signins.FAILURES_KEPT
    found = signins.failures_of(db, actor.organisation_id, since)
    return Failures(
        tuple(Failure(row.at, person.name if person else "", row.what, row.origin) for row, person in found),
        signins.failures_at_nobody(db, since),
    )


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
    password: str | None = None,
) -> PersonLine | tuple[FieldProblem, ...]:
    """Give somebody an account from the command line; makes the organisation when it is new and its tier is given.

    Raises NotAllowed where only the organisation lets people in: its sign-in makes the account, and finds none in the way.
    """
    if not settings.local_accounts:
        raise NotAllowed(
            "local accounts are switched off: people get an account when they first sign on; see sign-on-test"
        )
    row = organisation_for_command(db, organisation, tier)
    return add_person(db, settings, system_actor(row.id), name=name, email=email, role=role, password=password)


def only_admin(actor: Actor) -> None:
    """Let pass an administrator. Raises NotFound for everybody else: for them these pages do not exist."""
    if actor.role is not Role.ADMIN:
        raise NotFound("only for administrators")


def colleague(db: Session, actor: Actor, person_id: str, for_oneself: str) -> PersonRow:
    """Give a colleague to change. Raises NotAllowed, with this sentence, for oneself."""
    only_admin(actor)
    row = people.person_of(db, actor, person_id)
    if row.id == actor.id:
        raise NotAllowed(for_oneself)
    return row


def _accounts(db: Session, settings: Settings, actor: Actor, rows: Sequence[PersonRow]) -> tuple[Account, ...]:
    links = proofs.links_of(db, actor.organisation_id)
    linked = identities.linked_of(db, actor.organisation_id, local_ways.issuers(settings))
    found = (_account(db, actor, row, links.get(row.id)) for row in rows)
    return tuple(
        replace(one, elsewhere=True, begun=one.person.id in linked)
        if one.person.id in linked or not settings.local_accounts
        else one
        for one in found
    )


def _account(db: Session, actor: Actor, row: PersonRow, link: AccountLinkRow | None) -> Account:
    app = proofs.authenticator_of(db, row.id) is not None
    keys = len(proofs.passkeys_of(db, row.id))
    return Account(
        person_line(row, actor.tier),
        begun=bool(row.password_hash or app or keys),
        elsewhere=False,
        app=app,
        passkeys=keys,
        recovery_codes=proofs.recovery_codes_left(db, row.id),
        invited_until=link.expires_at if link is not None and link.used_at is None else None,
    )


def _problems(
    db: Session, name: str, email: str, role: Role, password: str | None, organisation: str
) -> list[FieldProblem]:
    found = []
    if not name.strip() or len(name) > NAME_LENGTH:
        found.append(FieldProblem("name", "Vul een naam in van hoogstens 200 tekens."))
    if not looks_like_email(email):
        found.append(FieldProblem("email", "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."))
    elif signins.person_by_email(db, email) is not None:
        found.append(FieldProblem("email", "Dit e-mailadres heeft al een account. Gebruik een ander adres."))
    if role is Role.CANDIDATE:
        found.append(FieldProblem("role", "Een kandidaat krijgt geen account. Nodig de kandidaat uit vanuit de zaak."))
    problem = None if password is None else password_problem(password, (name, email, organisation))
    if problem is not None:
        found.append(FieldProblem("password", problem))
    return found


def looks_like_email(text: str) -> bool:
    """Tell whether this can be an address. Only a mail that arrives proves that it is one."""
    name, at, domain = text.strip().rpartition("@")
    return (
        bool(name and at and domain) and len(text) <= EMAIL_LENGTH and not any(sign.isspace() for sign in text.strip())
    )
