"""Flags as people read them: text, quoted answers, norms, what follows, and how it is usually resolved."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.questionnaires.model import Respondent
from app.reviews.decisions import SEVERITY_TITLES, FlagKey
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.deciding import deciding
from app.risk_rules.explain import Norm, Quote, filled, flag_text, norms_of, open_question, question_id, quote
from app.risk_rules.rulebook import Frame, Outcome, RuleKind
from app.usecases.assessing import CaseReading
from app.usecases.settled import SettledBy, about_item, settled_by, supposed


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """A circumstance that makes a flag weigh more or less; not `certain`: it may."""

    by: int
    because: str
    certain: bool


@dataclass(frozen=True, slots=True)
class MeasureOffered:
    """A kind of measure from the library, with the defaults people start from."""

    id: str
    title: str
    what: str
    owner: str
    term: str
    evidence: str
    openness: str
    before_appointment: bool
    review_months: int | None


@dataclass(frozen=True, slots=True)
class FlagView:
    """One outcome of one rule about one thing, ready to show. `certain` false: it may hold, and `text` asks."""

    rule: str
    item: str | None
    outcome: Outcome
    title: str
    about: str
    """The thing of a list it is about, by name; "" for the case as a whole."""
    text: str
    for_candidate: str
    """The same for the candidate: while it is not certain the rule's own question, never the one meant for a reviewer."""
    severity: int
    severity_title: str
    subject: str
    subject_title: str
    kind: RuleKind
    frame: Frame
    quotes: tuple[Quote, ...]
    open_questions: tuple[Quote, ...]
    """What can be answered now and could change the outcome."""
    settled_by: SettledBy | None
    """What decides it, whatever the answers are; None when it is decided."""
    norms: tuple[Norm, ...]
    council: str
    consequence: str
    advice: str
    interpretation: str
    question_for_reviewer: str
    considerations: tuple[str, ...]
    adjustments: tuple[AdjustmentView, ...]
    measures: tuple[MeasureOffered, ...]
    awaiting_judgement: bool
    further: bool
    evidence_digest: str

    @property
    def key(self) -> FlagKey:
        """What findings and decisions attach to."""
        return (self.rule, self.item)

    @property
    def certain(self) -> bool:
        """Whether the facts leave no doubt."""
        return self.outcome is Outcome.CERTAIN

    @property
    def anchor(self) -> str:
        """An id for the page: unique within a case."""
        return f"signaal-{self.rule}-{self.item}".lower() if self.item else f"signaal-{self.rule}".lower()

    @property
    def proposal(self) -> bool:
        """Whether the ground is a bill that is not law."""
        return self.frame is Frame.BILL


def flag_view(reading: CaseReading, outcome: RuleOutcome) -> FlagView:
    """Explain one outcome. What did not fire quotes the answers that rule it out."""
    rule, book, facts = outcome.rule, reading.rulebook, reading.survey.facts
    carried = deciding(supposed(reading), outcome) or outcome.because
    return FlagView(
        rule=rule.id,
        item=outcome.item,
        outcome=outcome.outcome,
        title=filled(rule.title, outcome, facts, book.vocabulary),
        about=about_item(reading, rule.for_each, outcome.item),
        for_candidate=(
            flag_text(outcome, facts, book.vocabulary)
            if outcome.outcome is Outcome.CERTAIN
            else filled(rule.ask, outcome, facts, book.vocabulary)
        ),
        text=flag_text(outcome, facts, book.vocabulary),
        severity=int(outcome.severity),
        severity_title=SEVERITY_TITLES[int(outcome.severity)],
        subject=rule.subject,
        subject_title=filled(book.subjects[rule.subject].title, outcome, facts, book.vocabulary),
        kind=rule.kind,
        frame=rule.frame,
        quotes=_once(quote(evidence, book, facts) for evidence in carried),
        open_questions=_once(open_question(path, book, facts) for path in outcome.missing),
        settled_by=settled_by(reading, outcome),
        norms=norms_of(outcome, book, facts),
        council=filled(rule.council, outcome, facts, book.vocabulary),
        consequence=filled(rule.consequence, outcome, facts, book.vocabulary),
        advice=filled(rule.advice, outcome, facts, book.vocabulary),
        interpretation=filled(rule.interpretation, outcome, facts, book.vocabulary),
        question_for_reviewer=filled(rule.question_for_reviewer, outcome, facts, book.vocabulary),
        considerations=tuple(filled(one, outcome, facts, book.vocabulary) for one in rule.considerations),
        adjustments=tuple(
            AdjustmentView(one.by, filled(one.because, outcome, facts, book.vocabulary), one.certain)
            for one in outcome.adjustments
        ),
        measures=measures_offered(reading, rule.measures),
        awaiting_judgement=outcome.awaiting_judgement,
        further=outcome.further,
        evidence_digest=outcome.evidence_digest,
    )


def measures_offered(reading: CaseReading, ids: tuple[str, ...] | None = None) -> tuple[MeasureOffered, ...]:
    """Give measures of the library by id; all of them when none are named."""
    library = reading.rulebook.measures
    chosen = library.values() if ids is None else (library[one] for one in ids)
    return tuple(
        MeasureOffered(
            id=measure.id,
            title=measure.title,
            what=measure.what,
            owner=measure.owner.value,
            term=measure.term,
            evidence=measure.evidence,
            openness=measure.openness.value,
            before_appointment=measure.before_appointment,
            review_months=measure.review_months,
        )
        for measure in chosen
    )


def shown_to_candidate(reading: CaseReading, section_id: str | None = None) -> tuple[FlagView, ...]:
    """Give what the answers bring to light so far, for the candidate: of one section, or of everything.

    Only flags that rest on something the candidate answered: a rule that merely waits for an answer says nothing yet.
    What reviewers wrote down themselves is not shown before the concept report.
    """
    key = ("flags", section_id)
    known: tuple[FlagView, ...] | None = reading.shown.get(key)
    if known is None:
        found = [
            flag_view(reading, outcome)
            for outcome in reading.assessment.flags
            if not outcome.further and _rests_on_candidate(reading, outcome, section_id)
        ]
        known = reading.shown[key] = tuple(sorted(found, key=lambda flag: (not flag.certain, -flag.severity)))
    return known


def _rests_on_candidate(reading: CaseReading, outcome: RuleOutcome, section_id: str | None) -> bool:
    sections = []
    for evidence in outcome.because:
        place = reading.questionnaire.section_of.get(question_id(evidence.path))
        if place is not None:
            sections.append(place)
    if any(place.respondent is not Respondent.CANDIDATE for place in sections):
        return False
    return bool(sections) if section_id is None else any(place.id == section_id for place in sections)


def _once(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    return tuple({one.path: one for one in quotes}.values())
