"""What `assess` says about a case, as values with a fixed shape: the text and the JSON are made from these.

The shape of the JSON is a promise (`docs/reference/assess.schema.json`, generated from here): fields may be added, but
never change their meaning. `format` counts up when something is taken away.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from app.cli.assess_open import (
    OpenQuestions,
    Part,
    QuestionOpen,
    SettledBy,
    open_questions,
    questions,
    settled_by,
    supposed,
)
from app.cli.case_file import CaseFile
from app.conditions.facts import Facts
from app.conditions.kleene import Evidence
from app.questionnaires.answers import value_to_jsonable
from app.questionnaires.kinds import Group
from app.questionnaires.progress import no_longer_asked
from app.questionnaires.relevance import survey
from app.questionnaires.showing import item_title
from app.questionnaires.supposing import Supposed
from app.questionnaires.wording import fill
from app.reviews.decisions import SEVERITY_TITLES
from app.risk_rules import explain
from app.risk_rules.assess import Assessment, Digests, RuleOutcome, assess
from app.risk_rules.deciding import deciding
from app.risk_rules.rulebook import Outcome, RuleBook

_STRENGTH = {Outcome.CERTAIN: 0, Outcome.POSSIBLE: 1, Outcome.NONE: 2}


class AnswerQuoted(Part):
    """An answer, or a fact of the case, that carries an outcome."""

    path: str
    """Where the answer stands: `companies[co1].share_pct`, `context.portfolio`, `judgement(COM-01[co1])`."""
    question: str
    """The question, in Dutch."""
    answer: str
    """The answer, in Dutch, as it was given."""
    value: Any
    """The answer as it is stored: an option id, a number, a list, `{"date": …}`, `{"decimal": …}`, `{"party": …}`."""
    asked: bool
    """False when the question does not apply here: that is then the whole reason."""


class NormCited(Part):
    """A place in the law or in practice on which the rule rests."""

    text: str
    """The citation, in Dutch: art. 36b, eerste lid, onderdeel l, Gemeentewet."""
    url: str
    about: str
    """What that place says, in our own words; may be empty."""
    interpretation: bool
    """Whether the reading of the text is ours."""
    note: str


class MeasureProposed(Part):
    """A kind of measure that usually answers this flag."""

    id: str
    title: str
    what: str


class Adjustment(Part):
    """A circumstance that makes the flag weigh more or less. Not `certain`: it may, once more is answered."""

    by: int
    because: str
    certain: bool


class RuleResult(Part):
    """What one rule says about one thing."""

    rule: str
    title: str
    subject: str
    subject_title: str
    outcome: Literal["certain", "possible", "none"]
    item: str | None
    """The path of the item it is about (`companies[co1]`); null for the case as a whole."""
    item_title: str
    severity: Annotated[int, Field(ge=0, le=4)]
    severity_title: str
    kind: str
    frame: str
    text: str
    """What there is to say, in Dutch: a statement when certain, a question when possible, the title when none."""
    because: tuple[AnswerQuoted, ...]
    """The answers that make the outcome what it is: also why a rule does not apply."""
    missing: tuple[QuestionOpen, ...]
    """The open questions that could still change it; empty unless the outcome is possible."""
    settled_by: SettledBy | None
    """The smallest set of open questions that decides it; null unless the outcome is possible."""
    decided_by: tuple[AnswerQuoted, ...]
    """Why a rule does not apply, followed back to answers that were given; empty unless the outcome is none."""
    norms: tuple[NormCited, ...]
    interpretation: str
    """How we read the law where it does not say it in so many words; may be empty."""
    exempting_authority: str
    """Who may grant an exemption, in Dutch; empty when nobody may."""
    question_for_reviewer: str
    """What a person has to judge about an open norm; empty for other rules."""
    considerations: tuple[str, ...]
    consequence: str
    advice: str
    council: str
    """Why the point counts, for the council: about the candidate and not to the candidate."""
    measures: tuple[MeasureProposed, ...]
    adjustments: tuple[Adjustment, ...]
    awaiting_judgement: bool
    """The facts of an open norm are there; a person has yet to weigh them."""
    motivation: str
    """Why a person judged about an open norm as they did; empty without a judgement."""
    further: bool
    """About an item that may still be added to a list that is not finished."""
    catalogue: tuple[str, ...]
    statements: tuple[str, ...]


class Combined(Part):
    """Several certain flags about one thing, which together weigh more."""

    id: str
    title: str
    text: str
    severity: int
    severity_title: str
    flags: tuple[str, ...]
    """The flags it joins: `COM-01[co1]`."""


class Receipt(Part):
    """What the outcome was made from and with. Equal receipts mean equal outcomes; digests are SHA-256."""

    engine: str
    questionnaire_digest: str
    rulebook_digest: str
    answers_digest: str
    context_digest: str
    judgements_digest: str
    as_of: date


class AssessReport(Part):
    """Everything the rules say about one case. First what is certain, then what is possible, then the rest."""

    format: Literal["toetssteen-assess/1"] = "toetssteen-assess/1"
    title: str
    questionnaire: str
    context: dict[str, str | list[str] | None]
    results: tuple[RuleResult, ...]
    combined: tuple[Combined, ...]
    open_questions: OpenQuestions
    not_counted: tuple[str, ...]
    """Paths of answers that do not count, because their question is not asked in this case."""
    receipt: Receipt

    def of(self, outcome: Literal["certain", "possible", "none"]) -> tuple[RuleResult, ...]:
        """Give the results with one outcome."""
        return tuple(result for result in self.results if result.outcome == outcome)


def report_on(case: CaseFile, rulebook: RuleBook) -> AssessReport:
    """Weigh every rule that exists for this case, and write down what it says."""
    look = survey(case.questionnaire, case.answers, case.context)
    facts = look.facts
    digests = Digests(case.questionnaire.digest, case.answers.digest, case.context.digest)
    assessment = assess(rulebook, facts, case.judgements, digests)
    here = supposed(case, look)
    results = [_result(case, rulebook, here, outcome) for outcome in _sorted(assessment)]
    receipt = assessment.receipt
    return AssessReport(
        title=case.title,
        questionnaire=f"{case.questionnaire.id}.v{case.questionnaire.version}",
        context=case.context.to_jsonable(),
        results=tuple(results),
        combined=tuple(
            Combined(
                id=one.id,
                title=one.title,
                text=fill(one.text, case.context.tier),
                severity=int(one.severity),
                severity_title=SEVERITY_TITLES[int(one.severity)],
                flags=tuple(_key(rule, item) for rule, item in one.keys),
            )
            for one in assessment.combined
        ),
        open_questions=open_questions(rulebook, here, assessment),
        not_counted=tuple(str(path) for path in no_longer_asked(look, case.answers)),
        receipt=Receipt(
            engine=receipt.engine,
            questionnaire_digest=receipt.questionnaire_digest,
            rulebook_digest=receipt.rulebook_digest,
            answers_digest=receipt.answers_digest,
            context_digest=receipt.context_digest,
            judgements_digest=receipt.judgements_digest,
            as_of=receipt.as_of,
        ),
    )


def _sorted(assessment: Assessment) -> list[RuleOutcome]:
    """Put certain before possible before none, and heavy before light; else the order of the rulebook."""
    return sorted(assessment.outcomes, key=lambda one: (_STRENGTH[one.outcome], -one.severity))


def _key(rule: str, item: str | None) -> str:
    return rule if item is None else f"{rule}[{item}]"


def _result(case: CaseFile, rulebook: RuleBook, here: Supposed, outcome: RuleOutcome) -> RuleResult:
    rule, facts = outcome.rule, here.facts

    def said(template: str) -> str:
        return explain.filled(template, outcome, facts, rulebook.vocabulary)

    carried = {evidence.path: evidence for evidence in outcome.because}.values()
    title, item = _item(case, outcome)
    return RuleResult(
        rule=rule.id,
        title=said(rule.title),
        subject=rule.subject,
        subject_title=rulebook.subjects[rule.subject].title,
        outcome=outcome.outcome.value,
        item=item,
        item_title=title,
        severity=int(outcome.severity),
        severity_title=SEVERITY_TITLES[int(outcome.severity)],
        kind=rule.kind.value,
        frame=rule.frame.value,
        text=explain.flag_text(outcome, facts, rulebook.vocabulary),
        because=tuple(_quoted(evidence, rulebook, facts) for evidence in carried),
        missing=questions(outcome.missing, rulebook, facts),
        settled_by=settled_by(rulebook, here, outcome),
        decided_by=tuple(_quoted(evidence, rulebook, facts) for evidence in deciding(here, outcome)),
        norms=tuple(
            NormCited(text=one.text, url=one.url, about=one.about, interpretation=one.interpretation, note=one.note)
            for one in explain.norms_of(outcome, rulebook, facts)
        ),
        interpretation=said(rule.interpretation),
        exempting_authority=said(rule.exempting_authority.get(str(case.context.tier), "")),
        question_for_reviewer=said(rule.question_for_reviewer),
        considerations=tuple(said(one) for one in rule.considerations),
        consequence=said(rule.consequence),
        advice=said(rule.advice),
        council=said(rule.council),
        measures=tuple(
            MeasureProposed(id=one.id, title=said(one.title), what=said(one.what))
            for one in (rulebook.measures[name] for name in rule.measures)
        ),
        adjustments=tuple(
            Adjustment(by=one.by, because=said(one.because), certain=one.certain) for one in outcome.adjustments
        ),
        awaiting_judgement=outcome.awaiting_judgement,
        motivation=next((one.motivation for one in case.judgements if (one.rule, one.item) == outcome.flag_key), ""),
        further=outcome.further,
        catalogue=rule.catalogue,
        statements=rule.statements,
    )


def _quoted(evidence: Evidence, rulebook: RuleBook, facts: Facts) -> AnswerQuoted:
    said = explain.quote(evidence, rulebook, facts)
    value = None if evidence.value is None else value_to_jsonable(evidence.value)
    return AnswerQuoted(path=said.path, question=said.question, answer=said.answer, value=value, asked=evidence.asked)


def _item(case: CaseFile, outcome: RuleOutcome) -> tuple[str, str | None]:
    """Name the item an outcome is about, and give its path."""
    group = case.questionnaire.groups.get(outcome.rule.for_each or "")
    if not isinstance(group, Group) or outcome.item is None:
        return "", None
    return item_title(group, outcome.item, case.answers, case.context.tier), f"{group.id}[{outcome.item}]"
