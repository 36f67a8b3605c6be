"""Putting right what was written down about an outcome: another day, another last day in office, the other outcome.

Each moves the day on which a case goes, for everybody who was told that day. So it takes a reason and two people.
"""

from datetime import date

from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.lifecycle import Action
from app.reviews.retention import End, Kept
from app.store import cases
from app.store.rows import RetentionRow
from app.usecases.keeping_asks import Ask
from app.usecases.lines import today

_OTHER = {End.APPOINTED: End.NOT_APPOINTED, End.NOT_APPOINTED: End.APPOINTED}


def possible(kind: Ask, end: End, end_of_office: date | None, left: frozenset[Kept]) -> bool:
    """Tell whether there is anything of this kind to put right."""
    if kind is Ask.CORRECT_LAST_DAY:
        return end_of_office is not None
    if kind is Ask.CORRECT_OUTCOME:
        return end in _OTHER and Kept.CASE in left
    return end is not End.WITHDRAWN  # that day was written down by itself


def refusal(row: RetentionRow, kind: Ask, day: date | None, left: frozenset[Kept]) -> str:
    """Say why something cannot be put right like this; empty when it can."""
    if not possible(kind, End(row.ended_as), row.end_of_office, left):
        return "Hier is niets te verbeteren."
    if day is None or day > today():
        return "Vul de goede dag in. Die ligt niet in de toekomst."
    if kind is Ask.CORRECT_LAST_DAY and day < row.outcome_on:
        return "Deze dag ligt voor de benoeming. Kies een latere dag."
    if kind is Ask.CORRECT_DAY and row.end_of_office is not None and day > row.end_of_office:
        return "Deze dag ligt na de laatste dag in het ambt. Kies een eerdere dag."
    return ""


def carry_out(db: Session, actor: Actor, row: RetentionRow, kind: Ask, day: date, reason: str) -> None:
    """Put it right. What counts from then on is worked out anew from it."""
    if kind is Ask.CORRECT_LAST_DAY:
        row.end_of_office = day
        return
    row.outcome_on = day
    if kind is Ask.CORRECT_OUTCOME:
        access = cases.access(db, actor, row.case_id, lock=True)
        cases.move(db, access, Action.CORRECT_OUTCOME, reason)
        row.ended_as, row.end_of_office = _OTHER[End(row.ended_as)].value, None
