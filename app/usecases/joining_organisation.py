"""Joining one's own account to who one is at the organisation: whoever asks is signed in here, and signs in there.

The only way to join that rests on nobody's word about an address. What is remembered of it is a step in this browser,
tied to this one journey: an answer of another journey, or in another browser, joins nothing.
"""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.actor import Actor
from app.accounts.oidc import Start
from app.accounts.tokens import fingerprint
from app.errors import NotAllowed
from app.settings import Settings
from app.store import proofs, signins
from app.store.rows import PersonRow, SignOnRow
from app.store.types import utc_now
from app.usecases import own_account, single_sign_on
from app.usecases.signing_in import Refused, new_step

BACK_TO = "/account?gedaan=gekoppeld"
_MARK = f"join {BACK_TO}"
"""Stands where an address of this site stands for others; no visitor can ask for it, for those begin with a slash."""
NOT_YOURS = "Uw organisatie gebruikt hier geen inlogdienst."


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody goes to the provider to join: the address, and the tokens that this browser has to bring back."""

    address: str
    browser: str
    step: str


def possible(settings: Settings, actor: Actor) -> bool:
    """Tell whether somebody's organisation is the one that people sign in through."""
    return bool(settings.oidc_issuer) and actor.organisation_name == settings.oidc_organisation


def begin(db: Session, settings: Settings, actor: Actor, started: Start) -> Leaving | Refused:
    """Begin. Raises NotAllowed without a fresh sign-in with a proof of this installation, and in another organisation."""
    if not possible(settings, actor):
        raise NotAllowed(NOT_YOURS)
    person = own_account.changing(db, actor)
    left = single_sign_on.leave(db, settings, started, _MARK)
    if isinstance(left, Refused):
        return left
    return Leaving(
        left.address, left.browser, new_step(db, "join", person, challenge=_journey(fingerprint(started.state)))
    )


def is_it(taken: SignOnRow | None) -> bool:
    """Tell whether somebody who came back left to join."""
    return taken is not None and taken.back_to == _MARK


def whose(db: Session, taken: SignOnRow | None, token: str) -> PersonRow | None:
    """Give the account that this journey was begun for, once. `None`: this browser did not begin it, or it took too long."""
    step = proofs.step(db, fingerprint(token), "join", utc_now(), lock=True)
    if step is None or taken is None or step.person_id is None or step.challenge != _journey(taken.state_sha256):
        return None
    person = signins.person(db, step.person_id)
    proofs.end_step(db, step)
    return person if person.active else None


def _journey(state_sha256: str) -> bytes:
    return bytes.fromhex(state_sha256)
