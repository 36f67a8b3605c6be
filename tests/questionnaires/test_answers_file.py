import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.conditions.facts import Party
from app.conditions.yaml_source import Source, parse_text
from app.errors import Broken
from app.questionnaires.answers import Answer, AnswerPath, Answers, AnswerState, answered
from app.questionnaires.answers_file import read_answers, write_answers
from app.questionnaires.model import Questionnaire
from tests.questionnaires.strategies import answers_to

WHOLE = """\
resident: no
exemption: granted
vog_on: 2026-03-12
hours: 40
matters: [loan, arrears]
remark: {state: oral, note: liever in gesprek}
companies:
  - {id: co1, name: Noordster, share_pct: 33.5, distance: no, partner: {relation: partner, interest: eigenaar}}
  - {share_pct: {state: does_not_know}}
moves_on: 2026-03
"""


def read(questionnaire: Questionnaire, text: str) -> Answers:
    source = Source("case.yaml")
    mapping: Any = parse_text(text, source)
    assert not source.problems
    return read_answers(questionnaire, mapping, file="case.yaml")


def problems(questionnaire: Questionnaire, text: str) -> list[str]:
    with pytest.raises(Broken) as broken:
        read(questionnaire, text)
    return [str(problem) for problem in broken.value.problems]


def test_every_kind_of_answer_can_be_written(small: Questionnaire):
    answers = read(small, WHOLE)
    expected: dict[str, object] = {
        "resident": "no",
        "vog_on": PartialDate(2026, 3, 12),
        "moves_on": PartialDate(2026, 3),
        "hours": 40,
        "matters": ("arrears", "loan"),
        "companies": "complete",
        "companies[co1].share_pct": Decimal("33.50"),
        "companies[co1].partner": Party("partner", "eigenaar"),
    }
    assert {path: answers.value(AnswerPath.parse(path)) for path in expected} == expected
    assert answers.items("companies") == ("co1", "i1")
    assert answers.get(AnswerPath("companies.share_pct", "i1")) == Answer(AnswerState.DOES_NOT_KNOW)
    assert answers.get(AnswerPath("remark")) == Answer(AnswerState.ORAL, None, "liever in gesprek")
    assert answers.get(AnswerPath("motto")) is None


@pytest.mark.parametrize(
    ("written", "gate", "items"),
    [
        ("companies: []", "no", ()),
        ("companies: no", "no", ()),
        ("companies: yes", "yes", ()),
        ("companies: [{name: a}]", "complete", ("i1",)),
        ("companies: {items: [{name: a}]}", "complete", ("i1",)),
        ("companies: {items: [{name: a}], complete: false}", "yes", ("i1",)),
    ],
)
def test_a_list_says_whether_it_is_finished(small: Questionnaire, written: str, gate: str, items: tuple[str, ...]):
    answers = read(small, written)
    assert answers.value(AnswerPath("companies")) == gate
    assert answers.items("companies") == items


def test_a_number_given_by_us_never_takes_the_place_of_a_given_name(small: Questionnaire):
    answers = read(small, "companies: [{name: a}, {id: i1, name: b}]")
    assert answers.value(AnswerPath("companies.name", "i1")) == "b"
    assert len(answers.items("companies")) == 2


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("residant: yes", "case.yaml:1: unknown question 'residant' → did you mean 'resident'?"),
        ("companies.name: x", "case.yaml:1: 'companies.name' belongs to a group → write it as 'name' inside"),
        ("resident: maybe", "resident: 'maybe' is neither yes nor no"),
        ("exemption: grantd", "'grantd' is not an option → did you mean 'granted'?"),
        ("matters: []", "is not a list of options"),
        ("matters: [debt]", "'debt' is not an option"),
        ("matters: [none, loan]", "`none` excludes every other option"),
        ("hours: '40'", "'40' is not a whole number"),
        ("hours: true", "True is not a whole number"),
        ("hours: -1", "-1 is out of range → from 0 to 2000"),
        ("motto: 12", "12 is not a text"),
        (f"motto: {'a' * 501}", "501 characters is too long → at most 500"),
        ("vog_on: 2026-02-30", "'2026-02-30' is not a date"),
        ("vog_on: 2026-02", "2026-02 is not precise enough"),
        ("remark: {state: perhaps}", "unknown state 'perhaps'"),
        ("remark: {state: oral, value: x}", "a state goes with nothing but a note"),
        ("companies: maybe", "companies is a group and cannot be 'maybe'"),
        ("companies: {items: [], complete: perhaps}", "companies is a group and cannot be"),
        ("companies: {state: never}", "unknown state 'never'"),
        ("companies: {state: oral, extra: 1}", "a state goes with nothing but a note"),
        ("companies: [x]", "an item of companies cannot be 'x'"),
        ("companies: [{id: A-1}]", "item id 'A-1' cannot be used"),
        ("companies: [{id: a}, {id: a}]", "item id 'a' cannot be used"),
        ("companies: [{nam: x}]", "unknown field 'nam' in companies → did you mean 'name'?"),
        ("companies: [{share_pct: 101}]", "101 is not a percentage"),
        ("companies: [{share_pct: 1.234}]", "Decimal('1.234') is not a percentage"),
        ("companies: [{share_pct: true}]", "True is not a percentage"),
        ("companies: [{value: much}]", "'much' is not an option"),
        ("companies: [{partner: anna}]", "'anna' is not a relation with an interest"),
        ("companies: [{partner: {relation: anna}}]", "'anna' is not an option"),
    ],
)
def test_every_mistake_is_named_with_a_remedy(small: Questionnaire, written: str, said: str):
    (problem,) = problems(small, written)
    assert said in problem


def test_a_list_may_be_kept_for_the_conversation_too(small: Questionnaire):
    answers = read(small, "companies: {state: oral, note: ingewikkeld}")
    assert answers.get(AnswerPath("companies")) == Answer(AnswerState.ORAL, None, "ingewikkeld")
    assert write_answers(small, answers) == {"companies": {"state": "oral", "note": "ingewikkeld"}}


def test_all_mistakes_are_told_at_once_each_with_its_line(small: Questionnaire):
    found = problems(small, "residnt: yes\nhours: many\ncompanies:\n  - name: a\n    share_pct: lots\n")
    assert [problem.split(": ")[0] for problem in found] == ["case.yaml:1", "case.yaml:2", "case.yaml:5"]


def test_plain_mappings_are_read_too_without_lines(small: Questionnaire):
    assert read_answers(small, {"resident": True, "companies": [{"name": "a"}]}).items("companies") == ("i1",)
    with pytest.raises(Broken, match="unknown question"):
        read_answers(small, {"nothing": 1})


def test_something_that_is_no_mapping_is_one_problem(small: Questionnaire):
    with pytest.raises(Broken, match="answers are a mapping"):
        read_answers(small, ["resident"])  # type: ignore[arg-type] # what a broken file may hold


@given(data=st.data())
def test_what_is_written_reads_back_the_same(small: Questionnaire, data: st.DataObject):
    answers = data.draw(answers_to(small))
    written = json.loads(json.dumps(write_answers(small, answers), default=str))
    again = read_answers(small, written)
    for question in small.questions.values():
        # a list without an answer to "do you have any" has no way of its own to be written
        if question.kind == "group" and (gate := answers.get(AnswerPath(question.id))) is not None and not gate.note:
            listed = gate.value in {"yes", "complete"}
            assert again.value(AnswerPath(question.id)) == gate.value
            assert again.items(question.id) == (answers.items(question.id) if listed else ())
        elif question.group is None and question.kind != "group":
            assert again.get(AnswerPath(question.id)) == answers.get(AnswerPath(question.id))
    for path, answer in again:
        if path.item is not None:
            assert answers.get(path) == answer


def test_a_remark_beside_an_answer_is_kept(small: Questionnaire):
    answers = Answers().put(AnswerPath("resident"), answered("yes", "sinds kort"))
    assert read_answers(small, write_answers(small, answers)) == answers


def test_answers_are_written_in_the_order_of_the_questionnaire(small: Questionnaire):
    assert write_answers(small, read(small, WHOLE)) == {
        "resident": "no",
        "exemption": "granted",
        "moves_on": "2026-03",
        "vog_on": "2026-03-12",
        "hours": 40,
        "matters": ["arrears", "loan"],
        "remark": {"state": "oral", "note": "liever in gesprek"},
        "companies": [
            {
                "id": "co1",
                "name": "Noordster",
                "share_pct": "33.50",
                "distance": "no",
                "partner": {"relation": "partner", "interest": "eigenaar"},
            },
            {"id": "i1", "share_pct": {"state": "does_not_know"}},
        ],
    }
