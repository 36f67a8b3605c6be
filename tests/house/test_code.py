"""House rules for code that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.repository import modules, our_text, text, tree

MOST_LINES = 400
VAGUE = {"Manager", "Helper", "Helpers", "Util", "Utils", "Base", "Data"}
# Put together here, so that this file does not contain what it forbids.
UNFINISHED = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "pragma: " + "no cover", "NotImplemented" + "Error"]))


def test_a_module_fits_on_a_few_screens():
    """Except migrations: those are lists of steps, in the order in which they happened."""
    read_by_people = [path for path in modules() if path.parts[:2] != ("migrations", "versions")]
    too_long = {str(path): lines for path in read_by_people if (lines := text(path).count("\n")) > MOST_LINES}
    assert not too_long, f"split these by subject, at most {MOST_LINES} lines each"


def words_of(name: str) -> set[str]:
    """`CaseDataRow` and `case_data_row` consist of the words Case, Data and Row."""
    return {word.capitalize() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


@pytest.mark.parametrize(
    ("name", "vague"),
    [("CaseManager", True), ("date_utils", True), ("BaseRow", True), ("DataList", True), ("Database", False)],
)
def test_vague_names_are_recognised(name: str, vague: bool):
    assert bool(words_of(name) & VAGUE) is vague


def test_names_say_what_a_thing_is():
    vague = [str(path) for path in modules("app") if words_of(path.stem) & VAGUE]
    for path in modules("app"):
        classes = [node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
        vague += [f"{path}: {name}" for name in classes if words_of(name) & VAGUE]
    assert not vague, "name these after the domain"


def test_every_module_says_what_it_is_for():
    silent = [str(path) for path in modules("app", "migrations", "bench") if not ast.get_docstring(tree(path))]
    assert not silent


def test_nothing_is_left_unfinished():
    places = [
        f"{path}:{number}"
        for path in our_text()
        for number, line in enumerate(text(path).splitlines(), start=1)
        if UNFINISHED.search(line)
    ]
    assert not places


def test_no_test_is_switched_off():
    """A test that cannot run here is left out by its marker (see tests/conftest.py), not skipped in silence."""
    off = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|" + "Skip" + "Test")
    assert not [
        str(path) for path in modules("tests") if path != Path("tests/house/test_code.py") and off.search(text(path))
    ]


def test_rows_are_declared_with_real_types():
    """Postponed annotations break the relationships of table classes, silently until first use."""
    rows = [path for path in modules("app") if path.parts[:2] == ("app", "store") and path.stem.startswith("rows")]
    assert not [str(path) for path in rows if "from __future__ import annotations" in text(path)]
