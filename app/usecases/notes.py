"""Working notes of reviewers: written, changed, shared and taken away by their author, until there is a conclusion.

They are no part of the record: no finding, decision or document is made of them, and the case counts as unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.decisions import FlagKey
from app.reviews.lifecycle import Action, advance, allowed
from app.risk_rules.rulebook import Outcome
from app.store import audit, notes
from app.store.cases import CaseAccess
from app.store.rows import ReviewerNoteRow
from app.store.types import utc_now
from app.usecases.assessing import CaseReading, read_case
from app.usecases.cases import read_by
from app.usecases.flags import flag_view
from app.usecases.lines import CaseLine, case_line
from app.usecases.reviewing import open_for_review
from app.usecases.texts import required_text

_EMPTY = "Schrijf eerst uw notitie op."


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as its reader sees it. `flag` is empty for a note about the whole case, `about` is its title in words."""

    id: str
    flag: FlagKey | None
    about: str
    holds: bool
    """Whether the flag it is about is there still, or the note is about the whole case."""
    text: str
    shared: bool
    own: bool
    by_name: str
    at: datetime
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseNotes:
    """The notes of a case that somebody may read, oldest first, and whether any can still be written."""

    case: CaseLine
    lines: tuple[NoteLine, ...]
    may_write: bool

    def about_case(self) -> tuple[NoteLine, ...]:
        """Give the notes about the case as a whole."""
        return tuple(line for line in self.lines if line.flag is None)

    def about_flag(self, flag: FlagKey) -> tuple[NoteLine, ...]:
        """Give the notes about one flag."""
        return tuple(line for line in self.lines if line.flag == flag)


def notes_of(db: Session, actor: Actor, case_id: str) -> CaseNotes:
    """Give one's own notes about a case and those that others share. Raises NotFound for who reviews nothing here."""
    access = open_for_review(db, actor, case_id)
    rows = notes.readable(db, access)
    if rows:
        audit.read(db, actor, "notes_read", "case", case_id, case_id=case_id)
    read_by(db, access)  # what a note is about tells what was answered
    reading = read_case(db, access.case) if any(row.rule for row in rows) else None
    return CaseNotes(case_line(access.case), _lines(access, rows, reading), _may_write(access))


def own_note(db: Session, actor: Actor, case_id: str, note_id: str) -> tuple[CaseLine, NoteLine]:
    """Give a note one wrote, to change it or to take it away. Raises NotFound, and NotAllowed after the conclusion."""
    access = _writable(db, actor, case_id)
    row = notes.own(db, access, note_id)
    audit.read(db, actor, "notes_read", "case", case_id, case_id=case_id)
    read_by(db, access)
    return case_line(access.case), _lines(access, [row], read_case(db, access.case))[0]


def write(
    db: Session, actor: Actor, case_id: str, text: str, *, shared: bool = False, flag: FlagKey | None = None
) -> str:
    """Write a note about a case, or about one flag of it; gives its id.

    Raises NotFound when there is no such flag, NotAllowed without a text or after the conclusion.
    """
    access = _writable(db, actor, case_id, lock=True)
    if flag is not None and read_case(db, access.case).assessment.find(*flag) is None:
        raise NotFound("no such flag")
    rule, item = flag or (None, None)
    row = notes.add(db, access, rule=rule, item=item, text=required_text(text, _EMPTY), shared=shared)
    audit.append(db, actor, "note_written", "note", row.id, case_id=case_id, detail={"shared": shared})
    return row.id


def change(db: Session, actor: Actor, case_id: str, note_id: str, text: str, *, shared: bool) -> None:
    """Change a note one wrote, or who reads it. Raises NotFound for anybody else's, NotAllowed as `write` does."""
    access = _writable(db, actor, case_id, lock=True)
    row = notes.own(db, access, note_id)
    row.text, row.shared, row.changed_at = required_text(text, _EMPTY), shared, utc_now()
    audit.append(db, actor, "note_changed", "note", row.id, case_id=case_id, detail={"shared": shared})


def remove(db: Session, actor: Actor, case_id: str, note_id: str) -> None:
    """Take away a note one wrote; nothing of its text stays. Raises NotFound, and NotAllowed after the conclusion."""
    access = _writable(db, actor, case_id, lock=True)
    row = notes.own(db, access, note_id)
    notes.remove(db, row)
    audit.append(db, actor, "note_removed", "note", note_id, case_id=case_id)


def _writable(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseAccess:
    access = open_for_review(db, actor, case_id, lock=lock)
    advance(access.case.step, Action.WRITE_NOTE, actor.roles)
    return access


def _may_write(access: CaseAccess) -> bool:
    return Action.WRITE_NOTE in allowed(access.case.step, access.actor.roles)


def _lines(access: CaseAccess, rows: Sequence[ReviewerNoteRow], reading: CaseReading | None) -> tuple[NoteLine, ...]:
    return tuple(_line(access, row, reading) for row in rows)


def _line(access: CaseAccess, row: ReviewerNoteRow, reading: CaseReading | None) -> NoteLine:
    flag = None if row.rule is None else (row.rule, row.item)
    outcome = reading.assessment.find(*flag) if flag and reading else None
    about = ""
    if reading is not None and outcome is not None:
        about = flag_view(reading, outcome).title
    elif flag is not None:
        # Nothing that people wrote disappears because a rule left the book, or a thing its list.
        about = f"Regel {flag[0]}"
    return NoteLine(
        id=row.id,
        flag=flag,
        about=about,
        holds=flag is None or (outcome is not None and outcome.outcome is not Outcome.NONE),
        text=row.text,
        shared=row.shared,
        own=row.by_id == access.actor.id,
        by_name=row.by_name,
        at=row.at,
        changed_at=row.changed_at,
    )
