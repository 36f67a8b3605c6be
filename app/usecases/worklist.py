"""What waits for somebody: one line per case, with who must do what by when."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts.actor import Actor
from app.reviews.lifecycle import Action, Role, Step
from app.store import cases
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
    action: Action


_WAITS: dict[Step, Wait] = {
    Step.DRAFT: Wait(_PREPARE, "Nodig de kandidaat uit", "invite", Action.INVITE),
    Step.SUBMITTED: Wait(_REVIEWERS, "Start de beoordeling", "review", Action.START_REVIEW),
    Step.IN_REVIEW: Wait(_REVIEWERS, "Beoordeel de signalen", "review", Action.RECORD_FINDING),
    Step.WEIGHING: Wait(frozenset({Role.PRINCIPAL}), "Stel de conclusie vast", "council_papers", Action.CONCLUDE),
    Step.CONCLUDED: Wait(_PREPARE, "Verzend de raadsversie", "council_papers", Action.PRESENT),
    Step.PRESENTED: Wait(_PREPARE, "Leg de uitkomst vast", "appointment", Action.RECORD_APPOINTED),
    Step.APPOINTED: Wait(_PREPARE, "Start de nazorg", "appointment", Action.START_AFTERCARE),
}
# What waits for the candidate is shown too, so that nobody wonders why nothing happens.
_WITH_CANDIDATE: dict[Step, tuple[str, str]] = {
    Step.INVITED: ("Wacht op de kandidaat: nog niet begonnen", "answers"),
    Step.ANSWERING: ("Wacht op de kandidaat: vult de vragenlijst in", "answers"),
    Step.CORRECTION: ("Wacht op de kandidaat: vult antwoorden aan", "review"),
    Step.HEARING: ("Wacht op de kandidaat: kan op het concept reageren", "hearing_closes"),
}


MOST = 100
"""Lines of each sort: more nobody can work through, and the page stays quick however many cases there are."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits. `mine` is true when this person can act now; `action` says with what."""

    case: CaseLine
    what: str
    due: date | None
    late: bool
    mine: bool
    action: Action | None


def waiting(db: Session, actor: Actor) -> tuple[Waiting, ...]:
    """Give the cases that are under way: first what waits for this person, then by date; at most `MOST` of each sort.

    Empty for who sees no cases.
    """
    agreed = agreements(db, actor)
    mine = {step for step, wait in _WAITS.items() if actor.role in wait.roles}
    others = ({*_WAITS} | {*_WITH_CANDIDATE}) - mine
    rows = cases.under_way(db, actor, mine, MOST) + cases.under_way(db, actor, others, MOST)
    found = [line for case in rows if (line := _line(agreed, actor, case)) is not None]
    return tuple(sorted(found, key=lambda one: (not one.mine, one.due or date.max, one.case.candidate_name)))


def _line(agreed: Agreements, actor: Actor, case: CaseRow) -> Waiting | None:
    day = today()
    dates = deadlines_of(agreed, case, day)
    if case.step in _WITH_CANDIDATE:
        what, deadline = _WITH_CANDIDATE[case.step]
        mine, action = actor.is_candidate, None
    elif case.step in _WAITS:
        wait = _WAITS[case.step]
        what, deadline, action = wait.what, wait.deadline, wait.action
        mine = actor.role in wait.roles
    else:
        return None
    by = due(dates, deadline)
    return Waiting(case_line(case), what, by, by is not None and by < day, mine, action)
