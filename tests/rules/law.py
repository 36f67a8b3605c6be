"""The law as the rulebook holds it, and a short way to ask what it says about a wethouder."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from app.conditions.yaml_source import load
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import CaseContext, Office, Tier, YesOrNo
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import facts
from app.risk_rules.assess import Assessment, RuleOutcome, assess
from app.risk_rules.loading import LIBRARY, load_rulebook
from app.risk_rules.rulebook import Judgement, Rule, RuleBook

APPOINTMENT = date(2026, 12, 15)
SUBJECTS = ("requirements", "vog", "incompatible", "prohibited_acts", "abstention", "side_positions")


@cache
def questionnaire() -> Questionnaire:
    return newest()


@cache
def rulebook() -> RuleBook:
    return load_rulebook(questionnaire())


@cache
def law() -> tuple[Rule, ...]:
    """The rules that state the law for a wethouder."""
    return tuple(rule for rule in rulebook().rules if rule.subject in SUBJECTS)


@cache
def register() -> Mapping[str, Mapping[str, Any]]:
    """The register of sources as it was written."""
    content, source = load(LIBRARY / "sources.yaml")
    assert not source.problems
    return {str(entry["key"]): entry for entry in content["sources"]}


def weigh(
    answers: Mapping[str, Any],
    *judgements: Judgement,
    appointment: date | None = APPOINTMENT,
    as_of: date = date(2026, 11, 23),
    full_time: YesOrNo | None = "yes",
) -> Assessment:
    """Assess a candidate wethouder with these answers, in the format of files."""
    context = CaseContext(
        tier=Tier.MUNICIPALITY,
        office=Office.WETHOUDER,
        as_of=as_of,
        appointment_date=appointment,
        full_time=full_time,
        portfolio=("culture",),
    )
    return assess(rulebook(), facts(questionnaire(), read_answers(questionnaire(), answers), context), judgements)


def said(assessment: Assessment, rule_id: str, item: str | None = None) -> str:
    """The outcome of one rule in a word."""
    found = assessment.find(rule_id, item)
    assert found is not None, f"{rule_id} was not looked at"
    return str(found.outcome)


def bars(assessment: Assessment) -> set[str]:
    """The rules that are a legal bar for certain."""
    return {flag.rule.id for flag in certain(assessment) if flag.severity == 4}


def certain(assessment: Assessment) -> list[RuleOutcome]:
    return [flag for flag in assessment.flags if flag.outcome == "certain"]
