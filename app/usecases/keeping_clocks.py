"""What there is of a case, and until when each part is kept: for the pages, the daily round and the command line."""

from collections.abc import Collection

from sqlmodel import Session

from app.reviews.lifecycle import Step
from app.reviews.retention import Clock, End, Kept, Outcome, clocks
from app.store import retention as kept
from app.store.retention import COUNCIL_KINDS
from app.store.rows import CaseRow, RetentionRow
from app.usecases.lines import today
from app.usecases.retention_policy import policy_from

EVERYTHING = frozenset(Kept)


def outcome_of(row: RetentionRow) -> Outcome:
    """Give how a candidacy ended."""
    return Outcome(End(row.ended_as), row.outcome_on, row.end_of_office)


def left_of(db: Session, case: CaseRow) -> frozenset[Kept]:
    """Tell which kinds of record there are: the case until it is destroyed, documents of the council when any was made."""
    return left_with(case, documents=kept.has_documents(db, case.id, COUNCIL_KINDS))


def left_with(case: CaseRow, *, documents: bool) -> frozenset[Kept]:
    """The same, for who knows already whether there are documents."""
    there = {Kept.COUNCIL_VERSION} if documents else set()
    if case.step is not Step.DESTROYED:
        there.add(Kept.CASE)
    return frozenset(there)


def clocks_of(row: RetentionRow, left: Collection[Kept] = EVERYTHING) -> tuple[Clock, ...]:
    """Give the clock of each kind of record that is left; none when no policy counts."""
    if row.policy is None:
        return ()
    held = row.held_since is not None
    found = clocks(policy_from(row.policy), outcome_of(row), today(), extended_to=row.extended_to, held=held)
    return tuple(one for one in found if one.kept in left)


def clock_of(row: RetentionRow, what: Kept) -> Clock | None:
    """Give the clock of one kind of record; `None` when no policy counts."""
    return next(iter(clocks_of(row, {what})), None)
