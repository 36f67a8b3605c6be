"""Signing in through the organisation: it says who somebody is and which role they have; we say what that role may.

In steps, because the provider may be slow: `begin` and `ask` talk to it and hold nothing of the database; `leave`, `take`
and `finish` are short.
"""

from dataclasses import dataclass

from sqlmodel import Session

from app import logs
from app.accounts import lockout, oidc, sessions
from app.accounts.actor import Actor, system_actor
from app.accounts.asking import Unreachable
from app.accounts.oidc import NotProven, Proven, Start
from app.accounts.provider import NotSetUp
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint, new_token
from app.settings import Settings
from app.store import audit, identities, people, signins
from app.store.rows import LoginAttemptRow, OrganisationRow, PersonRow, SignOnRow
from app.store.types import utc_now
from app.usecases.sign_on_accounts import No, account_of
from app.usecases.signing_in import Refused

MINUTES = int(identities.LASTS.total_seconds() // 60)
"""How long somebody may take at the provider."""
UNREACHABLE = "Het inloggen van uw organisatie is nu niet te bereiken. Probeer het over een paar minuten opnieuw."
NOT_SET_UP = "Het inloggen via uw organisatie is niet goed ingesteld. Dit ligt niet aan u. Vraag uw beheerder om ernaar te kijken."
AGAIN = "Het inloggen is niet gelukt. Probeer het opnieuw."
TOO_LONG_AGO = "U bent te lang geleden ingelogd bij uw organisatie. Log daar eerst uit en log daarna hier opnieuw in."
ERRORS = frozenset(
    {
        "access_denied", "account_selection_required", "consent_required", "interaction_required", "invalid_request",
        "invalid_scope", "login_required", "server_error", "temporarily_unavailable", "unauthorized_client",
        "unsupported_response_type",
    }
)  # fmt: skip
"""What a provider says when it sends somebody back without a code (RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6)."""


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brought back from the provider."""

    code: str
    issuer: str = ""
    error: str = ""


def begin(settings: Settings, *, anew: bool = False) -> Start | Refused:
    """Ask the provider where to send somebody. With `anew` it is to ask who it is, whatever it remembers."""
    try:
        return oidc.start(settings, anew=anew)
    except NotSetUp as error:
        return _told(error, NOT_SET_UP)
    except Unreachable as error:
        return _told(error, UNREACHABLE)


def leave(db: Session, settings: Settings, started: Start, back_to: str) -> Leaving | Refused:
    """Write down that somebody goes to the provider, for when they come back."""
    if people.organisation_named(db, settings.oidc_organisation) is None:
        return _no_organisation()
    browser, now = new_token(), utc_now()
    row = SignOnRow(
        state_sha256=fingerprint(started.state),
        browser_sha256=fingerprint(browser),
        nonce=started.nonce,
        verifier=started.verifier,
        back_to=back_to[:500],
        expires_at=now + identities.LASTS,
    )
    identities.begin(db, row, now)
    return Leaving(started.address, browser)


def take(db: Session, browser: str, state: str) -> SignOnRow | None:
    """Take a sign-in that came back, for good, whatever follows. `None`: this browser began none like it."""
    return identities.take(db, fingerprint(state), fingerprint(browser), utc_now())


def ask(settings: Settings, taken: SignOnRow | None, answer: Answer) -> Proven | No:
    """Ask the provider who came back. A refusal without a reason is not about the person, and goes on no record."""
    if taken is None:
        return No(AGAIN, "state")
    if not answer.code:
        return No(AGAIN, answer.error if answer.error in ERRORS else "no code")
    try:
        return oidc.finish(settings, answer.code, taken.nonce, taken.verifier, answer.issuer)
    except NotSetUp as error:
        _told(error, NOT_SET_UP)
        return No(NOT_SET_UP, "not set up")
    except Unreachable as error:
        return No(_told(error, UNREACHABLE).message, "")
    except NotProven as error:
        return No(TOO_LONG_AGO if error.reason == oidc.TOO_LONG_AGO else AGAIN, error.reason)


def finish(
    db: Session, settings: Settings, taken: SignOnRow | None, outcome: Proven | No, origin: str = "",
    own: PersonRow | None = None,
) -> Back | Refused:  # fmt: skip
    """Let somebody in who came back from the provider, with the role that the organisation gave.

    With `own` that account is joined to who they are there, first.
    """
    organisation = people.organisation_named(db, settings.oidc_organisation)
    if organisation is None:
        return _no_organisation()
    person = outcome if isinstance(outcome, No) else account_of(db, settings, organisation, outcome, own)
    if isinstance(person, No):
        return _refused(db, organisation, person, origin)
    signed_in = sessions.start_for_person(db, settings, person, origin, single_sign_on=True)
    audit.append(db, signed_in.actor, "signed_in", "person", person.id, detail={"by": "single_sign_on"})
    return Back(signed_in, taken.back_to if taken else "/")


def came_through(db: Session, settings: Settings, actor: Actor) -> bool:
    """Tell whether the session of this person began at the organisation, which still knows them after signing out."""
    return bool(settings.oidc_issuer) and signins.by_single_sign_on(db, actor.session_id)


def end_address(settings: Settings) -> str:
    """Give the address to sign out at the organisation; empty when it offers none."""
    return oidc.sign_out_address(settings) if settings.oidc_issuer else ""


def _told(error: Unreachable, message: str) -> Refused:
    logs.error("sign_on_stopped", kind=type(error).__name__, advice=str(error))
    return Refused(message)


def _no_organisation() -> Refused:
    logs.error("sign_on_stopped", advice="TOETSSTEEN_OIDC_ORGANISATION names no organisation of this installation")
    return Refused(NOT_SET_UP)


def _refused(db: Session, organisation: OrganisationRow, no: No, origin: str) -> Refused:
    """Refuse, on record. The log holds why, never who it said it was."""
    if not no.reason:
        return Refused(no.message)
    mark = lockout.account_mark("sign_on", "")
    failure = LoginAttemptRow(
        subject_sha256=mark, account_sha256=mark, what="sign_on", organisation_id=organisation.id, at=utc_now(),
        origin=origin[:100],
    )  # fmt: skip
    signins.failed(db, failure)
    detail = {"reason": no.reason, "origin": origin}
    audit.append(db, system_actor(organisation.id), "sign_on_refused", "sign_on", "", detail=detail, result="refused")
    return Refused(no.message)
