"""Cases and rules are read by other programs as well: what looks like a number to them is written between quotes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("app", "docs", "tests")
    for kind in ("*.yaml", "*.md")
    for path in (ROOT / folder).rglob(kind)
    if path.parent.name != "reference"
)
LOOKS_LIKE_A_NUMBER = re.compile(r"(?:^|[:,\[\-])\s*(\d[\d]*_[\d_]+)\s*(?:$|[,\]}#])", re.MULTILINE)


def test_the_pattern_finds_a_bare_money_band():
    assert LOOKS_LIKE_A_NUMBER.findall("value: 25000_100000\n[none, 1000_5000, x]") == ["25000_100000", "1000_5000"]
    assert not LOOKS_LIKE_A_NUMBER.findall("value: \"25000_100000\"\nvalue: 'x', note: gt_100000")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_yaml_holds_a_value_that_others_read_as_a_number(path: Path):
    assert LOOKS_LIKE_A_NUMBER.findall(path.read_text(encoding="utf-8")) == []
