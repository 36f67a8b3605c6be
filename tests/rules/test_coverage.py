"""Coverage is a number: every statement of law and practice is carried out, or says why not; and the page says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.coverage import coverage_problems
from app.questionnaires.loading import newest
from app.risk_rules.coverage import FILE, MARKS, Covered, Kind, Statements, counts, coverage, gaps, load_statements
from app.risk_rules.loading import LIBRARY
from app.risk_rules.rulebook import RuleBook
from app.usecases import library

ROOT = Path(__file__).parents[2]
THEMES = {1: 7, 2: 7, 3: 5, 4: 7, 5: 6, 6: 5, 7: 5, 8: 4, 9: 3, 10: 4, 11: 4, 12: 3, 13: 3, 14: 3, 15: 4, 16: 4, 17: 3}
"""How many themes each chapter of the practice catalogue has; the eighteenth is what is asked of nobody."""
CHAPTERS = {0: 4, 1: 39, 2: 23, 3: 24, 4: 10, 5: 6, 6: 3, 7: 5, 8: 4, 9: 19, 10: 19, 11: 7, 12: 15, 13: 7, 14: 6, 15: 4}
"""How many numbered statements each chapter of the summary of the law has."""


def book() -> RuleBook:
    return library.rulebook(newest())


def statements() -> Statements:
    return load_statements(LIBRARY / FILE)


def found() -> dict[str, Covered]:
    return {one.statement.id: one for one in coverage(statements(), book(), newest())}


def test_every_statement_is_carried_out_or_says_why_not():
    assert [str(problem) for problem in coverage_problems()] == []


def test_the_list_is_whole():
    """No statement can be forgotten: the numbers run on, chapter by chapter."""
    law = [one for one in statements().found if one.kind is Kind.LAW]
    numbers = [one.id for one in law if one.id.startswith("R")]
    assert {int(number[1:].partition(".")[0]) for number in numbers} == set(CHAPTERS)
    for chapter, many in CHAPTERS.items():
        mine = [number for number in numbers if number.startswith(f"R{chapter}.")]
        assert len(mine) == many, chapter
        whole = [number for number in mine if not number.endswith("a")]
        assert [int(number.partition(".")[2]) for number in whole] == list(range(1, len(whole) + 1))
    assert [one.id for one in law if one.id.startswith("I")] == [f"I{number}" for number in range(1, 30)]
    rows = [one.id for one in statements().found if one.kind is Kind.CATALOGUE]
    assert rows == [f"R{number:02}" for number in range(1, 43)]
    themes = [one.id for one in statements().found if one.kind is Kind.THEME]
    assert themes == [f"C{theme}.{part}" for theme, many in THEMES.items() for part in range(1, many + 1)] + ["C18"]


def test_every_row_of_practice_has_a_rule_and_every_theme_a_question_or_a_reason():
    assert not [one.statement.id for one in found().values() if one.statement.kind is Kind.CATALOGUE and not one.rules]
    for one in found().values():
        if one.statement.kind is Kind.THEME:
            assert one.questions or one.reason, one.statement.id
    spoken = {one.statement.id for one in found().values() if one.statement.reason == "spoken"}
    points = {point.theme for section in newest().sections for point in section.talking_points}
    assert spoken <= points


def test_the_words_that_carry_out_a_statement_are_really_told():
    told = " ".join(
        " ".join(path.read_text(encoding="utf-8").replace('"\n', "\n").split())
        for folder, kind in (("app/dossiers", "*.py"), ("app/reviews", "*.py"), ("templates/pages", "*.html"))
        for path in sorted((ROOT / folder).rglob(kind))
    )
    missing = [one.id for one in statements().found if one.document and one.document not in told]
    assert not missing


@pytest.mark.parametrize(("kind", "marks"), [(Kind.CATALOGUE, {""}), (Kind.THEME, {""}), (Kind.LAW, set(MARKS))])
def test_only_law_has_marks(kind: Kind, marks: set[str]):
    assert {one.mark for one in statements().found if one.kind is kind} == marks


def test_a_statement_without_rule_or_reason_is_a_problem():
    listed = statements()
    bare = tuple(replace(one, reason="", deadline="", document="", question="") for one in listed.found)
    silent = replace(book(), rules=())
    said = [problem.message for problem in gaps(replace(listed, found=bare), silent, newest(), ())]
    assert len([message for message in said if message.startswith("nothing carries out R")]) > 200
    themes = [one for one in coverage(replace(listed, found=bare), silent, newest()) if one.questions]
    assert not any(f"nothing carries out {one.statement.id} " in message for one in themes for message in said)


def test_a_rule_cannot_name_a_statement_that_does_not_exist():
    rule = book().rule("COM-01")
    wrong = replace(book(), rules=(replace(rule, catalogue=("R99",)),))
    said = [str(problem) for problem in gaps(statements(), wrong, newest(), ["vog_request", "vog_earliest"])]
    assert any("rule COM-01 names the unknown statement 'R99'" in problem for problem in said)


def test_a_reason_that_does_not_hold_any_more_is_a_problem():
    listed = statements()
    first = next(one for one in listed.found if one.id == "R1.2")
    said = [
        one.message for one in gaps(replace(listed, found=(replace(first, reason="context"),)), book(), newest(), ())
    ]
    assert "R1.2 is carried out, so its reason does not hold" in said


def test_every_reason_is_used():
    assert {one.reason for one in statements().found if one.reason} == set(statements().reasons)


def test_a_name_in_the_list_must_exist():
    listed = statements()
    first = replace(listed.found[0], question="nowhere", deadline="never")
    said = [problem.message for problem in gaps(replace(listed, found=(first,)), book(), newest(), ["vog_request"])]
    assert "unknown question 'nowhere'" in said
    assert "unknown deadline 'never'" in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{id: R1.1, mark: Q, about: "x"}', "unknown mark 'Q'"),
        ('{id: R1.1, about: "x", reason: because}', "unknown reason 'because'"),
        ('{id: R1.1, about: "x"}\n  - {id: R1.1, about: "y"}', "statement 'R1.1' exists already"),
        ("{id: R1.1}", "has no 'about'"),
        ('{id: R1.1, about: "x", soort: y}', "unknown field of a statement: 'soort'"),
    ],
)
def test_a_slip_in_the_list_is_told(line: str, said: str, tmp_path: Path):
    file = tmp_path / FILE
    file.write_text(f"reasons: {{context: Uitleg.}}\nstatements:\n  - {line}\ncatalogue: []\nthemes: []\n")
    assert any(said in problem.message for problem in load_statements(file).problems)


def test_the_numbers_add_up():
    for carried, explained, every in counts(found().values()).values():
        assert carried + explained == every
