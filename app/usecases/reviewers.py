"""Who reviews a case, and what they declared about their relation to the candidate: for documents, and for the candidate.

The candidate reads who declared to have no relation and who does not take part, and not why: a relation says something
about somebody else too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.snapshot import Declaration
from app.dossiers.wording import dutch_date, sentence
from app.errors import NotFound
from app.reviews.independence import DECLARED_TITLES, Relation
from app.reviews.lifecycle import role_title
from app.store import cases, independence
from app.store.cases import CaseAccess
from app.store.rows import DeclarationRow
from app.usecases.lines import ZONE


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """One colleague as the candidate reads about them. They declared, stepped aside, or came back after two others decided."""

    name: str
    role_title: str
    free_since: datetime | None
    """When they declared to have no relation to the candidate."""
    aside_since: datetime | None
    """Since when they do not take part."""
    lifted_at: datetime | None
    """When two others decided that they take part all the same."""

    @property
    def told(self) -> str:
        """The same in one sentence to the candidate."""
        parts = []
        if self.free_since:
            parts.append(f"verklaarde op {_day(self.free_since)} geen relatie met u te hebben")
        if self.aside_since:
            parts.append(f"doet niet mee sinds {_day(self.aside_since)}")
        elif self.lifted_at:
            parts.append(f"doet mee sinds {_day(self.lifted_at)}, na een besluit van twee anderen")
        return sentence("; ".join(parts)) + "."


def of_own_case(db: Session, actor: Actor, case_id: str) -> tuple[ReviewerLine, ...]:
    """Tell a candidate who declared what kind of independence, oldest first. Raises NotFound for everybody else."""
    access = cases.access(db, actor, case_id)
    if not actor.is_candidate:
        raise NotFound("this is for the candidate")
    return of_case(db, access)


def of_case(db: Session, access: CaseAccess) -> tuple[ReviewerLine, ...]:
    """Give the same for a case that was opened already."""
    by_person: dict[str, list[DeclarationRow]] = {}
    for row in independence.of_case(db, access.case):
        by_person.setdefault(row.person_id, []).append(row)
    return tuple(_line(rows, access.actor.tier) for rows in by_person.values())


def declarations(db: Session, access: CaseAccess) -> tuple[Declaration, ...]:
    """Give every declaration of a case for documents, oldest first; each document takes what is meant for its reader."""
    return tuple(_declaration(row, access.actor.tier) for row in independence.of_case(db, access.case))


def _day(at: datetime) -> str:
    return dutch_date(at.astimezone(ZONE).date())


def _line(rows: Iterable[DeclarationRow], tier: str) -> ReviewerLine:
    ordered = list(rows)
    last = ordered[-1]
    free = next((row.at for row in ordered if row.relation is Relation.NONE), None)
    aside = next((row.at for row in reversed(ordered) if row.closes), None)
    lifted = next((row.lifted_at for row in reversed(ordered) if row.lifted_at is not None), None)
    return ReviewerLine(
        name=last.person_name,
        role_title=role_title(last.person_role, tier),
        free_since=free,
        aside_since=aside,
        lifted_at=None if aside is not None else lifted,
    )


def _declaration(row: DeclarationRow, tier: str) -> Declaration:
    return Declaration(
        name=row.person_name,
        role=role_title(row.person_role, tier),
        on=row.at.astimezone(ZONE).date(),
        told=DECLARED_TITLES[row.relation],
        free=row.relation is Relation.NONE,
        closed=row.closes,
        explanation=row.explanation,
        substitute=row.substitute_name,
        lift_reason=row.lift_reason,
        lift_proposed_by=row.lift_proposed_by_name,
        lifted_by=row.lifted_by_name,
        lifted_on=row.lifted_at.astimezone(ZONE).date() if row.lifted_at else None,
    )
