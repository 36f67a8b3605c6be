"""Hearing both sides: the concept goes to the candidate, who replies to each flag in a fair term.

Nothing enters a document before that. Where a reviewer did not ask for a reply, the reason stands there instead.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.decisions import WEIGHED_FROM, Finding, FlagKey, Measure, Reply
from app.reviews.lifecycle import Action, Step, advance
from app.store import audit, cases, reviews
from app.store.cases import CaseAccess
from app.store.reviews import WHOLE_CASE
from app.store.rows import HearingRow, ReplyRow
from app.store.types import utc_now
from app.usecases import candidate_mail
from app.usecases.assessing import CaseReading, read_case
from app.usecases.cases import read_by
from app.usecases.flags import FlagView, flag_view
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.reviewing import open_for_review, remarks_of
from app.usecases.texts import required_text

# Our own choice: the general law names no number of days for this hearing, only that the term is fair.
SHORTEST_TERM_DAYS = 3

_Said = TypeVar("_Said", Finding, Reply)


@dataclass(frozen=True, slots=True)
class HeardFlag:
    """One flag of the concept, with the finding the candidate replies to."""

    flag: FlagView
    finding: Finding | None
    reply: Reply | None
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class HearingView:
    """The concept as the candidate reads it. Private remarks of reviewers are not in it: there are none."""

    case: CaseLine
    sent_at: datetime | None
    sent_by: str
    term_until: date | None
    flags: tuple[HeardFlag, ...]
    response: str
    """The candidate's response to the concept as a whole, for the council."""
    may_reply: bool
    replied: int


def send_concept(db: Session, actor: Actor, case_id: str, term_until: date) -> CaseLine:
    """Put the concept before the candidate, who can reply until the end of that day.

    Raises NotAllowed for a term that is too short to be fair, or when a flag has no finding yet.
    """
    access = open_for_review(db, actor, case_id, lock=True)
    if (term_until - today()).days < SHORTEST_TERM_DAYS:
        raise NotAllowed(f"Geef de kandidaat minstens {SHORTEST_TERM_DAYS} dagen om te reageren.")
    reading = read_case(db, access.case)
    said = remarks_of(db, access.case, reading)
    without = [one for one in _to_hear(reading) if one.severity >= WEIGHED_FROM and one.key not in said.findings]
    if without:
        raise NotAllowed(f"Bij '{without[0].title}' staat nog geen bevinding. Leg die eerst vast.")
    cases.move(db, access, Action.OPEN_HEARING)
    case = access.case
    row = HearingRow(
        organisation_id=case.organisation_id,
        case_id=case.id,
        flags=[[one.rule, one.item, one.evidence_digest] for one in _to_hear(reading)],
        term_until=term_until,
        sent_by=actor.id,
        sent_by_name=actor.name,
    )
    reviews.add(db, row)
    candidate_mail.send(db, case, "concept_report", sender=actor.name, term_until=term_until)
    detail = {"term_until": term_until.isoformat()}
    audit.append(db, actor, "concept_sent", "case", case.id, case_id=case.id, detail=detail)
    return case_line(case)


def hearing_view(db: Session, actor: Actor, case_id: str) -> HearingView:
    """Show the concept. For the candidate only once it was sent. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    access.require_content()
    hearings = reviews.hearings(db, access.case)
    if actor.is_candidate and not hearings:
        raise NotFound("there is no concept yet")
    if not actor.is_candidate:
        open_for_review(db, actor, case_id)
    reading = read_case(db, access.case)
    said = remarks_of(db, access.case, reading)
    last = hearings[-1] if hearings else None
    flags = tuple(
        HeardFlag(one, _newest(said.findings, one.key), _newest(said.replies, one.key), said.measures_for(one.key))
        for one in _to_hear(reading)
    )
    response = _newest(said.replies, (WHOLE_CASE, None))
    read_by(db, access)
    return HearingView(
        case=case_line(access.case),
        sent_at=last.sent_at if last else None,
        sent_by=last.sent_by_name if last else "",
        term_until=last.term_until if last else None,
        flags=flags,
        response=response.text if response else "",
        may_reply=actor.is_candidate and access.case.step is Step.HEARING,
        replied=sum(1 for one in flags if one.reply is not None),
    )


def reply(db: Session, actor: Actor, case_id: str, rule: str, item: str | None, text: str) -> Reply:
    """Write down the candidate's view on one flag. A later reply replaces an earlier one; both stay on record.

    Raises NotFound for a flag that is not in the concept, NotAllowed outside the hearing or without text.
    """
    access = _candidate_in_hearing(db, actor, case_id)
    if all(one.key != (rule, item) for one in _to_hear(read_case(db, access.case))):
        raise NotFound("no such flag in the concept")
    return _reply(db, access, (rule, item), required_text(text, "Schrijf op wat u ervan vindt."), asked=True)


def respond(db: Session, actor: Actor, case_id: str, text: str) -> Reply:
    """Write down the candidate's response to the concept as a whole. The council reads it, in these words."""
    access = _candidate_in_hearing(db, actor, case_id)
    return _reply(db, access, (WHOLE_CASE, None), required_text(text, "Schrijf uw reactie op."), asked=True)


def not_asked(db: Session, actor: Actor, case_id: str, rule: str, item: str | None, reason: str) -> Reply:
    """Write down why the candidate is not asked for a reply to one flag."""
    access = open_for_review(db, actor, case_id, lock=True)
    advance(access.case.step, Action.RECORD_FINDING, actor.roles)
    if read_case(db, access.case).assessment.find(rule, item) is None:
        raise NotFound("no such flag")
    return _reply(
        db, access, (rule, item), required_text(reason, "Schrijf op waarom u geen reactie vraagt."), asked=False
    )


def close(db: Session, actor: Actor, case_id: str) -> CaseLine:
    """End the hearing. Raises NotAllowed while the term runs and the candidate has not replied to everything."""
    access = open_for_review(db, actor, case_id, lock=True)
    reading = read_case(db, access.case)
    said = remarks_of(db, access.case, reading)
    hearings = reviews.hearings(db, access.case)
    waiting = [one for one in _to_hear(reading) if one.severity >= WEIGHED_FROM and one.key not in said.replies]
    if hearings and waiting and today() <= hearings[-1].term_until:
        raise NotAllowed(
            "De termijn loopt nog en de kandidaat heeft nog niet op alles gereageerd. Wacht de termijn af."
        )
    cases.move(db, access, Action.CLOSE_HEARING)
    if hearings:
        hearings[-1].done_at = utc_now()
    audit.append(db, actor, "hearing_closed", "case", case_id, case_id=case_id, detail={"unanswered": len(waiting)})
    return case_line(access.case)


def back_to_review(db: Session, actor: Actor, case_id: str, reason: str) -> CaseLine:
    """Go back to the review, with the reason: a new fact, or a reply that changes the view."""
    access = open_for_review(db, actor, case_id, lock=True)
    cases.move(db, access, Action.BACK_TO_REVIEW, reason)
    audit.append(db, actor, "back_to_review", "case", case_id, case_id=case_id)
    return case_line(access.case)


def _candidate_in_hearing(db: Session, actor: Actor, case_id: str) -> CaseAccess:
    access = cases.access(db, actor, case_id, lock=True)
    if not actor.is_candidate:
        raise NotFound("only the candidate replies")
    advance(access.case.step, Action.REPLY, actor.roles)
    return access


def _to_hear(reading: CaseReading) -> tuple[FlagView, ...]:
    found = [flag_view(reading, outcome) for outcome in reading.assessment.flags if not outcome.further]
    return tuple(sorted(found, key=lambda one: (not one.certain, -one.severity, one.subject_title)))


def _reply(db: Session, access: CaseAccess, flag: FlagKey, text: str, *, asked: bool) -> Reply:
    row = ReplyRow(
        organisation_id=access.case.organisation_id,
        case_id=access.case.id,
        rule=flag[0],
        item=flag[1],
        asked=asked,
        text=text,
        by_id=access.actor.id,
        by_name=access.actor.name,
    )
    reviews.add(db, row)
    cases.touch(db, access.case)
    action = "replied" if asked else "reply_not_asked"
    name = flag[0] if flag[1] is None else f"{flag[0]}[{flag[1]}]"
    audit.append(db, access.actor, action, "flag", name, case_id=access.case.id)
    return Reply(flag, row.by_name, row.at, row.text, row.asked)


def _newest(by_flag: dict[FlagKey, tuple[_Said, ...]], key: FlagKey) -> _Said | None:
    said = by_flag.get(key, ())
    return said[-1] if said else None
