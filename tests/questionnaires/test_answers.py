import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.conditions.facts import Party, Value
from app.errors import NotFound
from app.questionnaires.answers import (
    Answer,
    AnswerPath,
    Answers,
    AnswerState,
    answered,
    value_from_jsonable,
)
from app.questionnaires.model import Questionnaire
from tests.questionnaires.strategies import answers_to


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("vog_status", AnswerPath("vog_status")),
        ("companies", AnswerPath("companies")),
        ("companies[co1]", AnswerPath("companies", "co1")),
        ("companies[co1].share_pct", AnswerPath("companies.share_pct", "co1")),
    ],
)
def test_a_path_reads_as_it_is_written(text: str, path: AnswerPath):
    assert AnswerPath.parse(text) == path
    assert str(path) == text


@pytest.mark.parametrize(
    "text", ["", "A", "a b", "a[", "a[B]", "a[b", "a.b", "a[b].", "a[abcdefghijklm]", "a[b].c.d", "é"]
)
def test_what_is_no_path_is_not_found(text: str):
    with pytest.raises(NotFound):
        AnswerPath.parse(text)


def test_putting_an_answer_leaves_the_old_answers_alone():
    before = Answers().put(AnswerPath("vog_on"), answered("yes"))
    after = before.put(AnswerPath("vog_on"), answered("no"))
    assert before.value(AnswerPath("vog_on")) == "yes"
    assert after.value(AnswerPath("vog_on")) == "no"


def test_clearing_makes_a_question_unanswered():
    path = AnswerPath("vog_on")
    answers = Answers().put(path, answered("yes"))
    assert answers.clear(path) == Answers()
    assert answers.get(path) is not None


def test_an_item_that_does_not_exist_cannot_be_answered_cleared_or_removed():
    path = AnswerPath("companies.name", "co1")
    answers = Answers().add_item("companies", "co2")
    for act in (
        lambda: answers.put(path, answered("x")),
        lambda: answers.put_all([(path, answered("x"))]),
        lambda: answers.clear(path),
        lambda: answers.remove_item("companies", "co1"),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_item_is_known_by_its_id_whatever_happens_to_the_others():
    answers = Answers().add_item("companies", "co1").add_item("companies", "co2")
    answers = answers.put(AnswerPath("companies.name", "co2"), answered("Noordster"))
    left = answers.put(AnswerPath("companies.name", "co1"), answered("Zuidster")).remove_item("companies", "co1")
    assert left.items("companies") == ("co2",)
    assert left.value(AnswerPath("companies.name", "co2")) == "Noordster"
    assert left.get(AnswerPath("companies.name", "co1")) is None
    assert answers.items("companies") == ("co1", "co2")


def test_removing_the_last_item_leaves_nothing_behind():
    assert Answers().add_item("companies", "co1").remove_item("companies", "co1") == Answers()


def test_adding_an_item_twice_changes_nothing():
    once = Answers().add_item("companies", "co1")
    assert once.add_item("companies", "co1") == once


@pytest.mark.parametrize("item_id", ["", "A1", "co-1", "abcdefghijklm"])
def test_an_item_id_is_short_and_plain(item_id: str):
    with pytest.raises(ValueError, match="not an item id"):
        Answers().add_item("companies", item_id)


def test_a_value_belongs_to_answered_and_only_to_that():
    with pytest.raises(ValueError, match="answered"):
        Answer(AnswerState.ANSWERED)
    with pytest.raises(ValueError, match="answered"):
        Answer(AnswerState.ORAL, "yes")


@pytest.mark.parametrize("stored", [True, 1.5, None, {"decimal": 3}, {"what": "ever"}])
def test_what_was_never_stored_is_not_read_back(stored: object):
    with pytest.raises(ValueError, match=r"stored"):
        value_from_jsonable(stored)


def test_stored_values_keep_their_type():
    values: list[Value] = ["yes", 3, Decimal("33.50"), ("a", "b"), PartialDate(2026, 3), Party("partner", "eigenaar")]
    answers = Answers().put_all((AnswerPath(f"q{place}"), answered(value)) for place, value in enumerate(values))
    assert Answers.from_jsonable(json.loads(json.dumps(answers.to_jsonable()))) == answers


@given(data=st.data())
def test_any_answers_survive_storing(small: Questionnaire, data: st.DataObject):
    answers = data.draw(answers_to(small))
    read = Answers.from_jsonable(json.loads(json.dumps(answers.to_jsonable())))
    assert read == answers
    assert read.digest == answers.digest


@given(data=st.data())
def test_the_digest_depends_on_what_was_answered_not_on_the_order(small: Questionnaire, data: st.DataObject):
    answers = data.draw(answers_to(small))
    shuffled = data.draw(st.permutations(list(answers)))
    other = Answers(dict(shuffled), answers.item_ids)
    assert other.digest == answers.digest
    path = AnswerPath("motto")
    changed = answers.put(path, answered(f"{answers.value(path)} en meer"))
    assert changed.digest != answers.digest
