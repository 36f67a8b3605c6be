import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conditions.evaluate import evaluate
from app.conditions.facts import NOT_ASKED, Binding, GroupState, Open, bindings
from app.conditions.kleene import Kleene
from app.questionnaires.answers import Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.context import AskedScope, Tier
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire, Respondent
from app.questionnaires.progress import no_longer_asked, progress
from app.questionnaires.relevance import Survey, facts, survey
from tests.questionnaires.small import a_context
from tests.questionnaires.strategies import answers_to


def answers(**given: str) -> Answers:
    return Answers().put_all((AnswerPath(name), answered(value)) for name, value in given.items())


def test_a_question_that_does_not_apply_can_never_be_a_reason(small: Questionnaire):
    found = facts(small, answers(resident="yes", exemption="granted"), a_context())
    assert found.top["exemption"] is NOT_ASKED


def test_a_question_that_may_still_come_is_open_because_of_what_it_waits_for(small: Questionnaire):
    look = survey(small, Answers(), a_context())
    assert look.facts.top["exemption"] == Open(("resident",))
    assert AnswerPath("exemption") not in look.asked
    assert look.waiting[AnswerPath("exemption")] == ("resident",)


def test_a_question_two_steps_away_waits_for_the_first_step(small: Questionnaire):
    assert facts(small, Answers(), a_context()).top["moves_on"] == Open(("resident",))
    assert facts(small, answers(resident="no"), a_context()).top["moves_on"] == Open(("exemption",))
    assert facts(small, answers(resident="yes"), a_context()).top["moves_on"] is NOT_ASKED


@pytest.mark.parametrize("state", [AnswerState.DOES_NOT_KNOW, AnswerState.ORAL])
def test_what_somebody_does_not_know_stays_open(small: Questionnaire, state: AnswerState):
    given = Answers().put(AnswerPath("resident"), Answer(state))
    look = survey(small, given, a_context())
    assert look.facts.top["resident"] == Open(("resident",))
    assert look.facts.top["exemption"] == Open(("resident",))
    assert progress(small, look, given).sections[0].answered == 1


def test_an_answer_counts_again_when_its_question_comes_back(small: Questionnaire):
    given = answers(resident="no", exemption="granted")
    away = given.put(AnswerPath("resident"), answered("yes"))
    assert no_longer_asked(survey(small, away, a_context()), away) == (AnswerPath("exemption"),)
    back = away.put(AnswerPath("resident"), answered("no"))
    assert facts(small, back, a_context()).top["exemption"] == "granted"


def test_the_tier_decides_what_is_asked(small: Questionnaire):
    assert facts(small, Answers(), a_context()).top["dike"] is NOT_ASKED
    assert facts(small, Answers(), a_context(tier=Tier.WATER_BOARD)).top["dike"] == Open(("dike",))


def test_only_what_the_law_asks_leaves_practice_out(small: Questionnaire):
    assert facts(small, Answers(), a_context(scope=AskedScope.STATUTORY)).top["hours"] is NOT_ASKED
    assert facts(small, Answers(), a_context()).top["hours"] == Open(("hours",))


@pytest.mark.parametrize(
    ("gate", "items", "state"),
    [
        (None, (), GroupState.ASKED),
        (None, ("a",), GroupState.ASKED),
        ("no", ("a",), GroupState.NONE),
        ("yes", (), GroupState.OPEN),
        ("yes", ("a",), GroupState.OPEN),
        ("complete", ("a",), GroupState.CLOSED),
        ("complete", (), GroupState.OPEN),
    ],
)
def test_a_list_is_only_closed_when_somebody_says_so(
    small: Questionnaire, gate: str | None, items: tuple[str, ...], state: GroupState
):
    given = Answers() if gate is None else answers(companies=gate)
    for item_id in items:
        given = given.add_item("companies", item_id)
    found = facts(small, given, a_context()).groups["companies"]
    assert found.state is state
    assert [item.id for item in found.items] == (list(items) if gate in {"yes", "complete"} else [])
    assert found.open_because == ("companies",)


def test_fields_of_an_item_depend_on_that_item(small: Questionnaire):
    given = answers(companies="complete", resident="yes").add_item("companies", "a").add_item("companies", "b")
    given = given.put(AnswerPath("companies.distance", "a"), answered("no"))
    given = given.put(AnswerPath("companies.name", "b"), answered("Noordster"))
    first, second = facts(small, given, a_context()).groups["companies"].items
    assert first.readings["distance"] == Open(("companies[a].share_pct",))
    assert first.readings["value"] == Open(("companies[a].share_pct",))
    assert second.readings["name"] == "Noordster"
    assert second.readings["partner"] is NOT_ASKED


def test_a_further_item_knows_what_it_will_not_be_asked(small: Questionnaire):
    assert facts(small, answers(companies="yes"), a_context()).groups["companies"].further == {}
    found = facts(small, answers(companies="yes", resident="yes"), a_context()).groups["companies"]
    assert found.further == {"partner": NOT_ASKED}


def test_a_count_over_a_list_opens_a_question(small: Questionnaire):
    given = answers(companies="yes").add_item("companies", "a")
    assert facts(small, given, a_context()).top["several"] == Open(("companies",))
    two = given.add_item("companies", "b")
    assert facts(small, two, a_context()).top["several"] == Open(("several",))
    closed = given.put(AnswerPath("companies"), answered("complete"))
    assert facts(small, closed, a_context()).top["several"] is NOT_ASKED


def test_questions_are_shown_in_reading_order(small: Questionnaire):
    given = answers(resident="no", companies="yes").add_item("companies", "b").add_item("companies", "a")
    shown = [str(path) for path in survey(small, given, a_context()).asked]
    assert shown[:3] == ["resident", "exemption", "vog_on"]
    listed = [path for path in shown if path.startswith("companies[")]
    assert [path.split("]")[0] for path in listed] == ["companies[b"] * 4 + ["companies[a"] * 4


def test_progress_counts_per_section_and_per_person(small: Questionnaire):
    given = answers(resident="yes", companies="yes")
    look = survey(small, given, a_context())
    office, interests = progress(small, look, given).sections
    assert (office.asked, office.answered, office.complete) == (6, 1, False)
    assert (interests.asked, interests.answered, interests.open) == (1, 0, (AnswerPath("companies"),))
    (checks,) = progress(small, look, given, Respondent.REVIEWER).sections
    assert checks.open == (AnswerPath("checked"),)


def test_everything_answered_is_complete(small: Questionnaire):
    given = answers(companies="no")
    while still_open := progress(small, survey(small, given, a_context()), given).open:
        given = given.put(still_open[0], Answer(AnswerState.DOES_NOT_KNOW))
    found = progress(small, survey(small, given, a_context()), given)
    assert found.complete
    assert found.asked == found.answered == 7


def test_a_list_called_complete_without_anything_in_it_still_waits(small: Questionnaire):
    given = answers(companies="complete")
    assert AnswerPath("companies") in progress(small, survey(small, given, a_context()), given).open


@given(data=st.data())
def test_more_answers_never_turn_what_is_settled_about_a_question(small: Questionnaire, data: st.DataObject):
    """Filling in a blank never makes a known value unknown, nor a question that was ruled out come back."""
    given = data.draw(answers_to(small))
    before = survey(small, given, a_context())
    open_paths = [path for path in before.asked if given.get(path) is None]
    if not open_paths:
        return
    path = data.draw(st.sampled_from(open_paths))
    more = data.draw(answers_to(small)).get(AnswerPath(path.question)) if path.item is None else None
    if more is None or more.value is None:
        return
    after = facts(small, given.put(path, more), a_context())
    for name, reading in before.facts.top.items():
        if not isinstance(reading, Open):
            assert after.top[name] == reading


@given(data=st.data())
def test_any_answers_can_be_surveyed(small: Questionnaire, data: st.DataObject):
    given = data.draw(answers_to(small))
    for tier in Tier:
        look = survey(small, given, a_context(tier=tier))
        assert len(set(look.asked)) == len(look.asked)
        assert not set(look.asked) & look.waiting.keys()
        found = progress(small, look, given)
        assert found.answered <= found.asked


def told(look: Survey, path: AnswerPath) -> Kleene:
    """What the survey says of one question."""
    if path in look.asked:
        return Kleene.YES
    return Kleene.UNKNOWN if path in look.waiting else Kleene.NO


@given(data=st.data())
def test_the_quick_way_and_the_explaining_way_agree(small: Questionnaire, data: st.DataObject):
    """What is asked is what the conditions say when they are weighed with reasons."""
    agree(small, data)


@settings(max_examples=8)
@given(data=st.data())
def test_they_agree_on_the_real_questionnaire(data: st.DataObject):
    agree(newest(), data)


def agree(questionnaire: Questionnaire, data: st.DataObject) -> None:
    given = data.draw(answers_to(questionnaire))
    look = survey(questionnaire, given, a_context(tier=data.draw(st.sampled_from(Tier)), portfolio=("housing",)))
    for question in questionnaire.questions.values():
        if question.relevant_when is None or (question.tiers and look.facts.context["tier"] not in question.tiers):
            continue
        if question.group is None:
            verdict = evaluate(question.relevant_when, look.facts)
            path = AnswerPath(question.id)
            assert told(look, path) is verdict.truth
            assert look.waiting.get(path, ()) == (verdict.missing if verdict.truth is Kleene.UNKNOWN else ())
            continue
        for bound in bindings(look.facts, question.group):
            assert bound.item is not None
            truth = evaluate(question.relevant_when, look.facts, bound).truth
            assert told(look, AnswerPath(question.id, bound.item.id)) is truth
        group = look.facts.groups[question.group]
        if group.may_grow:
            truth = evaluate(question.relevant_when, look.facts, Binding(question.group, None, group)).truth
            assert (group.further.get(question.field) is NOT_ASKED) is (truth is Kleene.NO)
