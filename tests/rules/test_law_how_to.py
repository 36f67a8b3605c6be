"""What the how-to page shows to authors of rules does load, and notices every mistake."""

import re
import shutil
from dataclasses import fields
from pathlib import Path
from textwrap import dedent, indent

import pytest

from app.conditions.operators import OPERATORS
from app.conditions.parsing import parse
from app.conditions.yaml_source import load
from app.questionnaires.context import Tier
from app.risk_rules.loading import LIBRARY, load_rulebook
from app.risk_rules.rulebook import Frame, Rule, RuleKind
from app.risk_rules.testing import run_examples, run_mutants
from tests.rules.law import questionnaire

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-rule.md"
REGISTERS = ("sources.yaml", "subjects.yaml", "measures.yaml", "combinations.yaml")
FIELDS = {field.name for field in fields(Rule)} - {"position"}


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def snippets(page: str) -> list[str]:
    return [dedent(found) for found in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]


def test_the_example_rule_loads_and_its_examples_pin_it_down(page: str, tmp_path: Path):
    for name in REGISTERS:
        shutil.copy(LIBRARY / name, tmp_path)
    (tmp_path / "example.yaml").write_text("rules:\n" + indent(snippets(page)[0], "  "), encoding="utf-8")
    rulebook = load_rulebook(questionnaire(), tmp_path)
    assert [rule.id for rule in rulebook.rules] == ["MEM-01"]
    assert [str(result) for result in run_examples(rulebook, questionnaire()) if not result.ok] == []
    assert [str(mutant) for mutant in run_mutants(rulebook, questionnaire()) if not mutant.killed] == []


def test_the_example_condition_can_be_read(page: str, tmp_path: Path):
    file = tmp_path / "condition.yaml"
    file.write_text(snippets(page)[1], encoding="utf-8")
    content, source = load(file)
    assert parse(content, source, 1) is not None
    assert not source.problems


def test_the_page_names_every_field_operator_kind_frame_and_tier(page: str):
    for word in (*FIELDS, *OPERATORS):
        assert f"`{word}`" in page, word
    for word in (*RuleKind, *Frame, *Tier):
        assert re.search(rf"`[^`]*\b{word}\b[^`]*`", page), word
