"""One's own account: the password, the app, the passkeys, the recovery codes.

Changes ask for a fresh sign-in: whoever sits down at an unlocked computer cannot make the account their own. A new
password asks for the old one as well. After a change every other session of the person is over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.passwords import hash_password, password_problem, verify_password
from app.accounts.second_factor import new_secret
from app.errors import NotAllowed, NotFound
from app.settings import Settings
from app.store import audit, proofs, signins
from app.store.engine import let_go
from app.store.rows import PersonRow
from app.store.types import utc_now
from app.usecases import setting_up
from app.usecases.joining import known_of
from app.usecases.second_step import warn
from app.usecases.signing_in import NOWHERE, Place, Refused, count, fail, new_step, resting

FRESH = timedelta(minutes=15)
NOT_FRESH = "Voor deze wijziging moet u net zijn ingelogd. Log opnieuw in en probeer het nog eens."
NOT_HERE = "U logt in via de inlogdienst van uw organisatie. Uw wachtwoord en tweede bewijs regelt u daar."
WRONG_CURRENT = "Uw huidige wachtwoord klopt niet. Vul het in zoals u ermee inlogt."
LAST_ONE = "Dit is uw laatste manier om te bewijzen dat u het bent. Voeg eerst een andere toe."


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: str
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """How somebody proves who they are. With `fresh` they may change it now; with `elsewhere` the organisation does."""

    email: str
    password: bool
    app: bool
    passkeys: tuple[Passkey, ...]
    recovery_codes: int
    fresh: bool
    elsewhere: bool


def look(db: Session, actor: Actor) -> OwnAccount:
    """Give one's own account. Raises NotFound for a candidate, who has none."""
    person = _person(db, actor)
    return OwnAccount(
        person.email,
        password=bool(person.password_hash),
        app=proofs.authenticator_of(db, person.id) is not None,
        passkeys=tuple(
            Passkey(one.id, one.name, one.created_at, one.used_at) for one in proofs.passkeys_of(db, person.id)
        ),
        recovery_codes=proofs.recovery_codes_left(db, person.id),
        fresh=_is_fresh(db, actor),
        elsewhere=_elsewhere(db, actor),
    )


def change_password(
    db: Session, settings: Settings, actor: Actor, current: str, password: str, place: Place = NOWHERE
) -> Refused | None:
    """Choose a new password. All sessions of the person end, this one too. Raises NotAllowed without a fresh sign-in.

    `current` is the password until now; who has only a passkey has none. Wrong ones count as they do at the door.
    """
    person = changing(db, actor)
    problem = password_problem(password, known_of(db, person))
    if problem is not None:
        return Refused(problem)
    counted = count(db, settings, "password", person.email, person, place)
    if counted.left == 0:
        return Refused(resting(settings))
    stored = person.password_hash
    let_go(db)  # hashing takes long on purpose
    if stored and not verify_password(settings, current, stored)[0]:
        fail(db, counted)
        return Refused(WRONG_CURRENT)
    hashed = hash_password(settings, password)
    person = signins.held_person(db, changing(db, actor).id)
    if person.password_hash != stored:
        return Refused(WRONG_CURRENT)
    person.password_hash = hashed
    db.add(person)
    sessions.end_all_of(db, person.id)
    proofs.end_steps(db, person.id)
    audit.append(db, actor, "password_set", "person", person.id)
    warn(db, person, "account_changed", what="Uw wachtwoord is gewijzigd.")
    return None


def begin_adding(db: Session, actor: Actor) -> str:
    """Begin adding an app or a passkey: gives the token of the step. Raises NotAllowed without a fresh sign-in."""
    return new_step(db, "add", changing(db, actor), secret=new_secret())


def add_app(db: Session, actor: Actor, token: str, typed: str) -> Refused | None:
    """Set up this app in place of the one before, when its first code is right."""
    person = changing(db, actor)
    found = setting_up.found_step(db, token, "add")
    if found is None or found[1].id != person.id:
        return Refused("Dit duurde te lang. Begin opnieuw.", over=True)
    if not person.password_hash:
        raise NotAllowed("Een app is het tweede bewijs naast een wachtwoord. Kies eerst een wachtwoord.")
    if not setting_up.take_app(db, found[0], person, typed):
        return Refused(setting_up.WRONG_FIRST_CODE)
    _settled(db, actor)
    audit.append(db, actor, "factor_set_up", "person", person.id, detail={"with": "app"})
    warn(db, person, "account_changed", what="Er is een nieuwe app voor inlogcodes ingesteld.")
    return None


def add_passkey(db: Session, settings: Settings, actor: Actor, token: str, answer: str, name: str) -> Refused | None:
    """Keep a new passkey beside those there are."""
    person = changing(db, actor)
    found = setting_up.found_step(db, token, "add")
    if found is None or found[1].id != person.id:
        return Refused("Dit duurde te lang. Begin opnieuw.", over=True)
    if not setting_up.take_passkey(db, settings, found[0], person, answer, name):
        return Refused(setting_up.NO_PASSKEY)
    _settled(db, actor)
    audit.append(db, actor, "factor_set_up", "person", person.id, detail={"with": "passkey"})
    warn(db, person, "account_changed", what="Er is een passkey toegevoegd.")
    return None


def remove_passkey(db: Session, actor: Actor, key_id: str) -> None:
    """Take away a passkey. Raises NotAllowed when nothing else is left to sign in with, and NotFound."""
    person = _person(db, actor)
    keys = {one.id for one in proofs.passkeys_of(db, person.id)}
    if key_id not in keys:
        raise NotFound("no such passkey")
    changing(db, actor)
    app = proofs.authenticator_of(db, person.id) is not None and bool(person.password_hash)
    if len(keys) == 1 and not app:
        raise NotAllowed(LAST_ONE)
    proofs.remove_passkey(db, person.id, key_id)
    _settled(db, actor)
    audit.append(db, actor, "passkey_removed", "person", person.id)
    warn(db, person, "account_changed", what="Er is een passkey weggehaald.")


def renew_codes(db: Session, actor: Actor) -> tuple[str, ...]:
    """Make new recovery codes; the ones before stop working. Raises NotAllowed without a fresh sign-in."""
    changing(db, actor)
    _settled(db, actor)
    return setting_up.new_codes(db, actor)


def changing(db: Session, actor: Actor) -> PersonRow:
    """Give the account of somebody who may change how they prove who they are, now. Raises NotAllowed otherwise."""
    person = _person(db, actor)
    if _elsewhere(db, actor):
        raise NotAllowed(NOT_HERE)
    if not _is_fresh(db, actor):
        raise NotAllowed(NOT_FRESH)
    return person


def _settled(db: Session, actor: Actor) -> None:
    """End the other sessions: one of them may be the reason for the change."""
    sessions.end_others_of(db, actor)


def _person(db: Session, actor: Actor) -> PersonRow:
    if actor.kind != "person":
        raise NotFound("only for people with an account")
    return signins.person(db, actor.id)


def _elsewhere(db: Session, actor: Actor) -> bool:
    """Tell whether somebody came in through the organisation: then nothing here proves who they are."""
    return signins.by_single_sign_on(db, actor.session_id)


def _is_fresh(db: Session, actor: Actor) -> bool:
    began = signins.began(db, actor.session_id)
    return began is not None and abs(utc_now() - began) < FRESH
