"""A candidate who enters with a passkey, or makes one on the way in."""

import hashlib
import secrets

from sqlmodel import Session

from app.accounts import passkeys
from app.accounts.sessions import SignedIn
from app.settings import Settings
from app.usecases.entering import OVER, Proof, after_link, count_here, failed, held, let_in
from app.usecases.second_step import CHALLENGE_BYTES
from app.usecases.signing_in import NOWHERE, Place, Refused, resting

NO_PASSKEY = "Het is niet gelukt met de passkey. Probeer het nog eens, of kies een andere manier."


def ask_new(db: Session, settings: Settings, step_token: str) -> str | None:
    """Give what the browser needs to make a passkey, as JSON; `None` when the step is over."""
    found = held(db, step_token)
    if found is None or not found.choosing:
        return None
    challenge = found.step.challenge = secrets.token_bytes(CHALLENGE_BYTES)
    db.add(found.step)
    email = found.case.candidate_email
    return passkeys.registration(settings, challenge, person_id=found.case.id, email=email, name=email, known=())


def keep(db: Session, settings: Settings, step_token: str, answer: str, place: Place = NOWHERE) -> SignedIn | Refused:
    """Keep a new passkey when it answers what was asked. Right: the session begins."""
    found = held(db, step_token)
    if found is None or not found.choosing:
        return Refused(OVER, over=True)
    made = passkeys.registered(settings, found.step.challenge, answer) if found.step.challenge else None
    if made is None:
        return Refused(NO_PASSKEY)
    mark = hashlib.sha256(made.credential_id).hexdigest()
    proof = Proof("passkey", credential_sha256=mark, public_key=made.public_key, sign_count=made.sign_count)
    return let_in(db, settings, found, proof, place)


def ask(db: Session, settings: Settings, token: str) -> tuple[str, str] | None:
    """Begin entering with link and passkey: gives the token of the step, and what the browser needs as JSON."""
    step_token = after_link(db, token, "passkey", "passkey")
    found = None if isinstance(step_token, Refused) else held(db, step_token)
    if found is None or isinstance(step_token, Refused):
        return None
    challenge = found.step.challenge = secrets.token_bytes(CHALLENGE_BYTES)
    db.add(found.step)
    return step_token, passkeys.request(settings, challenge)


def use(db: Session, settings: Settings, step_token: str, answer: str, place: Place = NOWHERE) -> SignedIn | Refused:
    """Let a candidate in whose device signed. A question to a device can be answered once."""
    found = held(db, step_token)
    if found is None or not found.step.challenge or found.step.purpose != "passkey" or found.row is None:
        return Refused(OVER, over=True)
    row, challenge, found.step.challenge = found.row, found.step.challenge, None
    counted = count_here(db, settings, found.case, place)
    if counted.left == 0:
        return Refused(resting(settings))
    mark = hashlib.sha256(passkeys.credential_of(answer) or b"").hexdigest()
    if row.way != "passkey" or row.public_key is None or row.credential_sha256 != mark:
        return failed(db, settings, found, counted, "passkey", NO_PASSKEY)
    key = row.public_key
    signed = passkeys.proven(settings, challenge, answer, public_key=key, sign_count=row.sign_count)
    if signed is None:
        return failed(db, settings, found, counted, "passkey", NO_PASSKEY)
    proof = Proof("passkey", credential_sha256=mark, public_key=key, sign_count=signed)
    return let_in(db, settings, found, proof, place)
