"""A case as a whole: where it stands, who takes part, what can be done now, and who opened it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor
from app.accounts.invitations import is_over
from app.errors import NotFound
from app.reviews.deadlines import Deadline
from app.reviews.independence import Standing
from app.reviews.lifecycle import BEFORE_OUTCOME, STEP_TITLES, TRANSITIONS, Action, Role, Step, allowed, role_title
from app.reviews.retention import End
from app.store import answers, attachments, audit, cases, documents, invitations, people
from app.store.cases import CaseAccess
from app.store.rows import AuditRow, CaseRow
from app.store.types import utc_now
from app.usecases import library, retention
from app.usecases.lines import CaseLine, PersonLine, case_line, person_line, today
from app.usecases.mailbox import StuckMail, stuck_in
from app.usecases.organisations import agreements, deadlines_of
from app.usecases.retention import Keeping

OPENED: dict[str, str] = {
    "section_read": "las antwoorden",
    "case_read": "las antwoorden en signalen",
    "case_opened": "opende de zaak",
    "document_read": "opende een document",
    "document_made": "maakte een document",
    "attachment_read": "opende een bijlage",
    "snapshot_read": "bekeek een concept van een document",
    "copy_given": "maakte een kopie van het hele dossier, op verzoek",
}
"""The lines of the audit log that say that somebody read a case, and what a candidate reads about them."""

_AUDIT: dict[tuple[Step, Action], str] = {(row.frm, row.action): row.audit for row in TRANSITIONS}


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """The last invitation of a case."""

    sent_at: datetime
    expires_at: datetime
    first_used_at: datetime | None
    expired: bool
    revoked: bool


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One change of step."""

    at: datetime
    title: str
    phrase: str
    by_name: str
    by_role: str
    reason: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case for those who work on it; nothing of its content."""

    case: CaseLine
    round_title: str
    deadlines: tuple[Deadline, ...]
    members: tuple[PersonLine, ...]
    invitation: InvitationLine | None
    actions: tuple[Action, ...]
    """What this person may do now, in the order of the journey."""
    timeline: tuple[TimelineLine, ...]
    reads_content: bool
    standing: Standing
    """Whether the reader may open the content, must declare first, or may not."""
    closed_to_clerk: bool
    """Whether the organisation keeps the clerk out of the content of its cases."""
    stuck_mails: tuple[StuckMail, ...]
    """Mails of this case that could not be sent so far."""
    keeping: Keeping | None
    """How long it is kept; `None` before there is an outcome."""


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """That somebody read the case: who, as what, when, and what."""

    at: datetime
    name: str
    role_title: str
    what: str


@dataclass(frozen=True, slots=True)
class Handed:
    """One time that the answers were handed in."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Where a case stands, for the candidate."""

    case: CaseLine
    deadlines: tuple[Deadline, ...]
    opened_by: tuple[OpenedLine, ...]
    timeline: tuple[TimelineLine, ...]
    submissions: tuple[Handed, ...]
    may_withdraw: bool
    may_answer: bool
    may_reply: bool


def case_page(db: Session, actor: Actor, case_id: str) -> CasePage:
    """Show a case to those who work on it. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    if actor.is_candidate:
        raise NotFound("candidates have a page of their own")
    planned = cases.round_of(db, actor, access.case.round_id)
    return CasePage(
        case=case_line(access.case),
        round_title=planned.title,
        deadlines=deadlines_of(agreements(db, actor), access.case, today()),
        members=tuple(person_line(person, actor.tier) for _, person in cases.members(db, case_id)),
        invitation=_invitation(db, access.case),
        actions=allowed(access.case.step, actor.roles),
        timeline=timeline(db, access),
        reads_content=access.reads_content,
        standing=access.standing,
        closed_to_clerk=agreements(db, actor).closed_to_clerk,
        stuck_mails=stuck_in(db, access),
        keeping=None if access.case.step in BEFORE_OUTCOME else retention.keeping_of(db, access.case),
    )


def status_page(db: Session, actor: Actor, case_id: str) -> StatusPage:
    """Show the candidate where the case stands, and who opened it and when. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    if not actor.is_candidate:
        raise NotFound("this page is for the candidate")
    may = allowed(access.case.step, actor.roles)
    return StatusPage(
        case=case_line(access.case),
        deadlines=deadlines_of(agreements(db, actor), access.case, today()),
        opened_by=opened_by(db, access),
        timeline=timeline(db, access),
        submissions=tuple(Handed(row.number, row.at) for row in answers.submissions(db, access.case)),
        may_withdraw=Action.WITHDRAW in may,
        may_answer=Action.ANSWER in may,
        may_reply=Action.REPLY in may,
    )


def withdraw(db: Session, actor: Actor, case_id: str, reason: str = "") -> CaseLine:
    """End a candidacy. Nothing is destroyed by this: that has its own moment. Raises NotAllowed after the outcome."""
    access = cases.access(db, actor, case_id, lock=True)
    cases.move(db, access, Action.WITHDRAW, reason)
    retention.begin(db, access.case, End.WITHDRAWN, today())
    audit.append(db, actor, "withdrawn", "case", case_id, case_id=case_id)
    return case_line(access.case)


def timeline(db: Session, access: CaseAccess) -> tuple[TimelineLine, ...]:
    """Give every change of step of a case, oldest first."""
    return tuple(
        TimelineLine(
            at=row.at,
            title=STEP_TITLES[row.step_after],
            phrase=_AUDIT[row.step_before, row.action],
            by_name=row.by_name,
            by_role=role_title(row.by_role, access.actor.tier),
            # A reason may quote what is in the case: it is for who may read that.
            reason=row.reason if access.reads_content else "",
        )
        for row in cases.steps(db, access.case.id)
    )


def opened_by(db: Session, access: CaseAccess) -> tuple[OpenedLine, ...]:
    """Give who read a case, what of it and when, newest first; the same by one person in one hour is one line."""
    lines: list[OpenedLine] = []
    seen: set[tuple[str, str, str]] = set()
    named = _Named(db, access)
    for row in audit.of_case(db, access.case.organisation_id, access.case.id, tuple(OPENED)):
        line = _opened(row, access.actor.tier, named)
        key = (row.actor_id, line.what, row.at[:13])
        if key not in seen:
            seen.add(key)
            lines.append(line)
    return tuple(lines)


class _Named:
    """What the ids in the log are called: parts of the questionnaire, documents and attachments of one case."""

    def __init__(self, db: Session, access: CaseAccess) -> None:
        self._asked = library.questionnaire(access.case.questionnaire, access.case.questionnaire_version)
        self._files = documents.filenames(db, access)
        self._files |= {row.id: row.subject for row in attachments.of_case(db, access)}

    def of(self, row: AuditRow) -> str:
        """Give the name of what a line is about; empty when it is the case itself, or gone."""
        if row.object_kind == "section":
            found = next((one for one in self._asked.sections if one.id == row.object_id), None)
            return found.title if found else ""
        return self._files.get(row.object_id, "")


def read_by(db: Session, access: CaseAccess) -> None:
    """Write down that somebody opened the content of a case; a candidate reads their own."""
    if not access.actor.is_candidate:
        audit.read(db, access.actor, "case_read", "case", access.case.id, case_id=access.case.id)


def reviewers_to_mail(db: Session, case: CaseRow) -> tuple[tuple[str, str], ...]:
    """Give name and address of the colleagues who take part in a case and work here still."""
    return tuple((person.name, person.email) for _, person in cases.members(db, case.id) if person.active)


def signing_names(db: Session, actor: Actor) -> dict[Role, str]:
    """Give the name of the clerk and of the principal of an organisation, for its documents."""
    return {person.role: person.name for person in reversed(people.people_of(db, actor)) if person.active}


def _opened(row: AuditRow, tier: str, named: _Named) -> OpenedLine:
    title = role_title(Role(row.actor_role), tier)
    what = ": ".join(part for part in (OPENED[row.action], named.of(row)) if part)
    return OpenedLine(datetime.fromisoformat(row.at), row.actor_name, title, what)


def _invitation(db: Session, case: CaseRow) -> InvitationLine | None:
    row = invitations.newest(db, case)
    if row is None:
        return None
    return InvitationLine(
        row.sent_at, row.expires_at, row.first_used_at, is_over(row, utc_now()), row.revoked_at is not None
    )
