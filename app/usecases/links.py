"""The link of a candidate alone: taking it back, sending a new one, and asking for one at the door.

A new link opens with the code that the candidate has already, and with the proof of their own. So asking for one gives
nobody more than they had, and whoever asks in the name of somebody else only causes a mail.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from app.accounts import invitations as invited
from app.accounts.actor import Actor, system_actor
from app.accounts.tokens import plain_code
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, Step
from app.settings import Settings
from app.store import audit, candidate_ways, cases, invitations
from app.store.cases import CaseAccess
from app.store.engine import Engine, open_session
from app.store.rows import CaseRow, InvitationRow
from app.store.types import utc_now
from app.usecases import candidate_mail
from app.usecases.invitations import LONGEST_REASON, tell_of_change
from app.usecases.signing_in import Place, count, fail

NO_REASON = "Schrijf op waarom u de link intrekt."
MOST_LINKS = 3
"""Mails with a link that somebody may ask for in an hour, for one case: nobody can fill a mailbox."""
CLOSED = frozenset({Step.DRAFT, Step.DESTROYED, Step.WITHDRAWN, Step.NOT_APPOINTED})
"""Where nothing waits for a candidate any more."""
_NAME = "invitation_again"


@dataclass(frozen=True, slots=True)
class LinkLine:
    """How it stands with the link of a candidate."""

    name: str
    revoked: bool


def look(db: Session, actor: Actor, case_id: str) -> LinkLine:
    """Tell how it stands with a link. Raises NotFound for who does not invite, NotAllowed before an invitation."""
    access, row = _mine(db, actor, case_id)
    return LinkLine(access.case.candidate_name, row.revoked_at is not None)


def revoke(db: Session, settings: Settings, actor: Actor, case_id: str, reason: str, *, again: bool = False) -> None:
    """Take a link back, with a reason that is sealed in the case; with `again` a new one goes out at once.

    Whoever is inside stays inside, and the code stays the same. The candidate is told. Raises NotAllowed without a
    reason, or when there is no link to take back.
    """
    _mine(db, actor, case_id)
    if not reason.strip():
        raise NotAllowed(NO_REASON)
    access, row = _mine(db, actor, case_id, lock=True)
    if row.revoked_at is not None:
        raise NotAllowed("Deze link is al ingetrokken.")
    now = utc_now()
    row.revoked_at, row.revoked_why = now, reason.strip()[:LONGEST_REASON]
    db.add(row)
    invitations.revoke_all(db, access.case, now)
    candidate_ways.end_steps(db, case_id)
    audit.append(db, actor, "link_revoked", "case", case_id, case_id=case_id)
    tell_of_change(
        db, access.case,
        "Uw griffie heeft de link naar uw vragenlijst ingetrokken. De oude link werkt niet meer."
        + (" U krijgt een mail met een nieuwe." if again else ""),
    )  # fmt: skip
    if again:
        _send(db, settings, access, row)


def send_again(db: Session, settings: Settings, actor: Actor, case_id: str) -> None:
    """Send a new link after one was taken back or ended; it opens with the same code. Raises as `look` does."""
    _send(db, settings, *_mine(db, actor, case_id, lock=True))


def ask(engine: Engine, settings: Settings, typed: str, place: Place) -> None:
    """Mail a link to the candidate with this address or reference, a few times an hour at most.

    After the page was answered: so the page is the same, and as quick, for what nobody has. A link that a clerk took back
    is not given again this way. Looking happens outside the transactions that write, so that nobody who saves waits for it.
    """
    with open_session(engine) as db:
        may = may_ask(db, settings, place)
        db.commit()
    if not may:
        return
    with open_session(engine, writes=False) as db:
        whose = found(db, typed)
    for case_id in whose:
        with open_session(engine) as db:
            mail_one(db, settings, case_id)
            db.commit()


def may_ask(db: Session, settings: Settings, place: Place) -> bool:
    """Tell whether a place may ask now. Asking counts, so that nobody tries one address after another."""
    counted = count(db, settings, "door", "", None, place, known=False)
    if counted.left:
        fail(db, counted)
    return counted.left > 0


def found(db: Session, typed: str) -> list[str]:
    """Give the ids of the cases with this address or reference."""
    if "@" in typed:
        return candidate_ways.with_address(db, typed, CLOSED)
    presented = invited.present(db, plain_code(typed))
    return [presented.case.id] if presented is not None and presented.case.step not in CLOSED else []


def mail_one(db: Session, settings: Settings, case_id: str) -> None:
    """Mail the link of one case, unless it is over, a clerk took it back, or it was mailed too often."""
    case = candidate_ways.held(db, case_id)
    if case is None or case.step in CLOSED:
        return
    row = invitations.newest(db, case)
    if row is None or row.revoked_at is not None:
        return
    if candidate_ways.codes_mailed(db, case.id, _NAME, utc_now(), timedelta(hours=1)) >= MOST_LINKS:
        return
    given = invited.renewed(db, settings, row)
    _mail(db, case, given, "Er is om een link naar uw vragenlijst gevraagd.")
    by = system_actor(case.organisation_id)
    audit.append(db, by, "link_mailed", "case", case.id, case_id=case.id, detail={"renewed": given is not row})


def _send(db: Session, settings: Settings, access: CaseAccess, row: InvitationRow) -> None:
    given = invited.renewed(db, settings, row)
    _mail(db, access.case, given, "De griffie stuurt u een nieuwe link naar uw vragenlijst.", access.actor.name)
    case_id = access.case.id
    audit.append(
        db, access.actor, "link_mailed", "case", case_id, case_id=case_id, detail={"renewed": given is not row}
    )


def _mail(db: Session, case: CaseRow, row: InvitationRow, why: str, sender: str = "Toetssteen") -> None:
    way = candidate_mail.way_with(row.site, row.reference or "")
    candidate_mail.send(db, case, _NAME, sender=sender, way=way, why=why, expires_at=row.expires_at)


def _mine(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> tuple[CaseAccess, InvitationRow]:
    access = cases.access(db, actor, case_id, lock=lock)
    if actor.role not in {Role.CLERK, Role.PRINCIPAL}:
        raise NotFound("this is not for you")
    row = invitations.newest(db, access.case)
    if row is None or access.case.step in {Step.DRAFT, Step.DESTROYED}:
        raise NotAllowed("De kandidaat is nog niet uitgenodigd.")
    return access, row
