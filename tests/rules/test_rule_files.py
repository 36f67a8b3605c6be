"""Where a rule stands: in a file named after its subject, so that a lawyer finds it; the order of files means nothing."""

from pathlib import Path
from shutil import copytree

import pytest

from app.questionnaires.loading import newest
from app.risk_rules.loading import LIBRARY, REGISTERS, load_rulebook

FILES = sorted(path for path in LIBRARY.glob("*.yaml") if path.stem not in REGISTERS)
MOST_LINES = 1_200
"""Longer than this nobody finds anything: part the file by what its rules are about."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_rules_can_be_read_through(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_every_rule_stands_in_a_file_of_its_subject():
    book = load_rulebook(newest())
    for path in FILES:
        here = [rule for rule in book.rules if rule.position.file == path.name]
        assert here, f"{path.name} holds no rules"
        for rule in here:
            assert path.stem == rule.subject or path.stem.startswith(f"{rule.subject}_"), rule.id


def test_parting_or_naming_files_otherwise_changes_no_rule_no_order_and_no_digest(tmp_path: Path):
    copied = Path(copytree(LIBRARY, tmp_path / "library"))
    for number, path in enumerate(FILES):
        (copied / path.name).rename(copied / f"{len(FILES) - number:02}_{path.name}")
    book, other = load_rulebook(newest(), examples=False), load_rulebook(newest(), copied, examples=False)
    assert [rule.id for rule in other.rules] == [rule.id for rule in book.rules]
    assert other.digest == book.digest
