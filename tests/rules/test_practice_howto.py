"""The rule in the how-to is a real rule: it loads, says what it should, and its examples hold it in place."""

import re
import shutil
from pathlib import Path

import pytest

from app.risk_rules.loading import LIBRARY, REGISTERS, load_rulebook
from app.risk_rules.rulebook import RuleBook
from app.risk_rules.testing import run_examples, run_mutants
from tests.rules.test_practice_catalogue import questionnaire

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-rule.md"


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    for register in REGISTERS:
        shutil.copy(LIBRARY / f"{register}.yaml", tmp_path)
    found = re.findall(r"^```yaml\n(rules:\n.*?)^```$", HOW_TO.read_text(), re.DOTALL | re.MULTILINE)
    (tmp_path / "side_practice.yaml").write_text("\n".join(found))
    return load_rulebook(questionnaire(), tmp_path)


def test_the_rule_in_the_how_to_loads_and_its_examples_hold_it_in_place(book: RuleBook):
    assert [rule.id for rule in book.rules] == ["SPR-90"]
    assert [str(result) for result in run_examples(book, questionnaire()) if not result.ok] == []
    mutants = run_mutants(book, questionnaire())
    assert mutants
    assert [str(result) for result in mutants if not result.killed] == []
