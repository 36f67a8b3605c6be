"""The page on practice says what the rulebook says."""

import re
from pathlib import Path

from app.risk_rules.rulebook import Severity
from tests.rules.test_practice_catalogue import WEIGHTS, rulebook, rules_of

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "practice-in-rules.md").read_text()
RULE = re.compile(r"`([A-Z]{2,5}-\d{2})`")


def test_the_table_names_every_row_with_all_its_rules():
    written = {
        row: set(RULE.findall(rules))
        for row, rules in re.findall(r"^\| (R\d\d) \|[^|]*\|([^|]*)\|$", PAGE, re.MULTILINE)
    }
    assert written == {row: {rule.id for rule in rules_of(row)} for row in WEIGHTS}


def test_every_rule_the_page_names_exists():
    assert set(RULE.findall(PAGE)) <= rulebook().by_id.keys()


def test_rules_without_a_row_weigh_little():
    other = [
        rule for rule in rulebook().rules if not rule.catalogue and any(b.source == "practice" for b in rule.basis)
    ]
    assert other
    assert all(rule.severity <= Severity.NEEDS_MEASURE for rule in other)
