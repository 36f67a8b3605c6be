"""Human judgement on flags: findings, replies, decisions, measures and the conclusion.

A flag is what a rule says; everything here is what a *named person* says about it. A decision is tied to the digest
of the evidence it was taken on: when the answers change, ``needs_second_look`` says so. One who made the finding on
a flag does not decide on it (four eyes).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.errors import NotAllowed
from app.reviews.independence import require_another

FlagKey = tuple[str, str | None]
"""Rule id and item id (``None`` when the rule is not about one item)."""


class Judgement(StrEnum):
    """A reviewer's answer to the question an open norm ends in."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"


class Outcome(StrEnum):
    """What was decided about one flag."""

    NO_OBSTACLE_FOUND = "no_obstacle_found"
    ATTENTION_POINT = "attention_point"
    RISK_WITH_MEASURE = "risk_with_measure"
    LEGAL_BAR = "legal_bar"
    SET_ASIDE = "set_aside"


OUTCOME_TITLES: dict[Outcome, str] = {
    Outcome.NO_OBSTACLE_FOUND: "Geen beletsel gebleken",
    Outcome.ATTENTION_POINT: "Aandachtspunt",
    Outcome.RISK_WITH_MEASURE: "Risico met beheersmaatregel",
    Outcome.LEGAL_BAR: "Wettelijk beletsel",
    Outcome.SET_ASIDE: "Niet van toepassing",
}
"""What a user reads for each outcome."""

SEVERITY_TITLES: dict[int, str] = {
    0: "Ter kennisneming",
    1: "Aandachtspunt",
    2: "Risico met beheersmaatregel",
    3: "Maatregel nodig vóór de benoeming",
    4: "Wettelijk beletsel",
}
"""What a user reads for each severity of a flag; severity sorts work and is never added up per person."""


class Openness(StrEnum):
    """Whether a measure may stand in the council version."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


class ConclusionKind(StrEnum):
    """The fixed vocabulary of conclusions."""

    NO_OBSTACLE = "no_obstacle"
    ATTENTION_POINTS = "attention_points"
    MEASURES_AGREED = "measures_agreed"
    MEASURE_BEFORE_APPOINTMENT = "measure_before_appointment"
    LEGAL_BAR = "legal_bar"


CONCLUSION_TITLES: dict[ConclusionKind, str] = {
    ConclusionKind.NO_OBSTACLE: "Geen beletsel gebleken",
    ConclusionKind.ATTENTION_POINTS: "Geen beletsel gebleken, met aandachtspunten",
    ConclusionKind.MEASURES_AGREED: "Risico's met afgesproken beheersmaatregelen",
    ConclusionKind.MEASURE_BEFORE_APPOINTMENT: "Eerst een maatregel, dan benoemen",
    ConclusionKind.LEGAL_BAR: "Wettelijk beletsel",
}
"""What a user reads for each conclusion."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a reviewer found about one flag, why, and what the reviewer advises. Facts are the flag's evidence."""

    flag: FlagKey
    by: str
    by_name: str
    at: datetime
    motivation: str
    advice: str
    evidence_digest: str
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The candidate's own view on a flag, or the reason it was not asked (then ``asked`` is false)."""

    flag: FlagKey
    by_name: str
    at: datetime
    text: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one flag, by somebody else than the finder, on which evidence."""

    flag: FlagKey
    by: str
    by_name: str
    at: datetime
    outcome: Outcome
    motivation: str
    evidence_digest: str
    council_text: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that was agreed. ``kind`` is an id of the measure library; ``flags`` are the flags it answers."""

    id: str
    kind: str
    title: str
    flags: tuple[FlagKey, ...]
    owner: str
    terms: str
    due: date | None
    evidence: str
    openness: Openness
    review_on: date | None
    before_appointment: bool = False
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The conclusion of a case in the fixed vocabulary, with the residual risk in words."""

    kind: ConclusionKind
    motivation: str
    residual_risk: str
    valid_until: date | None
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FlagState:
    """One flag with everything people said about it; the input of ``blockers``."""

    flag: FlagKey
    title: str
    severity: int
    certain: bool
    awaiting_judgement: bool
    evidence_digest: str
    reply: Reply | None = None
    finding: Finding | None = None
    decision: Decision | None = None
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocker:
    """Why a case cannot be concluded yet, and what to do about it. ``flag`` is empty for the case as a whole.

    ``missing`` names in a few words what is not there, for a list under the title of the flag.
    """

    reason: str
    remedy: str
    flag: FlagKey | None = None
    missing: str = ""


def require_four_eyes(finding: Finding | None, decider: str) -> None:
    """Refuse a decision without a finding, or by the one who made the finding. Raises ``NotAllowed``."""
    if finding is None:
        message = "Leg eerst een bevinding vast. Daarna kan een ander besluiten."
        raise NotAllowed(message)
    require_another(decider, {finding.by}, "U heeft de bevinding gedaan. Laat een ander hierover besluiten.")


def needs_second_look(decision: Decision, evidence_digest: str) -> bool:
    """Whether the evidence changed after ``decision`` was taken."""
    return decision.evidence_digest != evidence_digest


WEIGHED_FROM = 2
"""From this severity a flag is weighed by two people before a conclusion; lighter ones may be, and need not be."""


def blockers(flags: Sequence[FlagState], *, decide_from: int = WEIGHED_FROM) -> tuple[Blocker, ...]:
    """Everything that must still happen before the case can be concluded, most severe flag first.

    Every flag of severity ``decide_from`` or higher needs the candidate's reply (or the reason it was not asked), a
    finding and a decision on the present evidence; a risk decided to need a measure has one.
    """
    found: list[Blocker] = []
    for state in sorted(flags, key=lambda state: (-state.severity, state.title)):
        if state.severity >= decide_from:
            found.extend(_flag_blockers(state))
    return tuple(found)


def _flag_blockers(state: FlagState) -> Iterable[Blocker]:
    if state.reply is None:
        yield Blocker(
            f"De kandidaat heeft nog niet gereageerd op '{state.title}'.",
            "Wacht op de reactie, of schrijf op waarom u geen reactie vraagt.",
            state.flag,
            "reactie van de kandidaat",
        )
    if state.finding is None:
        yield Blocker(
            f"Bij '{state.title}' staat nog geen bevinding.",
            "Leg een bevinding met motivering vast.",
            state.flag,
            "bevinding",
        )
        return
    if state.decision is None:
        yield Blocker(
            f"Over '{state.title}' is nog niet besloten.",
            "Laat een ander dan de vinder besluiten.",
            state.flag,
            "besluit door een ander dan de vinder",
        )
        return
    if needs_second_look(state.decision, state.evidence_digest):
        yield Blocker(
            f"De antwoorden bij '{state.title}' zijn veranderd na het besluit.",
            "Kijk opnieuw en leg een nieuw besluit vast.",
            state.flag,
            "nieuw besluit, want de antwoorden zijn veranderd",
        )
    if state.decision.outcome is Outcome.RISK_WITH_MEASURE and not state.measures:
        yield Blocker(
            f"Bij '{state.title}' is nog geen beheersmaatregel afgesproken.",
            "Kies een maatregel, of neem een ander besluit.",
            state.flag,
            "beheersmaatregel",
        )


def conclusions_open_to(flags: Sequence[FlagState]) -> tuple[ConclusionKind, ...]:
    """The conclusions that do not contradict the decisions taken; people choose among them.

    A decided legal bar leaves only ``LEGAL_BAR``; an open measure that must be taken before appointment rules out
    the milder conclusions. No conclusion is ever chosen automatically.
    """
    decisions: Mapping[FlagKey, Decision] = {s.flag: s.decision for s in flags if s.decision is not None}
    outcomes = {decision.outcome for decision in decisions.values()}
    if Outcome.LEGAL_BAR in outcomes:
        return (ConclusionKind.LEGAL_BAR,)
    before = any(m.before_appointment and m.done_on is None for s in flags for m in s.measures)
    if before:
        return (ConclusionKind.MEASURE_BEFORE_APPOINTMENT,)
    if Outcome.RISK_WITH_MEASURE in outcomes:
        return (ConclusionKind.MEASURES_AGREED, ConclusionKind.MEASURE_BEFORE_APPOINTMENT)
    if Outcome.ATTENTION_POINT in outcomes:
        return (ConclusionKind.ATTENTION_POINTS, ConclusionKind.MEASURES_AGREED)
    return (ConclusionKind.NO_OBSTACLE, ConclusionKind.ATTENTION_POINTS)
