"""Answering the questionnaire: save answers, add and remove items.

Nothing that was typed gets lost. An answer that was saved twice is saved once; an answer that lost a race is kept
beside the one that won; what could not be read comes back with a message.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import NONE, OPEN_LIST, Answer, AnswerPath, answered
from app.questionnaires.decoding import Misfit, decode
from app.questionnaires.kinds import Question
from app.questionnaires.model import Respondent
from app.questionnaires.showing import as_typed, show
from app.reviews.lifecycle import STEP_TITLES, Action, advance
from app.store import answers, audit, cases
from app.store.cases import CaseAccess
from app.usecases.assessing import CaseReading, read_case
from app.usecases.flags import FlagView
from app.usecases.questions import ItemView, QuestionView, Writing
from app.usecases.sections import SectionView, group_of, item_shown, section_view, writing_of

NOT_ASKED_NOW = "Deze vraag hoort nu niet bij uw vragenlijst. Laad de pagina opnieuw."


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form sent for one question. `revision` is the one the page was made from; `None`: whatever stands."""

    path: str
    raw: tuple[str, ...]
    note: str = ""
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What was typed cannot be the answer. `message` says in Dutch what to do; `raw` is what was typed."""

    path: str
    message: str
    raw: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved another answer meanwhile. Both are kept; `revision` is what to send to choose one."""

    path: str
    mine: str
    mine_typed: tuple[str, ...]
    theirs: str
    theirs_at: datetime
    theirs_by: str
    revision: int


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer was saved, and what that changes on the page."""

    path: str
    revision: int
    at: datetime
    changed: bool
    """False: the same answer stood there already, nothing was written."""
    section: SectionView
    appeared: tuple[str, ...]
    """Paths of questions that are asked now and were not before."""
    gone: tuple[str, ...]
    """Paths of questions that are not asked any more; their answers are kept but do not count."""
    flags_before: tuple[FlagView, ...] | None = None
    """What this section showed before the save; `None` when that is not known."""

    @property
    def question(self) -> QuestionView:
        """The question as it stands now. Raises LookupError when it is not asked any more."""
        for view in self.section.questions:
            for one in (view, *(question for item in view.items for question in item.questions)):
                if one.path == self.path:
                    return one
        raise LookupError(self.path)


@dataclass(frozen=True, slots=True)
class SavedMany:
    """What became of a whole page of answers."""

    saved: tuple[str, ...]
    problems: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]
    at: datetime | None


def save(db: Session, actor: Actor, case_id: str, typed: Typed) -> Saved | Problem | Conflict:
    """Save one answer. Raises NotFound for a path that cannot exist, NotAllowed when nothing may be written now."""
    desk = _open_for_writing(db, actor, case_id)
    access, before = desk.access, desk.reading
    path = AnswerPath.parse(typed.path)
    written = _write(desk, typed)
    if isinstance(written, Problem | Conflict):
        return written
    if written:
        cases.touch(db, access.case)
        audit.append(db, actor, "answer_saved", "answer", str(path), case_id=case_id)
    after = desk.read_again()
    standing = after.stored.standing.get(path)
    shown_before, shown_after = set(before.survey.asked), set(after.survey.asked)
    return Saved(
        path=str(path),
        revision=standing.revision if standing else 0,
        at=standing.at if standing else access.case.changed_at,
        changed=written,
        section=section_view(db, access, after, after.questionnaire.section_of[path.question].id),
        appeared=tuple(str(one) for one in after.survey.asked if one not in shown_before),
        gone=tuple(str(one) for one in before.survey.asked if one not in shown_after),
    )


def save_many(db: Session, actor: Actor, case_id: str, page: Iterable[Typed]) -> SavedMany:
    """Save a whole page: what can be saved is saved, whatever is wrong with the rest."""
    desk = _open_for_writing(db, actor, case_id)
    access = desk.access
    saved, problems, conflicts = list[str](), list[Problem](), list[Conflict]()
    for typed in page:
        match _write(desk, typed):
            case Problem() as problem:
                problems.append(problem)
            case Conflict() as conflict:
                conflicts.append(conflict)
            case True:
                saved.append(typed.path)
    if saved:
        cases.touch(db, access.case)
        audit.append(db, actor, "answers_saved", "case", case_id, case_id=case_id, detail={"count": len(saved)})
    return SavedMany(tuple(saved), tuple(problems), tuple(conflicts), access.case.changed_at if saved else None)


def settle(db: Session, actor: Actor, case_id: str, path_text: str) -> None:
    """Keep the answer that stands, after a race was lost: the other one is not shown any more (but never deleted)."""
    desk = _open_for_writing(db, actor, case_id)
    path = AnswerPath.parse(path_text)
    desk.reading.questionnaire.question(path.question)
    desk.require_writable(path)
    answers.put(db, desk.access, path, desk.reading.answers.get(path), desk.reading.revision(path))
    cases.touch(db, desk.access.case)
    audit.append(db, actor, "answer_kept", "answer", str(path), case_id=case_id)


def add_item(db: Session, actor: Actor, case_id: str, group_id: str) -> ItemView:
    """Add an empty item to a group; the group then says that there are some. Raises NotAllowed when it is full."""
    desk = _open_for_writing(db, actor, case_id)
    access, reading = desk.access, desk.reading
    group = group_of(reading, group_id)
    path = AnswerPath(group_id)
    desk.require_writable(path)
    if len(reading.answers.items(group_id)) >= group.max_items:
        raise NotAllowed(f"U kunt hier hoogstens {group.max_items} keer iets toevoegen. Bespreek de rest mondeling.")
    if reading.answers.value(path) in {None, NONE}:
        answers.put(db, access, path, answered(OPEN_LIST), reading.revision(path))
    item_id = answers.add_item(db, access, group_id)
    cases.touch(db, access.case)
    audit.append(db, actor, "item_added", "item", f"{group_id}[{item_id}]", case_id=case_id)
    return item_shown(db, access, group_id, item_id)


def remove_item(db: Session, actor: Actor, case_id: str, group_id: str, item_id: str) -> bool:
    """Take an item away. Its answers stay in the history, and `restore_item` brings it back. False: it was gone."""
    desk = _open_for_writing(db, actor, case_id)
    access = desk.access
    group_of(desk.reading, group_id)
    desk.require_writable(AnswerPath(group_id))
    if not answers.remove_item(db, access, group_id, item_id):
        return False
    cases.touch(db, access.case)
    audit.append(db, actor, "item_removed", "item", f"{group_id}[{item_id}]", case_id=case_id)
    return True


def restore_item(db: Session, actor: Actor, case_id: str, group_id: str, item_id: str) -> ItemView:
    """Bring a removed item back with everything answered about it. Raises NotFound when it never existed."""
    desk = _open_for_writing(db, actor, case_id)
    access = desk.access
    group_of(desk.reading, group_id)
    desk.require_writable(AnswerPath(group_id))
    if not answers.restore_item(db, access, group_id, item_id):
        raise NotFound("no such item")
    cases.touch(db, access.case)
    audit.append(db, actor, "item_restored", "item", f"{group_id}[{item_id}]", case_id=case_id)
    return item_shown(db, access, group_id, item_id)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every act of writing needs: the case, as it stands, and what may be written."""

    db: Session
    access: CaseAccess
    reading: CaseReading
    writing: Writing

    def require_writable(self, path: AnswerPath) -> None:
        section = self.reading.questionnaire.section_of[path.question]
        if (section.respondent is Respondent.CANDIDATE) is not self.access.actor.is_candidate:
            raise NotFound("this question is for somebody else")
        if not self.writing.allows(self.reading, path):
            title = STEP_TITLES[self.access.case.step]
            raise NotAllowed(f"Dit antwoord kunt u nu niet wijzigen: de zaak staat op '{title}'.")

    def read_again(self) -> CaseReading:
        return read_case(self.db, self.access.case)


def _open_for_writing(db: Session, actor: Actor, case_id: str) -> _Desk:
    access = cases.access(db, actor, case_id, lock=True)
    access.require_content()
    advance(access.case.step, Action.ANSWER if actor.is_candidate else Action.RECORD_FINDING, actor.roles)
    respondent = Respondent.CANDIDATE if actor.is_candidate else Respondent.REVIEWER
    return _Desk(db, access, read_case(db, access.case), writing_of(db, access, respondent))


def _write(desk: _Desk, typed: Typed) -> bool | Problem | Conflict:
    """Write one answer if it is one. True: written; False: the same stood there already."""
    reading = desk.reading
    path = AnswerPath.parse(typed.path)
    question = reading.worded.question(path.question)
    if gone := _require_place(reading, question, path):
        return Problem(typed.path, gone, typed.raw)
    desk.require_writable(path)
    answer = decode(question, typed.raw, reading.context.tier, typed.note)
    if isinstance(answer, Misfit):
        return Problem(typed.path, answer.message, typed.raw)
    if answer == reading.answers.get(path):
        return False
    if answer is not None and not _may_be_asked(reading, path):
        return Problem(typed.path, NOT_ASKED_NOW, typed.raw)
    revision = reading.revision(path)
    if typed.revision is not None and typed.revision != revision:
        return _lose(desk, path, answer, typed)
    answers.put(desk.db, desk.access, path, answer, revision)
    return True


def _require_place(reading: CaseReading, question: Question, path: AnswerPath) -> str:
    """Say in Dutch that the item was removed meanwhile, or nothing. Raises NotFound for a place that cannot exist."""
    if (question.group is None) is not (path.item is None):
        raise NotFound("this question does not stand there")
    if question.group is None or path.item in reading.answers.items(question.group):
        return ""
    if (question.group, path.item) in reading.stored.removed:
        return "Dit onderdeel is verwijderd. Zet het eerst terug als u het wilt invullen."
    raise NotFound("no such item")


def _may_be_asked(reading: CaseReading, path: AnswerPath) -> bool:
    """Whether this answer belongs here: asked now, perhaps asked later, or asked before."""
    return path in reading.survey.asked or path in reading.survey.waiting or reading.revision(path) > 0


def _lose(desk: _Desk, path: AnswerPath, answer: Answer | None, typed: Typed) -> Conflict:
    """Keep an answer that came too late, once, and show both."""
    db, access, reading = desk.db, desk.access, desk.reading
    question, tier = reading.worded.question(path.question), reading.context.tier
    standing = reading.stored.standing.get(path)
    revision = reading.revision(path)
    if not any(one.path == path and one.answer == answer for one in answers.lost(db, access.case)):
        answers.keep_lost(db, access, path, answer, expected=typed.revision or 0, standing=revision)
        # The case shows something else now: whoever has it in memory must read it again.
        cases.touch(db, access.case)
        audit.append(db, access.actor, "answer_lost_race", "answer", str(path), case_id=access.case.id)
    return Conflict(
        path=typed.path,
        mine=show(question, answer, tier),
        mine_typed=as_typed(answer),
        theirs=show(question, reading.answers.get(path), tier),
        theirs_at=standing.at if standing else access.case.changed_at,
        theirs_by=standing.by_name if standing else "",
        revision=revision,
    )
