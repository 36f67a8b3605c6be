"""Six worked candidates, none of whom exists: does the product weigh them as somebody who knows the field would?"""

from dataclasses import replace

import pytest

from app.questionnaires.answers import AnswerPath
from app.questionnaires.context import AskedScope, LegalFrame
from app.risk_rules.rulebook import Judgement, Outcome
from tests.assess.candidates import NAMES, Candidate, above_1, candidate, certain, possible, questionnaire, weighed


@pytest.mark.parametrize("name", NAMES)
def test_a_candidate_answered_every_question_that_is_asked_and_no_other(name: str):
    one = candidate(name)
    survey = one.survey()
    given = {path for path, _ in one.answers}
    assert not survey.waiting
    assert sorted(map(str, set(survey.asked) ^ given)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_candidate_gets_the_flags_an_expert_expects(name: str):
    one = candidate(name)
    expect = one.expect
    assessment = one.assess()
    found = weighed(assessment)
    assert expect.keys() <= {"above_1", "asks", "includes", "noted", "highest"}
    if "above_1" in expect:
        assert above_1(assessment) == certain(expect["above_1"]) | possible(expect.get("asks", {}))
    assert all(flag.awaiting_judgement for flag in assessment.flags if flag.outcome is Outcome.POSSIBLE)
    wanted = certain({**expect.get("includes", {}), **expect.get("noted", {})})
    assert {row: found.get(row) for row in wanted} == wanted
    assert all(severity <= expect.get("highest", 4) for _, severity in found.values())


def test_another_portfolio_weighs_the_same_firm_anew():
    architect = candidate("1a_architect")
    elsewhere = architect.under(portfolio=("culture",))
    assert above_1(architect.assess()) == certain({"R09": 3, "R11": 3, "R12": 3})
    assert above_1(elsewhere.assess()) == certain({"R10": 2, "R11": 3})
    assert elsewhere.answers == architect.answers


def test_a_portfolio_that_is_not_known_yet_makes_flags_possible_and_never_silent():
    unknown = candidate("1a_architect").under(portfolio=None)
    found = above_1(unknown.assess())
    assert {row: found[row] for row in ("R09", "R10", "R12")} == {
        "R09": ("possible", 3),
        "R10": ("possible", 2),
        "R12": ("possible", 3),
    }
    assert found["R11"] == ("certain", 3)


def test_the_bill_adds_questions_for_a_person_and_takes_nothing_away():
    architect = candidate("1a_architect")
    today, proposed = architect.assess(), architect.under(legal_frame=LegalFrame.BILL_36892).assess()
    before = {flag.flag_key: flag.outcome for flag in today.flags}
    after = {flag.flag_key: flag for flag in proposed.flags}
    assert {key: after[key].outcome for key in before} == before
    added = [after[key] for key in after.keys() - before.keys()]
    assert {flag.rule.id for flag in added} == {"BIL-01"}
    assert all(flag.outcome is Outcome.POSSIBLE and flag.awaiting_judgement for flag in added)


@pytest.mark.parametrize(("applies", "outcome"), [(True, Outcome.CERTAIN), (False, Outcome.NONE)])
def test_only_a_person_settles_the_norm_of_the_bill(applies: bool, outcome: Outcome):
    proposed = candidate("1a_architect").under(legal_frame=LegalFrame.BILL_36892)
    found = proposed.assess(Judgement("BIL-01", "co1", applies)).find("BIL-01", "co1")
    assert found is not None
    assert found.outcome is outcome


@pytest.mark.parametrize("name", ["5a_clean", "6_council_member"])
def test_a_clean_candidate_stays_clean_with_every_portfolio(name: str):
    one = candidate(name)
    for policy_field in ("spatial", "energy", "sport", "culture", "social_care", "general"):
        assert above_1(one.under(portfolio=(policy_field,)).assess()) == {}, policy_field


def test_what_is_left_blank_is_never_taken_for_no():
    """Every answer of the clean candidate that keeps some flag away brings it back as possible when it is cleared."""
    clean = candidate("5a_clean")
    for question in ("companies", "real_estate", "money_matters", "disputes", "past_matters"):
        blank = Candidate(clean.context, clean.answers.clear(AnswerPath(question)), clean.expect)
        came_back = above_1(blank.assess())
        assert came_back, question
        assert {outcome for outcome, _ in came_back.values()} == {"possible"}, question


def test_giving_up_the_chair_with_proof_weighs_less_than_saying_so():
    given_up = candidate("2b_sports_club_given_up")
    path = AnswerPath("side_positions.gives_up_evidence", "sp1")
    answer = given_up.answers.get(path)
    assert answer is not None
    unproven = Candidate(given_up.context, given_up.answers.put(path, replace(answer, value="no")), given_up.expect)
    assert weighed(given_up.assess())["R14"] == ("certain", 1)
    assert weighed(unproven.assess())["R14"] == ("certain", 2)


def test_two_risks_about_one_interest_are_shown_as_one_that_weighs_more():
    given_up = candidate("2b_sports_club_given_up")
    path = AnswerPath("side_positions.gives_up_evidence", "sp1")
    answer = given_up.answers.get(path)
    assert answer is not None
    unproven = Candidate(given_up.context, given_up.answers.put(path, replace(answer, value="no")), given_up.expect)
    assert given_up.assess().combined == ()
    [combined] = unproven.assess().combined
    assert (combined.id, int(combined.severity)) == ("CMB-01", 3)
    assert set(combined.keys) == {("SPR-01", "sp1"), ("SPR-04", "sp1")}


def test_every_item_of_a_worked_candidate_has_a_question_behind_it():
    groups = questionnaire().groups
    for name in NAMES:
        assert candidate(name).answers.item_ids.keys() <= groups.keys()


@pytest.mark.parametrize("name", ["1a_architect", "2a_sports_club"])
def test_what_the_law_asks_is_enough_for_the_heavy_flags_and_nothing_else_stays_open(name: str):
    """In the narrow scope the voluntary questions are not asked; that is no blank, so no flag waits for them."""
    one = candidate(name)
    narrow = one.under(scope=AskedScope.STATUTORY)
    voluntary = {path for path in one.survey().asked if path not in narrow.survey().asked}
    assert AnswerPath("money_matters") in voluntary
    assert above_1(narrow.assess()) == above_1(one.assess())
    bare = replace(narrow, answers=narrow.answers.clear(AnswerPath("money_matters")))
    assert weighed(bare.assess()) == weighed(narrow.assess())
