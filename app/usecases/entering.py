"""How a candidate gets in: a link, a code that came another way, and then a proof of their own.

The first time the candidate chooses that proof: codes by mail, an app, or a passkey. With an app or a passkey the link
and that proof are enough afterwards. Codes by mail travel the same road as the link, so with those the code from the
other channel is asked again every time: whoever reads the mailbox does not get in. Every session begins here.
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from sqlmodel import Session

from app.accounts import invitations as invited
from app.accounts import second_factor, sessions
from app.accounts.actor import Actor, system_actor
from app.accounts.sessions import SignedIn
from app.accounts.tokens import fingerprint, new_token
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Action, Step
from app.settings import Settings
from app.store import audit, candidate_ways, cases, signins
from app.store.engine import let_go
from app.store.lasting import lasts
from app.store.proofs import STEP_LASTS
from app.store.rows import CandidateStepRow, CandidateWayRow, CaseRow
from app.store.types import utc_now
from app.usecases import candidate_mail, guessing
from app.usecases.invitations import refusal, tell_of_change
from app.usecases.organisations import Contact, agreements_of
from app.usecases.own_account import FRESH
from app.usecases.setting_up import ISSUER
from app.usecases.signing_in import NOWHERE, Counted, Place, Refused, count, fail, resting

Way = Literal["", "mail", "app", "passkey"]
Purpose = Literal["first", "own", "link", "change", "passkey"]
"""What a step is for: choosing the first time, giving one's own proof after the code of the other channel or after the link
alone, choosing another one, a passkey after the link."""

CODE_DIGITS = 8
CODE_MINUTES = 10
_CODE_LASTS = timedelta(minutes=CODE_MINUTES)
LONGEST_DEVICE = 100
"""Longer than any token of ours."""
MOST_CODES = 5
"""Codes by mail in an hour, so that nobody can fill a mailbox."""
NOT_FRESH = "Voor deze wijziging moet u net zijn ingelogd. Log opnieuw in en probeer het nog eens."
OVER = "Dit duurde te lang. Begin opnieuw, met uw link of met uw kenmerk."
WRONG_MAILED = "Deze code klopt niet of is verlopen. Kijk in de laatste mail, of vraag een nieuwe code."
WRONG_APP = "Deze code klopt niet of is al gebruikt. Wacht op de volgende code in uw app en vul die in."
CODE_FIRST = "Er zijn te veel verkeerde codes uit de app ingevuld. Vul eerst de code in die u apart heeft gekregen."
GUESSED = "Er zijn vandaag te veel verkeerde codes ingevuld. Bel de griffie: u kiest dan opnieuw hoe u inlogt."
TOO_MANY_CODES = "Wij hebben u al vijf codes gemaild. Wacht een uur, of bel de griffie."


@dataclass(frozen=True, slots=True)
class Proof:
    """What a candidate proved themselves with, as it is kept."""

    way: Way
    secret: bytes | None = None
    used_steps: tuple[int, ...] = ()
    credential_sha256: str = ""
    public_key: bytes | None = None
    sign_count: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody between two proofs, held until the end of the transaction."""

    step: CandidateStepRow
    case: CaseRow
    row: CandidateWayRow | None

    @property
    def choosing(self) -> bool:
        """Whether they may choose, and do not only give the proof they chose before."""
        return self.step.purpose in {"first", "change"}

    def allows(self, way: Way) -> bool:
        """Whoever chose something stronger cannot be let in with something else."""
        own = self.row is not None and self.row.way == way
        return self.choosing or (own and (self.step.purpose == "own" or (self.step.purpose, way) == ("link", "app")))


@dataclass(frozen=True, slots=True)
class AtDoor:
    """Link and code were right. `token` carries on to the candidate's own proof."""

    token: str
    way: Way


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody between two proofs. Without a `way` they choose one; `code_sent` says that a code was mailed."""

    way: Way
    choosing: bool
    case_id: str
    organisation_name: str
    theme: str
    code_sent: bool
    contact: Contact


@dataclass(frozen=True, slots=True)
class NewApp:
    """What an app needs: a picture to scan, or the secret to type over."""

    picture: str
    secret: str


def begin(db: Session, settings: Settings, token: str, code: str, place: Place = NOWHERE) -> AtDoor | Refused:
    """Look at link and code, as often as needed until the invitation ends. Raises NotFound for what never was a link."""
    presented = invited.present(db, token)
    if presented is None:
        raise NotFound("no such invitation")
    let_go(db)  # hashing takes long on purpose; nobody else should wait for it
    right = invited.fits(settings, presented, code)
    presented = invited.present(db, token, lock=True) or presented  # held: attempts are counted one by one
    case = presented.case
    counted = count_here(db, settings, case, place, "code")
    resting_here = counted.left == 0
    if presented.state != "open" or resting_here or not right:
        if not resting_here:  # else a pause would never end for who keeps trying
            fail(db, counted)
        _on_record(db, case, "code", place.origin)
        return Refused(refusal("locked" if resting_here else presented.state, settings))
    invited.used(db, presented)
    way = way_of(db, case.id)
    step = _new_step(db, case, "own" if way else "first", secret=None if way else second_factor.new_secret())
    return AtDoor(step, way)


def way_of(db: Session, case_id: str) -> Way:
    """Tell what the candidate of a case chose; empty when nothing yet."""
    row = candidate_ways.way_of(db, case_id)
    return _way(row.way) if row is not None else ""


def way_of_link(db: Session, token: str) -> Way:
    """Tell what the candidate behind a link that still opens chose."""
    presented = invited.present(db, token)
    usable = presented is not None and presented.state == "open"
    return way_of(db, presented.case.id) if presented is not None and usable else ""


def rests(db: Session, settings: Settings, token: str, place: Place) -> bool:
    """Tell whether the code of the other channel was wrong too often from this place."""
    presented = invited.present(db, token)
    return presented is not None and count_here(db, settings, presented.case, place, "code").left == 0


def remember_device(db: Session, actor: Actor, device: str) -> str:
    """Write down that this candidate came in here, and give the token for the cookie that says so from now on."""
    token = device if 0 < len(device) <= LONGEST_DEVICE else new_token()
    access = cases.access(db, actor, str(actor.case_id))
    candidate_ways.remember_device(db, access.case, fingerprint(token), utc_now())
    return token


def waiting(db: Session, step_token: str) -> Waiting | None:
    """Tell where somebody is between two proofs; `None` when the step is over."""
    found = candidate_ways.step(db, fingerprint(step_token), utc_now())
    if found is None:
        return None
    step, case = found
    organisation = signins.organisation(db, case.organisation_id)
    way = way_of(db, case.id)
    if step.purpose == "first" and way:
        return None
    return Waiting(
        way=way,
        choosing=step.purpose in {"first", "change"},
        case_id=case.id,
        organisation_name=organisation.name,
        theme=organisation.theme,
        code_sent=bool(step.code_sha256),
        contact=agreements_of(organisation).contact,
    )


def change(db: Session, actor: Actor) -> str:
    """Begin choosing another proof: gives the token of the step. Raises NotAllowed unless one just signed in."""
    if not actor.is_candidate or actor.case_id is None:
        raise NotFound("only for candidates")
    if not is_fresh(db, actor):
        raise NotAllowed(NOT_FRESH)
    access = cases.access(db, actor, actor.case_id)
    return _new_step(db, access.case, "change", secret=second_factor.new_secret())


def own_way(db: Session, actor: Actor, case_id: str) -> Way:
    """Give how a candidate gets in, for their own page. Raises NotFound for everybody else."""
    cases.access(db, actor, case_id)  # the page names the case: that it was looked at is on record
    return way_of(db, case_id)


def is_fresh(db: Session, actor: Actor) -> bool:
    """Tell whether somebody signed in a moment ago."""
    began = signins.began(db, actor.session_id)
    return began is not None and abs(utc_now() - began) < FRESH


def send_code(db: Session, step_token: str) -> Refused | None:
    """Mail a code. Earlier ones stop working; it only works in the browser that asked, for ten minutes."""
    found = held(db, step_token)
    if found is None or not found.allows("mail"):
        return Refused(OVER, over=True)
    step, case = found.step, found.case
    now = utc_now()
    if candidate_ways.codes_mailed(db, case.id, "candidate_code", now, timedelta(hours=1)) >= MOST_CODES:
        return Refused(TOO_MANY_CODES)
    candidate_ways.forget_codes(db, case.id)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    step.code_sha256, step.code_until = _mark(step_token, code), now + _CODE_LASTS
    db.add(step)
    candidate_mail.send(db, case, "candidate_code", code=f"{code[:4]} {code[4:]}", minutes=CODE_MINUTES)
    by = system_actor(case.organisation_id)
    audit.append(db, by, "code_mailed", "case", case.id, case_id=case.id)
    return None


def with_mailed_code(
    db: Session, settings: Settings, step_token: str, typed: str, place: Place = NOWHERE
) -> SignedIn | Refused:
    """Look at a code that was mailed. Right: the session begins."""
    found = held(db, step_token)
    if found is None or not found.allows("mail"):
        return Refused(OVER, over=True)
    step = found.step
    counted = count_here(db, settings, found.case, place)
    if counted.left == 0:
        return Refused(resting(settings))
    digits = "".join(sign for sign in typed[:40] if sign.isdigit())
    fits = secrets.compare_digest(step.code_sha256, _mark(step_token, digits))
    if not fits or step.code_until is None or not lasts(step.code_until, utc_now(), _CODE_LASTS):
        return failed(db, settings, found, counted, "mail", WRONG_MAILED)
    return let_in(db, settings, found, Proof("mail"), place)


def new_app(db: Session, step_token: str) -> NewApp | None:
    """Give what an app needs to be set up; `None` when the step is over or one may not choose."""
    found = candidate_ways.step(db, fingerprint(step_token), utc_now())
    if found is None or found[0].secret is None:
        return None
    secret = bytes(found[0].secret)
    address = second_factor.address_of(secret, found[1].candidate_email, ISSUER)
    return NewApp(second_factor.picture_of(address), second_factor.typed_secret(secret))


def with_app(
    db: Session, settings: Settings, step_token: str, typed: str, place: Place = NOWHERE
) -> SignedIn | Refused:
    """Look at a code of the app: the first one of a new app for who chooses, else of the app that was set up."""
    found = held(db, step_token)
    if found is None or not found.allows("app"):
        return Refused(OVER, over=True)
    step, row = found.step, found.row
    # After the code of the other channel the guesses of who has only the link do not count.
    behind = "own" if step.purpose == "own" else ""
    counted = count_here(db, settings, found.case, place, behind=behind)
    if counted.left == 0:
        return Refused(resting(settings))
    if not found.choosing and row is not None and guessing.used_up(db, counted, row.chosen_at):
        return Refused(GUESSED if behind else CODE_FIRST, over=not behind)
    secret = step.secret if found.choosing else row.secret if row else None
    before = () if found.choosing or row is None else tuple(row.used_steps)
    step_used = second_factor.fitting_step(bytes(secret), typed, utc_now(), used=before) if secret else None
    if step_used is None or secret is None:
        return failed(db, settings, found, counted, "app", WRONG_APP)
    used = second_factor.with_step(before, step_used)
    return let_in(db, settings, found, Proof("app", secret=bytes(secret), used_steps=used), place)


def link_and_app(db: Session, settings: Settings, token: str, typed: str, place: Place = NOWHERE) -> SignedIn | Refused:
    """Let somebody in with the link and a code of the app that was set up."""
    step = after_link(db, token, "link", "app")
    return step if isinstance(step, Refused) else with_app(db, settings, step, typed, place)


def inside(db: Session, settings: Settings, case: CaseRow, origin: str, way: str) -> SignedIn:
    """Begin the session of a candidate who proved everything."""
    done = sessions.start_for_candidate(db, settings, case, origin)
    access = cases.access(db, done.actor, case.id, lock=True)
    if access.case.step is Step.INVITED:
        cases.move(db, access, Action.ENTER)
    audit.append(db, done.actor, "entered", "case", case.id, case_id=case.id, detail={"with": way})
    return done


def _new_step(db: Session, case: CaseRow, purpose: Purpose, *, secret: bytes | None = None) -> str:
    # A row that names the case holds it a little: two of them that then want it whole would wait for each other.
    candidate_ways.hold(db, case.id)
    token, now = new_token(), utc_now()
    row = CandidateStepRow(
        organisation_id=case.organisation_id,
        case_id=case.id,
        token_sha256=fingerprint(token),
        purpose=purpose,
        secret=secret,
        expires_at=now + STEP_LASTS,
    )
    candidate_ways.add_step(db, row, now)
    return token


def after_link(db: Session, token: str, purpose: Purpose, way: Way) -> str | Refused:
    """Go on from a link to the proof that was chosen before; gives the token of the step."""
    presented = invited.present(db, token)
    if presented is None:
        raise NotFound("no such invitation")
    if presented.state != "open" or way_of(db, presented.case.id) != way:
        return Refused(OVER, over=True)
    return _new_step(db, presented.case, purpose)


def held(db: Session, step_token: str) -> Held | None:
    """Find somebody between two proofs; `None` when that is over."""
    found = candidate_ways.step(db, fingerprint(step_token), utc_now(), lock=True)
    if found is None:
        return None
    row = candidate_ways.way_of(db, found[1].id)
    if found[0].purpose == "first" and row is not None and row.way:
        return None  # somebody chose in another window: that counts
    return Held(found[0], found[1], row)


def count_here(
    db: Session, settings: Settings, case: CaseRow, place: Place, what: Literal["candidate", "code"] = "candidate",
    *, behind: str = "",
) -> Counted:  # fmt: skip
    """Count earlier failures at a case from this place: of own proofs, or of the code of the other channel.

    A device that the candidate came in with before is a place of its own: whoever tries elsewhere changes nothing there.
    """
    known = bool(place.device) and candidate_ways.knows_device(db, fingerprint(place.device), case.id)
    counted = count(db, settings, what, f"{case.id} {behind}", None, place, known=known)
    counted.failure.organisation_id = case.organisation_id
    return counted


def failed(db: Session, settings: Settings, found: Held, counted: Counted, way: str, message: str) -> Refused:
    """Write down that a proof was wrong. After a few the step is over."""
    fail(db, counted)
    _on_record(db, found.case, way, counted.failure.origin)
    found.step.failed += 1
    db.add(found.step)
    if found.step.failed >= settings.attempts_before_lock:
        candidate_ways.end_step(db, found.step)
        return Refused(OVER, over=True)
    return Refused(message)


def let_in(db: Session, settings: Settings, found: Held, proven: Proof, place: Place) -> SignedIn:
    """Keep what was proven, end the step and begin the session."""
    case, row, chosen = found.case, found.row, found.choosing
    before = row.way if row is not None else ""
    if row is None:
        row = CandidateWayRow(organisation_id=case.organisation_id, case_id=case.id)
    row.way, row.secret, row.used_steps = proven.way, proven.secret, list(proven.used_steps)
    row.credential_sha256, row.public_key = proven.credential_sha256, proven.public_key
    row.sign_count = proven.sign_count
    if chosen:
        row.chosen_at = utc_now()
    db.add(row)
    candidate_ways.end_step(db, found.step)
    candidate_ways.forget_codes(db, case.id)
    if chosen and before:
        candidate_ways.end_sessions(db, case.id, utc_now())
    done = inside(db, settings, case, place.origin, row.way)
    if chosen:
        audit.append(db, done.actor, "way_chosen", "case", case.id, case_id=case.id, detail={"with": row.way})
        if before:
            tell_of_change(db, case, "U koos een andere manier om in te loggen. Uw oude manier werkt niet meer.")
    return done


def _on_record(db: Session, case: CaseRow, what: str, origin: str) -> None:
    by = replace(system_actor(case.organisation_id), origin=origin)
    audit.append(db, by, "entering_failed", "case", case.id, case_id=case.id, detail={"with": what}, result="refused")


def _mark(step_token: str, code: str) -> str:
    return hashlib.sha256(f"{step_token} {code}".encode()).hexdigest()


def _way(word: str) -> Way:
    return word if word in {"mail", "app", "passkey"} else ""  # type: ignore[return-value]
