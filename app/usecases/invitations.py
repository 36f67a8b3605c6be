"""Inviting a candidate, and letting the candidate in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from app import mail
from app.accounts import invitations as invited
from app.accounts import sessions
from app.accounts.actor import Actor
from app.accounts.sessions import SignedIn
from app.errors import NotFound
from app.reviews.lifecycle import Action, Role, Step
from app.settings import Settings
from app.store import audit, cases, outbox
from app.store.cases import CaseAccess
from app.store.engine import let_go
from app.store.outbox import Letter
from app.store.types import utc_now
from app.usecases.lines import context_of, today
from app.usecases.organisations import OFFICE_TITLES, agreements, deadlines_of, due
from app.usecases.signing_in import Refused

CodeBy = Literal["hand", "mail"]

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
    """What somebody with a link sees before the code: whose link it is, and whether it works. No names of people."""

    organisation_name: str
    theme: str
    state: Literal["open", "expired", "revoked", "locked"]


def preview(db: Session, settings: Settings, actor: Actor, case_id: str, code_by: CodeBy = "hand") -> Letter:
    """Show the letter before it goes out; its link does not work. Raises NotFound for who does not invite."""
    access = cases.access(db, actor, case_id)
    if actor.role not in {Role.CLERK, Role.PRINCIPAL}:
        raise NotFound("this letter is not for you")
    link = f"{settings.base_url}/uitnodiging/voorbeeld"
    return _letter(db, access, link, utc_now() + timedelta(days=settings.invitation_days), code_by)


def invite(db: Session, settings: Settings, actor: Actor, case_id: str, code_by: CodeBy = "hand") -> Invited:
    """Invite a candidate, or invite again: earlier links stop working. The mail waits in the outbox.

    With `code_by="hand"` somebody tells the code; with `"mail"` it goes in a mail of its own.
    """
    cases.access(db, actor, case_id)
    let_go(db)  # hashing takes long on purpose; nobody else should wait for it
    secret = invited.new_secret(settings)
    access = cases.access(db, actor, case_id, lock=True)
    transition = cases.move(db, access, Action.INVITE)
    issued = invited.issue(db, settings, access, secret)
    link = f"{settings.base_url}/uitnodiging/{issued.token}"
    case = access.case
    letter = _letter(db, access, link, issued.expires_at, code_by)
    outbox.put(db, case.organisation_id, case.id, "invitation_link", case.candidate_email, letter)
    if code_by == "mail":
        outbox.put(
            db,
            case.organisation_id,
            case.id,
            "invitation_code",
            case.candidate_email,
            mail.write(
                "invitation_code",
                name=case.candidate_name,
                organisation=actor.organisation_name,
                sender=actor.name,
                contact=str(agreements(db, actor).contact),
                code=issued.code,
            ),
        )
    detail = {"again": transition.frm is not Step.DRAFT, "code_by": code_by}
    audit.append(db, actor, "invited", "case", case.id, case_id=case.id, detail=detail)
    return Invited(link, issued.code, issued.expires_at, code_by)


def face(db: Session, token: str) -> InvitationFace:
    """Tell what a link is, without giving anything away. Raises NotFound for a link that never was one."""
    presented = invited.present(db, token)
    if presented is None:
        raise NotFound("no such invitation")
    return InvitationFace(presented.organisation.name, presented.organisation.theme, presented.state)


def enter(db: Session, settings: Settings, token: str, code: str, origin: str = "") -> SignedIn | Refused:
    """Let a candidate in with link and code, as often as needed until the invitation ends."""
    presented = invited.present(db, token)
    if presented is None:
        raise NotFound("no such invitation")
    let_go(db)  # as above
    right = invited.fits(settings, presented, code)
    presented = invited.present(db, token, lock=True) or presented
    if not invited.count_attempt(db, settings, presented, right=right):
        return Refused(_refusal(presented.state, settings))
    signed_in = sessions.start_for_candidate(db, settings, presented.case, origin)
    access = cases.access(db, signed_in.actor, presented.case.id, lock=True)
    if access.case.step is Step.INVITED:
        cases.move(db, access, Action.ENTER)
    audit.append(db, signed_in.actor, "entered", "case", access.case.id, case_id=access.case.id)
    return signed_in


def _refusal(state: str, settings: Settings) -> str:
    match state:
        case "expired":
            return "Deze uitnodiging is verlopen. Vraag de griffie om een nieuwe."
        case "revoked":
            return "Er is een nieuwere uitnodiging. Gebruik de link uit de laatste mail."
        case "locked":
            return (
                f"De code is te vaak verkeerd ingevuld. Wacht {settings.lock_minutes} minuten en probeer het opnieuw."
            )
        case _:
            return "Deze code klopt niet. Controleer de code en probeer het opnieuw."


def _letter(db: Session, access: CaseAccess, link: str, expires_at: datetime, code_by: CodeBy) -> Letter:
    actor, case = access.actor, access.case
    agreed = agreements(db, actor)
    return mail.write(
        "invitation_link",
        name=case.candidate_name,
        office=OFFICE_TITLES[context_of(case).office],
        organisation=actor.organisation_name,
        sender=actor.name,
        contact=str(agreed.contact),
        link=link,
        code_way=_CODE_WAY[code_by],
        expires_at=expires_at,
        due=due(deadlines_of(agreed, case, today()), "answers"),
    )
