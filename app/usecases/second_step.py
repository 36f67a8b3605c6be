"""The second proof: the code of an app, a recovery code, or a passkey, which needs no first one. Only now a session begins."""

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from app import mail
from app.accounts import passkeys, recovery, second_factor, sessions
from app.accounts.actor import system_actor
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint
from app.settings import Settings
from app.store import audit, outbox, proofs, signins
from app.store.rows import PersonRow, SignInStepRow
from app.store.types import utc_now
from app.usecases import guessing
from app.usecases.signing_in import NO_PASSWORDS, NOWHERE, Place, Refused, begin, count, fail, new_step, resting

WRONG_CODE = "Deze code klopt niet of is al gebruikt. Wacht op de volgende code in uw app en vul die in."
OVER = "Dit duurde te lang. Log opnieuw in."
GUESSED = (
    "Er zijn vandaag te veel verkeerde codes ingevuld. Log in met een herstelcode of een passkey, of op een apparaat dat u "
    "eerder gebruikte. Was u dit niet? Dan kent iemand uw wachtwoord. Kies een nieuw wachtwoord via ‘wachtwoord vergeten’: "
    "daarna werken de codes van uw app weer."
)
WRONG_PASSKEY = "Deze passkey kennen wij niet, of het account staat uit. Log in met uw wachtwoord."
CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who gave the right password: what the second proof can be."""

    person_id: str
    email: str
    app: bool
    passkey: bool


def waiting(db: Session, token: str) -> Waiting | None:
    """Tell what the second proof of this step can be; `None` when the step is over."""
    step = proofs.step(db, fingerprint(token), "factor", utc_now())
    if step is None or step.person_id is None:
        return None
    person = signins.person(db, step.person_id)
    return Waiting(
        person.id,
        person.email,
        app=proofs.authenticator_of(db, person.id) is not None,
        passkey=bool(proofs.passkeys_of(db, person.id)),
    )


def finish(db: Session, settings: Settings, token: str, typed: str, place: Place = NOWHERE) -> SignedIn | Refused:
    """Look at a code: of the app, or one of the recovery codes. Right: the session begins."""
    step = proofs.step(db, fingerprint(token), "factor", utc_now(), lock=True)
    person = signins.person(db, step.person_id) if step is not None and step.person_id else None
    if step is None or person is None or not person.active or not settings.local_accounts:
        return Refused(OVER, over=True)
    counted = count(db, settings, "factor", guessing.account_of(person), person, place)
    if counted.left == 0:
        return Refused(resting(settings))
    if not recovery.looks_like_one(typed) and guessing.used_up(db, counted):
        return Refused(GUESSED)
    used = _prove(db, person, typed)
    if used is None:
        if guessing.made(db, counted) + 1 == settings.attempts_before_lock:
            warn(db, person, "sign_in_warning")
        fail(db, counted)
        return _failed_once_more(db, settings, step)
    proofs.end_step(db, step)
    done = sessions.start_for_person(db, settings, person, place.origin)
    audit.append(db, done.actor, "signed_in", "person", person.id, detail={"with": used})
    if used == "recovery":
        warn(db, person, "recovery_used", left=proofs.recovery_codes_left(db, person.id))
    return done


def at_once(
    db: Session, settings: Settings, email: str, password: str, code: str, place: Place = NOWHERE
) -> SignedIn | Refused:
    """Take both proofs together, for a command."""
    halfway = begin(db, settings, email, password, place)
    if isinstance(halfway, Refused):
        return halfway
    if halfway.purpose != "factor":
        return Refused("Uw account is nog niet beveiligd. Log eerst een keer in met uw browser.")
    return finish(db, settings, halfway.token, code, place)


def ask_for_passkey(db: Session, settings: Settings) -> tuple[str, str]:
    """Begin signing in with a passkey: gives the token of the step, and what the browser needs as JSON."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    return new_step(db, "passkey", challenge=challenge), passkeys.request(settings, challenge)


def with_passkey(
    db: Session, settings: Settings, token: str, answer: str, place: Place = NOWHERE
) -> SignedIn | Refused:
    """Let somebody in whose device signed. A question to a device can be answered once."""
    if not settings.local_accounts:
        return Refused(NO_PASSWORDS)
    step = proofs.step(db, fingerprint(token), "passkey", utc_now(), lock=True)
    if step is None or step.challenge is None:
        return Refused(OVER, over=True)
    challenge = step.challenge
    proofs.end_step(db, step)
    credential = passkeys.credential_of(answer)
    found = proofs.passkey_by_credential(db, credential) if credential else None
    key, person = found if found is not None else (None, None)
    counted = count(db, settings, "passkey", person.id if person else "", person, place)
    if key is None or person is None or not person.active:
        fail(db, counted)
        return Refused(WRONG_PASSKEY)
    sign_count = passkeys.proven(settings, challenge, answer, public_key=key.public_key, sign_count=key.sign_count)
    if sign_count is None:
        fail(db, counted)
        return Refused(WRONG_PASSKEY)
    key.sign_count, key.used_at = sign_count, utc_now()
    db.add(key)
    done = sessions.start_for_person(db, settings, person, place.origin)
    audit.append(db, done.actor, "signed_in", "person", person.id, detail={"with": "passkey"})
    return done


def warn(db: Session, person: PersonRow, name: str, **fields: object) -> None:
    """Mail somebody about something that happened to their account."""
    organisation = signins.organisation(db, person.organisation_id)
    letter = mail.write(name, name=person.name, organisation=organisation.name, sender="Toetssteen", **fields)
    outbox.put(db, person.organisation_id, None, name, person.email, letter)
    audit.append(db, system_actor(person.organisation_id), "person_warned", "person", person.id, detail={"of": name})


def _prove(db: Session, person: PersonRow, typed: str) -> str | None:
    if recovery.looks_like_one(typed):
        fits = proofs.use_recovery_code(db, person.id, recovery.mark_of(person.id, typed), utc_now())
        return "recovery" if fits else None
    app = proofs.authenticator_of(db, person.id)
    if app is None:
        return None
    step = second_factor.fitting_step(app.secret, typed, utc_now(), used=app.used_steps)
    fits = step is not None and proofs.take_step(db, app, second_factor.with_step(app.used_steps, step))
    return "app" if fits else None


def _failed_once_more(db: Session, settings: Settings, step: SignInStepRow) -> Refused:
    step.failed += 1
    if step.failed >= settings.attempts_before_lock:
        proofs.end_step(db, step)
        return Refused(OVER, over=True)
    db.add(step)
    return Refused(WRONG_CODE)
