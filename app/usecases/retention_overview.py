"""Every case with an outcome and its dates: for the people of an organisation, and for whoever runs the machine.

No line names anybody: who may see a name opens the case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts.actor import Actor, system_actor
from app.errors import NotFound
from app.reviews.retention import Clock, End, Kept, Standing, clocks
from app.store import audit, people
from app.store import retention as kept
from app.store.retention import COUNCIL_KINDS
from app.store.rows import CaseRow, OrganisationRow, RetentionRow
from app.usecases.keeping_clocks import clocks_of, left_with, outcome_of
from app.usecases.lines import reference_of, today
from app.usecases.retention_policy import BY_COMMAND, READERS, policy_from

_NEAR = frozenset({Standing.NEAR, Standing.DUE})


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One case in the list of an organisation."""

    case_id: str
    reference: str
    end: End
    outcome_on: date
    left: frozenset[Kept]
    council_destroyed: bool
    has_policy: bool
    clocks: tuple[Clock, ...]
    """One for each kind of record that is left."""

    @property
    def destroyed(self) -> bool:
        """Whether the case itself is gone; documents of the council may be left."""
        return Kept.CASE not in self.left


@dataclass(frozen=True, slots=True)
class DueLine:
    """One kind of record of one case, with its day. `standing` is what it would be if nobody held the case."""

    reference: str
    end: End
    outcome_on: date
    kept: Kept
    on: date | None
    standing: Standing
    held: bool
    selection_list: str


@dataclass(frozen=True, slots=True)
class OrganisationDue:
    """What one organisation has to look at. `without_policy` counts the cases for which no day can be computed."""

    organisation: str
    lines: tuple[DueLine, ...]
    without_policy: int


def list_of(db: Session, actor: Actor) -> tuple[KeptLine, ...]:
    """Give every case with an outcome in one's own organisation, what is due first. Raises NotFound for others."""
    if actor.role not in READERS:
        raise NotFound("not for you")
    audit.read(db, actor, "list_read", "list", "retention")
    lines = [
        KeptLine(
            case_id=case.id,
            reference=reference_of(case),
            end=End(row.ended_as),
            outcome_on=row.outcome_on,
            left=left,
            council_destroyed=row.council_destroyed_at is not None,
            has_policy=row.policy is not None,
            clocks=clocks_of(row, left),
        )
        for row, case, left in _everything(db, actor)
    ]
    return tuple(sorted(lines, key=lambda line: (not line.left, _first_day(line.clocks), line.reference)))


def by_command(db: Session, organisation: str = "", *, everything: bool = False) -> tuple[OrganisationDue, ...]:
    """Give what is near or over its day, for one organisation by its name or for all; with `everything` all that is left.

    What is held is told too. That it was looked at is a line in the audit log of each organisation. Raises NotFound.
    """
    rows = people.organisations(db)
    chosen = [row for row in rows if not organisation or row.name == organisation]
    if organisation and not chosen:
        raise NotFound(f"no organisation {organisation!r}")
    return tuple(_due(db, row, everything=everything) for row in chosen)


def _due(db: Session, organisation: OrganisationRow, *, everything: bool) -> OrganisationDue:
    actor = system_actor(organisation.id, BY_COMMAND)
    audit.read(db, actor, "list_read", "list", "retention")
    found = [(row, case, left) for row, case, left in _everything(db, actor) if left]
    lines = [line for row, case, left in found for line in _lines(row, case, left) if everything or _is_near(line)]
    lines.sort(key=lambda line: (line.on or date.max, line.reference, line.kept))
    return OrganisationDue(
        organisation=organisation.name,
        lines=tuple(lines),
        without_policy=sum(row.policy is None for row, _, _ in found),
    )


def _everything(db: Session, actor: Actor) -> Iterator[tuple[RetentionRow, CaseRow, frozenset[Kept]]]:
    documents = kept.with_documents(db, actor.organisation_id, COUNCIL_KINDS)
    for row, case in kept.in_organisation(db, actor):
        yield row, case, left_with(case, documents=case.id in documents)


def _lines(row: RetentionRow, case: CaseRow, left: frozenset[Kept]) -> Iterator[DueLine]:
    if row.policy is None:
        return
    counted, outcome = policy_from(row.policy), outcome_of(row)
    for clock in clocks(counted, outcome, today(), extended_to=row.extended_to):
        if clock.kept in left:
            yield DueLine(
                reference=reference_of(case),
                end=outcome.end,
                outcome_on=outcome.on,
                kept=clock.kept,
                on=clock.on,
                standing=clock.standing,
                held=row.held_since is not None,
                selection_list=counted.selection_list,
            )


def _is_near(line: DueLine) -> bool:
    return line.standing in _NEAR


def _first_day(found: tuple[Clock, ...]) -> date:
    return min((one.on for one in found if one.on is not None), default=date.max)
