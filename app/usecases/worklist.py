"""What waits for somebody: one line per case, with who must do what by when."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.lifecycle import WITHOUT_CONTENT, Action, Role, Step
from app.store import audit, cases
from app.store.rows import CaseRow
from app.usecases.lines import CaseLine, case_line, today
from app.usecases.organisations import Agreements, agreements, deadlines_of, due

_REVIEWERS = frozenset({Role.CLERK, Role.PRINCIPAL, Role.ANALYST})
_PREPARE = frozenset({Role.CLERK, Role.PRINCIPAL})


@dataclass(frozen=True, slots=True)
class Wait:
    """What a case in one step waits for."""

    roles: frozenset[Role]
    what: str
    deadline: str
    action: Action | None
    reminder: str = ""
    """The same in a mail to whoever it waits for; it names nothing of the case."""


_CANDIDATE = frozenset({Role.CANDIDATE})

_WAITS: dict[Step, Wait] = {
    Step.DRAFT: Wait(_PREPARE, "Nodig de kandidaat uit", "invite", Action.INVITE, "een kandidaat uitnodigen"),
    # What waits for the candidate is shown too, so that nobody wonders why nothing happens.
    Step.INVITED: Wait(
        _CANDIDATE, "Wacht op de kandidaat: nog niet begonnen", "answers", None, "de vragenlijst invullen"
    ),
    Step.ANSWERING: Wait(
        _CANDIDATE,
        "Wacht op de kandidaat: vult de vragenlijst in",
        "answers",
        None,
        "de vragenlijst afmaken en indienen",
    ),
    Step.SUBMITTED: Wait(_REVIEWERS, "Start de beoordeling", "review", Action.START_REVIEW, "een beoordeling starten"),
    Step.IN_REVIEW: Wait(
        _REVIEWERS, "Beoordeel de signalen", "review", Action.RECORD_FINDING, "signalen in een zaak beoordelen"
    ),
    Step.CORRECTION: Wait(
        _CANDIDATE, "Wacht op de kandidaat: vult antwoorden aan", "review", None, "enkele antwoorden aanvullen"
    ),
    Step.HEARING: Wait(
        _CANDIDATE,
        "Wacht op de kandidaat: kan op het concept reageren",
        "hearing_closes",
        None,
        "reageren op het concept",
    ),
    Step.WEIGHING: Wait(
        frozenset({Role.PRINCIPAL}),
        "Stel de conclusie vast",
        "council_papers",
        Action.CONCLUDE,
        "een conclusie vaststellen",
    ),
    Step.CONCLUDED: Wait(
        _PREPARE, "Verzend de raadsversie", "council_papers", Action.PRESENT, "een raadsversie verzenden"
    ),
    Step.PRESENTED: Wait(
        _PREPARE, "Leg de uitkomst vast", "appointment", Action.RECORD_APPOINTED, "een uitkomst vastleggen"
    ),
    Step.APPOINTED: Wait(_PREPARE, "Start de nazorg", "appointment", Action.START_AFTERCARE, "de nazorg starten"),
}


def wait_of(step: Step) -> Wait | None:
    """Tell what a case in this step waits for; `None` when it waits for nobody."""
    return _WAITS.get(step)


MOST = 25
"""Lines of each sort on one page: so it stays quick however many cases there are."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits. `mine` is true when this person can act now; `action` says with what."""

    case: CaseLine
    what: str
    due: date | None
    late: bool
    mine: bool
    action: Action | None


def waiting(db: Session, actor: Actor, page: int = 1) -> tuple[Waiting, ...]:
    """Give the cases that are under way: first what waits for this person, then by date; at most `MOST` of each sort.

    `page` counts from 1. Empty for who sees no cases, and beyond the last page.
    """
    agreed = agreements(db, actor)
    mine, others = _steps(actor, agreed)
    skip = MOST * (max(1, page) - 1)
    rows = cases.under_way(db, actor, mine, MOST, skip) + cases.under_way(db, actor, others, MOST, skip)
    if rows:
        audit.read(db, actor, "list_read", "list", "work list")
    found = [_line(agreed, case, mine=case.step in mine) for case in rows]
    return tuple(sorted(found, key=lambda one: (not one.mine, one.due or date.max, one.case.candidate_name)))


def totals(db: Session, actor: Actor) -> tuple[int, int]:
    """Count what waits for this person, and what waits for others."""
    mine, others = _steps(actor, agreements(db, actor))
    return cases.how_many(db, actor, mine), cases.how_many(db, actor, others)


def can_act(wait: Wait, role: Role, agreed: Agreements) -> bool:
    """Tell whether somebody in this role can do what a case waits for: a clerk kept out of the content cannot review."""
    closed = role is Role.CLERK and agreed.closed_to_clerk
    return role in wait.roles and (not closed or wait.action in WITHOUT_CONTENT)


def _steps(actor: Actor, agreed: Agreements) -> tuple[set[Step], set[Step]]:
    mine = {step for step, wait in _WAITS.items() if can_act(wait, actor.role, agreed)}
    return mine, {*_WAITS} - mine


def _line(agreed: Agreements, case: CaseRow, *, mine: bool) -> Waiting:
    wait, day = _WAITS[case.step], today()
    by = due(deadlines_of(agreed, case, day), wait.deadline)
    return Waiting(case_line(case), wait.what, by, by is not None and by < day, mine, wait.action)
