"""What people said about flags, read back as values of the core. Every row was added; none was changed."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from app.reviews.decisions import Conclusion, Decision, Finding, FlagKey, Measure, Reply
from app.store.rows import (
    CaseRow,
    ConclusionRow,
    CorrectionRow,
    DecisionRow,
    DiscussedRow,
    FindingRow,
    FrozenAssessmentRow,
    HearingRow,
    MeasureRow,
    ReplyRow,
    SourceRow,
)
from app.store.rows.row import Row

WHOLE_CASE = "*"
"""In place of a rule: the candidate's response to the concept as a whole."""

_Any = TypeVar("_Any", bound=Row)


@dataclass(frozen=True, slots=True)
class Remarks:
    """Everything said about the flags of one case, per flag oldest first."""

    findings: dict[FlagKey, tuple[Finding, ...]]
    replies: dict[FlagKey, tuple[Reply, ...]]
    decisions: dict[FlagKey, tuple[Decision, ...]]
    measures: tuple[Measure, ...]

    def measures_for(self, flag: FlagKey) -> tuple[Measure, ...]:
        """Give the measures that answer one flag."""
        return tuple(measure for measure in self.measures if flag in measure.flags)


def remarks(db: Session, case: CaseRow, titles: dict[str, str]) -> Remarks:
    """Read all remarks of a case in four queries. `titles` names the measures of the library."""
    findings = [_finding(row) for row in _all(db, FindingRow, case)]
    replies = [_reply(row) for row in _all(db, ReplyRow, case)]
    decisions = [_decision(row) for row in _all(db, DecisionRow, case)]
    measures = tuple(_measure(row, titles) for row in _all(db, MeasureRow, case) if row.dropped_at is None)
    return Remarks(_by_flag(findings), _by_flag(replies), _by_flag(decisions), measures)


def add(db: Session, row: Row) -> None:
    """Write a remark."""
    db.add(row)


def measure_row(db: Session, case: CaseRow, measure_id: str) -> MeasureRow | None:
    """Find one measure of a case."""
    query = select(MeasureRow).where(MeasureRow.id == measure_id, MeasureRow.case_id == case.id)
    return db.exec(query).first()


def sources(db: Session, case: CaseRow) -> list[SourceRow]:
    """Give the sources that were consulted, in order."""
    return _all(db, SourceRow, case)


def corrections(db: Session, case: CaseRow) -> list[CorrectionRow]:
    """Give the requests for correction, oldest first."""
    return _all(db, CorrectionRow, case)


def discussed(db: Session, case: CaseRow) -> list[DiscussedRow]:
    """Give which subjects were talked about, in order."""
    return _all(db, DiscussedRow, case)


def hearings(db: Session, case: CaseRow) -> list[HearingRow]:
    """Give the concepts that were put before the candidate, oldest first."""
    return _all(db, HearingRow, case)


def conclusion(db: Session, case: CaseRow) -> Conclusion | None:
    """Give the conclusion that counts: the newest, of the newest round of review."""
    found = conclusions(db, case)
    return found[-1] if found else None


def conclusions(db: Session, case: CaseRow) -> tuple[Conclusion, ...]:
    """Give every conclusion of a case, oldest first: the last one counts."""
    return tuple(
        Conclusion(row.kind, row.motivation, row.residual_risk, row.valid_until, row.by_id, row.by_name, row.at)
        for row in _all(db, ConclusionRow, case)
    )


def decided_before_conclusion(db: Session, case: CaseRow) -> Counter[FlagKey]:
    """Count for each flag the decisions that were there when the newest conclusion was drawn: its first ones."""
    found = _all(db, ConclusionRow, case)
    last = found[-1].id if found else ""
    return Counter((row.rule, row.item) for row in _all(db, DecisionRow, case) if row.id < last)


def frozen(db: Session, case: CaseRow) -> list[FrozenAssessmentRow]:
    """Give the assessments that were frozen, oldest first."""
    return _all(db, FrozenAssessmentRow, case)


def _all(db: Session, table: type[_Any], case: CaseRow) -> list[_Any]:
    columns: Any = table
    return list(db.exec(select(table).where(columns.case_id == case.id).order_by(col(columns.id))).all())


def _by_flag(remarks: list[Any]) -> dict[FlagKey, tuple[Any, ...]]:
    grouped: dict[FlagKey, tuple[Any, ...]] = {}
    for remark in remarks:
        grouped[remark.flag] = (*grouped.get(remark.flag, ()), remark)
    return grouped


def _finding(row: FindingRow) -> Finding:
    return Finding(
        flag=(row.rule, row.item),
        by=row.by_id,
        by_name=row.by_name,
        at=row.at,
        motivation=row.motivation,
        advice=row.advice,
        evidence_digest=row.evidence_digest,
        judgement=row.judgement,
    )


def _reply(row: ReplyRow) -> Reply:
    return Reply(flag=(row.rule, row.item), by_name=row.by_name, at=row.at, text=row.text, asked=row.asked)


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        flag=(row.rule, row.item),
        by=row.by_id,
        by_name=row.by_name,
        at=row.at,
        outcome=row.outcome,
        motivation=row.motivation,
        evidence_digest=row.evidence_digest,
        council_text=row.council_text,
    )


def _measure(row: MeasureRow, titles: dict[str, str]) -> Measure:
    return Measure(
        id=row.id,
        kind=row.kind,
        title=titles.get(row.kind, row.kind),
        flags=tuple((rule, item) for rule, item in row.flags),
        owner=row.owner,
        terms=row.terms,
        due=row.due,
        evidence=row.evidence,
        openness=row.openness,
        review_on=row.review_on,
        before_appointment=row.before_appointment,
        done_on=row.done_on,
    )
