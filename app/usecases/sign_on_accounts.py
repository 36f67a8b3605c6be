"""Which account belongs to somebody whom the organisation named, and what that account may from now on.

An account belongs to a subject at the provider, never to an address: addresses change hands, and not every provider
checks them. An account that was there before is joined to a subject by its own person, who signs in both ways; or by its
address, only when the setting says so and the provider says that it checked the address.
"""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.actor import system_actor
from app.accounts.oidc import Proven
from app.reviews.lifecycle import Role, role_title
from app.settings import Settings
from app.store import audit, identities, people, proofs, signins
from app.store.rows import OrganisationRow, PersonRow
from app.store.types import utc_now
from app.usecases.people import tell_administrators
from app.usecases.second_step import warn
from app.usecases.sign_on_claims import email_of, left_out, name_of, roles_of

NO_ROLE = "Uw organisatie heeft u nog geen rol gegeven in Toetssteen. Vraag uw beheerder om een rol."
SEVERAL_ROLES = "Uw organisatie heeft u meer dan één rol gegeven in Toetssteen. Vraag uw beheerder om er één te kiezen."
ROLES_LEFT_OUT = (
    "Uw organisatie kan uw rol niet doorgeven, omdat u in heel veel groepen zit. Vraag uw beheerder om een rol die "
    "alleen voor Toetssteen is."
)
NO_EMAIL = "Uw organisatie geeft uw e-mailadres niet door. Vraag uw beheerder om dat in te stellen."
TAKEN = "Er is al een account met uw e-mailadres. Vraag uw beheerder wat u nu doet."
TAKEN_BUT_OPEN = (
    "Er is al een account met uw e-mailadres. Is dat van u? Log dan in zoals u gewend was. Kies daarna bij Mijn account "
    "voor koppelen. Lukt dat niet? Vraag uw beheerder."
)
SOMEBODY_ELSES = "Bij uw organisatie logde iemand in die hier al een ander account heeft. Uw account is niet gekoppeld."
OTHER_ORGANISATION = "Uw account hoort bij een andere organisatie in Toetssteen. Vraag uw beheerder."
SWITCHED_OFF = "Uw account staat uit. Vraag uw beheerder om het aan te zetten."
JOINED = (
    "Uw account is gekoppeld aan de inlogdienst van uw organisatie. U logt voortaan daar in. Een wachtwoord of passkey "
    "van Toetssteen werkt niet meer."
)


@dataclass(frozen=True, slots=True)
class No:
    """Nobody gets in: what the person reads, and a word or two for the log."""

    message: str
    reason: str


def account_of(
    db: Session, settings: Settings, organisation: OrganisationRow, proven: Proven, own: PersonRow | None = None
) -> PersonRow | No:
    """Find, join or make the account of somebody, with the role that the organisation gave now.

    `own` is the account of whoever asked, signed in here, to join it to what they prove there.
    """
    person = identities.person_of(db, proven.issuer, proven.subject)
    if person is not None and person.organisation_id != organisation.id:
        return No(OTHER_ORGANISATION, "other organisation")
    if own is not None and own.organisation_id != organisation.id:
        return No(OTHER_ORGANISATION, "other organisation")
    role = _role(settings, proven)
    if isinstance(role, No):
        if person is not None:
            sessions.end_all_of(db, person.id)  # what the organisation took away counts at once
        return role
    if person is None:
        # One at a time: whoever comes for the first time in two windows gets one account.
        signins.held(db, organisation.id)
        found = identities.person_of(db, proven.issuer, proven.subject)
        made = found or _first_time(db, settings, organisation, proven, role, own)
        if isinstance(made, No):
            return made
        person = made
    if own is not None and own.id != person.id:
        return No(SOMEBODY_ELSES, "somebody else")
    if not person.active:
        return No(SWITCHED_OFF, "switched off")
    if person.role is not role:
        _give(db, organisation, person, role)
    return person


def _role(settings: Settings, proven: Proven) -> Role | No:
    roles = roles_of(settings, proven.claims)
    if len(roles) == 1:
        return next(iter(roles))
    if roles:
        # People in two roles would be their own second pair of eyes, so we never choose one for them.
        return No(SEVERAL_ROLES, "several roles")
    return No(ROLES_LEFT_OUT, "roles left out") if left_out(settings, proven.claims) else No(NO_ROLE, "no role")


def _give(db: Session, organisation: OrganisationRow, person: PersonRow, role: Role) -> None:
    """Give somebody the role that the organisation gave; nothing goes on with the old one."""
    person.role = role
    db.add(person)
    sessions.end_all_of(db, person.id)
    by = system_actor(organisation.id)
    audit.append(db, by, "role_changed", "person", person.id, detail={"role": role.value, "by": "single_sign_on"})
    told = role_title(role, organisation.tier)
    tell_administrators(db, person, by)
    warn(db, person, "account_changed", what=f"Uw organisatie gaf u een andere rol. Uw rol is nu: {told}.")


def _first_time(
    db: Session, settings: Settings, organisation: OrganisationRow, proven: Proven, role: Role, own: PersonRow | None
) -> PersonRow | No:
    if own is not None:
        _join(db, organisation, own, proven, "own")
        return own
    email = email_of(proven.claims)
    if not email:
        return No(NO_EMAIL, "no email")
    there = signins.person_by_email(db, email)
    if there is None:
        return _new(db, organisation, proven, role, email)
    if not _may_join(db, settings, organisation, there, proven):
        return No(TAKEN_BUT_OPEN if settings.local_accounts else TAKEN, "address taken")
    _join(db, organisation, there, proven, "email")
    return there


def _new(db: Session, organisation: OrganisationRow, proven: Proven, role: Role, email: str) -> PersonRow:
    name = name_of(proven.claims, email)
    person = PersonRow(organisation_id=organisation.id, name=name, email=email, role=role, password_hash="")
    people.add_person(db, person)
    by = system_actor(organisation.id)
    audit.append(db, by, "person_added", "person", person.id, detail={"role": role.value, "by": "single_sign_on"})
    tell_administrators(db, person, by)
    identities.link(db, person.id, proven.issuer, proven.subject, utc_now())
    audit.append(db, by, "identity_linked", "person", person.id, detail={"by": "new"})
    return person


def _join(db: Session, organisation: OrganisationRow, person: PersonRow, proven: Proven, by: str) -> None:
    """Join an account that was there to a subject. What opened it until now opens it no longer."""
    identities.link(db, person.id, proven.issuer, proven.subject, utc_now())
    proofs.forget_all(db, person.id)
    person.password_hash = ""
    db.add(person)
    sessions.end_all_of(db, person.id)
    audit.append(db, system_actor(organisation.id), "identity_linked", "person", person.id, detail={"by": by})
    warn(db, person, "account_changed", what=JOINED)


def _may_join(
    db: Session, settings: Settings, organisation: OrganisationRow, person: PersonRow, proven: Proven
) -> bool:
    """Tell whether an account may be joined by its address: asked for, checked by the provider, ours, and still free.

    Free is also what belongs to a subject at another provider, which the settings no longer name.
    """
    return (
        settings.oidc_link_by_email
        and proven.claims.get("email_verified") is True
        and person.organisation_id == organisation.id
        and not identities.is_linked(db, person.id, (proven.issuer,))
    )
