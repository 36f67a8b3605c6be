"""Independence in a case: declaring, stepping aside, coming back, and who comes instead.

Whether somebody may open a case is decided where cases are opened, from what is written here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.independence import Relation, Standing, require_another
from app.reviews.lifecycle import REVIEWERS, Step, role_title
from app.store import audit, cases, independence
from app.store.cases import CaseAccess
from app.store.rows import DeclarationRow
from app.store.types import utc_now
from app.usecases.lines import CaseLine, case_line
from app.usecases.substituting import ask_for_substitute
from app.usecases.texts import required_text

_OVER = frozenset({Step.WITHDRAWN, Step.DESTROYED})


@dataclass(frozen=True, slots=True)
class Declared:
    """What one reviewer declared, as others may read it. `explanation` is empty for who may not read the case."""

    id: str
    person_id: str
    name: str
    role_title: str
    relation: Relation
    at: datetime
    closed: bool
    """This person does not take part."""
    explanation: str = ""
    substitute: str = ""
    lift_reason: str = ""
    lift_proposed_by: str = ""
    lifted_by: str = ""
    may_propose: bool = False
    """Whether the reader may propose to lift it."""
    may_confirm: bool = False
    """Whether the reader may confirm a proposal of somebody else to lift it."""

    @property
    def free(self) -> bool:
        """Whether this person declared that there is no relation."""
        return self.relation is Relation.NONE


@dataclass(frozen=True, slots=True)
class IndependencePage:
    """Who declared what in a case, and whether the reader still has to."""

    case: CaseLine
    standing: Standing
    declarations: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class SteppedAside:
    """What somebody reads who does not take part in a case: their own declaration, nothing of the case."""

    at: datetime
    substitute: str


def page(db: Session, actor: Actor, case_id: str) -> IndependencePage | SteppedAside:
    """Show who declared what. For who stepped aside: only their own declaration. Raises NotFound."""
    own = independence.own_closed(db, actor, case_id)
    if own is not None:
        return SteppedAside(own.at, own.substitute_name)
    access = _reviewer(db, actor, case_id)
    return IndependencePage(case_line(access.case), access.standing, declared_in(db, access))


def declare(db: Session, actor: Actor, case_id: str, relation: Relation, explanation: str = "") -> Standing:
    """Write down what somebody declares, and tell how they stand from then on.

    A relation closes the case for this person at once and asks for a substitute. Declaring "none" a second time
    changes nothing. Raises NotFound for who cannot open the case, NotAllowed for a relation without an explanation.
    """
    access = _reviewer(db, actor, case_id, lock=True)
    if relation is Relation.NONE:
        told = ""
        if access.standing is Standing.OPEN:
            return access.standing
    else:
        told = required_text(explanation, "Schrijf in één zin op waarom u niet meedoet. Noem geen namen van anderen.")
    row = independence.declare(db, access, relation, told)
    action = "stepped_aside" if row.closes else "independence_declared"
    audit.append(db, actor, action, "declaration", row.id, case_id=case_id)
    if not row.closes:
        return Standing.OPEN
    ask_for_substitute(db, actor, row)
    return Standing.CLOSED


def propose_lift(db: Session, actor: Actor, case_id: str, declaration_id: str, reason: str) -> None:
    """Propose to let somebody take part again. Nothing changes until another reviewer confirms it.

    Raises NotFound for who cannot read the case, NotAllowed without a reason or when it is lifted already.
    """
    access, row = _closed_declaration(db, actor, case_id, declaration_id)
    row.lift_reason = required_text(reason, "Schrijf op waarom deze persoon toch mee kan doen.")
    row.lift_proposed_by, row.lift_proposed_by_name, row.lift_proposed_at = actor.id, actor.name, utc_now()
    audit.append(db, actor, "lift_proposed", "declaration", row.id, case_id=access.case.id)


def confirm_lift(db: Session, actor: Actor, case_id: str, declaration_id: str) -> None:
    """Let somebody take part again, as another proposed. Raises NotAllowed for who proposed it, and without a proposal."""
    access, row = _closed_declaration(db, actor, case_id, declaration_id)
    if row.lift_proposed_by is None:
        raise NotAllowed("Er is nog geen voorstel. Schrijf eerst op waarom deze persoon toch mee kan doen.")
    require_another(
        actor.id, {row.lift_proposed_by, row.person_id}, "U heeft dit zelf voorgesteld. Laat een ander het bevestigen."
    )
    row.closes = False
    row.lifted_by, row.lifted_by_name, row.lifted_at = actor.id, actor.name, utc_now()
    audit.append(db, actor, "lift_confirmed", "declaration", row.id, case_id=access.case.id)


def declared_in(db: Session, access: CaseAccess) -> tuple[Declared, ...]:
    """Give what everybody declared in a case, oldest first, as far as this actor may read it."""
    return tuple(_declared(access, row) for row in independence.of_case(db, access.case))


def _declared(access: CaseAccess, row: DeclarationRow) -> Declared:
    reviews = access.reads_content and not access.actor.is_candidate
    may = reviews and row.closes and row.person_id != access.actor.id
    return Declared(
        id=row.id,
        person_id=row.person_id,
        name=row.person_name,
        role_title=role_title(row.person_role, access.actor.tier),
        relation=row.relation,
        at=row.at,
        closed=row.closes,
        explanation=row.explanation if reviews else "",
        substitute=row.substitute_name,
        lift_reason=row.lift_reason if reviews else "",
        lift_proposed_by=row.lift_proposed_by_name,
        lifted_by=row.lifted_by_name,
        may_propose=may and row.lift_proposed_by is None,
        may_confirm=may and row.lift_proposed_by not in {None, access.actor.id},
    )


def _reviewer(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseAccess:
    access = cases.access(db, actor, case_id, lock=lock)
    if actor.role not in REVIEWERS or access.standing is Standing.CLOSED or access.case.step in _OVER:
        raise NotFound("nothing to declare here")
    return access


def _closed_declaration(
    db: Session, actor: Actor, case_id: str, declaration_id: str
) -> tuple[CaseAccess, DeclarationRow]:
    access = _reviewer(db, actor, case_id, lock=True)
    access.require_content()
    row = independence.in_case(db, access, declaration_id)
    if not row.closes:
        raise NotAllowed("Deze persoon doet al mee.")
    return access, row
