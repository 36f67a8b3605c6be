"""How long cases are kept: the policy of an organisation, the clock of one case, and who may move it.

A policy is written down with the outcome of a case. A newer policy changes nothing about older cases until two people
say so. Holding a case is done by one; letting go, extending and destroying take two.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.wording import dutch_date
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, Step
from app.reviews.retention import Choice, Clock, End, Kept, Outcome, Policy, Standing, clocks
from app.store import audit, cases
from app.store import retention as kept
from app.store.rows import CaseRow, OrganisationRow, RetentionRequestRow, RetentionRow
from app.store.types import utc_now
from app.usecases.lines import ZONE, reference_of, today
from app.usecases.retention_policy import READERS, policy_from, policy_of, to_jsonable
from app.usecases.texts import required_text

_KEEPERS = frozenset({Role.CLERK, Role.PRINCIPAL})
COUNCIL_KINDS = ("council_version",)
"""The kinds of document that fall under the term for council documents."""


class Ask(StrEnum):
    """What somebody can ask about keeping. The values are stored; never rename one."""

    EXTEND = "extend"
    HOLD = "hold"
    RELEASE = "release"
    ADOPT = "adopt"
    DESTROY = "destroy"
    DESTROY_COUNCIL = "destroy_council"


ASK_TITLES: dict[Ask, str] = {
    Ask.EXTEND: "langer bewaren",
    Ask.HOLD: "vasthouden",
    Ask.RELEASE: "niet meer vasthouden",
    Ask.ADOPT: "het nieuwe beleid laten gelden",
    Ask.DESTROY: "antwoorden en beoordeling vernietigen",
    Ask.DESTROY_COUNCIL: "stukken voor de raad vernietigen",
}
"""What a user reads for each request."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request: who asked what and why, and who decided."""

    id: str
    kind: Ask
    until: date | None
    reason: str
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    accepted: bool | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a second person."""
        return self.accepted is None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long one case is kept, for those concerned."""

    case_id: str
    reference: str
    destroyed: bool
    outcome: Outcome | None
    policy: Policy | None
    newer: Policy | None
    """The policy of the organisation, when it says something else than the one that counts here."""
    clocks: tuple[Clock, ...]
    extended_to: date | None
    held_since: datetime | None
    choice: Choice | None
    received_at: datetime | None
    """When somebody who chose to receive everything first confirmed that it came."""
    receive_until: date | None
    """The first day on which it may be destroyed although nothing was confirmed; only while that is waited for."""
    requests: tuple[RequestLine, ...]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One case in the list of an organisation. No name: who may see that opens the case."""

    case_id: str
    reference: str
    end: End
    outcome_on: date
    destroyed: bool
    clocks: tuple[Clock, ...]


def begin(db: Session, case: CaseRow, end: End, on: date) -> None:
    """Write down an outcome and the policy that counts on that day: the clock starts here."""
    organisation = db.get_one(OrganisationRow, case.organisation_id)
    counted = policy_of(organisation)
    row = kept.find(db, case)
    if row is None:
        row = RetentionRow(case_id=case.id, organisation_id=case.organisation_id, ended_as=end.value, outcome_on=on)
    row.ended_as, row.outcome_on = end.value, on
    row.policy = None if counted is None else to_jsonable(counted)
    kept.add(db, row)


def keeping(db: Session, actor: Actor, case_id: str) -> Keeping:
    """Show how long a case is kept, to its candidate and to those who keep it. Raises NotFound."""
    if not actor.is_candidate and actor.role not in _KEEPERS:
        raise NotFound("not for you")
    return keeping_of(db, _opened(db, actor, case_id))


def keeping_of(db: Session, case: CaseRow) -> Keeping:
    """Work out how long a case is kept."""
    row = kept.find(db, case)
    current = policy_of(db.get_one(OrganisationRow, case.organisation_id))
    counted = None if row is None or row.policy is None else policy_from(row.policy)
    return Keeping(
        case_id=case.id,
        reference=reference_of(case),
        destroyed=case.step is Step.DESTROYED,
        outcome=None if row is None else _outcome(row),
        policy=current if row is None else counted,
        newer=current if row is not None and current is not None and current != counted else None,
        clocks=() if row is None else _clocks(row),
        extended_to=None if row is None else row.extended_to,
        held_since=None if row is None else row.held_since,
        choice=Choice(row.choice) if row is not None and row.choice else None,
        received_at=None if row is None else row.received_at,
        receive_until=None if row is None else _receive_until(row),
        requests=tuple(_request(one) for one in kept.requests(db, case.id)),
    )


def list_of(db: Session, actor: Actor) -> tuple[KeptLine, ...]:
    """Give every case with an outcome in one's own organisation, what is due first. Raises NotFound for others."""
    if actor.role not in READERS:
        raise NotFound("not for you")
    lines = [
        KeptLine(
            case_id=case.id,
            reference=reference_of(case),
            end=End(row.ended_as),
            outcome_on=row.outcome_on,
            destroyed=case.step is Step.DESTROYED,
            clocks=_clocks(row),
        )
        for row, case in kept.in_organisation(db, actor)
    ]
    return tuple(sorted(lines, key=lambda line: (line.destroyed, _first_day(line), line.reference)))


def left_office(db: Session, actor: Actor, case_id: str, on: date) -> None:
    """Write down the last day in office. Raises NotAllowed for a day before the appointment or still to come."""
    row = _keeper(db, actor, case_id)
    if row.ended_as != End.APPOINTED:
        raise NotAllowed("Deze kandidaat is niet benoemd.")
    if not row.outcome_on <= on <= today():
        raise NotAllowed("Deze datum kan niet: kies een dag na de benoeming en niet in de toekomst.")
    row.end_of_office = on
    kept.add(db, row)
    audit.append(db, actor, "left_office", "case", case_id, case_id=case_id, detail={"on": on.isoformat()})


def ask(db: Session, actor: Actor, case_id: str, kind: Ask, reason: str, until: date | None = None) -> str:
    """Ask for something about keeping; gives the id of the request. Raises NotAllowed for what cannot be.

    Holding counts at once: it is the safe side. Everything else waits for a second person.
    """
    row = _keeper(db, actor, case_id)
    why = required_text(reason, "Schrijf op waarom u dit vraagt. De reden blijft bij het dossier.")
    _require_possible(db, row, kind, until)
    if any(one.kind == kind and one.accepted is None for one in kept.requests(db, case_id)):
        raise NotAllowed("Dit is al gevraagd. Een collega kan het nu bevestigen.")
    made = put(db, actor, row, kind, why, until)
    if kind is Ask.HOLD:
        row.held_since = utc_now()
        kept.add(db, row)
        close(db, actor, made, accepted=True)
    return made.id


def decided(db: Session, actor: Actor, case_id: str, request_id: str, *, accepted: bool) -> RetentionRequestRow:
    """Decide on what somebody else asked, and give the request. Carrying out a destruction is up to the caller.

    Raises NotAllowed for one's own request, for a request that was decided, and for what is not possible any more.
    """
    row = _keeper(db, actor, case_id)
    asked = kept.request_of(db, case_id, request_id)
    if asked.accepted is not None:
        raise NotAllowed("Hierover is al besloten.")
    if asked.asked_by == actor.id:
        raise NotAllowed("U heeft dit zelf gevraagd. Een collega moet het bevestigen.")
    if accepted:
        wanted = Ask(asked.kind)
        _require_possible(db, row, wanted, asked.until, by_candidate=asked.asked_by == case_id)
        _carry_out(db, row, wanted, asked.until)
    close(db, actor, asked, accepted=accepted)
    return asked


def clock_of(row: RetentionRow, what: Kept) -> Clock | None:
    """Give the clock of one kind of record; `None` when no policy counts."""
    return next((one for one in _clocks(row) if one.kept is what), None)


def _clocks(row: RetentionRow) -> tuple[Clock, ...]:
    if row.policy is None:
        return ()
    held = row.held_since is not None
    return clocks(policy_from(row.policy), _outcome(row), today(), extended_to=row.extended_to, held=held)


def _outcome(row: RetentionRow) -> Outcome:
    return Outcome(End(row.ended_as), row.outcome_on, row.end_of_office)


def _first_day(line: KeptLine) -> date:
    return min((one.on for one in line.clocks if one.on is not None), default=date.max)


def _opened(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseRow:
    """Open a case, or what is left of it. Raises NotFound."""
    try:
        return cases.access(db, actor, case_id, lock=lock).case
    except NotFound:
        return cases.stub(db, actor, case_id)


def _keeper(db: Session, actor: Actor, case_id: str) -> RetentionRow:
    if actor.role not in _KEEPERS:
        raise NotFound("not for you")
    row = kept.find(db, _opened(db, actor, case_id, lock=True))
    if row is None:
        raise NotAllowed("Dit kan nu niet: er is nog geen uitkomst.")
    return row


def _require_possible(
    db: Session, row: RetentionRow, kind: Ask, until: date | None, *, by_candidate: bool = False
) -> None:
    gone = _is_gone(db, row)
    refusal = _refusal(row, kind, until, by_candidate=by_candidate)
    if gone and kind is not Ask.DESTROY_COUNCIL:
        refusal = "Dit dossier is al vernietigd. Alleen de stukken voor de raad kunnen er nog zijn."
    if refusal:
        raise NotAllowed(refusal)


def _is_gone(db: Session, row: RetentionRow) -> bool:
    return db.get_one(CaseRow, row.case_id).step is Step.DESTROYED


def _refusal(row: RetentionRow, kind: Ask, until: date | None, *, by_candidate: bool) -> str:
    held = row.held_since is not None
    if kind is Ask.EXTEND:
        return "" if until is not None and until > today() else "Vul een datum in de toekomst in."
    if kind is Ask.HOLD:
        return "Dit dossier wordt al vastgehouden." if held else ""
    if kind is Ask.RELEASE:
        return "" if held else "Dit dossier wordt niet vastgehouden."
    if kind is Ask.ADOPT:
        return ""
    if held:
        return "Dit dossier wordt vastgehouden. Er mag nu niets worden vernietigd."
    if kind is Ask.DESTROY and by_candidate:
        return ""
    return _not_due(row, Kept.CASE if kind is Ask.DESTROY else Kept.COUNCIL_VERSION)


def _not_due(row: RetentionRow, what: Kept) -> str:
    clock = clock_of(row, what)
    if clock is None:
        return "Er is geen bewaarbeleid dat hier geldt. Een beheerder kan het instellen."
    if clock.standing is not Standing.DUE:
        return "De bewaartermijn is nog niet voorbij."
    until = _receive_until(row) if what is Kept.CASE else None
    if until is not None and today() < until:
        return (
            "De kandidaat wil eerst alles ontvangen en heeft nog niet bevestigd dat dit is gebeurd. "
            f"Zonder bevestiging mag u vernietigen vanaf {dutch_date(until)}."
        )
    return ""


def _receive_until(row: RetentionRow) -> date | None:
    """Give the day until which the case waits for who wants to receive everything; the term is that of the warning.

    A policy that destroys at once would otherwise be faster than the candidate.
    """
    if row.choice != Choice.RECEIVE or row.received_at is not None or row.chosen_at is None or row.policy is None:
        return None
    return row.chosen_at.astimezone(ZONE).date() + timedelta(days=policy_from(row.policy).warn_days)


def _carry_out(db: Session, row: RetentionRow, kind: Ask, until: date | None) -> None:
    if kind is Ask.EXTEND:
        row.extended_to = until
    elif kind is Ask.RELEASE:
        row.held_since = None
    elif kind is Ask.ADOPT:
        current = policy_of(db.get_one(OrganisationRow, row.organisation_id))
        row.policy = None if current is None else to_jsonable(current)
    row.warned_at = None  # the day moved: whoever was warned is warned again in time
    kept.add(db, row)


def put(
    db: Session, actor: Actor, about: RetentionRow, kind: Ask, reason: str, until: date | None
) -> RetentionRequestRow:
    """Write a request down, whoever asks; what may be asked the caller knows. It names no candidate: it outlives the case."""
    row = RetentionRequestRow(
        organisation_id=about.organisation_id,
        case_id=about.case_id,
        kind=kind.value,
        until=until,
        reason=None if _is_gone(db, about) else reason,
        asked_by=actor.id,
        asked_by_name="de kandidaat" if actor.is_candidate else actor.name,
    )
    kept.add(db, row)
    detail = {"kind": kind.value, "until": until.isoformat() if until else None}
    audit.append(db, actor, "retention_asked", "retention", row.id, case_id=about.case_id, detail=detail)
    return row


def close(db: Session, actor: Actor, row: RetentionRequestRow, *, accepted: bool) -> None:
    """Write down what was decided on a request; who may decide the caller knows."""
    row.accepted, row.decided_at = accepted, utc_now()
    row.decided_by, row.decided_by_name = actor.id, "de kandidaat" if actor.is_candidate else actor.name
    kept.add(db, row)
    detail = {"kind": row.kind, "accepted": accepted}
    audit.append(db, actor, "retention_decided", "retention", row.id, case_id=row.case_id, detail=detail)


def _request(row: RetentionRequestRow) -> RequestLine:
    return RequestLine(
        id=row.id,
        kind=Ask(row.kind),
        until=row.until,
        reason=row.reason or "de bewaartermijn is voorbij",
        asked_by=row.asked_by,
        asked_by_name=row.asked_by_name,
        asked_at=row.asked_at,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        accepted=row.accepted,
    )
