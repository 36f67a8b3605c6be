"""Drawing a conclusion, sending it to the council, and writing down the outcome."""

from datetime import date

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.reviews.decisions import Blocker, Conclusion, ConclusionKind, blockers, conclusions_open_to
from app.reviews.lifecycle import Action
from app.reviews.retention import End
from app.store import audit, cases, reviews
from app.store.rows import ConclusionRow
from app.usecases import candidate_mail, retention
from app.usecases.assessing import read_case
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.reviewing import flag_states, open_for_review, remarks_of
from app.usecases.submitting import freeze
from app.usecases.texts import required_text


def conclude(
    db: Session,
    actor: Actor,
    case_id: str,
    kind: ConclusionKind,
    motivation: str,
    residual_risk: str,
    valid_until: date | None = None,
) -> Conclusion | tuple[Blocker, ...]:
    """Draw the conclusion in the fixed vocabulary, on the exact state of the case. Gives what still blocks it, if any.

    Raises NotAllowed for everybody but the principal, for a conclusion that contradicts a decision, and without a
    motivation or the residual risk in words.
    """
    access = open_for_review(db, actor, case_id, lock=True)
    reading = read_case(db, access.case)
    states = flag_states(reading, remarks_of(db, access.case, reading))
    blocked = blockers(states)
    if blocked:
        return blocked
    if kind not in conclusions_open_to(states):
        raise NotAllowed("Deze conclusie past niet bij de besluiten. Kies een andere, of neem een nieuw besluit.")
    cases.move(db, access, Action.CONCLUDE)
    case = access.case
    row = ConclusionRow(
        organisation_id=case.organisation_id,
        case_id=case.id,
        case_version=case.version,
        kind=kind,
        motivation=required_text(motivation, "Schrijf op waarom u tot deze conclusie komt."),
        residual_risk=required_text(
            residual_risk, "Schrijf op welk restrisico overblijft. Ook 'geen' is een antwoord."
        ),
        valid_until=valid_until,
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    freeze(db, access, reading, "conclude")
    candidate_mail.send(db, case, "concluded", sender=actor.name)
    audit.append(db, actor, "concluded", "case", case.id, case_id=case.id)
    return Conclusion(kind, row.motivation, row.residual_risk, row.valid_until, row.by_id, row.by_name, row.at)


def present(db: Session, actor: Actor, case_id: str) -> CaseLine:
    """Write down that the council version was sent. Raises NotAllowed before there is a conclusion."""
    access = open_for_review(db, actor, case_id, lock=True)
    cases.move(db, access, Action.PRESENT)
    audit.append(db, actor, "presented", "case", case_id, case_id=case_id)
    return case_line(access.case)


def record_outcome(db: Session, actor: Actor, case_id: str, *, appointed: bool, on: date) -> CaseLine:
    """Write down what the council did, and when. Raises NotAllowed for a day that is still to come.

    Whoever prepares the case may do this, also a clerk who may not read it: it is no content.
    """
    access = cases.access(db, actor, case_id, lock=True)
    if on > today():
        raise NotAllowed("Deze datum ligt in de toekomst. Vul de dag van de vergadering in.")
    cases.move(db, access, Action.RECORD_APPOINTED if appointed else Action.RECORD_NOT_APPOINTED)
    retention.begin(db, access.case, End.APPOINTED if appointed else End.NOT_APPOINTED, on)
    detail = {"appointed": appointed, "on": on.isoformat()}
    audit.append(db, actor, "outcome_recorded", "case", case_id, case_id=case_id, detail=detail)
    return case_line(access.case)


def reopen(db: Session, actor: Actor, case_id: str, reason: str) -> CaseLine:
    """Reopen a case after a late fact; the moment and the reason are on record."""
    access = open_for_review(db, actor, case_id, lock=True)
    cases.move(db, access, Action.REOPEN, reason)
    audit.append(db, actor, "reopened", "case", case_id, case_id=case_id)
    return case_line(access.case)


def start_aftercare(db: Session, actor: Actor, case_id: str) -> CaseLine:
    """Begin the time after the appointment, in which measures live on."""
    access = open_for_review(db, actor, case_id, lock=True)
    cases.move(db, access, Action.START_AFTERCARE)
    audit.append(db, actor, "aftercare_started", "case", case_id, case_id=case_id)
    return case_line(access.case)
