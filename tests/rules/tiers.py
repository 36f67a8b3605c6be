"""A candidate at any kind of authority, weighed with the rulebook: what bars the appointment, and what it cites."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.conditions.facts import Facts
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, Tier, YesOrNo
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.assess import Assessment, RuleOutcome, assess
from app.risk_rules.grounds import grounds
from app.risk_rules.rulebook import Judgement, Outcome, Severity
from tests.rules.law import APPOINTMENT, questionnaire, rulebook


@dataclass(frozen=True)
class Weighed:
    """What the rulebook says about one candidate."""

    tier: Tier
    facts: Facts
    assessment: Assessment

    def found(self, rule: str, item: str | None = None) -> RuleOutcome | None:
        return self.assessment.find(rule, item)

    def said(self, rule: str, item: str | None = None) -> str:
        """The outcome of one rule in a word; "" when the rule does not exist here."""
        found = self.found(rule, item)
        return "" if found is None else str(found.outcome)

    def flags(self, subject: str, outcome: Outcome = Outcome.CERTAIN) -> list[RuleOutcome]:
        return [one for one in self.assessment.flags if one.rule.subject == subject and one.outcome is outcome]

    def bars(self, subject: str = "incompatible") -> list[RuleOutcome]:
        return [one for one in self.flags(subject) if one.severity is Severity.LEGAL_BAR]

    def cited(self, outcome: RuleOutcome) -> list[str]:
        """The places that ground an outcome, in short: "GW 36b lid 1 a"."""
        return [basis.place for basis in grounds(outcome, self.facts, self.tier)]


def weighed(
    tier: Tier,
    answers: Mapping[str, Any],
    *judgements: Judgement,
    appointment: date | None = APPOINTMENT,
    as_of: date = date(2026, 11, 23),
    reappointment: YesOrNo | None = "no",
) -> Weighed:
    """Weigh a candidate with these answers, in the format of files."""
    context = CaseContext(
        tier=tier,
        office=OFFICE_OF_TIER[tier],
        as_of=as_of,
        appointment_date=appointment,
        full_time="yes",
        portfolio=("finance",),
        reappointment=reappointment,
    )
    facts = facts_of(questionnaire(), read_answers(questionnaire(), answers), context)
    return Weighed(tier, facts, assess(rulebook(), facts, judgements))
