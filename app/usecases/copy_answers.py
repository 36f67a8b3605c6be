"""The answers of a case for the copy: every question that was ever asked or answered, with all that was ever answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.dossiers.copy_record import Question, Revision, Section
from app.questionnaires.answers import Answer, AnswerPath, Answers
from app.questionnaires.kinds import Reader
from app.questionnaires.model import Respondent
from app.questionnaires.showing import UNANSWERED, item_title, show
from app.reviews.lifecycle import Role, role_title
from app.store.rows import AnswerRow, LostAnswerRow
from app.store.whole_case import WholeCase
from app.usecases.assessing import CaseReading
from app.usecases.lines import ZONE

_ROLES = {
    Reader.CLERK: Role.CLERK,
    Reader.PRINCIPAL: Role.PRINCIPAL,
    Reader.ANALYST: Role.ANALYST,
    Reader.AUDITOR: Role.AUDITOR,
}
NO_LONGER_THERE = "Een vraag die niet meer in de vragenlijst staat"


def sections_of(
    reading: CaseReading, whole: WholeCase, *, of_reviewers: bool, clerk_reads: bool = True
) -> tuple[Section, ...]:
    """Give the sections with their questions; those of reviewers only when the candidate may read them.

    Not `clerk_reads`: the organisation closed the content to the clerk, who is then no reader of any answer.
    """
    told = _Told(reading, whole, clerk_reads=clerk_reads)
    found = []
    for section in reading.worded.sections:
        by_reviewers = section.respondent is not Respondent.CANDIDATE
        if by_reviewers and not of_reviewers:
            continue
        questions = tuple(told.of_section(section.id))
        if questions:
            volunteered = section.id in reading.context.volunteered
            found.append(
                Section(
                    title=section.title, by_reviewers=by_reviewers, told_voluntarily=volunteered, questions=questions
                )
            )
    gone = tuple(told.of_nowhere())
    if gone:
        title = "Vragen uit een eerdere versie van de vragenlijst"
        found.append(Section(title=title, by_reviewers=False, told_voluntarily=False, questions=gone))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Given:
    """One row: what was answered at a path, when, by whom."""

    number: int
    at: datetime
    by: str
    content: dict[str, Any] | None
    overtaken: bool


class _Told:
    """All rows of a case by path, ready to be put into words."""

    def __init__(self, reading: CaseReading, whole: WholeCase, *, clerk_reads: bool) -> None:
        self._reading, self._clerk_reads = reading, clerk_reads
        self._rows: dict[AnswerPath, list[_Given]] = {}
        rows: list[AnswerRow | LostAnswerRow] = [*whole.answers, *whole.overtaken]
        for row in rows:
            self._rows.setdefault(AnswerPath.parse(row.path), []).append(_given(row))
        newest = {path: _newest(rows) for path, rows in self._rows.items()}
        items: dict[str, list[str]] = {}
        for item in whole.items:
            items.setdefault(item.group_id, []).append(item.item_id)
        # With what was taken out of a list: its name is needed to say what an old answer was about.
        self._ever = Answers(
            {path: answer for path, answer in newest.items() if answer is not None},
            {group: tuple(ids) for group, ids in items.items()},
        )

    def of_section(self, section_id: str) -> Iterator[Question]:
        asked = self._reading.survey.sections.get(section_id, ())
        for path in asked:
            yield self._question(path, asked=True)
        known = set(asked)
        for path in sorted(self._rows, key=str):
            place = self._reading.questionnaire.section_of.get(path.question)
            if place is not None and place.id == section_id and path not in known:
                yield self._question(path, asked=False)

    def of_nowhere(self) -> Iterator[Question]:
        for path in sorted(self._rows, key=str):
            if path.question not in self._reading.questionnaire.section_of:
                yield Question(
                    path=str(path),
                    about="",
                    question=NO_LONGER_THERE,
                    why="Deze vraag stond in een eerdere versie van de vragenlijst.",
                    readers=(),
                    asked=False,
                    removed=False,
                    answer=_plain(_newest(self._rows[path])),
                    note=_note(_newest(self._rows[path])),
                    revisions=tuple(_revision(one, _plain(_answer(one))) for one in self._rows[path]),
                )

    def _question(self, path: AnswerPath, *, asked: bool) -> Question:
        reading = self._reading
        question, tier = reading.worded.question(path.question), reading.context.tier
        answer = reading.answers.get(path)
        group = reading.worded.groups.get(path.group or "")
        removed = path.item is not None and (path.group or "", path.item) in reading.stored.removed
        return Question(
            path=str(path),
            about="" if group is None or path.item is None else item_title(group, path.item, self._ever, tier),
            question=question.label,
            why=question.why,
            readers=tuple(
                role_title(role, tier)
                for role in (_ROLES[reader] for reader in question.readers)
                if self._clerk_reads or role is not Role.CLERK
            ),
            asked=asked,
            removed=removed,
            answer=show(question, answer, tier),
            note=_note(answer),
            revisions=tuple(_revision(one, show(question, _answer(one), tier)) for one in self._rows.get(path, ())),
        )


def _given(row: AnswerRow | LostAnswerRow) -> _Given:
    overtaken = isinstance(row, LostAnswerRow)
    number = row.expected_revision + 1 if isinstance(row, LostAnswerRow) else row.revision
    return _Given(number, row.at.astimezone(ZONE), row.by_name, row.content, overtaken)


def _answer(given: _Given) -> Answer | None:
    return None if given.content is None else Answer.from_jsonable(given.content)


def _newest(rows: list[_Given]) -> Answer | None:
    return _answer(max(rows, key=lambda one: (not one.overtaken, one.number)))


def _revision(one: _Given, shown: str) -> Revision:
    return Revision(
        number=one.number,
        at=one.at,
        by=one.by,
        answer=shown,
        note=_note(_answer(one)),
        content=one.content,
        overtaken=one.overtaken,
    )


def _note(answer: Answer | None) -> str:
    return answer.note if answer is not None else ""


def _plain(answer: Answer | None) -> str:
    return UNANSWERED if answer is None or answer.value is None else str(answer.value)
