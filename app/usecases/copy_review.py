"""What was said about a candidate in the review, for the copy: as far as the candidate may read it at this step."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app.dossiers import copy_record as told
from app.dossiers.copy_record import Fact, Point, Remark
from app.reviews.decisions import (
    CONCLUSION_TITLES,
    OUTCOME_TITLES,
    Conclusion,
    Decision,
    Finding,
    FlagKey,
    Openness,
    Reply,
)
from app.store import reviews
from app.store.reviews import WHOLE_CASE, Remarks
from app.store.rows import CaseRow
from app.usecases.assessing import CaseReading
from app.usecases.flags import FlagView, flag_view, shown_to_candidate
from app.usecases.lines import ZONE
from app.usecases.records import discussed_of, sources_of, talking_points
from app.usecases.reviewing import remarks_of

_OPENNESS = {Openness.PUBLIC: "openbaar", Openness.CONFIDENTIAL: "vertrouwelijk"}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The parts of the copy that come from the review."""

    points: tuple[Point, ...]
    response: tuple[Remark, ...]
    measures: tuple[told.Measure, ...]
    sources: tuple[told.SourceConsulted, ...]
    discussed: tuple[told.Discussed, ...]
    hearings: tuple[told.Hearing, ...]
    conclusions: tuple[told.Conclusion, ...]

    @property
    def heard(self) -> bool:
        """Whether a concept was put before the candidate: from then on its content is theirs to read."""
        return bool(self.hearings)


def reviewed(db: Session, case: CaseRow, reading: CaseReading) -> Reviewed:
    """Read the review of a case with the eyes of its candidate.

    Findings, sources and measures come with the concept; decisions with the conclusion they were taken for.
    """
    said = remarks_of(db, case, reading)
    hearings = tuple(
        told.Hearing(sent_at=row.sent_at.astimezone(ZONE), sent_by=row.sent_by_name, until=row.term_until)
        for row in reviews.hearings(db, case)
    )
    heard, concluded = bool(hearings), reviews.conclusions(db, case)
    titles = {point.id: point.title for point in talking_points(reading)}
    return Reviewed(
        points=tuple(_points(reading, said, reviews.decided_before_conclusion(db, case), heard=heard)),
        response=tuple(_remark(one) for one in said.replies.get((WHOLE_CASE, None), ())),
        measures=tuple(_measures(said)) if heard else (),
        sources=tuple(_sources(db, case)) if heard else (),
        discussed=tuple(
            told.Discussed(
                subject=titles.get(one.talking_point, one.talking_point), on=one.discussed_on, by=one.by_name
            )
            for one in discussed_of(db, case)
        ),
        hearings=hearings,
        conclusions=tuple(_conclusion(one) for one in concluded),
    )


def _points(reading: CaseReading, said: Remarks, decided: Counter[FlagKey], *, heard: bool) -> Iterator[Point]:
    shown = list(shown_to_candidate(reading))
    if heard:
        shown = [flag_view(reading, outcome) for outcome in reading.assessment.flags if not outcome.further]
    for flag in shown:
        yield _point(flag, tuple(_remarks(said, flag.key, decided, heard=heard)))
    present = {flag.key for flag in shown}
    for key in dict.fromkeys((*said.replies, *said.findings, *said.decisions)):
        remarks = tuple(_remarks(said, key, decided, heard=heard))
        if key not in present and key[0] != WHOLE_CASE and remarks:
            yield _past(reading, key, remarks)


def _remarks(said: Remarks, key: FlagKey, decided: Counter[FlagKey], *, heard: bool) -> Iterator[Remark]:
    everything: list[Finding | Reply | Decision] = list(said.replies.get(key, ()))
    if heard:
        everything += said.findings.get(key, ())
    else:
        everything = [one for one in said.replies.get(key, ()) if one.asked]
    everything += said.decisions.get(key, ())[: decided[key]]
    return (_remark(one) for one in sorted(everything, key=lambda one: one.at))


def _remark(one: Finding | Reply | Decision) -> Remark:
    at = one.at.astimezone(ZONE)
    match one:
        case Finding():
            return Remark(kind="finding", at=at, by=one.by_name, text=one.motivation, advice=one.advice)
        case Reply():
            return Remark(kind="reply" if one.asked else "reply_not_asked", at=at, by=one.by_name, text=one.text)
        case Decision():
            outcome = OUTCOME_TITLES[one.outcome]
            return Remark(kind="decision", at=at, by=one.by_name, text=one.motivation, outcome=outcome)


def _point(flag: FlagView, remarks: tuple[Remark, ...], *, holds: bool = True) -> Point:
    return Point(
        rule=flag.rule,
        item=flag.item,
        title=flag.title,
        about=flag.about,
        holds=holds,
        certain=flag.certain,
        severity=flag.severity_title,
        text=flag.for_candidate,
        quotes=tuple(Fact(label=quote.question, value=quote.answer) for quote in flag.quotes),
        norms=tuple(Fact(label=norm.text, value=norm.url) for norm in flag.norms),
        remarks=remarks,
    )


def _past(reading: CaseReading, key: FlagKey, remarks: tuple[Remark, ...]) -> Point:
    """Something people wrote about that does not hold any more, or whose rule is there no more."""
    outcome = reading.assessment.find(*key)
    if outcome is not None:
        return _point(flag_view(reading, outcome), remarks, holds=False)
    return Point(
        rule=key[0], item=key[1], title="Een punt dat er niet meer is", about="", holds=False, certain=False,
        severity="", text="", quotes=(), norms=(), remarks=remarks,
    )  # fmt: skip


def _measures(said: Remarks) -> Iterator[told.Measure]:
    for one in said.measures:
        yield told.Measure(
            title=one.title,
            owner=one.owner,
            terms=one.terms,
            evidence=one.evidence,
            due=one.due,
            review_on=one.review_on,
            before_appointment=one.before_appointment,
            done_on=one.done_on,
            openness=_OPENNESS[one.openness],
        )


def _sources(db: Session, case: CaseRow) -> Iterable[told.SourceConsulted]:
    return (
        told.SourceConsulted(
            source=one.title, subject=one.subject, found=one.found, on=one.consulted_on, by=one.by_name
        )
        for one in sources_of(db, case)
    )


def _conclusion(one: Conclusion) -> told.Conclusion:
    return told.Conclusion(
        conclusion=CONCLUSION_TITLES[one.kind],
        motivation=one.motivation,
        residual_risk=one.residual_risk,
        by=one.by_name,
        at=one.at.astimezone(ZONE),
        valid_until=one.valid_until,
    )
