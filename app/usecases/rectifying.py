"""After handing in, a candidate asks to have an answer corrected: which, what it should be, and why.

The answer itself does not change until a reviewer agrees (`rectifying_answers`). Every request stays, with what was answered
to it; so does every answer that once stood there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app import mail
from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import Answer, AnswerPath
from app.questionnaires.decoding import Misfit, decode
from app.questionnaires.kinds import Group
from app.questionnaires.limits import clean
from app.questionnaires.model import Respondent
from app.questionnaires.showing import show
from app.reviews.lifecycle import Step
from app.settings import Settings
from app.store import audit, cases, outbox, rectifications
from app.store.cases import CaseAccess
from app.store.rows import RectificationRow
from app.usecases.answering import Problem, Typed
from app.usecases.assessing import CaseReading, read_case
from app.usecases.cases import read_by, reviewers_to_mail
from app.usecases.lines import CaseLine, case_line
from app.usecases.organisations import agreements
from app.usecases.questions import QuestionView, Writing, question_view
from app.usecases.reviewing import open_for_review
from app.usecases.settled import about_item
from app.usecases.texts import required_text

NO_REASON = "Schrijf op waarom dit antwoord niet klopt. De beoordelaar leest dit."
NO_WORDS = "Schrijf op wat er in deze lijst moet staan."
SAME = "Dit antwoord staat er al. Vul in wat het moet zijn."
WAITING = "U vroeg dit al. Wacht tot een beoordelaar heeft geantwoord."
_BEFORE = frozenset({Step.DRAFT, Step.INVITED, Step.ANSWERING, Step.DESTROYED})


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request, and what was answered to it. `agreed` is `None` while nobody answered."""

    id: str
    path: str
    question: str
    about: str
    before: str
    wanted: str
    reason: str
    at: datetime
    agreed: bool | None
    answer_reason: str
    decided_by: str
    decided_at: datetime | None
    is_list: bool


@dataclass(frozen=True, slots=True)
class Askable:
    """A question of which the answer can be corrected."""

    path: str
    section: str
    question: str
    about: str


@dataclass(frozen=True, slots=True)
class OwnRequests:
    """What a candidate asked, newest first, and what can be asked."""

    case: CaseLine
    requests: tuple[RequestLine, ...]
    askable: tuple[Askable, ...]
    """Empty while the candidate can still change the answers without asking."""


def own(db: Session, actor: Actor, case_id: str) -> OwnRequests:
    """Show a candidate the requests and what can be asked. Raises NotFound for everybody else."""
    access = _own(db, actor, case_id)
    reading = read_case(db, access.case)
    may = access.case.step not in _BEFORE
    askable = tuple(_askable(reading)) if may else ()
    return OwnRequests(case_line(access.case), tuple(reversed(lines_of(db, access, reading))), askable)


def question(db: Session, actor: Actor, case_id: str, path_text: str) -> QuestionView:
    """Give one question with the answer that stands, for the form. Raises NotFound when it cannot be corrected."""
    access = _own(db, actor, case_id)
    reading = read_case(db, access.case)
    return question_view(reading, _path(reading, path_text), Writing(Step.DRAFT, Respondent.CANDIDATE, {}))


def ask(
    db: Session, settings: Settings, actor: Actor, case_id: str, typed: Typed, words: str, reason: str
) -> RequestLine | Problem:
    """Ask to correct one answer; those who review the case get a mail. Gives the problem when it cannot be the answer.

    Raises NotFound for a question that was not asked, NotAllowed without a reason, while an earlier request waits, and while
    the candidate can still change answers without asking.
    """
    access = _own(db, actor, case_id, lock=True)
    if access.case.step in _BEFORE:
        raise NotAllowed("U kunt uw antwoorden nu zelf nog wijzigen. Ga naar de vragenlijst.")
    reading = read_case(db, access.case)
    path = _path(reading, typed.path)
    asked, standing = reading.worded.question(path.question), reading.answers.get(path)
    wanted: Answer | None = None
    if isinstance(asked, Group):
        words = clean(required_text(words, NO_WORDS))
    else:
        read = decode(asked, typed.raw, reading.context.tier, typed.note)
        if isinstance(read, Misfit):
            return Problem(typed.path, read.message, typed.raw)
        if read == standing:
            return Problem(typed.path, SAME, typed.raw)
        wanted, words = read, ""
    if any(row.path == str(path) and row.agreed is None for row in rectifications.of_case(db, access)):
        raise NotAllowed(WAITING)
    row = RectificationRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        path=str(path),
        revision=reading.revision(path),
        before=None if standing is None else standing.to_jsonable(),
        wanted=None if wanted is None else wanted.to_jsonable(),
        words=words,
        reason=clean(required_text(reason, NO_REASON)),
    )
    rectifications.add(db, row)
    audit.append(db, actor, "rectification_asked", "answer", str(path), case_id=case_id)
    _tell_reviewers(db, settings, access)
    return _line(reading, row)


def for_review(db: Session, actor: Actor, case_id: str) -> tuple[CaseLine, tuple[RequestLine, ...]]:
    """Show those who review a case what the candidate asked, newest first. Raises NotFound for everybody else."""
    access = open_for_review(db, actor, case_id)
    read_by(db, access)
    return case_line(access.case), tuple(reversed(lines_of(db, access, read_case(db, access.case))))


def lines_of(db: Session, access: CaseAccess, reading: CaseReading) -> tuple[RequestLine, ...]:
    """Give every request of a case, oldest first."""
    return tuple(_line(reading, row) for row in rectifications.of_case(db, access))


def _own(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseAccess:
    access = cases.access(db, actor, case_id, lock=lock)
    if not actor.is_candidate:
        raise NotFound("only the candidate asks")
    return access


def _askable(reading: CaseReading) -> Iterator[Askable]:
    for section in reading.worded.sections:
        if section.respondent is Respondent.CANDIDATE:
            for path in reading.survey.sections[section.id]:
                asked = reading.worded.question(path.question)
                yield Askable(str(path), section.title, asked.label, about_item(reading, path.group, path.item))


def _path(reading: CaseReading, text: str) -> AnswerPath:
    path = AnswerPath.parse(text)
    place = reading.questionnaire.section_of.get(path.question)
    if place is None or place.respondent is not Respondent.CANDIDATE or path not in reading.survey.asked:
        raise NotFound("the candidate was not asked this")
    return path


def _line(reading: CaseReading, row: RectificationRow) -> RequestLine:
    path = AnswerPath.parse(row.path)
    asked = reading.worded.questions.get(path.question)

    def shown(content: dict[str, object] | None) -> str:
        answer = None if content is None else Answer.from_jsonable(content)
        if asked is None:
            return "" if answer is None else str(answer.value)
        noted = f"\nToelichting: {answer.note}" if answer is not None and answer.note else ""
        return show(asked, answer, reading.context.tier) + noted

    return RequestLine(
        id=row.id,
        path=row.path,
        question=row.path if asked is None else asked.label,
        about=about_item(reading, path.group, path.item),
        before=shown(row.before),
        wanted=row.words or shown(row.wanted),
        reason=row.reason,
        at=row.at,
        agreed=row.agreed,
        answer_reason=row.answer_reason,
        decided_by=row.decided_by_name,
        decided_at=row.decided_at,
        is_list=isinstance(asked, Group),
    )


def _tell_reviewers(db: Session, settings: Settings, access: CaseAccess) -> None:
    agreed = agreements(db, access.actor)
    for name, address in reviewers_to_mail(db, access.case):
        letter = mail.write(
            "rectification_asked",
            name=name,
            link=f"{settings.base_url}/zaken/{access.case.id}/beoordeling/correcties",
            contact=str(agreed.contact),
            organisation=agreed.name,
            sender="Toetssteen",
        )
        outbox.put(db, access.case.organisation_id, access.case.id, "rectification_asked", address, letter)
