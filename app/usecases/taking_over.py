"""Taking the answers of a rehearsal over into a real case: shown first, then done, and never over an answer unasked."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed
from app.questionnaires.answers import COMPLETE, NONE, Answer, AnswerPath, Answers
from app.questionnaires.kinds import Group
from app.questionnaires.showing import as_typed, item_title, show
from app.questionnaires.volunteering import kept_out
from app.reviews.lifecycle import STEP_TITLES, Step
from app.store import cases
from app.usecases import answering
from app.usecases.answering import NOT_ASKED_NOW, Typed
from app.usecases.assessing import CaseReading, read_case
from app.usecases.carrying import fitting
from app.usecases.rehearsing import Rehearsal

_MOST_ROUNDS = 8
"""A question can wait for another one, and that one for a third; deeper than this nothing in a questionnaire goes."""

_NEW, _SAME, _DIFFERS, _NOTHING = "new", "same", "differs", "nothing"


@dataclass(frozen=True, slots=True)
class Told:
    """A question with an answer, in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A question that the case answers in another way than the file."""

    question: str
    now: str
    in_file: str


@dataclass(frozen=True, slots=True)
class NewItem:
    """Something of a list that the case does not have yet.

    `beside`: its list holds other things already. `refused`: the case says that there are none, so it only comes along
    when the candidate lets answers be replaced.
    """

    title: str
    rows: tuple[Told, ...]
    beside: bool
    refused: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking over would do. `same` counts answers that stand there already; `version` is that of the case."""

    new: tuple[Told, ...]
    items: tuple[NewItem, ...]
    differing: tuple[Differing, ...]
    same: int
    left_out: tuple[str, ...]
    untold: tuple[str, ...]
    """Subjects the file tells about and this case does not ask: they wait until the candidate chooses to tell."""
    version: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to take over."""
        return not (self.new or self.items or self.differing)


@dataclass(frozen=True, slots=True)
class _Work:
    """The same as a plan, in paths: what to write, and what only when it may replace."""

    new: tuple[AnswerPath, ...]
    differing: tuple[AnswerPath, ...]
    items: tuple[tuple[str, str], ...]
    same: int


def plan(db: Session, actor: Actor, case_id: str, answers: Answers) -> Plan:
    """Say what taking over would do; writes nothing. Raises NotFound, and NotAllowed when nothing may be answered now."""
    look, version = _open(db, actor, case_id)
    fine = _fitting(look, answers)
    work = _work(look, fine)
    tier, asked = look.context.tier, look.worded
    out = kept_out(look.questionnaire, look.context)
    return Plan(
        new=tuple(_told(look, path, fine.get(path)) for path in work.new),
        items=tuple(
            NewItem(
                title=item_title(asked.groups[group], item, fine, tier),
                rows=tuple(
                    _told(look, path, answer) for path, answer in fine if (path.group, path.item) == (group, item)
                ),
                beside=bool(look.answers.items(group)),
                refused=AnswerPath(group) in work.differing,
            )
            for group, item in work.items
        ),
        differing=tuple(
            Differing(
                question=asked.question(path.question).label,
                now=show(asked.question(path.question), look.answers.get(path), tier),
                in_file=show(asked.question(path.question), fine.get(path), tier),
            )
            for path in work.differing
        ),
        same=work.same,
        left_out=tuple(
            asked.questions[path.question].label
            for path, answer in answers
            if path.question in asked.questions and path.question not in out and fine.get(path) != answer
        ),
        untold=tuple(
            section.title
            for section in asked.sections
            if any(path.question in out and asked.section_of[path.question] is section for path, _ in answers)
        ),
        version=version,
    )


def take_over(
    db: Session, actor: Actor, case_id: str, answers: Answers, *, version: int, replace: bool
) -> tuple[str, ...] | None:
    """Write what the plan said, each answer with its history; what stands there is replaced only with `replace`.

    Gives the labels of questions that could not be answered. `None`: the case changed since the plan was shown, nothing
    was written. Raises NotFound, and NotAllowed when nothing may be answered now.
    """
    look, now = _open(db, actor, case_id)
    if now != version:
        return None
    fine = _fitting(look, answers)
    work = _work(look, fine)
    chosen = (*work.new, *work.differing) if replace else work.new
    refused = _save(db, actor, case_id, [_typed(path, path, fine) for path in chosen])
    closed = {path.group for path in work.differing} if not replace else set()
    full: list[str] = []
    for group, item in work.items:
        if group in closed:
            continue
        if len(look.answers.items(group)) + sum(one == group for one, _ in work.items) > _group(look, group).max_items:
            full.append(_group(look, group).label)
            continue
        added = answering.add_item(db, actor, case_id, group).item_id
        paths = [path for path, _ in fine if (path.group, path.item) == (group, item)]
        typed = [_typed(path, AnswerPath(path.question, added), fine) for path in paths]
        refused += _save(db, actor, case_id, typed)
    finished = [
        Typed(group, (COMPLETE,))
        for group in dict.fromkeys(group for group, _ in work.items)
        if group not in closed and not look.answers.items(group) and fine.value(AnswerPath(group)) == COMPLETE
    ]
    refused += _save(db, actor, case_id, finished)
    labels = [look.worded.question(AnswerPath.parse(path).question).label for path in refused]
    return tuple(dict.fromkeys((*labels, *full)))


def _open(db: Session, actor: Actor, case_id: str) -> tuple[CaseReading, int]:
    access = cases.access(db, actor, case_id)
    access.require_content()
    if access.case.step is not Step.ANSWERING:
        title = STEP_TITLES[access.case.step]
        raise NotAllowed(f"U kunt nu niets overnemen: de zaak staat op '{title}'.")
    return read_case(db, access.case), access.case.version


def _fitting(look: CaseReading, answers: Answers) -> Answers:
    """Keep what could be an answer in this case: what it leaves out is only told by choosing to, never by a file."""
    fine = fitting(Rehearsal(look.questionnaire, look.context, answers)).answers
    out = kept_out(look.questionnaire, look.context)
    given = {path: answer for path, answer in fine if path.question not in out}
    return Answers(given, {group: ids for group, ids in fine.item_ids.items() if group not in out})


def _work(look: CaseReading, fine: Answers) -> _Work:
    given = {path.question: (path, answer) for path, answer in fine if path.item is None}
    # In the order of the questionnaire: a question comes after the one that brings it up.
    told = [given[question] for question in look.questionnaire.questions if question in given]
    sorts = [(_compared(look, fine, path, answer), path) for path, answer in told]
    items: list[tuple[str, str]] = []
    same = sum(sort == _SAME for sort, _ in sorts)
    for group in look.questionnaire.groups:
        known = [_of_item(look.answers, group, item) for item in look.answers.items(group)]
        fresh = [item for item in fine.items(group) if _of_item(fine, group, item) not in known]
        same += len(fine.items(group)) - len(fresh)
        items += [(group, item) for item in fresh]
    return _Work(
        new=tuple(path for sort, path in sorts if sort == _NEW),
        differing=tuple(path for sort, path in sorts if sort == _DIFFERS),
        items=tuple(items),
        same=same,
    )


def _compared(look: CaseReading, fine: Answers, path: AnswerPath, answer: Answer) -> str:
    """Hold an answer of the file against the one that stands in the case."""
    standing = look.answers.get(path)
    if standing is None:
        return _NEW
    if path.question in look.questionnaire.groups and fine.items(path.question):
        # The list says by its items that there are some; only a plain "no" in the case speaks against that.
        return _DIFFERS if standing.value == NONE else _NOTHING
    return _SAME if standing == answer else _DIFFERS


def _of_item(answers: Answers, group: str, item: str) -> dict[str, Answer]:
    return {path.question: answer for path, answer in answers if (path.group, path.item) == (group, item)}


def _group(look: CaseReading, group_id: str) -> Group:
    return look.worded.groups[group_id]


def _told(look: CaseReading, path: AnswerPath, answer: Answer | None) -> Told:
    question = look.worded.question(path.question)
    return Told(question.label, show(question, answer, look.context.tier))


def _typed(path: AnswerPath, to: AnswerPath, fine: Answers) -> Typed:
    answer = fine.get(path)
    return Typed(str(to), as_typed(answer), answer.note if answer else "")


def _save(db: Session, actor: Actor, case_id: str, page: Iterable[Typed]) -> list[str]:
    """Save answers, again as long as saving some brings up the question of another; give the paths that were refused."""
    waiting = list(page)
    refused: list[str] = []
    for _ in range(_MOST_ROUNDS):
        if not waiting:
            break
        done = answering.save_many(db, actor, case_id, waiting)
        later = {one.path for one in done.problems if one.message == NOT_ASKED_NOW}
        refused += [one.path for one in done.problems if one.path not in later]
        waiting = [one for one in waiting if one.path in later]
        if not done.saved:
            break
    return refused + [one.path for one in waiting]
