"""Links that are mailed to people with an account: to begin, and for a new password. A link works once, and expires.

Whoever opens a link chooses a password or makes a passkey. A link for a new password gets nobody past the second proof.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session

from app import mail
from app.accounts import local_ways, sessions
from app.accounts.actor import Actor, system_actor
from app.accounts.passwords import hash_password, password_problem
from app.accounts.second_factor import new_secret
from app.accounts.tokens import fingerprint, new_token
from app.errors import NotAllowed
from app.settings import Settings
from app.store import audit, outbox, proofs, signins
from app.store.engine import Engine, let_go, open_session
from app.store.lasting import lasts
from app.store.rows import AccountLinkRow, PersonRow
from app.store.types import utc_now
from app.usecases.signing_in import Halfway, Place, Refused, count, fail, new_step, start_step

LinkPurpose = Literal["invitation", "password"]
PASSWORD_LINK = timedelta(hours=1)
COMES_FROM_ELSEWHERE = "Uw collega logt in via de inlogdienst van uw organisatie. Daar regelt u of dat kan."
MOST_ASKED = 3
"""Mails with a link for a new password in an hour, whoever asks: nobody can fill a mailbox."""
USED_UP = "Deze link werkt niet meer. Vraag een nieuwe aan."


@dataclass(frozen=True, slots=True)
class Face:
    """What the page of a link may tell: whose it is and what for; `open` is false when it does not work any more."""

    name: str
    email: str
    organisation_name: str
    theme: str
    purpose: str
    open: bool


def send_link(
    db: Session, settings: Settings, actor: Actor, person: PersonRow, purpose: LinkPurpose, *, reason: str = ""
) -> str:
    """Mail a link to a person, and give it. Earlier invitations stop working.

    Raises NotAllowed for somebody who signs in through the organisation: the link would open nothing.
    """
    if local_ways.closed(db, settings, person.id):
        raise NotAllowed(COMES_FROM_ELSEWHERE)
    token, now = new_token(), utc_now()
    lives = PASSWORD_LINK if purpose == "password" else timedelta(hours=settings.account_link_hours)
    row = AccountLinkRow(
        token_sha256=fingerprint(token),
        person_id=person.id,
        purpose=purpose,
        made_by=actor.id,
        made_at=now,
        expires_at=now + lives,
    )
    proofs.add_link(db, row)
    address = f"{settings.base_url}/welkom/{token}"
    organisation = signins.organisation(db, person.organisation_id)
    mailed = "account_invitation" if purpose == "invitation" else "account_password"
    letter = mail.write(
        mailed,
        name=person.name,
        organisation=organisation.name,
        sender="Toetssteen",
        link=address,
        hours=int(lives.total_seconds() // 3600),
        reason=reason,
    )
    outbox.put(db, person.organisation_id, None, mailed, person.email, letter)
    audit.append(db, actor, "person_link_sent", "person", person.id, detail={"purpose": purpose})
    return address


def face(db: Session, settings: Settings, token: str) -> Face | None:
    """Tell what a link is for; `None` when there is no such link."""
    found = proofs.link(db, fingerprint(token))
    if found is None:
        return None
    row, person = found
    organisation = signins.organisation(db, person.organisation_id)
    return Face(
        person.name,
        person.email,
        organisation.name,
        organisation.theme,
        row.purpose,
        open=_works(db, settings, row, person),
    )


def choose_password(db: Session, settings: Settings, token: str, password: str) -> Halfway | Refused:
    """Set a password with a link, which is used up then. All sessions of the person end; the second proof comes next."""
    found = proofs.link(db, fingerprint(token))
    if found is None or not _works(db, settings, *found):
        return Refused(USED_UP, over=True)
    problem = password_problem(password, known_of(db, found[1]))
    if problem is not None:
        return Refused(problem)
    let_go(db)  # hashing takes long on purpose
    hashed = hash_password(settings, password)
    found = proofs.link(db, fingerprint(token), lock=True)
    if found is None or not _works(db, settings, *found):
        return Refused(USED_UP, over=True)
    row, person = found
    _use_up(db, row)
    person.password_hash = hashed
    db.add(person)
    sessions.end_all_of(db, person.id)
    proofs.end_steps(db, person.id)
    audit.append(db, system_actor(person.organisation_id), "password_set", "person", person.id, detail={"by": "link"})
    return start_step(db, person)


def without_password(db: Session, settings: Settings, token: str) -> Halfway | Refused:
    """Go on from an invitation to making a passkey, which needs no password. The link ends when the passkey is there."""
    found = proofs.link(db, fingerprint(token))
    if found is None or not _works(db, settings, *found):
        return Refused(USED_UP, over=True)
    row, person = found
    if row.purpose != "invitation" or person.password_hash or proofs.has_factor(db, person.id):
        return Refused(USED_UP, over=True)
    return Halfway(new_step(db, "setup", person, secret=new_secret()), "setup")


def forgotten(engine: Engine, settings: Settings, email: str, place: Place) -> None:
    """Mail a link for a new password to whoever has this address, a few times an hour at most.

    Not to who only ever came in through their organisation: a mailbox alone would then be a way around it. In a transaction
    of its own, after the page was answered: so the page is as quick for an address that nobody has.
    """
    with open_session(engine) as db:
        person = signins.person_by_email(db, email)
        person = signins.held_person(db, person.id) if person is not None else None  # asking is counted one by one
        counted = count(db, settings, "forgotten", email, person, place)
        now = utc_now()
        asked = signins.failures_since(db, counted.failure.account_sha256, now - PASSWORD_LINK, now + PASSWORD_LINK)
        if counted.left and asked < MOST_ASKED:
            fail(db, counted)  # asking counts
            if person is not None and person.active and not local_ways.closed(db, settings, person.id):
                send_link(db, settings, system_actor(person.organisation_id), person, "password")
        db.commit()


def known_of(db: Session, person: PersonRow) -> tuple[str, ...]:
    """Give what others know of somebody, and what a password may therefore not be made of."""
    return (person.name, person.email, signins.organisation(db, person.organisation_id).name)


def _use_up(db: Session, row: AccountLinkRow) -> None:
    row.used_at = utc_now()
    db.add(row)
    proofs.end_other_links(db, row)


def _works(db: Session, settings: Settings, row: AccountLinkRow, person: PersonRow) -> bool:
    fresh = row.used_at is None and lasts(row.expires_at, utc_now(), row.expires_at - row.made_at)
    return fresh and person.active and not local_ways.closed(db, settings, person.id)
