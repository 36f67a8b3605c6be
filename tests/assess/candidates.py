"""The worked candidates: files that `assess` reads, with what is expected of each under `expect`.

expect:
  above_1   exactly these rows of the practice catalogue carry a certain flag above severity 1, with this severity
  asks      exactly these rows carry a possible flag above severity 1 (left out: none); all other answers are given, so
            each of them waits for the judgement of a person on an open norm
  includes  at least these rows carry a certain flag, with this severity (for tiers whose rules of law are not complete)
  noted     these rows carry a certain flag of severity 1 or less
  highest   no flag weighs more than this
A flag whose rule stands in no row of the catalogue counts under the id of its rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.cli.case_file import read_case
from app.conditions.yaml_source import load
from app.questionnaires.answers import Answers
from app.questionnaires.context import CaseContext
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import Survey, survey
from app.risk_rules.assess import Assessment, assess
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import Judgement, Outcome, RuleBook

FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@dataclass(frozen=True)
class Candidate:
    """One worked candidate, and what is expected."""

    context: CaseContext
    answers: Answers
    expect: Mapping[str, Any]

    def under(self, **changes: Any) -> "Candidate":
        """The same person with the same answers, for another case."""
        return replace(self, context=replace(self.context, **changes))

    def survey(self) -> Survey:
        return survey(questionnaire(), self.answers, self.context)

    def assess(self, *judgements: Judgement) -> Assessment:
        return assess(rulebook(), self.survey().facts, judgements)


@cache
def questionnaire() -> Questionnaire:
    return newest()


@cache
def rulebook() -> RuleBook:
    return load_rulebook(questionnaire())


@cache
def candidate(name: str) -> Candidate:
    path = FOLDER / f"{name}.yaml"
    content, _ = load(path)
    case = read_case(path, date.min)
    assert case.questionnaire.digest == questionnaire().digest
    return Candidate(case.context, case.answers, content["expect"])


Weighed = dict[str, tuple[str, int]]


def weighed(assessment: Assessment) -> Weighed:
    """Per row of the catalogue the heaviest flag: how certain, and how heavy."""
    found: Weighed = {}
    for flag in assessment.flags:
        for row in flag.rule.catalogue or (flag.rule.id,):
            here = (str(flag.outcome), int(flag.severity))
            found[row] = max(found.get(row, here), here, key=lambda one: one[1])
    return found


def certain(rows: Mapping[str, int]) -> Weighed:
    """What `weighed` gives when exactly these rows are certain."""
    return {row: (str(Outcome.CERTAIN), severity) for row, severity in rows.items()}


def possible(rows: Mapping[str, int]) -> Weighed:
    """What `weighed` gives when exactly these rows are possible."""
    return {row: (str(Outcome.POSSIBLE), severity) for row, severity in rows.items()}


def above_1(assessment: Assessment) -> Weighed:
    return {row: flag for row, flag in weighed(assessment).items() if flag[1] > 1}
