"""The tables of ASVS and BIO2 keep their word: every requirement once, every file and test real, nothing without its reason."""

import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from docs.generators import security
from tests.docs.pages import ROOT

# How many requirements ASVS 5.0.0 has on its first two levels.
LEVELS = {1: 70, 2: 183}
MEASURES = ["5.14.01", "5.14.02", "5.14.03", "5.14.05", "5.16.02", "5.17.01", "5.18.01", "5.18.02", "8.02.01", "8.03.01", "8.03.02", "8.08.05", "8.13.04", "8.15.01", "8.15.02", "8.15.05", "8.15.06", "8.24.04", "8.29", "8.31", "8.32"]  # fmt: skip
ENTRIES = [(one["id"], one) for one in security.requirements()] + [
    (", ".join(one["ids"]), one) for one in security.measures()
]
each = pytest.mark.parametrize("one", [entry for _, entry in ENTRIES], ids=[name for name, _ in ENTRIES])


@cache
def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_list_of_the_standard_is_whole():
    assert Counter(security.ids().values()) == LEVELS
    assert all(re.fullmatch(r"V(1?\d)\.\d+\.\d+", one) for one in security.ids())


def test_every_requirement_of_both_levels_stands_there_once_and_in_order():
    told = [one["id"] for one in security.requirements()]
    assert sorted(told) == sorted(security.ids())
    assert told == sorted(told, key=lambda one: [int(part) for part in one[1:].split(".")])
    for chapter in security.chapters():
        assert {one["id"].partition(".")[0] for one in chapter["requirements"]} == {chapter["chapter"]}


def test_every_measure_stands_there_once():
    assert sorted(one for measure in security.measures() for one in measure["ids"]) == sorted(MEASURES)


@each
def test_a_status_says_what_it_must(one: Any):
    assert one["status"] in security.STATUSES
    assert one["asks"].endswith(".")
    if one["status"] in security.EXPLAINED:
        assert one.get("note", "").endswith(".")
    if one["status"] in {"product", "partly"}:
        assert one.get("where")
    if one["status"] == "product":
        # What is only written down is held by the tests of the documentation; memory is held by the language.
        assert one.get("tests") or one.get("note")


@each
def test_every_file_and_every_test_that_is_named_exists(one: Any):
    assert not [path for path in one.get("where", ()) if not (ROOT / path).exists()]
    for named in one.get("tests", ()):
        path, _, name = named.partition("::")
        assert (ROOT / path).is_file(), named
        assert not name or re.search(rf"^(async )?def {re.escape(name)}\(", _text(path), re.MULTILINE), named


def test_the_counts_at_the_top_are_those_of_the_tables():
    page = _text("docs/security/asvs.md")
    sums = re.search(r"^\| together \|  \| (\d+) \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    assert sums is not None
    assert [int(number) for number in sums.groups()] == [LEVELS[1], LEVELS[2], sum(LEVELS.values())]
    assert len(re.findall(r"^\| V\d+\.\d+\.\d+ \| [12] \|", page, re.MULTILINE)) == sum(LEVELS.values())
