"""Inviting a candidate: a link by mail and a code by another way, and beginning again when a phone was lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from app.accounts import invitations as invited
from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Action, Role, Step
from app.settings import Settings
from app.store import audit, candidate_ways, cases, outbox
from app.store.cases import CaseAccess
from app.store.engine import let_go
from app.store.outbox import Letter
from app.store.rows import CandidateWayRow, CaseRow
from app.store.types import utc_now
from app.usecases import candidate_mail
from app.usecases.candidate_mail import WayIn
from app.usecases.lines import context_of, today
from app.usecases.organisations import OFFICE_TITLES, Contact, agreements, agreements_of, deadlines_of, due

CodeBy = Literal["hand", "mail"]
NO_REASON = "Schrijf op waarom de kandidaat opnieuw begint."
LONGEST_REASON = 500

_CODE_WAY: dict[CodeBy, str] = {
    "hand": "U krijgt de code van de griffie, bijvoorbeeld per telefoon of per post.",
    "mail": "U krijgt de code in een aparte mail.",
}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation went out. The code is shown once: it is stored nowhere."""

    link: str
    code: str
    expires_at: datetime
    code_by: CodeBy


@dataclass(frozen=True, slots=True)
class InvitationFace:
    """What somebody with a link sees before the code: whose link it is, whether it works, and whom the organisation lets people call."""

    organisation_name: str
    theme: str
    state: Literal["open", "expired", "revoked"]
    contact: Contact


def preview(db: Session, settings: Settings, actor: Actor, case_id: str, code_by: CodeBy = "hand") -> Letter:
    """Show the letter before it goes out; its link does not work. Raises NotFound for who does not invite."""
    access = cases.access(db, actor, case_id)
    if actor.role not in {Role.CLERK, Role.PRINCIPAL}:
        raise NotFound("this letter is not for you")
    return _letter(
        db, access, candidate_mail.preview_way(settings), utc_now() + timedelta(days=settings.invitation_days), code_by
    )


def invite(db: Session, settings: Settings, actor: Actor, case_id: str, code_by: CodeBy = "hand") -> Invited:
    """Invite a candidate, or invite again: earlier links stop working. The mail waits in the outbox.

    With `code_by="hand"` somebody tells the code; with `"mail"` it goes in a mail of its own.
    """
    cases.access(db, actor, case_id)
    let_go(db)  # hashing takes long on purpose; nobody else should wait for it
    secret = invited.new_secret(settings)
    access = cases.access(db, actor, case_id, lock=True)
    transition = cases.move(db, access, Action.INVITE)
    sent = _send(db, settings, access, secret, code_by)
    detail = {"again": transition.frm is not Step.DRAFT, "code_by": code_by}
    audit.append(db, actor, "invited", "case", case_id, case_id=case_id, detail=detail)
    return sent


def face(db: Session, token: str) -> InvitationFace:
    """Tell what a link is, without giving anything away. Raises NotFound for a link that never was one."""
    presented = invited.present(db, token)
    if presented is None:
        raise NotFound("no such invitation")
    agreed = agreements_of(presented.organisation)
    return InvitationFace(agreed.name, presented.organisation.theme, presented.state, agreed.contact)


def _send(db: Session, settings: Settings, access: CaseAccess, secret: invited.Secret, code_by: CodeBy) -> Invited:
    issued = invited.issue(db, settings, access, secret)
    case, sender = access.case, access.actor.name
    link = f"{settings.base_url}/uitnodiging/{issued.token}"
    way = candidate_mail.way_with(settings.base_url, issued.reference, link)
    letter = _letter(db, access, way, issued.expires_at, code_by)
    outbox.put(db, case.organisation_id, case.id, "invitation_link", case.candidate_email, letter)
    if code_by == "mail":
        candidate_mail.send(db, case, "invitation_code", sender=sender, way=way, code=issued.code)
    return Invited(link, issued.code, issued.expires_at, code_by)


def _letter(db: Session, access: CaseAccess, way: WayIn, expires_at: datetime, code_by: CodeBy) -> Letter:
    case = access.case
    return candidate_mail.write(
        db,
        case,
        "invitation_link",
        sender=access.actor.name,
        way=way,
        office=OFFICE_TITLES[context_of(case).office],
        code_way=_CODE_WAY[code_by],
        expires_at=expires_at,
        due=due(deadlines_of(agreements(db, access.actor), case, today()), "answers"),
    )


def begin_again(
    db: Session, settings: Settings, actor: Actor, case_id: str, reason: str, code_by: CodeBy = "hand"
) -> Invited:
    """Take away how a candidate proves who is there, because a phone was lost, and send a new link with a new code.

    Earlier links stop working and the candidate is signed out everywhere. Raises NotAllowed without a reason, or when
    the candidate has nothing to do any more, and NotFound for who does not invite.
    """
    may_begin_again(db, actor, case_id)
    if not reason.strip():
        raise NotAllowed(NO_REASON)
    let_go(db)  # as above
    secret = invited.new_secret(settings)
    access = cases.access(db, actor, case_id, lock=True)
    now, row = utc_now(), candidate_ways.way_of(db, case_id)
    if row is None:
        row = CandidateWayRow(organisation_id=access.case.organisation_id, case_id=case_id)
    row.way, row.secret, row.public_key, row.credential_sha256 = "", None, None, ""
    row.began_again_why, row.chosen_at = reason.strip()[:LONGEST_REASON], now
    db.add(row)
    candidate_ways.end_sessions(db, case_id, now)
    candidate_ways.forget_devices(db, case_id)
    audit.append(db, actor, "way_taken_away", "case", case_id, case_id=case_id)
    tell_of_change(db, access.case, "Uw griffie laat u opnieuw kiezen hoe u inlogt. Uw oude manier werkt niet meer.")
    return _send(db, settings, access, secret, code_by)


def may_begin_again(db: Session, actor: Actor, case_id: str) -> str:
    """Tell whose way in can be taken away. Raises NotFound for who does not invite, NotAllowed before an invitation."""
    access = cases.access(db, actor, case_id)
    if actor.role not in {Role.CLERK, Role.PRINCIPAL}:
        raise NotFound("this is not for you")
    if access.case.step in {Step.DRAFT, Step.DESTROYED}:
        raise NotAllowed("De kandidaat is nog niet uitgenodigd.")
    return access.case.candidate_name


def tell_of_change(db: Session, case: CaseRow, what: str) -> None:
    """Mail a candidate that something changed about how they sign in."""
    candidate_mail.send(db, case, "candidate_way_changed", what=what)


def refusal(state: str, settings: Settings) -> str:
    """Say why a link and code open nothing, and what to do."""
    match state:
        case "expired":
            return "Deze uitnodiging is verlopen. Vraag de griffie om een nieuwe."
        case "revoked":
            return "Deze uitnodiging is ingetrokken. Kijk in de laatste mail, of bel de griffie."
        case "locked":
            return f"De code is te vaak fout ingevuld. Wacht {settings.lock_minutes} minuten en probeer het opnieuw."
        case _:
            return "Deze code klopt niet. Controleer de code en probeer het opnieuw."
