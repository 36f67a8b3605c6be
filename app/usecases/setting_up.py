"""The first second proof: an authenticator app or a passkey, set up before the first session. Then come recovery codes."""

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts import passkeys, recovery, second_factor, sessions
from app.accounts.actor import Actor
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint
from app.settings import Settings
from app.store import audit, proofs, signins
from app.store.rows import PasskeyRow, PersonRow, SignInStepRow
from app.store.types import utc_now
from app.usecases.second_step import CHALLENGE_BYTES, OVER
from app.usecases.signing_in import NOWHERE, Place, Purpose, Refused

ISSUER = "Toetssteen"
WRONG_FIRST_CODE = "Deze code klopt niet. Kijk in uw app en vul de zes cijfers in die daar nu staan."
NO_PASSKEY = "De passkey is niet gemaakt. Probeer het nog eens, of gebruik een app met codes."
KEY_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class SetUp:
    """What somebody needs to set up an app: a picture to scan, or the secret to type over."""

    email: str
    picture: str
    secret: str
    app: bool
    """False: there is no password that a code could be the second proof beside."""


@dataclass(frozen=True, slots=True)
class Entered:
    """Everything is set up and the session began. The recovery codes are shown now and never again."""

    signed_in: SignedIn
    codes: tuple[str, ...]


def look(db: Session, token: str, purpose: Purpose = "setup") -> SetUp | None:
    """Give what an app needs; `None` when the step is over."""
    found = _found(db, token, purpose)
    if found is None or found[0].secret is None:
        return None
    step, person = found
    secret = bytes(step.secret or b"")
    address = second_factor.address_of(secret, person.email, ISSUER)
    return SetUp(
        person.email, second_factor.picture_of(address), second_factor.typed_secret(secret), bool(person.password_hash)
    )


def confirm_app(db: Session, settings: Settings, token: str, typed: str, place: Place = NOWHERE) -> Entered | Refused:
    """Look at the first code of a new app. Right: the app is set up and the session begins."""
    found = _found(db, token, "setup", lock=True)
    if found is None:
        return Refused(OVER, over=True)
    step, person = found
    if not person.password_hash or not take_app(db, step, person, typed):
        return Refused(WRONG_FIRST_CODE)
    return _enter(db, settings, person, place, "app")


def take_app(db: Session, step: SignInStepRow, person: PersonRow, typed: str) -> bool:
    """Give a person the app of a step when its first code is right; that code is used then."""
    if step.secret is None:
        return False
    used = second_factor.fitting_step(step.secret, typed, utc_now())
    if used is None:
        return False
    proofs.set_authenticator(db, person, step.secret, (used,))
    proofs.end_step(db, step)
    return True


def ask_for_passkey(db: Session, settings: Settings, token: str, purpose: Purpose = "setup") -> str | None:
    """Give what the browser needs to make a passkey, as JSON; `None` when the step is over."""
    found = _found(db, token, purpose, lock=True)
    if found is None:
        return None
    step, person = found
    step.challenge = secrets.token_bytes(CHALLENGE_BYTES)
    db.add(step)
    known = [one.credential_id for one in proofs.passkeys_of(db, person.id)]
    return passkeys.registration(
        settings, step.challenge, person_id=person.id, email=person.email, name=person.name, known=known
    )


def confirm_passkey(
    db: Session, settings: Settings, token: str, answer: str, place: Place = NOWHERE
) -> Entered | Refused:
    """Look at the new passkey of a browser. Right: it is kept and the session begins."""
    found = _found(db, token, "setup", lock=True)
    if found is None:
        return Refused(OVER, over=True)
    step, person = found
    if not take_passkey(db, settings, step, person, answer):
        return Refused(NO_PASSKEY)
    return _enter(db, settings, person, place, "passkey")


def take_passkey(
    db: Session, settings: Settings, step: SignInStepRow, person: PersonRow, answer: str, name: str = ""
) -> bool:
    """Keep a new passkey when it answers what the step asked."""
    if step.challenge is None:
        return False
    made = passkeys.registered(settings, step.challenge, answer)
    if made is None or proofs.passkey_by_credential(db, made.credential_id) is not None:
        return False
    number = len(proofs.passkeys_of(db, person.id)) + 1
    proofs.add_passkey(
        db,
        PasskeyRow(
            person_id=person.id,
            credential_sha256=proofs.mark_of(made.credential_id),
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=name.strip()[:KEY_NAME_LENGTH] or f"Passkey {number}",
        ),
    )
    proofs.end_step(db, step)
    return True


def new_codes(db: Session, actor: Actor) -> tuple[str, ...]:
    """Make new recovery codes for whoever acts; the ones before stop working."""
    codes = recovery.new_codes()
    proofs.replace_recovery_codes(db, actor.id, tuple(recovery.mark_of(actor.id, code) for code in codes))
    audit.append(db, actor, "recovery_codes_made", "person", actor.id)
    return codes


def found_step(db: Session, token: str, purpose: Purpose) -> tuple[SignInStepRow, PersonRow] | None:
    """Find a step that is not over, with its person, and hold it until the end of the transaction."""
    return _found(db, token, purpose, lock=True)


def _found(db: Session, token: str, purpose: Purpose, *, lock: bool = False) -> tuple[SignInStepRow, PersonRow] | None:
    step = proofs.step(db, fingerprint(token), purpose, utc_now(), lock=lock)
    if step is None or step.person_id is None:
        return None
    person = signins.person(db, step.person_id)
    if not person.active or (purpose == "setup" and proofs.has_factor(db, person.id)):
        return None
    return step, person


def _enter(db: Session, settings: Settings, person: PersonRow, place: Place, what: str) -> Entered:
    proofs.end_links(db, person.id)
    done = sessions.start_for_person(db, settings, person, place.origin)
    audit.append(db, done.actor, "factor_set_up", "person", person.id, detail={"with": what})
    audit.append(db, done.actor, "signed_in", "person", person.id, detail={"with": what})
    return Entered(done, new_codes(db, done.actor))
