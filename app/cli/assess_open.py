"""What `assess` says about what is still open: what would decide a possible flag, and which questions still matter."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from app.cli.case_file import CaseFile
from app.conditions.facts import Facts
from app.questionnaires.relevance import Survey
from app.questionnaires.supposing import Supposed
from app.risk_rules import explain
from app.risk_rules.assess import Assessment, RuleOutcome
from app.risk_rules.rulebook import Outcome, RuleBook
from app.risk_rules.settling import settling
from app.risk_rules.still_open import still_open


class Part(BaseModel):
    """A part of a report: cannot be changed, and has no fields but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class QuestionOpen(Part):
    """A question whose answer could still change the outcome."""

    path: str
    question: str


class SettledBy(Part):
    """The smallest set of open questions that decides a possible flag, whatever the answers are."""

    now: tuple[QuestionOpen, ...]
    """To be answered at once; by the candidate or, in the section for it, by a reviewer."""
    later: tuple[QuestionOpen, ...]
    """Only asked after some of those answers, and perhaps not at all."""
    case_facts: tuple[QuestionOpen, ...]
    """Facts of the case that are not known yet: `context.portfolio`."""
    judgement: bool
    """A person must weigh the norm besides: no answer settles that."""
    smallest: bool
    """False when it took too long to find the smallest set: all of this settles it, and perhaps less would."""


class OpenQuestions(Part):
    """The open questions of a case in two sorts."""

    still_matter: tuple[QuestionOpen, ...]
    """An answer can still change the outcome or the weight of a rule. Facts of the case are among them."""
    no_longer_matter: tuple[QuestionOpen, ...]
    """Asked and not answered, and no answer changes what any rule says."""
    judgements: tuple[str, ...]
    """What a person must weigh: `judgement(ABS-01[co1])`."""


def supposed(case: CaseFile, look: Survey) -> Supposed:
    """Give a case from a file as the place from which answers are supposed."""
    return Supposed(case.questionnaire, case.answers, case.context, look)


def settled_by(rulebook: RuleBook, case: Supposed, outcome: RuleOutcome) -> SettledBy | None:
    """Say what would decide one outcome; None when it is decided."""
    if outcome.outcome is not Outcome.POSSIBLE:
        return None
    found = settling(rulebook, case, outcome)
    return SettledBy(
        now=questions(found.now, rulebook, case.facts),
        later=questions(found.later, rulebook, case.facts),
        case_facts=questions(found.case_facts, rulebook, case.facts),
        judgement=bool(found.judgement),
        smallest=found.exact,
    )


def open_questions(rulebook: RuleBook, case: Supposed, assessment: Assessment) -> OpenQuestions:
    """Part the open questions of a case."""
    found = still_open(rulebook, case, assessment)
    return OpenQuestions(
        still_matter=questions(found.matters, rulebook, case.facts),
        no_longer_matter=questions(found.no_longer, rulebook, case.facts),
        judgements=found.judgements,
    )


def questions(paths: Iterable[str], rulebook: RuleBook, facts: Facts) -> tuple[QuestionOpen, ...]:
    """Name open questions."""
    named = (explain.open_question(path, rulebook, facts) for path in paths)
    return tuple(QuestionOpen(path=one.path, question=one.question) for one in named)
