"""Signing in through the organisation: it says who somebody is and which role they have; we say what that role may.

An account belongs to a subject at the provider, never to an address: addresses change hands. Only when the setting says
so, and the provider says that it checked the address, an account that was there already is linked by it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app import logs
from app.accounts import lockout, oidc, sessions
from app.accounts.actor import Actor, system_actor
from app.accounts.asking import Unreachable
from app.accounts.oidc import NotProven, Proven
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint, new_token
from app.reviews.lifecycle import Role, role_title
from app.settings import Settings
from app.store import audit, identities, people, signins
from app.store.engine import let_go
from app.store.rows import LoginAttemptRow, OrganisationRow, PersonRow, SignOnRow
from app.store.types import utc_now
from app.usecases.people import NAME_LENGTH, looks_like_email, tell_administrators
from app.usecases.second_step import warn
from app.usecases.signing_in import Refused

MINUTES = 10
"""How long somebody may take at the provider."""
UNREACHABLE = "Het inloggen van uw organisatie is nu niet te bereiken. Probeer het over een paar minuten opnieuw."
AGAIN = "Het inloggen is niet gelukt. Probeer het opnieuw."
NO_ROLE = "Uw organisatie heeft u nog geen rol gegeven in Toetssteen. Vraag uw beheerder om een rol."
SEVERAL_ROLES = "Uw organisatie heeft u meer dan één rol gegeven in Toetssteen. Vraag uw beheerder om er één te kiezen."
NO_EMAIL = "Uw organisatie geeft uw e-mailadres niet door. Vraag uw beheerder om dat in te stellen."
TAKEN = "Er is al een account met uw e-mailadres. Vraag uw beheerder om dat account aan u te koppelen."
SWITCHED_OFF = "Uw account staat uit. Vraag uw beheerder om het aan te zetten."


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody goes to the provider: the address, and the token that this browser has to bring back."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Back:
    """Somebody came back and is in; `back_to` is where they were going."""

    signed_in: SignedIn
    back_to: str


def begin(db: Session, settings: Settings, back_to: str) -> Leaving | Refused:
    """Begin signing in through the organisation."""
    try:
        started = oidc.start(settings)
    except Unreachable as error:
        logs.error("sign_on_unreachable", exc_info=error)
        return Refused(UNREACHABLE)
    browser, now = new_token(), utc_now()
    row = SignOnRow(
        state_sha256=fingerprint(started.state),
        browser_sha256=fingerprint(browser),
        nonce=started.nonce,
        verifier=started.verifier,
        back_to=back_to[:500],
        expires_at=now + timedelta(minutes=MINUTES),
    )
    identities.begin(db, row, now)
    return Leaving(started.address, browser)


def finish(
    db: Session, settings: Settings, browser: str, state: str, code: str, issuer: str = "", origin: str = ""
) -> Back | Refused:
    """Let somebody in who came back from the provider, with the role that the organisation gave."""
    started = identities.take(db, fingerprint(state), fingerprint(browser), utc_now())
    if started is None:
        return _refused(db, settings, AGAIN, "state", origin)
    # Taken for good, whatever follows; and nobody waits while the provider thinks.
    let_go(db)
    if not code:
        return _refused(db, settings, AGAIN, "no code", origin)
    try:
        proven = oidc.finish(settings, code, started.nonce, started.verifier, issuer)
    except Unreachable as error:
        logs.error("sign_on_unreachable", exc_info=error)
        return Refused(UNREACHABLE)
    except NotProven as error:
        return _refused(db, settings, AGAIN, error.reason, origin)
    person = _person(db, settings, proven)
    if isinstance(person, _No):
        return _refused(db, settings, person.message, person.reason, origin)
    signed_in = sessions.start_for_person(db, settings, person, origin, single_sign_on=True)
    audit.append(db, signed_in.actor, "signed_in", "person", person.id, detail={"by": "single_sign_on"})
    return Back(signed_in, started.back_to)


def came_through(db: Session, settings: Settings, actor: Actor) -> bool:
    """Tell whether the session of this person began at the organisation, which still knows them after signing out."""
    return bool(settings.oidc_issuer) and signins.by_single_sign_on(db, actor.session_id)


def end_address(settings: Settings) -> str:
    """Give the address to sign out at the organisation; empty when it offers none."""
    return oidc.sign_out_address(settings) if settings.oidc_issuer else ""


@dataclass(frozen=True, slots=True)
class _No:
    message: str
    reason: str


def _person(db: Session, settings: Settings, proven: Proven) -> PersonRow | _No:
    roles = _roles(settings, proven.claims)
    if len(roles) != 1:
        # People in two roles would be their own second pair of eyes, so we never choose one for them.
        return _No(SEVERAL_ROLES, "several roles") if roles else _No(NO_ROLE, "no role")
    [role] = roles
    organisation = _organisation(db, settings)
    person = identities.person_of(db, proven.issuer, proven.subject)
    if person is None:
        known = _linked(db, settings, organisation, proven, role)
        if isinstance(known, _No):
            return known
        person = known
    if not person.active:
        return _No(SWITCHED_OFF, "switched off")
    if person.role is not role:
        person.role = role
        sessions.end_all_of(db, person.id)
        by = system_actor(organisation.id)
        audit.append(db, by, "role_changed", "person", person.id, detail={"role": role.value, "by": "single_sign_on"})
        told = role_title(role, organisation.tier)
        tell_administrators(db, person, by)
        warn(db, person, "account_changed", what=f"Uw organisatie gaf u een andere rol. Uw rol is nu: {told}.")
    return person


def _linked(
    db: Session, settings: Settings, organisation: OrganisationRow, proven: Proven, role: Role
) -> PersonRow | _No:
    """Find or make the account of a subject that comes for the first time."""
    told = proven.claims.get("email")
    email = told.strip().lower() if isinstance(told, str) else ""
    if not looks_like_email(email):
        return _No(NO_EMAIL, "no email")
    person = signins.person_by_email(db, email)
    by = system_actor(organisation.id)
    if person is None:
        name = str(proven.claims.get("name") or "").strip()[:NAME_LENGTH] or email
        person = PersonRow(organisation_id=organisation.id, name=name, email=email, role=role, password_hash="")
        people.add_person(db, person)
        audit.append(db, by, "person_added", "person", person.id, detail={"role": role.value, "by": "single_sign_on"})
        tell_administrators(db, person, by)
    elif not _may_link(db, settings, organisation, person, proven):
        return _No(TAKEN, "address taken")
    identities.link(db, person.id, proven.issuer, proven.subject, utc_now())
    audit.append(db, by, "identity_linked", "person", person.id)
    return person


def _may_link(
    db: Session, settings: Settings, organisation: OrganisationRow, person: PersonRow, proven: Proven
) -> bool:
    """Tell whether an account may be linked by its address: asked for, checked by the provider, ours, and still free."""
    return (
        settings.oidc_link_by_email
        and proven.claims.get("email_verified") is True
        and person.organisation_id == organisation.id
        and not identities.is_linked(db, person.id)
    )


def _roles(settings: Settings, claims: dict[str, Any]) -> frozenset[Role]:
    """Give the roles that the claims name. The claim may lie deeper, as in `realm_access.roles`."""
    found: Any = claims.get(settings.oidc_roles_claim)
    if found is None:
        found = claims
        for step in settings.oidc_roles_claim.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    values = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return frozenset(settings.oidc_roles[value] for value in values if value in settings.oidc_roles)


def _organisation(db: Session, settings: Settings) -> OrganisationRow:
    row = people.organisation_named(db, settings.oidc_organisation)
    if row is None:
        raise LookupError("TOETSSTEEN_OIDC_ORGANISATION names no organisation of this installation")
    return row


def _refused(db: Session, settings: Settings, message: str, reason: str, origin: str) -> Refused:
    """Refuse, on record. The log holds why, never who it said it was."""
    by = system_actor(_organisation(db, settings).id)
    mark = lockout.account_mark("sign_on", "")
    failure = LoginAttemptRow(
        subject_sha256=mark, account_sha256=mark, what="sign_on", organisation_id=by.organisation_id, at=utc_now(),
        origin=origin[:100],
    )  # fmt: skip
    signins.failed(db, failure)
    detail = {"reason": reason, "origin": origin}
    audit.append(db, by, "sign_on_refused", "sign_on", "", detail=detail, result="refused")
    return Refused(message)
