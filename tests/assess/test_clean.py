"""Somebody with nothing to report, at every kind of authority: no false alarms, and nothing left open."""

from datetime import date
from itertools import product

import pytest

from app.conditions.dates import PartialDate
from app.conditions.facts import Value
from app.questionnaires.answers import NONE, AnswerPath, Answers, answered
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, LegalFrame, Tier
from app.questionnaires.kinds import Choices, Group, Question, Text, YesNo
from app.questionnaires.relevance import survey
from app.risk_rules.assess import assess
from app.risk_rules.rulebook import Outcome
from tests.assess.candidates import above_1, questionnaire, rulebook

# what a clean answer is where it is not simply "no" or "none of these"
CLEAN: dict[str, Value] = {
    "office_facts_correct": "yes",
    "is_resident": "yes",
    "wb_membership": "elected",
    "is_adult": "yes",
    "nationality": "dutch",
    "vog_status": "received",
    "vog_issued_on": PartialDate(2026, 11, 2),
    "public_cv": "consistent",
    "works_for_authority": "no",
    "kinship_board": "none",
    "code_read": "yes",
    "information_understood": "yes",
}


def clean_answer(question: Question) -> Value:
    if question.id in CLEAN:
        return CLEAN[question.id]
    match question:
        case Group():
            return NONE
        case YesNo():
            return "no"
        case Choices():
            return ("none",)
        case Text():
            return "Geen."
        case _:
            raise AssertionError(f"say what a clean answer to {question.id} is")


def clean_answers(context: CaseContext) -> Answers:
    """Answer what is asked, until nothing more is asked."""
    answers = Answers()
    while True:
        asked = survey(questionnaire(), answers, context).asked
        blank = [path for path in asked if answers.get(path) is None]
        if not blank:
            return answers
        answers = answers.put_all(
            (path, answered(clean_answer(questionnaire().question(path.question)))) for path in blank
        )


def case(tier: Tier, legal_frame: LegalFrame, portfolio: tuple[str, ...]) -> CaseContext:
    return CaseContext(
        tier=tier,
        office=OFFICE_OF_TIER[tier],
        as_of=date(2026, 11, 23),
        full_time="yes",
        portfolio=portfolio,
        appointment_date=date(2026, 12, 15),
        legal_frame=legal_frame,
        reappointment="no",
    )


@pytest.mark.parametrize(("tier", "legal_frame"), tuple(product(Tier, LegalFrame)))
def test_nothing_to_report_means_no_flags_above_1_and_nothing_open(tier: Tier, legal_frame: LegalFrame):
    for policy_field in questionnaire().policy_fields:
        context = case(tier, legal_frame, (policy_field.id,))
        found = assess(rulebook(), survey(questionnaire(), clean_answers(context), context).facts)
        assert above_1(found) == {}, policy_field.id
        assert [flag.rule.id for flag in found.flags if flag.outcome is Outcome.POSSIBLE] == [], policy_field.id


def test_saying_yes_to_every_gate_without_details_leaves_flags_possible_and_none_certain_above_1():
    """A list that is known to hold something, but not what: everything may still be so, nothing is certain."""
    context = case(Tier.MUNICIPALITY, LegalFrame.IN_FORCE, ("spatial",))
    answers = clean_answers(context).put_all((AnswerPath(group), answered("yes")) for group in questionnaire().groups)
    found = above_1(assess(rulebook(), survey(questionnaire(), answers, context).facts))
    assert {outcome for outcome, _ in found.values()} == {"possible"}
    assert {"R01", "R05", "R09", "R11", "R14", "R16", "R19", "R24", "R25", "R34", "R36", "R37"} <= found.keys()
