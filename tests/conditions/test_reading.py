"""From YAML to a condition: what can be wrong is found at once, with the line and what to do."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.conditions.checking import check, repeated
from app.conditions.dates import PartialDate
from app.conditions.fields import Fields, top_list
from app.conditions.operators import OPERATORS
from app.conditions.parsing import parse
from app.conditions.tree import All, Any, Count, Node, Not, Period, Reference, Test, canonical, reads
from app.conditions.yaml_source import Source, did_you_mean, load, parse_text
from app.questionnaires.loading import newest
from app.questionnaires.vocabulary import vocabulary_of
from app.risk_rules.rulebook import RuleKind
from tests.conditions.worlds import VOCABULARY


def read(text: str, group: str | None = None) -> tuple[Node | None, list[str]]:
    source = Source("rules.yaml")
    node = parse(parse_text(text, source), source)
    if node is not None:
        check(node, VOCABULARY, source, group)
    return node, [str(problem) for problem in source.problems]


def test_every_shape_of_condition_is_read():
    node, problems = read(
        """
        all:
          - any: [{answer: ok, is: yes}, {context: tier, is: province}]
          - not: {answer: field, is_any_of: [housing, land]}
          - count: {in: companies, where: {answer: companies.pct, at_least: 50.5}, at_least: 1, at_most: 3}
          - exists: {in: ties_of}
          - {answer: day, within: {months: 3, before: context.appointment_date}}
          - {answer: day, older_than: {years: 1, at: 2026-03}}
          - {answer: day, before: 2019}
          - {answer: field, shares_with: context.portfolio}
          - {answer: text, is_given: true}
        """
    )
    assert problems == []
    assert node == All(
        (
            Any((Test("ok", "is", "yes"), Test("context.tier", "is", "province"))),
            Not(Test("field", "is_any_of", ("housing", "land"))),
            Count("companies", Test("companies.pct", "at_least", Decimal("50.5")), 1, 3),
            Count("ties_of", None, 1),
            Test("day", "within", Period("before", Reference("context.appointment_date"), months=3)),
            Test("day", "older_than", Period("at", PartialDate(2026, 3), years=1)),
            Test("day", "before", PartialDate(2019)),
            Test("field", "shares_with", Reference("context.portfolio")),
            Test("text", "is_given", None),
        )
    )
    assert node is not None
    assert reads(node) >= {"ok", "context.tier", "companies", "companies.pct", "context.portfolio", "ties_of"}
    assert node.position.line == 2


@pytest.mark.parametrize("text", [row.example for row in OPERATORS.values()])
def test_the_example_of_every_operator_fits_the_real_questionnaire(text: str):
    source = Source("operators")
    node = parse(parse_text(text, source), source)
    assert node is not None
    found = re.search(r"answer: (\w+)\.", text)
    check(node, vocabulary_of(newest()), source, found[1] if found else None)
    assert source.problems == []


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("{answer: day, within: soon}", "takes a period", "for example"),
        ("{answer: day, before: true}", "takes a date", "for example"),
        (
            "{answer: qwertyuiopas.pct, at_least: 5}",
            "unknown question 'qwertyuiopas.pct'",
            "did you mean 'companies.pct'?",
        ),
        ("{all: [yes]}", "a condition is a mapping", "one of them only"),
        ("{}", "not one condition: empty", "one of them only"),
        ("{al: []}", "unknown kind of condition 'al'", "did you mean 'all'?"),
        ("{all: [], any: []}", "not one condition: all, any", "one of them only"),
        ("{all: []}", "'all' takes a list", "write all: [ … ]"),
        ("{all: {answer: ok, is: yes}}", "'all' takes a list", "write all: [ … ]"),
        ("{not: {answer: ok, is: yes}, why: x}", "'why' cannot stand beside 'not'", "wrap both in all"),
        ("{answer: ok}", "has no operator", "one test, one operator"),
        ("{answer: pct, at_least: 5, at_most: 9}", "more than one operator: at_least, at_most", "combine tests"),
        ("{answer: ok, iss: yes}", "unknown operator 'iss'", "did you mean 'is'?"),
        ("{answer: 3, is: yes}", "names a question, not 3", "write its id"),
        ("{answer: ok, is: [yes]}", "'is' takes one option", "for example {answer: vog_status"),
        ("{answer: ok, is: true}", "'is' takes one option, not True", "for example"),
        ("{answer: field, is_any_of: housing}", "takes a list of options", "for example"),
        ("{answer: pct, at_least: many}", "takes a number, not 'many'", "for example"),
        ("{answer: day, before: 2026-02-30}", "takes a date", "for example"),
        ("{answer: day, within: {months: 3}}", "counts from one date", "add before, after or at"),
        ("{answer: day, within: {before: 2026}}", "a number of years, months or days", "months: 3"),
        ("{answer: day, within: {months: -3, before: 2026}}", "a number of years, months or days", "months: 3"),
        ("{answer: day, within: {months: 3, befor: 2026}}", "unknown part of a period 'befor'", "'before'"),
        ("{answer: day, within: {months: 3, before: [1]}}", "not a date: [1]", "write 2026-03-12"),
        ("{answer: day, older_than: {months: 3, before: 2026}}", "'older_than' counts at a date", "write at"),
        ("{answer: day, within: {months: 3, at: 2026}}", "'within' counts before or after", "write before or after"),
        ("{answer: text, is_given: false}", "only takes true", "not:"),
        ("{count: {where: {answer: ok, is: yes}}}", "needs the list to look in", "in: companies"),
        ("{count: {in: companies}}", "needs a bound", "add at_least"),
        ("{count: {in: companies, at_least: two}}", "is a whole number", "write at_least: 2"),
        ("{count: {in: companies, at_least: 0}}", "always holds", "count at_least 1"),
        ("{count: {in: companies, at_least: 3, at_most: 2}}", "never holds", "turn the bounds"),
        ("{exists: {in: companies, at_least: 2}}", "unknown part of 'exists' 'at_least'", "choose from: in, where"),
        ("{exists: {in: company}}", "unknown list 'company'", "did you mean 'companies'?"),
        ("{exists: {in: ok}}", "'ok' is a question, not a list", ""),
        ("{answer: okay, is: yes}", "unknown question 'okay'", "did you mean 'ok'?"),
        ("{answer: company.pct, at_least: 5}", "unknown question 'company.pct'", "companies.pct"),
        ("{context: teir, is: province}", "unknown question 'context.teir'", "did you mean 'context.tier'?"),
        ("{answer: companies.ok, is: yes}", "no item is in hand here", "for_each companies"),
        ("{exists: {in: ties_of, where: {answer: companies.ok, is: yes}}}", "no item is in hand here", "for_each"),
        ("{answer: ok, at_least: 5}", "'at_least' does not work on 'ok', which is yes_no", "use one of: is, is_given"),
        ("{answer: field, is: house}", "unknown option of 'field': 'house'", "did you mean 'housing'?"),
        ("{answer: ok, is: ja}", "unknown option of 'ok': 'ja'", "choose from: no, yes"),
        ("{answer: companies, is: complete}", "unknown option of 'companies': 'complete'", "choose from: no, yes"),
        ("{answer: field, is_any_of: [land, land]}", "named twice", "name it once"),
        ("{answer: pct, at_least: 150}", "not a percentage", "0 to 100"),
        ("{answer: money, at_least: 2000}", "lies inside a band", "use a bound: 1000"),
        ("{answer: field, shares_with: ok}", "needs two choices", "name a choice"),
        ("{answer: field, shares_with: ties}", "no option in common", "compare other ones"),
        ("{answer: day, before: pct}", "compares dates, but the other is percentage", "name a date"),
        ("{answer: day, within: {months: 3, before: pct}}", "compares dates", "name a date"),
    ],
)
def test_every_mistake_has_a_message_and_a_remedy(text: str, message: str, remedy: str):
    _, problems = read(text)
    assert len(problems) == 1, problems
    assert problems[0].startswith("rules.yaml:1: ")
    said, _, advice = problems[0].partition(" → ")
    assert message in said
    assert remedy in advice


def test_all_mistakes_are_told_at_once_with_their_lines():
    _, problems = read(
        """
        all:
          - {answer: okay, is: yes}
          - {answer: pct, at_least: 150}
          - any:
              - {answer: field, iz: housing}
              - {answer: field, is: house}
        """
    )
    assert [problem.split(":")[1] for problem in sorted(problems)] == ["3", "4", "6", "7"]


def test_inside_a_count_the_item_is_one_of_the_counted_list():
    assert read("{exists: {in: companies, where: {answer: companies.ok, is: yes}}}")[1] == []
    assert read("{answer: companies.ok, is: yes}", group="companies")[1] == []


def test_a_question_that_is_tested_twice_is_pointed_out():
    node, _ = read("{any: [{answer: ok, is: yes}, {not: {answer: ok, is: yes}}, {answer: pct, at_least: 3}]}")
    assert node is not None
    assert repeated(node) == ("ok",)


def test_yaml_is_read_as_people_mean_it():
    source = Source("a.yaml")
    found = parse_text(
        "{a: no, b: 2:4, c: 007, d: 1.50, e: 2026-10-01, f: true, g: ~, h: '12', i: 12, j: 2026-02-30, k: 1e3}", source
    )
    assert found == {
        "a": "no",
        "b": "2:4",
        "c": "007",
        "d": Decimal("1.50"),
        "e": date(2026, 10, 1),
        "f": True,
        "g": None,
        "h": "12",
        "i": 12,
        "j": "2026-02-30",
        "k": "1e3",
    }
    assert source.problems == []


def test_a_key_that_occurs_twice_and_a_merge_key_are_problems():
    source = Source("a.yaml")
    assert parse_text("x: 1\ny: 2\nx: 3\n<<: {z: 4}\n", source) == {"x": 1, "y": 2}
    assert [str(problem) for problem in source.problems] == [
        "a.yaml:3: the key 'x' occurs twice (first on line 1) → remove one",
        "a.yaml:4: a merge key (<<) hides what is meant → write the fields out",
    ]


@pytest.mark.parametrize("text", ["a: [1, 2", "a: 'x", "a: b: c", "\t- x", "a: \x00"])
def test_what_is_not_yaml_is_a_problem_and_no_crash(text: str):
    source = Source("a.yaml")
    assert parse_text(text, source) is None
    assert "not YAML" in str(source.problems[0])


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path):
    assert load(tmp_path / "gone.yaml")[1].problems[0].file == "gone.yaml"
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    assert "UTF-8" in str(load(tmp_path / "latin.yaml")[1].problems[0])
    (tmp_path / "good.yaml").write_text("a: é", encoding="utf-8")
    content, source = load(tmp_path / "good.yaml", "naam.yaml")
    assert (content, source.name) == ({"a": "é"}, "naam.yaml")


def test_fields_say_what_is_missing_wrong_or_unknown():
    source = Source("a.yaml")
    raw = parse_text("rules:\n  - {id: 3, kind: dutty, valid: soon, days: x, list: y, on: 1}\n  - word\n", source)
    (entry,) = top_list(raw, "rules", source, "a rule")
    assert isinstance(entry, Fields)
    assert entry.text("id") == "3"
    entry.one_of("kind", RuleKind)
    entry.whole("days")
    entry.texts("list")
    entry.day("on")
    entry.text("title")
    entry.flag("id")
    entry.finish()
    assert sorted(str(problem) for problem in source.problems) == [
        "a.yaml:2: 'days' of a rule is a whole number, not 'x' → write a whole number",
        "a.yaml:2: 'id' of a rule is true or false, not 3 → write true or false",
        "a.yaml:2: 'list' of a rule is a list of texts, not 'y' → write a list of texts",
        "a.yaml:2: 'on' of a rule is a date such as 2026-10-01, not 1 → write a date such as 2026-10-01",
        "a.yaml:2: a rule has no 'title' → add title: …",
        "a.yaml:2: unknown field of a rule: 'valid' → choose from: days, id, kind, list, on, title",
        "a.yaml:2: unknown kind 'dutty' → did you mean 'duty'?",
        "a.yaml:3: a rule is a mapping, not 'word' → write its fields",
    ]


def test_fields_read_what_is_there_and_note_what_is_not():
    source = Source("a.yaml")
    raw = parse_text("{yes: [a], number: true, map: [1], few: x, odd: {a: 1}, ids: [a, b], empty: ''}", source)
    entry = Fields(raw, source, "it")
    assert (entry.text("yes"), entry.whole("number"), entry.whole("gone")) == ("", 0, 0)
    assert (entry.whole("number", default=3), entry.whole("gone", default=3)) == (3, 3)
    assert (entry.day("gone", required=True), entry.day("gone")) == (None, None)
    assert (dict(entry.mapping_of("map")), dict(entry.mapping_of("odd")), dict(entry.mapping_of("gone"))) == (
        {},
        {"a": 1},
        {},
    )
    assert (entry.entries("few", "a part"), entry.entries("gone", "a part")) == ([], [])
    assert entry.some_of("ids", ["a", "c"]) == ("a",)
    assert (entry.flag("gone"), entry.flag("gone", default=True)) == (False, True)
    assert entry.text("empty") == ""
    assert entry.one_of("gone", RuleKind, RuleKind.DUTY) is RuleKind.DUTY
    assert entry.one_of("gone", RuleKind) is RuleKind.HARD_NORM
    said = [problem.message for problem in source.problems]
    assert said == [
        "'yes' of it is text, not ['a']",
        "'number' of it is a whole number, not True",
        "it has no 'gone'",
        "'number' of it is a whole number, not True",
        "it has no 'gone'",
        "'map' of it is a mapping, not [1]",
        "'few' of it is a list, not 'x'",
        "unknown ids 'b'",
        "it has no 'empty'",
        "it has no 'gone'",
    ]


def test_what_stands_beside_the_list_is_a_problem():
    source = Source("a.yaml")
    assert list(top_list(parse_text("rules: []\nrulez: []", source), "rules", source, "a rule")) == []
    assert [str(problem) for problem in source.problems] == [
        "a.yaml:2: unknown top-level key 'rulez' → did you mean 'rules'?"
    ]
    assert list(top_list(None, "rules", source, "a rule")) == []
    assert len(source.problems) == 1


def test_a_file_without_its_list_is_a_problem():
    source = Source("a.yaml")
    assert list(top_list(parse_text("rule: []", source), "rules", source, "a rule")) == []
    assert str(source.problems[0]) == "a.yaml:1: the file holds no list 'rules' → start the file with rules:"


def test_a_suggestion_is_only_made_when_something_is_close():
    assert did_you_mean("vog_statu", ["vog_status", "other"]) == "did you mean 'vog_status'?"
    assert did_you_mean("qqq", ["a", "b"]) == "choose from: a, b"
    assert did_you_mean("qqq", [f"word{number}" for number in range(20)]) == "see the reference page for what exists"


def test_the_canonical_form_tells_different_conditions_apart():
    texts = [
        "{answer: ok, is: yes}",
        "{answer: ok, is: no}",
        "{not: {answer: ok, is: yes}}",
        "{all: [{answer: ok, is: yes}]}",
        "{any: [{answer: ok, is: yes}]}",
        "{answer: day, before: 2026}",
        "{answer: day, before: context.appointment_date}",
        "{answer: day, within: {months: 3, before: 2026}}",
        "{answer: day, within: {months: 3, after: 2026}}",
        "{exists: {in: companies}}",
        "{count: {in: companies, at_most: 1}}",
    ]
    forms = {str(canonical(node)) for node, _ in map(read, texts) if node is not None}
    assert len(forms) == len(texts)
