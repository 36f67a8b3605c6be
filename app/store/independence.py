"""What reviewers declared about their relation to a candidate. Every row was added; a later act is written beside it."""

from sqlmodel import Session, col, select

from app.accounts.actor import Actor
from app.errors import NotFound
from app.reviews.independence import Relation
from app.reviews.lifecycle import Role
from app.store.cases import CaseAccess
from app.store.rows import CaseMemberRow, CaseRow, DeclarationRow, PersonRow


def declare(db: Session, access: CaseAccess, relation: Relation, explanation: str) -> DeclarationRow:
    """Write down what somebody declares. From then on it decides whether they can open the case."""
    row = DeclarationRow(
        organisation_id=access.case.organisation_id,
        case_id=access.case.id,
        person_id=access.actor.id,
        person_name=access.actor.name,
        person_role=access.actor.role,
        relation=relation,
        explanation=explanation,
        closes=relation.closes,
    )
    db.add(row)
    db.flush()  # whoever opens the case next in this transaction must be held against it
    return row


def of_case(db: Session, case: CaseRow) -> list[DeclarationRow]:
    """Give everything declared about one case, oldest first."""
    query = select(DeclarationRow).where(DeclarationRow.case_id == case.id).order_by(col(DeclarationRow.id))
    return list(db.exec(query).all())


def in_case(db: Session, access: CaseAccess, declaration_id: str) -> DeclarationRow:
    """Give one declaration of a case that somebody opened. Raises NotFound."""
    row = db.get(DeclarationRow, declaration_id)
    if row is None or row.case_id != access.case.id:
        raise NotFound("no such declaration")
    return row


def own_closed(db: Session, actor: Actor, case_id: str) -> DeclarationRow | None:
    """Give the declaration that keeps this actor out of a case; `None` when there is none. Nothing of the case itself."""
    query = select(DeclarationRow).where(
        DeclarationRow.case_id == case_id,
        DeclarationRow.person_id == actor.id,
        DeclarationRow.organisation_id == actor.organisation_id,
        col(DeclarationRow.closes).is_(True),
    )
    return db.exec(query.order_by(col(DeclarationRow.id).desc())).first()


def asking_for_substitutes(db: Session, actor: Actor) -> list[tuple[DeclarationRow, CaseRow]]:
    """Give who stepped aside in one's own organisation and has nobody instead yet, oldest first; never one's own."""
    query = (
        select(DeclarationRow, CaseRow)
        .join(CaseRow, col(CaseRow.id) == DeclarationRow.case_id)
        .where(
            DeclarationRow.organisation_id == actor.organisation_id,
            col(DeclarationRow.closes).is_(True),
            col(DeclarationRow.substitute_id).is_(None),
            DeclarationRow.person_id != actor.id,
        )
        .order_by(col(DeclarationRow.id))
    )
    return list(db.exec(query).all())


def could_substitute(db: Session, row: DeclarationRow) -> list[PersonRow]:
    """Give the colleagues with the same role who did not step aside in this case themselves, by name."""
    aside = select(DeclarationRow.person_id).where(
        DeclarationRow.case_id == row.case_id, col(DeclarationRow.closes).is_(True)
    )
    query = select(PersonRow).where(
        PersonRow.organisation_id == row.organisation_id,
        PersonRow.role == row.person_role,
        col(PersonRow.active).is_(True),
        col(PersonRow.id).not_in(aside),
    )
    return list(db.exec(query.order_by(col(PersonRow.name))).all())


def let_take_part(db: Session, row: DeclarationRow, person: PersonRow, by: Actor) -> None:
    """Let a substitute take part in the case, as the one who stepped aside did. Twice is once."""
    if db.get(CaseMemberRow, (row.case_id, person.id)) is None:
        role = Role(person.role)
        db.add(
            CaseMemberRow(
                case_id=row.case_id,
                person_id=person.id,
                organisation_id=row.organisation_id,
                role=role,
                added_by=by.id,
            )
        )
        db.flush()
