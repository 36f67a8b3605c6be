"""The fast road for the one thing that happens all the time: saving one answer while somebody fills in the form.

`answering.save` is the ordinary road and the measure of this one: a test sends the same answers down both and compares
what is stored and what is shown. This road only takes what is plain (the candidate, the step of answering, an answer
that can be read, on the version that was shown) and gives None for everything else, which then goes the ordinary road.

What makes it fast: the case stays decoded in memory, only rules that read the answer are weighed again, and waiting
saves share one transaction. What it does not do: skip a check, or say "saved" before it is on disk.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from app.accounts.actor import Actor
from app.errors import NotFound
from app.questionnaires.answers import Answer, AnswerPath
from app.questionnaires.decoding import Misfit, decode
from app.questionnaires.model import Questionnaire, Respondent, Section
from app.questionnaires.relevance import Survey, resurvey
from app.reviews.lifecycle import Step
from app.risk_rules.assess import FlagKey, RuleOutcome
from app.risk_rules.compiled import CompiledBook, Fired, compile_rulebook
from app.store import answers as stored_answers
from app.store import cases, people
from app.store.answers import Standing, StoredAnswers
from app.store.engine import Engine, open_session
from app.store.group_commit import GroupWriter, Save, Written
from app.usecases import library
from app.usecases.answering import Saved, Typed
from app.usecases.assessing import CaseReading, reading_unweighed
from app.usecases.flags import FlagView
from app.usecases.lines import CaseLine, case_line, context_of, today
from app.usecases.questions import QuestionView, Writing, question_view
from app.usecases.sections import section_of_views

_WRITING = Writing(Step.ANSWERING, Respondent.CANDIDATE, {})


@dataclass(frozen=True, slots=True)
class HotCase:
    """A case in memory: what is needed to save the next answer without reading anything.

    The assessment inside `reading` holds only what fired of the rules in `spoken`: those that read something that was
    answered. No other rule can say anything that rests on an answer, and explaining all of them is most of the work of
    opening a case. `outcomes` is the same by flag.
    """

    line: CaseLine
    reading: CaseReading
    fired: Fired
    outcomes: Mapping[FlagKey, RuleOutcome]
    spoken: frozenset[str]
    flags: Mapping[str, tuple[FlagView, ...]]
    """What each section showed after its last save."""
    views: Mapping[str, Mapping[AnswerPath, QuestionView]]
    """The top-level questions of each section as they were shown after its last save."""


@dataclass(slots=True)
class _Place:
    """A case that is being filled in, and the lock that keeps its saves in order."""

    hot: HotCase | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Autosaver:
    """Saves answers quickly. One per process; `close` before the process ends."""

    def __init__(self, engine: Engine, *, most_cases: int) -> None:
        self._engine = engine
        self._most = most_cases
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._writer = GroupWriter(engine)

    def close(self) -> None:
        """Write what waits and stop."""
        self._writer.close()

    async def save(self, actor: Actor, case_id: str, typed: Typed) -> Saved | None:
        """Save one answer, or give None when the ordinary road must do it. Raises whatever the database raises."""
        if not actor.is_candidate or actor.case_id != case_id:
            return None
        place = self._place(case_id)
        async with place.lock:
            if place.hot is None or place.hot.reading.context.as_of != today():
                place.hot = await asyncio.to_thread(self._read, actor, case_id)
            hot = place.hot
            plan = _plan(hot, typed) if hot is not None else None
            if hot is None or plan is None:
                place.hot = None
                return None
            path, answer = plan
            changes = answer != hot.reading.answers.get(path)
            written = await self._commit(actor, hot, path, answer, changes=changes)
            if written is None:
                place.hot = None
                return None
            place.hot, saved = _after(hot, actor, path, answer, written) if changes else _same(hot, path)
            return saved

    def forget(self, case_id: str) -> None:
        """Drop a case from memory: something else changed it."""
        place = self._places.get(case_id)
        if place is not None:
            place.hot = None

    def _place(self, case_id: str) -> _Place:
        place = self._places.get(case_id)
        if place is None:
            place = self._places[case_id] = _Place()
            while len(self._places) > self._most:
                self._places.popitem(last=False)
        self._places.move_to_end(case_id)
        return place

    def _read(self, actor: Actor, case_id: str) -> HotCase | None:
        with open_session(self._engine, writes=False) as db:
            try:
                access = cases.access(db, actor, case_id)
            except NotFound:
                return None
            if access.case.step is not Step.ANSWERING or stored_answers.lost(db, access.case):
                return None
            case = access.case
            asked = library.questionnaire(case.questionnaire, case.questionnaire_version)
            pack = people.pack_of(db, case.organisation_id)
            reading = reading_unweighed(asked, context_of(case), stored_answers.load(db, case), pack)
            return _hot(case_line(case), reading)

    async def _commit(
        self, actor: Actor, hot: HotCase, path: AnswerPath, answer: Answer | None, *, changes: bool
    ) -> Written | None:
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Written | None] = loop.create_future()

        def settle(outcome: Written | BaseException | None) -> None:
            if waiting.done():
                return
            if isinstance(outcome, BaseException):
                waiting.set_exception(outcome)
            else:
                waiting.set_result(outcome)

        save = Save(
            actor=actor,
            case_id=hot.line.id,
            version=hot.line.version,
            step=hot.line.step,
            path=str(path),
            revision=hot.reading.revision(path) + 1,
            content=None if answer is None else answer.to_jsonable(),
            changes=changes,
        )

        def done(outcome: Written | BaseException | None) -> None:
            loop.call_soon_threadsafe(settle, outcome)

        self._writer.put(save, done)
        return await waiting


@cache
def _compiled(asked_id: str, version: int, pack: str) -> CompiledBook:
    return compile_rulebook(library.rulebook(library.questionnaire(asked_id, version), pack))


def compiled(asked: Questionnaire, pack: str = "") -> CompiledBook:
    """Give the rulebook as a program, made once; with the local rules of a pack when its digest is given."""
    return _compiled(asked.id, asked.version, pack)


def warm_up() -> None:
    """Read the newest questionnaire and its rules, so that nobody has to wait for them."""
    compiled(library.newest())


def _hot(line: CaseLine, reading: CaseReading) -> HotCase:
    book = compiled(reading.questionnaire, reading.pack)
    fired = book.verdicts(reading.survey.facts)
    spoken = frozenset(rule for path, _ in reading.answers for rule in book.readers.get(path.question, ()))
    found = book.explain((key for key in fired if key[0] in spoken), reading.survey.facts)
    outcomes = {outcome.flag_key: outcome for outcome in found}
    return HotCase(line, _with_outcomes(reading, outcomes.values()), fired, outcomes, spoken, {}, {})


def _with_outcomes(reading: CaseReading, outcomes: Iterable[RuleOutcome]) -> CaseReading:
    return replace(reading, assessment=replace(reading.assessment, outcomes=tuple(outcomes), combined=()))


def _plan(hot: HotCase, typed: Typed) -> tuple[AnswerPath, Answer | None] | None:
    """Read what was typed. None for everything that is not plain: the ordinary road has the words for it."""
    reading = hot.reading
    try:
        path = AnswerPath.parse(typed.path)
    except NotFound:
        return None
    section = reading.questionnaire.section_of.get(path.question)
    if section is None or section.respondent is not Respondent.CANDIDATE:
        return None
    if path not in reading.survey.sections[section.id]:
        return None
    answer = decode(reading.worded.question(path.question), typed.raw, reading.context.tier, typed.note)
    if isinstance(answer, Misfit):
        return None
    if answer == reading.answers.get(path):
        return path, answer
    if typed.revision is not None and typed.revision != reading.revision(path):
        return None
    return path, answer


def _same(hot: HotCase, path: AnswerPath) -> tuple[HotCase, Saved]:
    """Show the case again after an answer that stood there already."""
    reading = hot.reading
    section = reading.worded.section(reading.questionnaire.section_of[path.question].id)
    views = hot.views.get(section.id) or _views(reading, section, {})
    view = section_of_views(hot.line, reading, section, tuple(views.values()))
    standing = reading.stored.standing.get(path)
    saved = Saved(
        path=str(path),
        revision=reading.revision(path),
        at=standing.at if standing else hot.line.changed_at,
        changed=False,
        section=view,
        appeared=(),
        gone=(),
        flags_before=hot.flags.get(section.id),
    )
    flags, shown = {**hot.flags, section.id: view.flags}, {**hot.views, section.id: views}
    return replace(hot, flags=flags, views=shown), saved


def _views(
    reading: CaseReading, section: Section, known: Mapping[AnswerPath, QuestionView]
) -> dict[AnswerPath, QuestionView]:
    """Show the top-level questions of a section: those that are known already as they are."""
    asked = (one for one in reading.survey.sections[section.id] if one.item is None)
    return {one: known[one] if one in known else question_view(reading, one, _WRITING) for one in asked}


def _after(
    hot: HotCase, actor: Actor, path: AnswerPath, answer: Answer | None, written: Written
) -> tuple[HotCase, Saved]:
    """Work out the case after the save, weighing again only what reads this answer."""
    before = hot.reading
    given = before.answers.clear(path) if answer is None else before.answers.put(path, answer)
    revision = before.revision(path) + 1
    standing = {**before.stored.standing, path: Standing(revision, written.at, actor.name)}
    look = resurvey(before.survey, before.questionnaire, given, before.context, path)
    book = compiled(before.questionnaire, before.pack)
    fired = book.reassess(hot.fired, look.facts, str(path))
    touched = book.readers.get(path.question, frozenset())
    kept = {key: one for key, one in hot.outcomes.items() if key in fired and key[0] not in touched}
    spoken = hot.spoken | touched
    again = [key for key in fired if key not in kept and key[0] in spoken]
    kept.update({one.flag_key: one for one in book.explain(again, look.facts)})
    reading = replace(before, stored=StoredAnswers(given, standing, before.stored.removed), survey=look)
    reading = _with_outcomes(reading, kept.values())
    line = replace(hot.line, version=written.version, changed_at=written.at)
    appeared, gone = _moved(before.survey, look)
    section = reading.worded.section(reading.questionnaire.section_of[path.question].id)
    changed = {one.group for one in (path, *appeared, *gone)}
    old = hot.views.get(section.id, {})
    views = _views(reading, section, {one: view for one, view in old.items() if one.group not in changed})
    view = section_of_views(line, reading, section, tuple(views.values()))
    saved = Saved(
        path=str(path),
        revision=revision,
        at=written.at,
        changed=True,
        section=view,
        appeared=tuple(map(str, appeared)),
        gone=tuple(map(str, gone)),
        flags_before=hot.flags.get(section.id),
    )
    flags = {**hot.flags, section.id: view.flags}
    elsewhere = {reading.questionnaire.section_of[one.question].id for one in (*appeared, *gone)}
    shown = {other: old for other, old in hot.views.items() if other not in elsewhere} | {section.id: views}
    return HotCase(line, reading, fired, kept, spoken, flags, shown), saved


def _moved(before: Survey, after: Survey) -> tuple[list[AnswerPath], list[AnswerPath]]:
    """Give what is asked now and was not, and what was asked and is not any more."""
    appeared: list[AnswerPath] = []
    gone: list[AnswerPath] = []
    for section, now in after.sections.items():
        old = before.sections[section]
        if now is not old and now != old:
            was, is_now = set(old), set(now)
            appeared += [one for one in now if one not in was]
            gone += [one for one in old if one not in is_now]
    return appeared, gone
