"""One run of `toetssteen check` tells everything that is wrong, and nothing that only follows from it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from app.cli import checking
from app.conditions import yaml_source
from app.conditions.tree import Position
from app.errors import Problem
from app.questionnaires.loading import LIBRARY, Reading, newest
from app.risk_rules.loading import LIBRARY as RULES
from app.usecases.library import rulebook
from app.web.places import templates_directory


class Copies:
    """The questionnaires and rules that ship, copied, to plant mistakes in."""

    def __init__(self, folder: Path) -> None:
        self.library, self.rules = folder / "questionnaires", folder / "rules"
        copytree(LIBRARY, self.library)
        copytree(RULES, self.rules)

    def plant(self, file: str, old: str, new: str) -> None:
        """Make one mistake: replace the first `old` in a section file, or in a file of rules."""
        section = self.library / "kandidaat-bestuurder.v1" / file
        path = self.rules / file.removeprefix("rules/") if file.startswith("rules/") else section
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def said(self) -> list[str]:
        problems, _ = checking.content_problems(self.library, self.rules)
        return [problem.message for problem in problems]


_read = yaml_source.parse_text


@cache
def _once(name: str, text: str) -> tuple[Any, tuple[Problem, ...]]:
    """Read a text once for all tests here: nearly all of a check is reading YAML, and a test changes a file or two."""
    source = yaml_source.Source(name)
    content = _read(text, source)
    return content, tuple(source.problems)


def _read_once(text: str, source: yaml_source.Source) -> Any:
    content, problems = _once(source.name, text)
    source.problems += problems
    return content


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Copies:
    monkeypatch.setattr(yaml_source, "parse_text", _read_once)
    return Copies(tmp_path)


def test_nothing_is_wrong_with_what_ships(copies: Copies):
    assert copies.said() == []


def test_mistakes_in_many_places_are_told_in_one_run(copies: Copies):
    copies.plant("gifts.yaml", "kind: money_band", "kind: monyband")
    copies.plant("office.yaml", "answer: is_resident,", "answer: is_residnet,")
    copies.plant("index.yaml", "title: Vragenlijst", "titel: Vragenlijst")
    copies.plant("side_positions.yaml", "why:", "whi:")
    copies.plant("rules/companies.yaml", "severity: 3", "severity: 9")
    copies.plant("rules/requirements.yaml", "answer: ", "answre: ")
    copies.plant("rules/sources.yaml", "kind: law", "kind: wet")
    said = "\n".join(copies.said())
    for expected in (
        "unknown kind of 'value': 'monyband'",
        "unknown question 'is_residnet'",
        "unknown part of a questionnaire: 'titel'",
        "`why` is missing",
        "'severity' of rule COM-",
        "unknown kind of condition 'answre'",
        "unknown kind 'wet'",
    ):
        assert expected in said, said


@pytest.mark.parametrize(
    ("file", "old", "new", "only"),
    [
        # rules, other conditions and the list of published versions all know this question
        ("gifts.yaml", "kind: money_band", "kind: monyband", ["unknown kind of 'value': 'monyband'"]),
        (
            "office.yaml",
            "id: vog_status\n",
            "id: vog_status\n    klas: x\n",
            ["unknown part of vog_status: 'klas'"],
        ),
        ("companies.yaml", "kind: group", "kind: gruop", ["unknown kind of 'companies': 'gruop'"]),
        ("companies.yaml", "id: companies\n", "id: [companies\n", None),
        ("index.yaml", "scope: W", "scope: X", ["defaults: `scope`: Input should be 'W', 'P' or 'G'"]),
        ("index.yaml", "{id: spatial,", "{idd: spatial,", None),
        ("index.yaml", "  - companies\n", "", None),
        ("index.yaml", "id: kandidaat-bestuurder", "id: [kandidaat-bestuurder", None),
        ("glossary.yaml", "terms:", "terms: [", None),
        # what a broken register holds is no mistake of the rules that refer to it
        ("rules/sources.yaml", "sources:", "sources: [", None),
        ("rules/subjects.yaml", "subjects:", "subjects: [", None),
        ("rules/measures.yaml", "\nmeasures:", "\nmeasures: [", None),
        # what a broken file of rules reads is no question that nobody uses
        ("rules/companies.yaml", "rules:", "rules: [", None),
        ("rules/companies.yaml", "for_each: companies", "for_each: companeis", ["unknown list 'companeis'"]),
        ("rules/companies.yaml", "frame: practice", "frame: practise", ["unknown frame 'practise'"]),
    ],
)
def test_one_mistake_is_one_problem(copies: Copies, file: str, old: str, new: str, only: list[str] | None):
    copies.plant(file, old, new)
    said = copies.said()
    if only is None:
        assert 1 <= len(said) <= 2, said
    else:
        assert said == only


def test_reachability_is_looked_at_whatever_else_is_wrong(copies: Copies):
    never = "relevant_when: {all: [{answer: is_adult, is: yes}, {answer: is_adult, is: no}]}"
    copies.plant("office.yaml", "id: vog_status\n", f"id: vog_status\n    {never}\n")
    copies.plant("gifts.yaml", "kind: money_band", "kind: monyband")
    copies.plant("rules/companies.yaml", "severity: 3", "severity: 9")
    said = "\n".join(copies.said())
    assert "vog_status can never be asked" in said, said
    assert "monyband" in said
    assert "'severity' of rule COM-" in said


def test_settings_are_looked_at_one_by_one_and_together(monkeypatch: pytest.MonkeyPatch):
    assert list(checking.settings_problems()) == []
    monkeypatch.setenv("TOETSSTEEN_SMTP_PORT", "veel")
    monkeypatch.setenv("TOETSSTEEN_SESSION_HOURS", "0")
    monkeypatch.setenv("TOETSSTEEN_ENVIRONMENT", "production")
    said = " ".join(problem.message for problem in checking.settings_problems())
    for expected in (
        "TOETSSTEEN_SMTP_PORT: ",
        "TOETSSTEEN_SESSION_HOURS: ",
        "TOETSSTEEN_BASE_URL must start with https",
    ):
        assert expected in said, said


def test_every_broken_template_is_found(tmp_path: Path):
    folder = copytree(templates_directory(), tmp_path / "templates")
    (folder / "a.html").write_text("{% if %}", encoding="utf-8")
    (folder / "b.html").write_text("{{ name|onbekend }}", encoding="utf-8")
    (folder / "c.html").write_text("\n{{ ui.knop() }}", encoding="utf-8")
    (folder / "d.html").write_text('{% extends "basis.html" %}', encoding="utf-8")
    count, problems = checking.template_problems(folder)
    assert count > 4
    assert sorted(problem.file for problem in problems) == [f"templates/{name}.html" for name in "abcd"]
    assert [problem.line for problem in problems if problem.file == "templates/c.html"] == [2]


def test_a_broken_component_is_a_problem_with_its_place(tmp_path: Path):
    folder = copytree(templates_directory(), tmp_path / "templates")
    (folder / "ui" / "eigen.html").write_text("{% macro eigen() %}", encoding="utf-8")
    (folder / "page.html").write_text("{% if %}", encoding="utf-8")
    files = [problem.file for problem in checking.template_problems(folder)[1]]
    assert sorted(files) == ["templates/page.html", "templates/ui/eigen.html"]
    (folder / "ui" / "eigen.html").write_text("{% macro eigen() %}{{ 1|onbekend }}{% endmacro %}", encoding="utf-8")
    assert any("onbekend" in problem.message for problem in checking.template_problems(folder)[1])


def test_a_question_nobody_uses_is_found():
    questionnaire = newest()
    book = rulebook(questionnaire)
    nothing = type(book)(rules=(), subjects={}, sources={}, measures={}, vocabulary=book.vocabulary)
    positions = dict.fromkeys(questionnaire.questions, Position("office.yaml", 7))
    reading = Reading(questionnaire, positions)
    found = list(checking.unused(reading, nothing))
    assert Problem("office.yaml", 7, "no rule and no reviewer uses is_adult", found[0].remedy) in found
    assert len(found) > len(list(checking.unused(reading, book)))


def test_a_question_that_rests_on_an_unknown_law_is_found():
    questionnaire = newest()
    book = rulebook(questionnaire)
    without = replace(book, sources={key: source for key, source in book.sources.items() if key != "Wjsg"})
    reading = Reading(questionnaire, dict.fromkeys(questionnaire.questions, Position("office.yaml", 7)))
    assert not list(checking.unknown_laws(reading, book))
    said = [problem.message for problem in checking.unknown_laws(reading, without)]
    assert "the basis of vog_requested_on: unknown source 'Wjsg'" in said, said
