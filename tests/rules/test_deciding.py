"""Why a rule did not apply: the answers that decide, not the questions that were never asked."""

from decimal import Decimal
from typing import Any as Any_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conditions.tree import All, Any, Node, Test
from app.questionnaires.answers import NONE, AnswerPath, Answers, answered
from app.questionnaires.context import AskedScope, LegalFrame
from app.questionnaires.relevance import survey
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import assess
from app.risk_rules.deciding import deciding
from app.risk_rules.rulebook import Outcome
from tests.assess.candidates import candidate, questionnaire, rulebook
from tests.rules.settling_worlds import a_book, a_case, cases, nodes, outcomes


def decided(when: Node, group: str | None = None, **given_answers: str) -> dict[str, object]:
    answers = Answers().put_all((AnswerPath(name), answered(value)) for name, value in given_answers.items())
    case = a_case(answers)
    [outcome] = outcomes(a_book(when, group), case)
    assert outcome.outcome is Outcome.NONE
    return {evidence.path: evidence.value for evidence in deciding(case, outcome)}


def test_the_answer_that_fails_the_test_decides():
    assert decided(Test("first", "is", "yes"), first="no") == {"first": "no"}


def test_a_question_that_is_not_asked_is_followed_back_to_the_answer_that_kept_it_away():
    assert decided(Test("third", "is", "yes"), first="no") == {"first": "no"}


def test_it_is_followed_back_however_far():
    found = decided(Test("hours", "at_least", Decimal(1)), first="no", second="blue")
    assert found == {"first": "no", "second": "blue"}


def test_every_part_that_could_have_made_it_apply_has_its_answer():
    either = Any((Test("third", "is", "yes"), Test("second", "is", "red")))
    assert decided(either, first="no", second="green") == {"first": "no", "second": "green"}
    assert decided(All((Test("third", "is", "yes"), Test("second", "is", "red"))), first="no") == {"first": "no"}


def test_about_a_list_with_nothing_in_it_that_answer_decides():
    assert decided(Test("things.big", "is", "yes"), "things", things=NONE) == {"things": "no"}


@given(st.data())
@settings(max_examples=100)
def test_whatever_did_not_apply_rests_on_answers_that_stand_there(data: st.DataObject):
    group = data.draw(st.sampled_from((None, "things")))
    book, case = a_book(data.draw(nodes(group)), group), data.draw(cases())
    for outcome in outcomes(book, case):
        found = deciding(case, outcome)
        assert bool(found) is (outcome.outcome is Outcome.NONE)
        assert all(evidence.asked for evidence in found)


def test_of_what_may_still_be_added_it_is_the_answer_behind_a_field_that_decides():
    """Nobody said yet whether there are things; of none of them could it be asked whether it is ours."""
    assert decided(Test("things.ours", "is", "yes"), "things", second="red") == {"second": "red"}


@pytest.mark.parametrize("name", ["1a_architect", "3_heemraad", "5a_clean"])
@pytest.mark.parametrize(
    "about",
    [
        {"scope": AskedScope.PRACTICE},
        {"scope": AskedScope.STATUTORY},
        {"legal_frame": LegalFrame.BILL_36892},
        {"scope": AskedScope.STATUTORY, "volunteered": ("money", "family", "relations")},
    ],
    ids=["practice", "statutory", "bill", "volunteered"],
)
def test_every_rule_that_does_not_apply_to_a_worked_candidate_tells_which_answer_decides(
    name: str, about: dict[str, Any_]
):
    one = candidate(name).under(**about)
    look = survey(questionnaire(), one.answers, one.context)
    case = Supposed(questionnaire(), one.answers, one.context, look)
    for outcome in assess(rulebook(), look.facts).not_fired:
        found = deciding(case, outcome)
        assert found, outcome.flag_key
        assert all(evidence.asked for evidence in found), (outcome.flag_key, found)
