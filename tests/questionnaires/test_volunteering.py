"""What a candidate tells without being asked, in a case that only asks what the law asks."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conditions.facts import NOT_ASKED, GroupState, Open
from app.questionnaires.answers import Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.context import AskedScope, CaseContext, LegalFrame
from app.questionnaires.kinds import Scope
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire, Respondent
from app.questionnaires.progress import no_longer_asked, progress
from app.questionnaires.relevance import resurvey, survey
from app.questionnaires.volunteering import begin_a_story, in_order, kept_out, moved, of_practice, volunteered
from tests.questionnaires.small import a_context
from tests.questionnaires.strategies import answers_to

ASKED = newest("kandidaat-bestuurder")
THEIRS = tuple(ASKED.beyond_the_law)
NARROW = a_context(scope=AskedScope.STATUTORY)
narrow = st.sampled_from([NARROW, a_context(legal_frame=LegalFrame.BILL_36892)])
some = st.lists(st.sampled_from(THEIRS), unique=True).map(lambda chosen: in_order(ASKED, chosen))


def telling(*sections: str, context: CaseContext = NARROW) -> CaseContext:
    return replace(context, volunteered=sections)


def told(answers: Answers) -> Answers:
    """Only what the law asks: as if nobody ever told more."""
    return Answers(
        {path: answer for path, answer in answers if path.question not in of_practice(ASKED)}, answers.item_ids
    )


@settings(max_examples=30)
@given(narrow, answers_to(ASKED))
def test_nothing_of_practice_is_asked_unless_somebody_volunteers_it(context: CaseContext, answers: Answers):
    look = survey(ASKED, answers, context)
    assert {ASKED.question(path.question).scope for path in look.asked} == {Scope.STATUTORY}
    assert not look.voluntary
    assert not [path for path in look.waiting if path.question in of_practice(ASKED)]


@settings(max_examples=30)
@given(narrow, some, some, answers_to(ASKED))
def test_volunteering_never_removes_a_question(
    context: CaseContext, first: tuple[str, ...], more: tuple[str, ...], answers: Answers
):
    before = survey(ASKED, answers, telling(*first, context=context))
    after = survey(ASKED, answers, telling(*in_order(ASKED, (*first, *more)), context=context))
    assert set(before.asked) <= set(after.asked)
    for section in THEIRS:
        if section not in more:
            assert after.sections[section] == before.sections[section], "another section is as it was"


@settings(max_examples=30)
@given(narrow, some, answers_to(ASKED))
def test_what_is_volunteered_and_left_empty_says_nothing(context: CaseContext, chosen: tuple[str, ...], any_: Answers):
    answers = told(any_)
    before, after = survey(ASKED, answers, context), survey(ASKED, answers, telling(*chosen, context=context))
    assert after.facts == before.facts
    counted = progress(ASKED, after, answers)
    assert counted.open == progress(ASKED, before, answers).open
    assert (counted.asked, counted.answered) == tuple(
        getattr(progress(ASKED, before, answers), name) for name in ("asked", "answered")
    )
    free = {path for one in counted.sections for path in one.voluntary}
    assert free == set(after.asked) - set(before.asked)


@settings(max_examples=30)
@given(st.data(), narrow, some, answers_to(ASKED))
def test_looking_again_is_looking_at_everything(
    data: st.DataObject, context: CaseContext, chosen: tuple[str, ...], answers: Answers
):
    case = telling(*chosen, context=context)
    before = survey(ASKED, answers, case)
    path = data.draw(st.sampled_from(before.asked))
    changes = [answers.clear(path), answers.put(path, Answer(AnswerState.DOES_NOT_KNOW))]
    changes += [answers.put(path, answer) for answer in [data.draw(answers_to(ASKED)).get(path)] if answer]
    for changed in changes:
        assert resurvey(before, ASKED, changed, case, path) == survey(ASKED, changed, case)


@settings(max_examples=30)
@given(some, answers_to(ASKED))
def test_whoever_is_asked_everything_volunteers_nothing(chosen: tuple[str, ...], answers: Answers):
    assert survey(ASKED, answers, telling(*chosen, context=a_context())) == survey(ASKED, answers, a_context())
    assert not kept_out(ASKED, a_context())


def test_the_bill_asks_no_more_than_the_law_even_where_practice_is_chosen():
    bill = a_context(legal_frame=LegalFrame.BILL_36892, scope=AskedScope.PRACTICE)
    assert survey(ASKED, Answers(), bill).sections == survey(ASKED, Answers(), NARROW).sections


def test_only_sections_of_the_candidate_can_be_volunteered():
    checks = [one.id for one in ASKED.sections if one.respondent is not Respondent.CANDIDATE]
    assert of_practice(ASKED) & {one.id for name in checks for one in ASKED.section(name).questions}, "or this is empty"
    assert not volunteered(ASKED, telling(*checks))
    assert in_order(ASKED, [*checks, "money", "career", "office", "money"]) == ("career", "money")


def test_what_follows_from_something_told_is_asked_as_always():
    look = survey(ASKED, Answers().put(AnswerPath("money_matters"), answered(("arrears",))), telling("money"))
    assert look.facts.top["arrears_amount"] == Open(("arrears_amount",))
    assert "money_matters" in begin_a_story(ASKED)
    assert "arrears_amount" not in begin_a_story(ASKED)


def test_a_thing_of_a_volunteered_list_is_asked_about_as_always():
    answers = Answers().add_item("relatives", "r1").put(AnswerPath("relatives"), answered("yes"))
    look = survey(ASKED, answers, telling("family"))
    assert look.facts.groups["relatives"].state is GroupState.OPEN
    assert look.facts.groups["relatives"].items[0].readings["tie"] == Open(("relatives[r1].tie",))
    assert not progress(ASKED, look, answers).open[0].question.startswith("relatives")


def test_a_volunteered_field_of_a_list_of_the_law_says_nothing_while_it_is_empty():
    answers = Answers().add_item("real_estate", "r1").put(AnswerPath("real_estate"), answered("yes"))
    path = AnswerPath("real_estate.special_right", "r1")
    look = survey(ASKED, answers, telling("real_estate"))
    assert path in look.asked
    found = look.facts.groups["real_estate"]
    assert (found.items[0].readings["special_right"], found.further["special_right"]) == (NOT_ASKED, NOT_ASKED)
    said = survey(ASKED, answers.put(path, answered("yes")), telling("real_estate"))
    assert said.facts.groups["real_estate"].items[0].readings["special_right"] == "yes"


def test_what_was_told_does_not_count_once_it_is_taken_back_and_is_not_lost():
    path = AnswerPath("money_matters")
    answers = Answers().put(path, answered(("arrears",)))
    away = survey(ASKED, answers, NARROW)
    assert away.facts.top["money_matters"] is NOT_ASKED
    assert no_longer_asked(away, answers) == (path,)
    assert survey(ASKED, answers, telling("money")).facts.top["money_matters"] == ("arrears",)


def test_not_knowing_is_an_answer_that_was_volunteered():
    answers = Answers().put(AnswerPath("money_matters"), Answer(AnswerState.DOES_NOT_KNOW))
    look = survey(ASKED, answers, telling("money"))
    assert look.facts.top["money_matters"] == Open(("money_matters",))
    (money,) = (one for one in progress(ASKED, look, answers).sections if one.section == "money")
    assert (money.asked, money.answered, money.voluntary) == (1, 1, ())


def test_a_section_in_which_only_volunteered_questions_wait_stays_in_sight():
    look = survey(ASKED, Answers(), telling("money"))
    (money,) = (one for one in progress(ASKED, look, Answers()).sections if one.section == "money")
    assert (money.asked, money.complete, money.voluntary) == (0, True, (AnswerPath("money_matters"),))


@pytest.mark.parametrize("gone", [False, True])
def test_in_a_newer_version_volunteering_follows_its_questions(small: Questionnaire, gone: bool):
    office, interests, checks = small.sections
    hours = next(one for one in office.questions if one.id == "hours")
    left = office.model_copy(update={"questions": tuple(one for one in office.questions if one is not hours)})
    there = interests if gone else interests.model_copy(update={"questions": (hours, *interests.questions)})
    newer = small.model_copy(update={"version": 2, "sections": (left, there, checks)})
    newer = Questionnaire.model_validate(newer.model_dump() | {"sections": newer.sections})
    assert moved(small, small, ["office"]) == ("office",)
    assert moved(small, newer, ["office"]) == (() if gone else ("interests",))
    assert moved(small, newer, []) == ()
