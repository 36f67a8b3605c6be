"""Answers as rows: append-only, and the newest row of a path is the answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from app.questionnaires.answers import Answer, AnswerPath, Answers
from app.store.cases import CaseAccess
from app.store.ids import new_item_id
from app.store.rows import AnswerRow, CaseRow, ItemRow, LostAnswerRow, SubmissionRow
from app.store.sealing import opened_values
from app.store.types import utc_now


@dataclass(frozen=True, slots=True)
class Standing:
    """The row that counts for a path now: how often it was written, when, and by whom."""

    revision: int
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class StoredAnswers:
    """All answers of a case, with the revision and moment of each."""

    answers: Answers
    standing: dict[AnswerPath, Standing]
    removed: frozenset[tuple[str, str]] = frozenset()
    """The items that were taken away, as group and item."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer that lost a race, or an older answer: the value, when, and by whom. `answer` None: taken away."""

    path: AnswerPath
    answer: Answer | None
    at: datetime
    by_name: str
    revision: int


def load(db: Session, case: CaseRow) -> StoredAnswers:
    """Read the answers of a case in two queries, whatever their number."""
    item_ids: dict[str, list[str]] = {}
    removed = set()
    items = select(ItemRow).where(ItemRow.case_id == case.id).order_by(col(ItemRow.position), col(ItemRow.id))
    for item in db.exec(items).all():
        if item.removed_at is None:
            item_ids.setdefault(item.group_id, []).append(item.item_id)
        else:
            removed.add((item.group_id, item.item_id))
    newest: dict[AnswerPath, tuple[dict[str, Any] | None, Standing]] = {}
    # Columns, not objects: a hundred row objects would cost more than the rest of a request.
    columns = columns_of(
        col(AnswerRow.id),
        col(AnswerRow.case_id),
        col(AnswerRow.path),
        col(AnswerRow.revision),
        col(AnswerRow.content),
        col(AnswerRow.at),
        col(AnswerRow.by_name),
    )
    of_case = columns.where(col(AnswerRow.case_id) == case.id).order_by(col(AnswerRow.revision))
    db.flush()  # reading by connection does not write first what this session still holds
    connection = db.connection()
    # Later revisions of a path come later, so only those that count are opened.
    last = {row["path"]: row for row in connection.execute(of_case).mappings()}
    for row in last.values():
        found = opened_values(connection, AnswerRow, dict(row))
        standing_now = Standing(found["revision"], found["at"], found["by_name"])
        newest[AnswerPath.parse(found["path"])] = (found["content"], standing_now)
    given = {
        path: Answer.from_jsonable(content)
        for path, (content, _) in newest.items()
        if content is not None and (path.item is None or path.item in item_ids.get(path.group, ()))
    }
    answers = Answers(given, {group: tuple(ids) for group, ids in item_ids.items()})
    standing = {path: standing for path, (_, standing) in newest.items()}
    return StoredAnswers(answers, standing, frozenset(removed))


def put(
    db: Session,
    access: CaseAccess,
    path: AnswerPath,
    answer: Answer | None,
    revision: int,
    *,
    by_candidate: bool = False,
) -> Standing:
    """Write the next answer of a path; `revision` is the one that stands now. `None` takes the answer away.

    `by_candidate`: it is what the candidate asked for, whoever writes it down. The caller holds the lock on the case, so nobody
    can write in between.
    """
    now = utc_now()
    actor, case = access.actor, access.case
    by_id, by_name = (case.id, case.candidate_name) if by_candidate else (actor.id, actor.name)
    db.add(
        AnswerRow(
            organisation_id=access.case.organisation_id,
            case_id=access.case.id,
            path=str(path),
            revision=revision + 1,
            content=None if answer is None else answer.to_jsonable(),
            by_id=by_id,
            by_name=by_name,
            at=now,
        )
    )
    return Standing(revision + 1, now, by_name)


def keep_lost(
    db: Session, access: CaseAccess, path: AnswerPath, answer: Answer | None, *, expected: int, standing: int
) -> None:
    """Keep an answer that came too late, so that both can be shown."""
    db.add(
        LostAnswerRow(
            organisation_id=access.case.organisation_id,
            case_id=access.case.id,
            path=str(path),
            expected_revision=expected,
            standing_revision=standing,
            content=None if answer is None else answer.to_jsonable(),
            by_id=access.actor.id,
            by_name=access.actor.name,
        )
    )


# Made once: every page of every candidate asks, and the answer is nearly always no.
_ANY_LOST = select(LostAnswerRow.id).where(LostAnswerRow.case_id == bindparam("case_id")).limit(1)


def lost(db: Session, case: CaseRow) -> list[Attempt]:
    """Give the answers that came too late and that nobody has answered over since, newest first."""
    if db.exec(_ANY_LOST, params={"case_id": case.id}).first() is None:
        return []
    newest = (
        select(AnswerRow.path, func.max(AnswerRow.revision).label("revision"))
        .where(AnswerRow.case_id == case.id)
        .group_by(col(AnswerRow.path))
        .subquery()
    )
    query = (
        select(LostAnswerRow)
        .outerjoin(newest, newest.c.path == LostAnswerRow.path)
        .where(
            LostAnswerRow.case_id == case.id,
            LostAnswerRow.standing_revision == func.coalesce(newest.c.revision, 0),
        )
        .order_by(col(LostAnswerRow.id).desc())
    )
    return [_attempt(row.path, row.content, row.at, row.by_name, row.expected_revision) for row in db.exec(query).all()]


def history(db: Session, case: CaseRow, path: AnswerPath) -> list[Attempt]:
    """Give everything that was ever answered at a path, newest first."""
    query = select(AnswerRow).where(AnswerRow.case_id == case.id, AnswerRow.path == str(path))
    rows = db.exec(query.order_by(col(AnswerRow.revision).desc())).all()
    return [_attempt(row.path, row.content, row.at, row.by_name, row.revision) for row in rows]


def add_item(db: Session, access: CaseAccess, group: str) -> str:
    """Add an empty item at the end of a group; gives its id."""
    query = select(func.count()).where(ItemRow.case_id == access.case.id, ItemRow.group_id == group)
    position = db.exec(query).one()
    row = ItemRow(
        organisation_id=access.case.organisation_id,
        case_id=access.case.id,
        group_id=group,
        item_id=new_item_id(),
        position=position,
        added_by=access.actor.id,
    )
    db.add(row)
    return row.item_id


def remove_item(db: Session, access: CaseAccess, group: str, item_id: str) -> bool:
    """Take an item away; its answers stay in the history. False when it was not there (any more)."""
    row = _item(db, access.case, group, item_id)
    if row is None or row.removed_at is not None:
        return False
    row.removed_at, row.removed_by = utc_now(), access.actor.id
    db.add(row)
    return True


def restore_item(db: Session, access: CaseAccess, group: str, item_id: str) -> bool:
    """Bring a removed item back with everything that was answered about it. False when it never existed."""
    row = _item(db, access.case, group, item_id)
    if row is None:
        return False
    row.removed_at = row.removed_by = None
    db.add(row)
    return True


def submissions(db: Session, case: CaseRow) -> list[SubmissionRow]:
    """Give every time the answers were handed in, newest first."""
    query = select(SubmissionRow).where(SubmissionRow.case_id == case.id)
    return list(db.exec(query.order_by(col(SubmissionRow.number).desc())).all())


def add_submission(db: Session, row: SubmissionRow) -> None:
    """Write down that the answers were handed in."""
    db.add(row)


def _item(db: Session, case: CaseRow, group: str, item_id: str) -> ItemRow | None:
    query = select(ItemRow).where(ItemRow.case_id == case.id, ItemRow.group_id == group, ItemRow.item_id == item_id)
    return db.exec(query).first()


def _attempt(path: str, content: dict[str, Any] | None, at: datetime, by_name: str, revision: int) -> Attempt:
    answer = None if content is None else Answer.from_jsonable(content)
    return Attempt(AnswerPath.parse(path), answer, at, by_name, revision)
