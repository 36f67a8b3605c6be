"""Putting things on record in a review: measures, sources, subjects talked about, requests for correction."""

from datetime import date

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.kinds import Source
from app.questionnaires.model import Respondent
from app.reviews.lifecycle import Action, advance
from app.store import audit, cases, reviews
from app.store.cases import CaseAccess
from app.store.rows import CorrectionRow, DiscussedRow, MeasureRow, SourceRow
from app.store.types import utc_now
from app.usecases import candidate_mail
from app.usecases.assessing import CaseReading, read_case
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.records import NewMeasure
from app.usecases.reviewing import open_for_review
from app.usecases.texts import optional_text, required_text

OWNER_LENGTH = 200


def agree_measure(db: Session, actor: Actor, case_id: str, new: NewMeasure) -> str:
    """Agree on a measure; gives its id. Raises NotFound for a kind or flag that does not exist."""
    access = _working(db, actor, case_id)
    reading = read_case(db, access.case)
    if new.kind not in reading.rulebook.measures:
        raise NotFound("no such measure")
    if any(reading.assessment.find(rule, item) is None for rule, item in new.flags):
        raise NotFound("no such flag")
    row = MeasureRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        kind=new.kind,
        flags=[[rule, item] for rule, item in new.flags],
        owner=required_text(new.owner, "Schrijf op wie de maatregel uitvoert.")[:OWNER_LENGTH],
        terms=required_text(new.terms, "Schrijf op wat u precies afspreekt."),
        due=new.due,
        evidence=optional_text(new.evidence),
        openness=new.openness,
        review_on=new.review_on,
        before_appointment=new.before_appointment,
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    cases.touch(db, access.case)
    audit.append(db, actor, "measure_agreed", "measure", row.id, case_id=case_id)
    return row.id


def drop_measure(db: Session, actor: Actor, case_id: str, measure_id: str) -> None:
    """Take a measure back; it stays on record as dropped."""
    access = _working(db, actor, case_id)
    row = _measure(db, access, measure_id)
    row.dropped_at = row.dropped_at or utc_now()
    cases.touch(db, access.case)
    audit.append(db, actor, "measure_dropped", "measure", row.id, case_id=case_id)


def measure_done(db: Session, actor: Actor, case_id: str, measure_id: str, on: date) -> None:
    """Write down that a measure was carried out. Raises NotAllowed for a day that is still to come."""
    access = open_for_review(db, actor, case_id, lock=True)
    if on > today():
        raise NotAllowed("Deze datum ligt in de toekomst. Vul de dag in waarop het is gebeurd.")
    row = _measure(db, access, measure_id)
    row.done_on = on
    cases.touch(db, access.case)
    audit.append(db, actor, "measure_done", "measure", row.id, case_id=case_id)


def record_source(
    db: Session, actor: Actor, case_id: str, source: Source, subject: str, consulted_on: date, found: str
) -> None:
    """Write down that a permitted source was consulted. Raises NotAllowed for a day that is still to come."""
    access = _working(db, actor, case_id)
    if consulted_on > today():
        raise NotAllowed("Deze datum ligt in de toekomst. Vul de dag in waarop u de bron bekeek.")
    row = SourceRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        source=source.value,
        subject=required_text(subject, "Schrijf op wat u heeft opgezocht."),
        found=required_text(found, "Schrijf op wat u vond. Vond u niets? Schrijf dat dan ook op."),
        consulted_on=consulted_on,
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    cases.touch(db, access.case)
    audit.append(db, actor, "source_recorded", "source", row.id, case_id=case_id)


def discuss(db: Session, actor: Actor, case_id: str, talking_point: str, discussed_on: date) -> None:
    """Write down that a subject was talked about, on which day. There is no place for what was said."""
    access = _working(db, actor, case_id)
    reading = read_case(db, access.case)
    known = {point.id for section in reading.questionnaire.sections for point in section.talking_points}
    if talking_point not in known:
        raise NotFound("no such talking point")
    if discussed_on > today():
        raise NotAllowed("Deze datum ligt in de toekomst. Vul de dag van het gesprek in.")
    row = DiscussedRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        talking_point=talking_point,
        discussed_on=discussed_on,
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    cases.touch(db, access.case)
    audit.append(db, actor, "discussed", "talking_point", talking_point, case_id=case_id)


def request_correction(db: Session, actor: Actor, case_id: str, questions: tuple[str, ...], reason: str) -> CaseLine:
    """Ask the candidate to look again at named questions, with the reason. Only those open up again.

    Raises NotFound for a question the candidate was not asked, NotAllowed without questions or reason.
    """
    access = open_for_review(db, actor, case_id, lock=True)
    reading = read_case(db, access.case)
    if not questions:
        raise NotAllowed("Kies bij welke vragen u een aanvulling wilt.")
    for path in questions:
        _require_askable(reading, path)
    cases.move(db, access, Action.REQUEST_CORRECTION, reason)
    row = CorrectionRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        questions=list(dict.fromkeys(questions)),
        reason=required_text(reason, "Schrijf op waarom u een aanvulling vraagt. De kandidaat leest dit."),
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    candidate_mail.send(db, access.case, "correction_request", sender=actor.name, count=len(row.questions))
    detail = {"questions": len(row.questions)}
    audit.append(db, actor, "correction_requested", "case", case_id, case_id=case_id, detail=detail)
    return case_line(access.case)


def _working(db: Session, actor: Actor, case_id: str) -> CaseAccess:
    """Open a case in which the review goes on."""
    access = open_for_review(db, actor, case_id, lock=True)
    advance(access.case.step, Action.RECORD_FINDING, actor.roles)
    return access


def _measure(db: Session, access: CaseAccess, measure_id: str) -> MeasureRow:
    row = reviews.measure_row(db, access.case, measure_id)
    if row is None:
        raise NotFound("no such measure")
    return row


def _require_askable(reading: CaseReading, text: str) -> None:
    path = AnswerPath.parse(text)
    place = reading.questionnaire.section_of.get(path.question)
    if place is None or place.respondent is not Respondent.CANDIDATE or path not in reading.survey.asked:
        raise NotFound("the candidate was not asked this")
