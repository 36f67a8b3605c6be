"""The questionnaire as a candidate meets it: a list of sections, and one section at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.estimate import minutes
from app.questionnaires.kinds import Group
from app.questionnaires.model import Respondent, Section
from app.questionnaires.progress import SectionProgress, progress, section_progress
from app.questionnaires.volunteering import of_practice
from app.reviews.deadlines import Deadline
from app.reviews.lifecycle import Step
from app.store import answers, audit, cases, reviews
from app.store.answers import Attempt
from app.store.cases import CaseAccess
from app.store.rows import CaseRow
from app.usecases.assessing import CaseReading, read_case
from app.usecases.flags import FlagView, shown_to_candidate
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.organisations import agreements, deadlines_of
from app.usecases.questions import ItemView, QuestionView, Writing, item_view, section_questions
from app.usecases.telling_more import Subject, subjects


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section in the task list."""

    id: str
    title: str
    asked: int
    answered: int
    open: int
    minutes: int
    corrections: int
    of_practice: int = 0
    """How many of the questions asked here do not come from the law: the candidate answers those freely."""
    untold: int = 0
    """How many questions the candidate chose to see and left empty; nobody waits for those."""

    @property
    def complete(self) -> bool:
        """Nothing is left to answer here."""
        return self.open == 0

    @property
    def started(self) -> bool:
        """Something was answered here."""
        return self.answered > 0


@dataclass(frozen=True, slots=True)
class Correction:
    """A request to look again at named questions: labels by path, and the reason."""

    questions: tuple[tuple[str, str], ...]
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskList:
    """Where the candidate stands: every section in which something is asked."""

    case: CaseLine
    sections: tuple[SectionLine, ...]
    asked: int
    answered: int
    minutes_left: int
    deadlines: tuple[Deadline, ...]
    may_answer: bool
    may_submit: bool
    corrections: tuple[Correction, ...]
    subjects: tuple[Subject, ...] = ()
    """What the candidate may tell more about than the case asks."""

    @property
    def open(self) -> int:
        """How many questions still wait for an answer."""
        return self.asked - self.answered

    def due(self, deadline_id: str) -> date | None:
        """Give one of the dates, or `None` while it is not known."""
        return next((row.on for row in self.deadlines if row.id == deadline_id), None)


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section on a page: only the questions that are asked now, and what the answers bring to light."""

    case: CaseLine
    section: Section
    questions: tuple[QuestionView, ...]
    flags: tuple[FlagView, ...]
    here: SectionProgress
    """Where this section stands."""
    number: int
    of: int
    previous_id: str | None
    next_id: str | None
    writable: bool


def task_list(db: Session, actor: Actor, case_id: str) -> TaskList:
    """Give the sections with what is open in each. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    access.require_content()
    reading = read_case(db, access.case)
    writing = writing_of(db, access, Respondent.CANDIDATE)
    counted = progress(reading.questionnaire, reading.survey, reading.answers)
    lines = tuple(_section_line(reading, one, writing) for one in counted.sections)
    step = access.case.step
    return TaskList(
        case=case_line(access.case),
        sections=lines,
        asked=counted.asked,
        answered=counted.answered,
        minutes_left=sum(line.minutes for line in lines),
        deadlines=deadlines_of(agreements(db, actor), access.case, today()),
        may_answer=actor.is_candidate and step in {Step.ANSWERING, Step.CORRECTION},
        may_submit=actor.is_candidate and step in {Step.ANSWERING, Step.CORRECTION},
        corrections=open_corrections(db, access.case, reading),
        subjects=subjects(reading),
    )


def load_section(db: Session, actor: Actor, case_id: str, section_id: str) -> SectionView:
    """Show one section. Reading somebody else's answers is written in the audit log. Raises NotFound."""
    access = cases.access(db, actor, case_id)
    access.require_content()
    view = section_view(db, access, read_case(db, access.case), section_id)
    if not actor.is_candidate:
        audit.read(db, actor, "section_read", "section", section_id, case_id=case_id)
    return view


def show_item(db: Session, actor: Actor, case_id: str, group_id: str, item_id: str) -> ItemView:
    """Show one item on a page of its own. Raises NotFound when it is not there."""
    access = cases.access(db, actor, case_id)
    access.require_content()
    section = group_section(read_case(db, access.case), group_id)
    if actor.is_candidate and section.respondent is not Respondent.CANDIDATE:
        raise NotFound("this list is for reviewers")
    view = item_shown(db, access, group_id, item_id)
    if not actor.is_candidate:
        audit.read(db, actor, "section_read", "section", section.id, case_id=case_id)
    return view


def group_section(reading: CaseReading, group_id: str) -> Section:
    """Give the section a group stands in. Raises NotFound."""
    return reading.questionnaire.section_of[group_of(reading, group_id).id]


def group_of(reading: CaseReading, group_id: str) -> Group:
    """Find a group by id. Raises NotFound for any other question."""
    question = reading.questionnaire.question(group_id)
    if not isinstance(question, Group):
        raise NotFound("this question is no list")
    return question


def item_shown(db: Session, access: CaseAccess, group_id: str, item_id: str) -> ItemView:
    """Show one item as it stands in this transaction. Raises NotFound when it is not there."""
    reading = read_case(db, access.case)
    group = group_of(reading, group_id)
    if item_id not in reading.answers.items(group_id):
        raise NotFound("no such item")
    writing = writing_of(db, access, reading.questionnaire.section_of[group_id].respondent)
    shown = reading.survey.sections[reading.questionnaire.section_of[group_id].id]
    paths = tuple(path for path in shown if path.item == item_id and path.group == group_id)
    return item_view(reading, reading.worded.groups[group.id], item_id, paths, writing, _lost(db, access.case, reading))


def open_corrections(db: Session, case: CaseRow, reading: CaseReading) -> tuple[Correction, ...]:
    """Give the requests for correction that the candidate has not answered yet."""
    return tuple(
        Correction(tuple((path, _label(reading, path)) for path in row.questions), row.reason, row.by_name, row.at)
        for row in reviews.corrections(db, case)
        if row.answered_at is None
    )


def writing_of(db: Session, access: CaseAccess, respondent: Respondent) -> Writing:
    """Tell what may be written now in a case, by this sort of person."""
    case = access.case
    may = access.actor.is_candidate == (respondent is Respondent.CANDIDATE)
    named: dict[str, str] = {}
    if case.step is Step.CORRECTION:
        for row in reviews.corrections(db, case):
            if row.answered_at is None:
                named |= dict.fromkeys(row.questions, row.reason)
    return Writing(case.step if may else Step.DRAFT, respondent, named)


def section_view(db: Session, access: CaseAccess, reading: CaseReading, section_id: str) -> SectionView:
    """Show one section as it stands in this transaction."""
    section = reading.worded.section(section_id)
    if access.actor.is_candidate and section.respondent is not Respondent.CANDIDATE:
        raise NotFound("this section is for reviewers")
    writing = writing_of(db, access, section.respondent)
    lost = _lost(db, access.case, reading)
    return view_of_section(case_line(access.case), reading, writing, section_id, lost)


def view_of_section(
    case: CaseLine, reading: CaseReading, writing: Writing, section_id: str, lost: Sequence[Attempt] = ()
) -> SectionView:
    """Show one section of a case that was read before; needs no database."""
    section = reading.worded.section(section_id)
    views = section_questions(reading, section, writing, lost)
    return section_of_views(case, reading, section, views)


def section_of_views(
    case: CaseLine, reading: CaseReading, section: Section, views: tuple[QuestionView, ...]
) -> SectionView:
    """Show one section of which the questions were worked out before."""
    shown = reading.survey.sections
    order = [one.id for one in reading.questionnaire.sections if one.respondent is section.respondent and shown[one.id]]
    place = order.index(section.id) if section.id in order else -1
    return SectionView(
        case=case,
        section=section,
        questions=views,
        flags=shown_to_candidate(reading, section.id),
        here=section_progress(reading.questionnaire, reading.survey, reading.answers, section.id),
        number=place + 1,
        of=len(order),
        previous_id=order[place - 1] if place > 0 else None,
        next_id=order[place + 1] if 0 <= place < len(order) - 1 else None,
        writable=any(view.writable for view in views),
    )


def _lost(db: Session, case: CaseRow, reading: CaseReading) -> tuple[Attempt, ...]:
    """Give the answers that came too late. Each of them is a new version of the case, so a reading knows its own."""
    known: tuple[Attempt, ...] | None = reading.shown.get("lost")
    if known is None:
        known = reading.shown["lost"] = tuple(answers.lost(db, case))
    return known


def _section_line(reading: CaseReading, counted: SectionProgress, writing: Writing) -> SectionLine:
    section = reading.worded.section(counted.section)
    still_open = [reading.worded.question(path.question) for path in counted.open]
    here = reading.survey.sections[section.id]
    return SectionLine(
        id=section.id,
        title=section.title,
        asked=counted.asked,
        answered=counted.answered,
        open=len(counted.open),
        minutes=minutes(still_open),
        corrections=sum(1 for path in here if writing.asked_for(path)),
        of_practice=sum(path.question in of_practice(reading.questionnaire) for path in here),
        untold=len(counted.voluntary),
    )


def _label(reading: CaseReading, path: str) -> str:
    return reading.worded.question(AnswerPath.parse(path).question).label
