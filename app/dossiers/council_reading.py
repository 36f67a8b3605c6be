"""Reading a snapshot for the council: which flags it reports on, and in which words a result stands."""

from app.dossiers.blocks import Span
from app.dossiers.snapshot import Citation, RuleLine, Snapshot
from app.reviews.decisions import OUTCOME_TITLES, SEVERITY_TITLES, WEIGHED_FROM, Measure, Openness, Outcome

_REPORTED = frozenset({Outcome.ATTENTION_POINT, Outcome.RISK_WITH_MEASURE, Outcome.LEGAL_BAR})


def reported(snapshot: Snapshot) -> tuple[RuleLine, ...]:
    """The flags on which a decision was taken that the council reads, heaviest first."""
    lines = (
        line
        for line in snapshot.rules
        if line.state is not None and line.state.decision is not None and line.state.decision.outcome in _REPORTED
    )
    return tuple(sorted(lines, key=lambda line: (-line.severity, line.subject, line.rule, line.item or "")))


def light(snapshot: Snapshot) -> tuple[RuleLine, ...]:
    """The certain flags that weigh too little to need a decision, and got none: each rule once, heaviest first."""
    found = {
        line.rule: line
        for line in sorted(snapshot.rules, key=lambda line: (line.severity, line.item or ""))
        if line.result == "certain" and line.severity < WEIGHED_FROM and outcome(line) is None
    }
    return tuple(sorted(found.values(), key=lambda line: (-line.severity, line.subject, line.rule)))


def outcome(line: RuleLine) -> Outcome | None:
    """What was decided about a flag, if anything was."""
    return line.state.decision.outcome if line.state is not None and line.state.decision is not None else None


def council_text(line: RuleLine) -> str:
    """What the decision says to the council; empty when it says nothing."""
    return (
        line.state.decision.council_text.strip() if line.state is not None and line.state.decision is not None else ""
    )


def public_measures(snapshot: Snapshot) -> tuple[Measure, ...]:
    """The measures that may stand in an open document."""
    return tuple(measure for measure in snapshot.measures if measure.openness is Openness.PUBLIC)


def norms(citations: tuple[Citation, ...]) -> tuple[Span, ...]:
    """Citations as a line of links."""
    parts: list[Span] = []
    for citation in citations:
        if parts:
            parts.append(Span("; "))
        parts.append(Span(citation.text, href=citation.url))
    return tuple(parts) or (Span("praktijk"),)


def result(line: RuleLine) -> str:
    """The result of one rule in words."""
    if line.result == "none":
        return "Geen beletsel gebleken"
    if line.result == "possible":
        return "Nog open"
    decided = outcome(line)
    return OUTCOME_TITLES[decided] if decided is not None else SEVERITY_TITLES[line.severity]


def once(lines: list[RuleLine]) -> list[RuleLine]:
    """Each rule once, keeping the outcome that asks most attention."""
    rank = {"certain": 2, "possible": 1, "none": 0}
    best: dict[str, RuleLine] = {}
    for line in lines:
        if line.rule not in best or rank[line.result] > rank[best[line.rule].result]:
            best[line.rule] = line
    return list(best.values())
