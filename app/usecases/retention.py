"""How long cases are kept: the policy of an organisation, the clock of one case, and who may move it.

A policy is written down with the outcome of a case. A newer policy changes nothing about older cases until two people
say so. Holding a case is done by one; letting go, extending and destroying take two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.accounts.actor import Actor
from app.dossiers.wording import dutch_date
from app.errors import NotAllowed, NotFound
from app.reviews.lifecycle import Role, Step
from app.reviews.retention import Choice, Clock, End, Kept, Outcome, Policy, Standing
from app.store import audit, cases
from app.store import retention as kept
from app.store.rows import CaseRow, OrganisationRow, RetentionRequestRow, RetentionRow
from app.store.types import utc_now
from app.usecases import keeping_corrections, wall_clock
from app.usecases.keeping_asks import ASK_TITLES as ASK_TITLES  # noqa: PLC0414 - asked for here by everybody
from app.usecases.keeping_asks import Ask as Ask  # noqa: PLC0414 - same
from app.usecases.keeping_clocks import clock_of, clocks_of, left_of, outcome_of
from app.usecases.lines import ZONE, reference_of, today
from app.usecases.retention_policy import policy_from, policy_of, to_jsonable
from app.usecases.texts import required_text

CORRECTIONS = frozenset({Ask.CORRECT_DAY, Ask.CORRECT_LAST_DAY, Ask.CORRECT_OUTCOME})
"""What puts right how an outcome was written down."""

_KEEPERS = frozenset({Role.CLERK, Role.PRINCIPAL})
CLOCK_LEAPT = (
    "De klok van Toetssteen staat ineens veel later dan verwacht. Daardoor weten wij niet zeker of de bewaartermijn voorbij "
    "is. Er wordt nu niets vernietigd. Vraag uw beheerder om de klok te controleren."
)


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
    left: frozenset[Kept]
    """The kinds of record there are; a clock runs for these alone."""
    council_destroyed: bool
    """Whether documents of the council were destroyed."""
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

    @property
    def destroyed(self) -> bool:
        """Whether the case itself is gone; documents of the council may be left."""
        return Kept.CASE not in self.left


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
    left = left_of(db, case)
    current = policy_of(db.get_one(OrganisationRow, case.organisation_id))
    counted = None if row is None or row.policy is None else policy_from(row.policy)
    return Keeping(
        case_id=case.id,
        reference=reference_of(case),
        left=left,
        council_destroyed=row is not None and row.council_destroyed_at is not None,
        outcome=None if row is None else outcome_of(row),
        policy=current if row is None else counted,
        newer=current if row is not None and current is not None and current != counted else None,
        clocks=() if row is None else clocks_of(row, left),
        extended_to=None if row is None else row.extended_to,
        held_since=None if row is None else row.held_since,
        choice=Choice(row.choice) if row is not None and row.choice else None,
        received_at=None if row is None else row.received_at,
        receive_until=None if row is None else _receive_until(row),
        requests=tuple(_request(one) for one in kept.requests(db, case.id)),
    )


def left_office(db: Session, actor: Actor, case_id: str, on: date) -> None:
    """Write down the last day in office, once. Raises NotAllowed for a day before the appointment or still to come.

    To put it right is asked for, and takes two: it moves a day that everybody was told.
    """
    row = _keeper(db, actor, case_id)
    if row.ended_as != End.APPOINTED:
        raise NotAllowed("Deze kandidaat is niet benoemd.")
    if row.end_of_office is not None:
        raise NotAllowed("De laatste dag is al vastgelegd. Klopt hij niet? Vraag hieronder om een verbetering.")
    if not row.outcome_on <= on <= today():
        raise NotAllowed("Deze datum kan niet: kies een dag na de benoeming en niet in de toekomst.")
    before = _days(row)
    row.end_of_office = on
    _warn_again(row, before)
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
        _carry_out(db, actor, row, asked)
    close(db, actor, asked, accepted=accepted)
    return asked


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
    left = left_of(db, db.get_one(CaseRow, row.case_id))
    refusal = _gone(kind, left) or _refusal(row, kind, until, left, by_candidate=by_candidate)
    if (
        kind in {Ask.DESTROY, Ask.DESTROY_COUNCIL}
        and not by_candidate
        and not refusal
        and wall_clock.leap(db) is not None
    ):
        refusal = CLOCK_LEAPT
    if refusal:
        raise NotAllowed(refusal)


def _is_gone(db: Session, row: RetentionRow) -> bool:
    return db.get_one(CaseRow, row.case_id).step is Step.DESTROYED


def _gone(kind: Ask, left: frozenset[Kept]) -> str:
    if not left:
        return "Van dit dossier is niets meer over. Er valt niets meer te regelen."
    if kind is Ask.DESTROY and Kept.CASE not in left:
        return "Dit dossier is al vernietigd. Alleen de stukken voor de raad zijn er nog."
    if kind is Ask.DESTROY_COUNCIL and Kept.COUNCIL_VERSION not in left:
        return "Bij dit dossier zijn er geen stukken voor de raad."
    return ""


def _refusal(row: RetentionRow, kind: Ask, until: date | None, left: frozenset[Kept], *, by_candidate: bool) -> str:
    held = row.held_since is not None
    if kind is Ask.EXTEND:
        return _no_extension(row, until, left)
    if kind in CORRECTIONS:
        return keeping_corrections.refusal(row, kind, until, left)
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


def _no_extension(row: RetentionRow, until: date | None, left: frozenset[Kept]) -> str:
    """Say why a case cannot be kept until a day: an extension that moves no date later would change nothing."""
    if until is None or until <= today():
        return "Vul een datum in de toekomst in."
    running = [one for one in clocks_of(row, left) if one.standing is not Standing.FOREVER]
    if row.policy is not None and not running:
        return "Dit blijft al voor altijd bewaard."
    days = [one.on for one in running if one.on is not None]
    if row.extended_to is not None:
        days.append(row.extended_to)
    if days and until <= min(days):
        return f"Dit blijft al tot {dutch_date(min(days))} bewaard. Kies een latere datum."
    return ""


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


def _carry_out(db: Session, actor: Actor, row: RetentionRow, asked: RetentionRequestRow) -> None:
    kind, until = Ask(asked.kind), asked.until
    before = _days(row)
    if kind is Ask.EXTEND and until is not None:
        row.extended_to = max(until, row.extended_to or until)
    elif kind is Ask.RELEASE:
        row.held_since = None
        before = {}  # nobody was warned while it was held
    elif kind is Ask.ADOPT:
        current = policy_of(db.get_one(OrganisationRow, row.organisation_id))
        row.policy = None if current is None else to_jsonable(current)
    elif kind in CORRECTIONS and until is not None:
        keeping_corrections.carry_out(db, actor, row, kind, until, asked.reason or "")
    _warn_again(row, before)
    kept.add(db, row)


def _days(row: RetentionRow) -> dict[Kept, date | None]:
    return {one.kept: one.on for one in clocks_of(row)}


def _warn_again(row: RetentionRow, before: Mapping[Kept, date | None]) -> None:
    """Whoever was warned about a day that has moved since is warned again in time."""
    after = _days(row)
    if after.get(Kept.CASE) != before.get(Kept.CASE):
        row.warned_at = None
    if after.get(Kept.COUNCIL_VERSION) != before.get(Kept.COUNCIL_VERSION):
        row.council_warned_at = None


def put(
    db: Session, actor: Actor, about: RetentionRow, kind: Ask, reason: str, until: date | None
) -> RetentionRequestRow:
    """Write a request down, whoever asks; what may be asked the caller knows."""
    gone = _is_gone(db, about)
    row = RetentionRequestRow(
        organisation_id=about.organisation_id,
        case_id=None if gone else about.case_id,
        stub_id=about.case_id if gone else None,
        kind=kind.value,
        until=until,
        reason=reason,
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
    about = row.case_id or row.stub_id
    audit.append(db, actor, "retention_decided", "retention", row.id, case_id=about, detail=detail)


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
