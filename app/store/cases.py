"""Cases, rounds, and who may open which case. `access` is the only way in, and leaves a line in the log.

Who is not in the organisation, or may not see the case, gets the same answer as for a case that does not exist. A
reviewer who declared a relation to the candidate is such a person; one who has declared nothing yet is asked first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.actor import Actor
from app.errors import DeclarationNeeded, NotFound
from app.reviews.independence import Standing, standing
from app.reviews.lifecycle import Action, Role, Step, Transition, advance
from app.store import audit, keys
from app.store.people import CLOSED_TO_CLERK
from app.store.rows import (
    CaseMemberRow,
    CaseRow,
    DeclarationRow,
    OrganisationRow,
    PersonRow,
    RoundRow,
    StepChangeRow,
)
from app.store.types import utc_now

# A clerk and a principal see every case of their organisation; an analyst only those assigned; an auditor and an
# administrator none. What an organisation closes to the clerk stands in its settings.
_SEE_ALL = frozenset({Role.CLERK, Role.PRINCIPAL})


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """A case that this actor may open. Made by `access` alone: holding one is the proof."""

    case: CaseRow
    actor: Actor
    standing: Standing
    """How this actor stands to answers and flags: open, only after a declaration, or closed by the organisation."""

    @property
    def reads_content(self) -> bool:
        """Whether this actor may read answers and flags, or only dates and steps."""
        return self.standing is Standing.OPEN

    def require_content(self) -> None:
        """Let pass who may read answers. The one place where closing to the clerk and independence are enforced.

        Raises DeclarationNeeded for a reviewer who has declared nothing yet, NotFound for everybody else: who may not
        read answers need not know they are there.
        """
        if self.standing is Standing.UNDECLARED:
            raise DeclarationNeeded(self.case.id)
        if self.standing is not Standing.OPEN:
            raise NotFound("no such case for you", by=self.actor)


def access(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseAccess:
    """Open a case for somebody. Raises NotFound when there is none, or none for them.

    With `lock`, nobody else changes the case until this transaction ends: every use case that writes asks for it first.
    """
    if actor.is_candidate and not lock:
        # Whoever looked the session up has read this row already: then the database is not asked again.
        own = db.get(CaseRow, case_id) if case_id == actor.case_id else None
        mine = own is not None and own.organisation_id == actor.organisation_id
        case = own if own is not None and mine and own.step is not Step.DESTROYED else None
    else:
        query = _visible_to(actor).where(CaseRow.id == case_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        case = db.exec(query).first()
    if case is None:
        raise NotFound("no such case for you")
    audit.opened(db, actor, case_id)
    return CaseAccess(case, actor, _standing(db, actor, case_id))


def stub(db: Session, actor: Actor, case_id: str) -> CaseRow:
    """Give what is left of a case that was destroyed, to clerk and principal. Raises NotFound for any other case."""
    query = select(CaseRow).where(
        CaseRow.id == case_id, CaseRow.organisation_id == actor.organisation_id, CaseRow.step == Step.DESTROYED
    )
    case = db.exec(query.with_for_update()).first() if actor.role in _SEE_ALL else None
    if case is None:
        raise NotFound("no such case for you")
    return case


def visible(db: Session, actor: Actor, round_id: str) -> list[CaseRow]:
    """Give every case of a round that somebody may open, newest first."""
    query = _visible_to(actor).where(CaseRow.round_id == round_id)
    _with_keys(db, query)
    return list(db.exec(query.order_by(col(CaseRow.id).desc())).all())


def under_way(db: Session, actor: Actor, steps: Iterable[Step], limit: int, skip: int = 0) -> list[CaseRow]:
    """Give the cases somebody may open that stand in one of these steps: first those that are decided on soonest."""
    soonest = (col(CaseRow.appointment_date).is_(None), col(CaseRow.appointment_date), col(CaseRow.id))
    chosen = _visible_to(actor).where(col(CaseRow.step).in_(list(steps))).order_by(*soonest).limit(limit).offset(skip)
    # First which, then what: the order follows from an index, and only the rows that are shown are read.
    ids = _with_keys(db, chosen)
    return list(db.exec(select(CaseRow).where(col(CaseRow.id).in_(ids)).order_by(*soonest)).all())


def _with_keys(db: Session, chosen: SelectOfScalar[CaseRow]) -> list[str]:
    """Give the ids of cases, with their keys at hand: otherwise every row would ask for its own."""
    ids = list(db.exec(chosen.with_only_columns(col(CaseRow.id))).all())  # type: ignore[call-overload]
    keys.ready(db, ids)
    return ids


def how_many(db: Session, actor: Actor, steps: Iterable[Step]) -> int:
    """Count the cases somebody may open that stand in one of these steps."""
    chosen = _visible_to(actor).where(col(CaseRow.step).in_(list(steps)))
    return db.exec(chosen.with_only_columns(func.count())).one()  # type: ignore[call-overload, no-any-return]


def move(db: Session, access: CaseAccess, action: Action, reason: str = "") -> Transition:
    """Do an act of the journey: the step changes as the table says, and the change is written down.

    Raises NotAllowed with its reason. Acts inside a step change nothing and leave no line here (the audit log has one).
    """
    case = access.case
    transition = advance(case.step, action, access.actor.roles, reason=reason)
    if transition.to is not transition.frm:
        db.add(
            StepChangeRow(
                organisation_id=case.organisation_id,
                case_id=case.id,
                action=action,
                step_before=transition.frm,
                step_after=transition.to,
                by_name=access.actor.name,
                by_role=access.actor.role,
                reason=reason.strip(),
            )
        )
        case.step = transition.to
        touch(db, case)
    return transition


def touch(db: Session, case: CaseRow, at: datetime | None = None) -> int:
    """Count a change of content: caches of older versions are of no use any more. Gives the new version."""
    # Counted by the database, so that two changes at once are two.
    query = (
        update(CaseRow)
        .where(col(CaseRow.id) == case.id)
        .values(version=CaseRow.version + 1, changed_at=at or utc_now(), step=case.step)
        .returning(col(CaseRow.version))
    )
    version = int(db.exec(query).one()[0])
    db.refresh(case)
    return version


def touch_all(db: Session, organisation_id: str) -> None:
    """Count a change of everything that is worked out for the cases of one organisation: its rules changed."""
    query = update(CaseRow).where(col(CaseRow.organisation_id) == organisation_id, col(CaseRow.step) != Step.DESTROYED)
    db.exec(query.values(version=CaseRow.version + 1, changed_at=utc_now()))
    db.expire_all()


def add(db: Session, case: CaseRow) -> None:
    """Write a new case."""
    db.add(case)
    db.flush()  # its members, items and audit lines refer to it


def add_member(db: Session, access: CaseAccess, person_id: str, role: Role) -> None:
    """Let a colleague take part. Raises NotFound for somebody of another organisation. Twice is once."""
    person = db.exec(
        select(PersonRow).where(PersonRow.id == person_id, PersonRow.organisation_id == access.actor.organisation_id)
    ).first()
    if person is None:
        raise NotFound("no such colleague")
    if db.get(CaseMemberRow, (access.case.id, person_id)) is None:
        db.add(
            CaseMemberRow(
                case_id=access.case.id,
                person_id=person_id,
                organisation_id=access.case.organisation_id,
                role=role,
                added_by=access.actor.id,
            )
        )
        db.flush()  # whoever reads the members next in this request must see this one


def members(db: Session, case_id: str) -> list[tuple[CaseMemberRow, PersonRow]]:
    """Give everyone who takes part in a case, in the order in which they joined; not who stepped aside."""
    aside = select(DeclarationRow.person_id).where(
        DeclarationRow.case_id == case_id, col(DeclarationRow.closes).is_(True)
    )
    query = (
        select(CaseMemberRow, PersonRow)
        .join(PersonRow, col(PersonRow.id) == CaseMemberRow.person_id)
        .where(CaseMemberRow.case_id == case_id, col(CaseMemberRow.person_id).not_in(aside))
        .order_by(col(CaseMemberRow.added_at))
    )
    return list(db.exec(query).all())


def steps(db: Session, case_id: str) -> list[StepChangeRow]:
    """Give every change of step, oldest first."""
    query = select(StepChangeRow).where(StepChangeRow.case_id == case_id).order_by(col(StepChangeRow.id))
    return list(db.exec(query).all())


def add_round(db: Session, row: RoundRow) -> None:
    """Write a new round."""
    db.add(row)
    db.flush()  # its audit line and first case refer to it


def round_of(db: Session, actor: Actor, round_id: str) -> RoundRow:
    """Give a round of one's own organisation. Raises NotFound."""
    query = select(RoundRow).where(RoundRow.id == round_id, RoundRow.organisation_id == actor.organisation_id)
    row = db.exec(query).first()
    if row is None or actor.is_candidate:
        raise NotFound("no such round for you")
    return row


def round_title(db: Session, case: CaseRow) -> str:
    """Give the name of the round a case belongs to; whoever holds the case may know it."""
    return db.get_one(RoundRow, case.round_id).title


def rounds(db: Session, actor: Actor) -> list[RoundRow]:
    """Give the rounds of one's own organisation, newest first."""
    query = select(RoundRow).where(RoundRow.organisation_id == actor.organisation_id)
    return list(db.exec(query.order_by(col(RoundRow.id).desc())).all())


def cases_per_round(db: Session, actor: Actor, round_ids: Iterable[str]) -> dict[str, int]:
    """Count the cases of each round, in one query."""
    query = (
        select(CaseRow.round_id, func.count())
        .where(CaseRow.organisation_id == actor.organisation_id, col(CaseRow.round_id).in_(list(round_ids)))
        .group_by(col(CaseRow.round_id))
    )
    return dict(db.exec(query).all())


def _visible_to(actor: Actor) -> SelectOfScalar[CaseRow]:
    # What was destroyed is nobody's case any more: see `stub`.
    query = select(CaseRow).where(CaseRow.organisation_id == actor.organisation_id, CaseRow.step != Step.DESTROYED)
    if actor.is_candidate:
        return query.where(CaseRow.id == actor.case_id)
    aside = select(DeclarationRow.case_id).where(
        DeclarationRow.person_id == actor.id, col(DeclarationRow.closes).is_(True)
    )
    query = query.where(col(CaseRow.id).not_in(aside))
    if actor.kind == "person" and actor.role in _SEE_ALL:
        return query
    if actor.kind == "person" and actor.role is Role.ANALYST:
        mine = select(CaseMemberRow.case_id).where(CaseMemberRow.person_id == actor.id)
        return query.where(col(CaseRow.id).in_(mine))
    # Auditors and administrators work without cases; a command opens none either.
    return query.where(col(CaseRow.id).is_(None))


def _standing(db: Session, actor: Actor, case_id: str) -> Standing:
    if actor.is_candidate:
        return Standing.OPEN
    if actor.role is Role.CLERK:
        organisation = db.get(OrganisationRow, actor.organisation_id)
        if organisation is None or organisation.settings.get(CLOSED_TO_CLERK, False):
            return Standing.CLOSED
    mine = select(DeclarationRow.closes).where(DeclarationRow.person_id == actor.id, DeclarationRow.case_id == case_id)
    return standing(db.exec(mine).all())
