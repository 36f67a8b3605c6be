"""What would settle a flag: held against every way of answering a questionnaire small enough to try them all."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conditions.tree import All, Any, Count, Node, Not, Test
from app.questionnaires.answers import NONE, OPEN_LIST, Answer, AnswerPath, Answers, AnswerState, answered
from app.risk_rules import settling as module
from app.risk_rules.rulebook import Judgement, Outcome, RuleKind
from app.risk_rules.settling import Settling, settling
from app.risk_rules.still_open import still_open
from tests.rules.settling_worlds import (
    a_book,
    a_case,
    cases,
    every_answer,
    nodes,
    open_paths,
    outcomes,
    said,
    still_possible,
    weighed,
)

FIRST = Test("first", "is", "yes")
SECOND = Test("second", "is", "red")
THIRD = Test("third", "is", "yes")
BIG = Test("things.big", "is", "yes")
FULL_TIME = Test("context.full_time", "is", "yes")


def settles(when: Node, answers: Answers | None = None, group: str | None = None) -> Settling:
    """What settles the one flag of a rule."""
    book, case = a_book(when, group), a_case(answers or Answers())
    [flag] = [one for one in outcomes(book, case) if one.outcome is Outcome.POSSIBLE]
    return settling(book, case, flag)


@given(st.data())
@settings(max_examples=100)
def test_answering_what_settles_always_settles(data: st.DataObject):
    group = data.draw(st.sampled_from((None, "things")))
    book, case = a_book(data.draw(nodes(group)), group), data.draw(cases())
    for flag in outcomes(book, case):
        found = settling(book, case, flag)
        assert found.exact
        assert (found == Settling()) is (flag.outcome is not Outcome.POSSIBLE)
        after = [one for one in every_answer(case, found.paths) if still_possible(book, one, case, flag)]
        assert after == []


@given(st.data())
@settings(max_examples=100)
def test_no_smaller_set_always_does(data: st.DataObject):
    group = data.draw(st.sampled_from((None, "things")))
    book, case = a_book(data.draw(nodes(group)), group), data.draw(cases())
    for flag in outcomes(book, case):
        paths = settling(book, case, flag).paths
        # whatever is smaller lies within one of these, and answering more never opens what was settled
        for smaller in combinations(open_paths(case), len(paths) - 1) if paths else ():
            assert any(still_possible(book, one, case, flag) for one in every_answer(case, smaller)), smaller


@given(st.data())
@settings(max_examples=60)
def test_answering_what_does_not_matter_changes_nothing(data: st.DataObject):
    group = data.draw(st.sampled_from((None, "things")))
    book, case = a_book(data.draw(nodes(group)), group), data.draw(cases())
    found = still_open(book, case, weighed(book, case))
    before = said(book, case)
    for path in set(open_paths(case)) - set(found.matters):
        assert all(said(book, after) == before for after in every_answer(case, [path])), path


@given(st.data())
@settings(max_examples=60)
def test_what_settles_a_flag_is_among_what_matters(data: st.DataObject):
    group = data.draw(st.sampled_from((None, "things")))
    book, case = a_book(data.draw(nodes(group)), group), data.draw(cases())
    found = still_open(book, case, weighed(book, case))
    for flag in outcomes(book, case):
        assert set(settling(book, case, flag).paths) <= set(found.matters)


@given(st.data())
@settings(max_examples=60)
def test_when_it_takes_too_long_what_is_named_still_settles(data: st.DataObject):
    group = data.draw(st.sampled_from((None, "things")))
    book, case = a_book(data.draw(nodes(group)), group), data.draw(cases())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MOST_STATES", 1)
        for flag in outcomes(book, case):
            found = settling(book, case, flag)
            assert found.exact is (flag.outcome is not Outcome.POSSIBLE)
            assert not any(still_possible(book, one, case, flag) for one in every_answer(case, found.paths))


def test_a_follow_up_question_belongs_to_what_settles_though_it_may_never_come():
    assert settles(THIRD) == Settling(now=("first",), later=("third",))


def test_a_condition_that_asks_twice_needs_only_what_decides_it():
    twice = Any((All((FIRST, SECOND)), All((Not(FIRST), SECOND))))
    assert settles(twice).paths == ("first", "second")
    either = Any((Test("second", "is", "red"), Test("second", "is_any_of", ("blue", "green"))))
    assert settles(All((FIRST, either))).paths == ("first", "second")
    always = All((FIRST, Any((FIRST, SECOND))))
    assert settles(always).paths == ("first",)


def test_the_smallest_set_is_smaller_than_all_that_is_missing():
    """The third question is only asked when the first is yes, and then the second no longer counts."""
    when = Any((All((FIRST, FULL_TIME)), All((Not(FIRST), SECOND, THIRD))))
    assert "second" in outcomes(a_book(when, None), a_case(Answers()))[0].missing
    assert settles(when) == Settling(now=("first",), case_facts=("context.full_time",))


def test_an_unfinished_list_is_settled_by_finishing_it():
    exists = Count("things", BIG, at_least=1)
    assert settles(exists).now == ("things",)
    started = Answers().add_item("things", "t1").put(AnswerPath("things"), answered(OPEN_LIST))
    assert settles(exists, started).now == ("things", "things[t1].big")
    known = started.put(AnswerPath("things.big", "t1"), answered("no"))
    assert settles(exists, known).now == ("things",)


def test_what_may_still_be_added_is_settled_by_the_list_and_by_what_lies_outside_it():
    assert settles(BIG, group="things").paths == ("things",)
    assert settles(All((BIG, FULL_TIME)), group="things").paths == ("things", "context.full_time")
    empty = Answers().put(AnswerPath("things"), answered(NONE))
    [outcome] = outcomes(a_book(BIG, "things"), a_case(empty))
    assert settling(a_book(BIG, "things"), a_case(empty), outcome) == Settling()


@pytest.mark.parametrize("state", [AnswerState.DOES_NOT_KNOW, AnswerState.ORAL])
def test_an_answer_that_says_nothing_has_yet_to_be_given(state: AnswerState):
    assert settles(FIRST, Answers().put(AnswerPath("first"), Answer(state))).now == ("first",)


def test_an_answer_given_before_its_question_went_away_need_not_be_given_again():
    given_before = Answers().put(AnswerPath("third"), answered("yes"))
    assert settles(THIRD, given_before).paths == ("first",)
    case = a_case(given_before)
    book = a_book(THIRD, None)
    assert still_open(book, case, weighed(book, case)).matters == ("first",)


def test_only_a_person_settles_an_open_norm():
    book, case = a_book(FIRST, None, RuleKind.OPEN_NORM), a_case(Answers())
    [flag] = outcomes(book, case)
    assert settling(book, case, flag) == Settling(now=("first",), judgement="judgement(TST-01)")
    facts_there = a_case(Answers().put(AnswerPath("first"), answered("yes")))
    [flag] = outcomes(book, facts_there)
    assert flag.awaiting_judgement
    assert settling(book, facts_there, flag) == Settling(judgement="judgement(TST-01)")
    assert still_open(book, facts_there, weighed(book, facts_there)).judgements == ("judgement(TST-01)",)


def test_a_judgement_that_was_given_is_not_asked_again():
    book, case = a_book(FIRST, None, RuleKind.OPEN_NORM), a_case(Answers())
    [flag] = outcomes(book, case, Judgement("TST-01", None, applies=True))
    assert settling(book, case, flag) == Settling(now=("first",))


def test_open_questions_are_parted_in_what_matters_and_what_does_not():
    case = a_case(Answers().put(AnswerPath("first"), answered("no")))
    book = a_book(All((THIRD, SECOND)), None)
    found = still_open(book, case, weighed(book, case))
    assert found.matters == ()
    assert found.no_longer == ("second", "things")
