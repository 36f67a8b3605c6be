"""The test of the tests: examples that are wrong are told, and broken rules are noticed."""

from pathlib import Path

import pytest

from app.conditions.checking import FieldType, Vocabulary
from app.conditions.operators import Kind
from app.conditions.parsing import parse
from app.conditions.yaml_source import Source, parse_text
from app.errors import Broken
from app.questionnaires.model import Questionnaire
from app.risk_rules.mutants import mutants_of
from app.risk_rules.rulebook import RuleBook
from app.risk_rules.testing import run_examples, run_mutants
from tests.rules.small import RULES, a_rulebook

VOCABULARY = Vocabulary({"m": FieldType(Kind.MONEY_BAND), "n": FieldType(Kind.NUMBER)}, {})


def test_good_examples_pass_and_notice_every_mistake(rulebook: RuleBook, small: Questionnaire):
    assert [str(one) for one in run_examples(rulebook, small) if not one.ok] == []
    mutants = run_mutants(rulebook, small)
    assert [str(one) for one in mutants if not one.killed] == []
    assert len(mutants) >= 15


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        (
            "answers: {resident: yes, matters: [none]}, expect: none",
            "answers: {resident: yes, matters: [none]}, expect: certain",
            "expected certain, got none (because resident=yes; missing nothing)",
        ),
        (
            "distance: yes}]}, expect: certain, severity: 1",
            "distance: yes}]}, expect: certain, severity: 2",
            "expected severity 2, got 1",
        ),
        ("item: co1, expect: certain", "item: co9, expect: certain", "there is no outcome about item 'co9'"),
        ("{resident: no, matters: [loan]}", "{resident: maybe}", "resident"),
        ("{resident: no, matters: [loan]}", "{residence: no}", "residence"),
    ],
)
def test_an_example_that_does_not_hold_says_how(tmp_path: Path, small: Questionnaire, old: str, new: str, trouble: str):
    assert RULES.count(old) == 1
    wrong = [one for one in run_examples(a_rulebook(tmp_path, small, RULES.replace(old, new)), small) if not one.ok]
    assert len(wrong) == 1
    assert trouble in wrong[0].trouble
    assert wrong[0].line == RULES[: RULES.index(old)].count("\n") + 1
    assert str(wrong[0]).startswith(f"companies.yaml:{wrong[0].line}: ")


def test_a_context_that_cannot_be_is_told(tmp_path: Path, small: Questionnaire):
    book = a_rulebook(tmp_path, small, RULES.replace("context: {portfolio: [housing]}", "context: {tier: stad}"))
    wrong = [one.trouble for one in run_examples(book, small) if not one.ok]
    assert len(wrong) == 4
    assert "the context cannot be" in wrong[0]
    with pytest.raises(Broken, match="the context cannot be"):
        run_mutants(book, small)
    other = a_rulebook(tmp_path, small, RULES.replace("context: {portfolio: [housing]}", "context: {folio: x}"))
    assert "there is no context.folio" in next(one.trouble for one in run_examples(other, small) if not one.ok)


def test_a_missing_example_lets_a_mistake_through_and_says_which(tmp_path: Path, small: Questionnaire):
    klein = next(line for line in RULES.splitlines() if "why: klein deel" in line)
    book = a_rulebook(tmp_path, small, RULES.replace(f"{klein}\n", ""))
    alive = [one for one in run_mutants(book, small) if not one.killed]
    assert alive == []
    without = RULES.replace(f"{klein}\n", "").replace("share_pct: 49, distance: yes", "share_pct: 10, distance: yes")
    told = [str(one) for one in run_mutants(a_rulebook(tmp_path, small, without), small) if not one.killed]
    assert len(told) == 1
    assert "at_least 50 moved to 49: NOT noticed → add an example right at 50, and one just beside it" in told[0]


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("{answer: ok, is: yes}", set()),
        ("{not: {answer: ok, is: yes}}", {"without not before ok is yes"}),
        (
            "{all: [{answer: ok, is: yes}, {answer: up, is: no}]}",
            {"any instead of all", "without ok is yes", "without up is no"},
        ),
        (
            "{any: [{answer: ok, is: yes}, {answer: up, is: no}]}",
            {"all instead of any", "without ok is yes", "without up is no"},
        ),
        ("{answer: n, at_least: 5}", {"n at_least 5 moved to 6", "n at_least 5 moved to 4"}),
        ("{answer: m, at_least: 5000}", {"m at_least 5000 moved to 1000", "m at_least 5000 moved to 25000"}),
        (
            "{answer: d, before: 2026-03-01}",
            {"d before 2026-03-01 moved to 2026-03-02", "d before 2026-03-01 moved to 2026-02-28"},
        ),
        (
            "{answer: d, older_than: {months: 3, at: 2026-03-01}}",
            {
                "d older_than 0y 3m 0d at 2026-03-01 moved to 0y 3m 1d at 2026-03-01",
                "d older_than 0y 3m 0d at 2026-03-01 moved to 0y 3m -1d at 2026-03-01",
            },
        ),
        (
            "{count: {in: xs, where: {answer: xs.ok, is: yes}, at_least: 2, at_most: 3}}",
            {"counting every item", "at_least 3", "at_least 1", "at_most 4", "at_most 2"},
        ),
        ("{all: [{answer: ok, is: yes}]}", set()),
        (
            "{not: {not: {answer: ok, is_given: true}}}",
            {"without not before not (ok is_given )", "without not before ok is_given "},
        ),
        (
            "{any: [{exists: {in: xs}}, {not: {all: [{answer: ok, is: yes}, {any: [{answer: n, at_most: 3}]}]}}]}",
            {
                "all instead of any",
                "without count in xs",
                "at_least 2",
                "at_least 0",
                "without not (all of 2 (ok is yes, …))",
                "without not before all of 2 (ok is yes, …)",
                "any instead of all",
                "without ok is yes",
                "without any of 1 (n at_most 3, …)",
                "n at_most 3 moved to 4",
                "n at_most 3 moved to 2",
            },
        ),
    ],
)
def test_every_small_mistake_is_made_once(text: str, mistakes: set[str]):
    source = Source("rules.yaml")
    node = parse(parse_text(text, source), source)
    assert node is not None
    found = list(mutants_of(node, VOCABULARY))
    assert {one.mistake for one in found} == mistakes
    assert len(found) == len(mistakes)
    assert all(one.node != node for one in found)
    assert all(one.remedy for one in found)
