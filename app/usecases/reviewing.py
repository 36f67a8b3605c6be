"""Reviewing a case: flags with what people said about them, findings, decisions, measures.

Who makes a finding does not decide on it. A decision holds for the evidence it was taken on; when the answers change
it asks for another look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.reviews.decisions import (
    Blocker,
    Conclusion,
    ConclusionKind,
    Decision,
    Finding,
    FlagKey,
    FlagState,
    Judgement,
    Measure,
    Outcome,
    Reply,
    blockers,
    conclusions_open_to,
    needs_second_look,
    require_four_eyes,
)
from app.reviews.lifecycle import REVIEWERS, Action, Step, advance, allowed
from app.risk_rules.assess import CombinedFlag, RuleOutcome
from app.risk_rules.rulebook import Outcome as RuleSays
from app.store import answers, audit, cases, reviews
from app.store.cases import CaseAccess
from app.store.reviews import Remarks
from app.store.rows import CaseRow, DecisionRow, FindingRow
from app.usecases.assessing import CaseReading, read_case
from app.usecases.cases import read_by
from app.usecases.flags import FlagView, MeasureOffered, flag_view, measures_offered
from app.usecases.lines import CaseLine, case_line
from app.usecases.records import DiscussedLine, SourceLine, TalkingPointLine, discussed_of, sources_of, talking_points
from app.usecases.sections import Correction, open_corrections
from app.usecases.settled import OpenQuestions, open_questions
from app.usecases.texts import optional_text, required_text

_Said = TypeVar("_Said", Finding, Decision, Reply)


@dataclass(frozen=True, slots=True)
class ReviewFlag:
    """A flag with everything people said about it; the last of each counts, the others are its history."""

    flag: FlagView
    replies: tuple[Reply, ...]
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]
    measures: tuple[Measure, ...]
    look_again: bool
    """The answers changed after the decision was taken."""
    may_decide: bool
    """Whether this person may decide now: there is a finding, and somebody else made it."""

    @property
    def reply(self) -> Reply | None:
        """The reply that counts."""
        return self.replies[-1] if self.replies else None

    @property
    def finding(self) -> Finding | None:
        """The finding that counts."""
        return self.findings[-1] if self.findings else None

    @property
    def decision(self) -> Decision | None:
        """The decision that counts."""
        return self.decisions[-1] if self.decisions else None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What people said about a rule that is in the rulebook no more, or about a thing that is in its list no more."""

    rule: str
    item: str | None
    rule_is_gone: bool
    replies: tuple[Reply, ...]
    findings: tuple[Finding, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class CaseReview:
    """Everything a reviewer works with, most severe first."""

    case: CaseLine
    certain: tuple[ReviewFlag, ...]
    possible: tuple[ReviewFlag, ...]
    gone: tuple[ReviewFlag, ...]
    """Flags that people wrote about and that do not hold any more."""
    left: tuple[LeftBehind, ...]
    """What they wrote about rules and things that are not there any more."""
    combined: tuple[CombinedFlag, ...]
    not_fired: int
    sources: tuple[SourceLine, ...]
    talking_points: tuple[TalkingPointLine, ...]
    discussed: tuple[DiscussedLine, ...]
    corrections: tuple[Correction, ...]
    measures: tuple[Measure, ...]
    measures_offered: tuple[MeasureOffered, ...]
    conclusion: Conclusion | None
    blockers: tuple[Blocker, ...]
    actions: tuple[Action, ...]

    @property
    def flags(self) -> tuple[ReviewFlag, ...]:
        """All flags: first what is certain."""
        return (*self.certain, *self.possible)

    def find(self, rule: str, item: str | None) -> ReviewFlag | None:
        """Give one flag, or `None` when it does not hold."""
        return next((one for one in self.flags if one.flag.key == (rule, item)), None)


def case_review(db: Session, actor: Actor, case_id: str) -> CaseReview:
    """Open a case for review. That somebody read it is written in the audit log. Raises NotFound."""
    access = _open(db, actor, case_id)
    reading = read_case(db, access.case)
    said = remarks_of(db, access.case, reading)
    found = [_review_flag(reading, said, actor, outcome) for outcome in reading.assessment.flags if not outcome.further]
    found.sort(key=lambda one: (-one.flag.severity, one.flag.subject_title, one.flag.title))
    states = flag_states(reading, said)
    review = CaseReview(
        case=case_line(access.case),
        certain=tuple(one for one in found if one.flag.certain),
        possible=tuple(one for one in found if not one.flag.certain),
        gone=_gone(reading, said, actor),
        left=_left(reading, said),
        combined=reading.assessment.combined,
        not_fired=len(reading.assessment.not_fired),
        sources=sources_of(db, access.case),
        talking_points=talking_points(reading),
        discussed=discussed_of(db, access.case),
        corrections=open_corrections(db, access.case, reading),
        measures=said.measures,
        measures_offered=measures_offered(reading),
        conclusion=reviews.conclusion(db, access.case),
        blockers=blockers(states),
        actions=allowed(access.case.step, actor.roles),
    )
    read_by(db, access)
    return review


def not_fired(db: Session, actor: Actor, case_id: str) -> tuple[FlagView, ...]:
    """Give every rule that was held against the answers and did not fire, with the answers that made it so."""
    access = _open(db, actor, case_id)
    reading = read_case(db, access.case)
    read_by(db, access)
    return tuple(flag_view(reading, outcome) for outcome in reading.assessment.not_fired)


def what_is_open(db: Session, actor: Actor, case_id: str) -> OpenQuestions:
    """Give the open questions: those that can still change what a rule says, and those that cannot. Raises NotFound."""
    access = _open(db, actor, case_id)
    reading = read_case(db, access.case)
    read_by(db, access)
    return open_questions(reading)


def start_review(db: Session, actor: Actor, case_id: str) -> CaseLine:
    """Begin the review of a case that was handed in. Raises NotAllowed when it was not, or begun already."""
    access = _open(db, actor, case_id, lock=True)
    cases.move(db, access, Action.START_REVIEW)
    audit.append(db, actor, "review_started", "case", case_id, case_id=case_id)
    return case_line(access.case)


def record_finding(
    db: Session,
    actor: Actor,
    case_id: str,
    rule: str,
    item: str | None,
    motivation: str,
    advice: str = "",
    judgement: Judgement | None = None,
) -> Finding:
    """Write down what was found about a flag. For an open norm, `judgement` answers its question.

    Raises NotFound when the flag does not hold, NotAllowed without a motivation or in another step.
    """
    access = _open(db, actor, case_id, lock=True)
    advance(access.case.step, Action.RECORD_FINDING, actor.roles)
    outcome = _outcome(db, access, rule, item)
    if judgement is not None and not outcome.rule.question_for_reviewer:
        raise NotAllowed("Bij dit signaal hoort geen oordeel. De regel zegt zelf of het geldt.")
    row = FindingRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        rule=rule,
        item=item,
        motivation=required_text(motivation, "Schrijf op waarom u dit vindt. De motivering komt in het dossier."),
        advice=optional_text(advice),
        judgement=judgement,
        evidence_digest=outcome.evidence_digest,
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    cases.touch(db, access.case)
    if judgement is not None:
        # The judgement is part of the evidence: the finding is about the flag as it stands after it.
        after = read_case(db, access.case).assessment.find(rule, item)
        row.evidence_digest = after.evidence_digest if after else row.evidence_digest
    audit.append(db, actor, "finding_recorded", "flag", _flag_name(rule, item), case_id=case_id)
    return _last(remarks_of(db, access.case, read_case(db, access.case)).findings, (rule, item))


def decide(
    db: Session,
    actor: Actor,
    case_id: str,
    rule: str,
    item: str | None,
    outcome: Outcome,
    motivation: str,
    council_text: str = "",
) -> Decision:
    """Decide about a flag. Raises NotAllowed for who made the finding, without a finding, or without a motivation.

    `council_text` is what the council may read about it; empty: the title of the flag only.
    """
    access = _open(db, actor, case_id, lock=True)
    advance(access.case.step, Action.RECORD_DECISION, actor.roles)
    weighed = _outcome(db, access, rule, item)
    said = remarks_of(db, access.case, read_case(db, access.case))
    findings = said.findings.get((rule, item), ())
    require_four_eyes(findings[-1] if findings else None, actor.id)
    row = DecisionRow(
        organisation_id=access.case.organisation_id,
        case_id=case_id,
        rule=rule,
        item=item,
        outcome=outcome,
        motivation=required_text(motivation, "Schrijf op waarom u dit besluit. De motivering komt in het dossier."),
        council_text=optional_text(council_text),
        evidence_digest=weighed.evidence_digest,
        by_id=actor.id,
        by_name=actor.name,
    )
    reviews.add(db, row)
    cases.touch(db, access.case)
    audit.append(db, actor, "decision_recorded", "flag", _flag_name(rule, item), case_id=case_id)
    return _last(remarks_of(db, access.case, read_case(db, access.case)).decisions, (rule, item))


def remarks_of(db: Session, case: CaseRow, reading: CaseReading) -> Remarks:
    """Read what people said about the flags of a case."""
    return reviews.remarks(db, case, {key: one.title for key, one in reading.rulebook.measures.items()})


def flag_states(reading: CaseReading, said: Remarks) -> tuple[FlagState, ...]:
    """Put every flag together with what was said about it: what still blocks a conclusion follows from this."""
    return tuple(
        FlagState(
            flag=outcome.flag_key,
            title=flag_view(reading, outcome).title,
            severity=int(outcome.severity),
            certain=outcome.outcome is RuleSays.CERTAIN,
            awaiting_judgement=outcome.awaiting_judgement,
            evidence_digest=outcome.evidence_digest,
            reply=_newest(said.replies, outcome.flag_key),
            finding=_newest(said.findings, outcome.flag_key),
            decision=_newest(said.decisions, outcome.flag_key),
            measures=said.measures_for(outcome.flag_key),
        )
        for outcome in reading.assessment.flags
        if not outcome.further
    )


def open_conclusions(db: Session, actor: Actor, case_id: str) -> tuple[ConclusionKind, ...]:
    """Give the conclusions that do not contradict the decisions taken."""
    access = _open(db, actor, case_id)
    reading = read_case(db, access.case)
    return conclusions_open_to(flag_states(reading, remarks_of(db, access.case, reading)))


def handed_in(db: Session, access: CaseAccess) -> bool:
    """Tell whether the answers of a case are there to be read by others: not while they are filled in, nor if they never were."""
    step = access.case.step
    if step is Step.WITHDRAWN:
        return bool(answers.submissions(db, access.case))
    return step not in {Step.DRAFT, Step.INVITED, Step.ANSWERING}


def open_for_review(db: Session, actor: Actor, case_id: str, *, lock: bool = False) -> CaseAccess:
    """Open a case for somebody who reviews. Raises NotFound for anybody else, as for a case that does not exist.

    What was never handed in is nobody's to review, also when the candidate withdrew before. Raises DeclarationNeeded for a
    reviewer who has not declared yet how they stand to the candidate.
    """
    access = cases.access(db, actor, case_id, lock=lock)
    if actor.role not in REVIEWERS or not handed_in(db, access):
        raise NotFound("nothing to review here")
    access.require_content()
    return access


_open = open_for_review


def _review_flag(reading: CaseReading, said: Remarks, actor: Actor, outcome: RuleOutcome) -> ReviewFlag:
    key = outcome.flag_key
    findings, decisions = said.findings.get(key, ()), said.decisions.get(key, ())
    return ReviewFlag(
        flag=flag_view(reading, outcome),
        replies=said.replies.get(key, ()),
        findings=findings,
        decisions=decisions,
        measures=said.measures_for(key),
        look_again=bool(decisions) and needs_second_look(decisions[-1], outcome.evidence_digest),
        may_decide=bool(findings) and findings[-1].by != actor.id,
    )


def _gone(reading: CaseReading, said: Remarks, actor: Actor) -> tuple[ReviewFlag, ...]:
    """Nothing that people wrote disappears because an answer changed."""
    written = {*said.findings, *said.decisions, *said.replies}
    return tuple(
        _review_flag(reading, said, actor, outcome)
        for outcome in reading.assessment.not_fired
        if outcome.flag_key in written
    )


def _left(reading: CaseReading, said: Remarks) -> tuple[LeftBehind, ...]:
    """Nor because a rule left the book, such as one of a code of conduct that was replaced."""
    weighed = {outcome.flag_key for outcome in (*reading.assessment.flags, *reading.assessment.not_fired)}
    rules = {rule.id for rule in reading.rulebook.rules}
    written = dict.fromkeys((*said.findings, *said.decisions, *said.replies))
    return tuple(
        LeftBehind(
            rule=key[0],
            item=key[1],
            rule_is_gone=key[0] not in rules,
            replies=said.replies.get(key, ()),
            findings=said.findings.get(key, ()),
            decisions=said.decisions.get(key, ()),
        )
        for key in written
        if key not in weighed and key[0] != reviews.WHOLE_CASE
    )


def _outcome(db: Session, access: CaseAccess, rule: str, item: str | None) -> RuleOutcome:
    outcome = read_case(db, access.case).assessment.find(rule, item)
    if outcome is None:
        raise NotFound("no such flag")
    return outcome


def _newest(by_flag: Mapping[FlagKey, tuple[_Said, ...]], key: FlagKey) -> _Said | None:
    said = by_flag.get(key, ())
    return said[-1] if said else None


def _last(by_flag: Mapping[FlagKey, tuple[_Said, ...]], key: FlagKey) -> _Said:
    return by_flag[key][-1]


def _flag_name(rule: str, item: str | None) -> str:
    return rule if item is None else f"{rule}[{item}]"
