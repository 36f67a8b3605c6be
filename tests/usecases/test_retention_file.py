"""A policy as a file: what is written reads back, and what is read can be used."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions.yaml_source import Source, parse_text
from app.errors import Broken, Problem
from app.questionnaires.limits import clean
from app.reviews.retention import (
    CATEGORY_LENGTH,
    LIST_LENGTH,
    MONTHS_LIMIT,
    WARN_DAYS_LIMIT,
    Choice,
    End,
    Kept,
    Policy,
    Start,
    Term,
    problems,
)
from app.usecases.retention_file import as_yaml, policy_in, read_policy, written

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "keeping" / "bewaarbeleid.yaml"
WORDS = [
    "no",
    "null",
    "~",
    "2026-01-01",
    "4.2",
    "4.10",
    "007",
    "a: b",
    "'x",
    '"',
    "\\",
    "# geen",
    "- x",
    "&a",
    "blijvend",
]


def lines(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Text as it is kept: on one line, without what cannot be seen."""
    drawn = st.one_of(st.sampled_from(WORDS), st.text(max_size=most)).map(lambda text: " ".join(clean(text).split()))
    return drawn.filter(lambda text: least <= len(text) <= most)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    terms = [
        Term(
            end,
            kept,
            draw(st.none() | st.integers(0, MONTHS_LIMIT)),
            draw(st.sampled_from(Start)) if end is End.APPOINTED else Start.OUTCOME,
            draw(lines(CATEGORY_LENGTH)),
        )
        for end in End
        for kept in Kept
    ]
    return Policy(
        draw(lines(LIST_LENGTH, 1)),
        tuple(terms),
        draw(st.integers(0, WARN_DAYS_LIMIT)),
        frozenset(draw(st.sets(st.sampled_from(Choice)))),
    )


def read(text: str) -> Policy:
    source = Source("beleid.yaml")
    return policy_in(parse_text(text, source), source)


@given(policies())
def test_what_is_written_reads_back(policy: Policy):
    assert problems(policy) == ()
    assert read(as_yaml(policy)) == policy


SPOILS: dict[str, Callable[[str], str]] = {
    "left out": lambda _: "",
    "misspelt": lambda row: row.replace("months", "month"),
    "half a line": lambda row: row[: len(row) // 2],
    "too much": lambda row: row.replace("1", "999999"),
    "too long": lambda row: row.replace('"V-', '"' + "V" * CATEGORY_LENGTH),
    "another kind": lambda row: row.replace(": ", ": - ", 1),
    "untouched": lambda row: row,
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_is_read_can_be_used(spoil: str):
    """Whatever line somebody spoils: the file is refused with its problems, or it is a policy without gaps."""
    rows = as_yaml(read_policy(EXAMPLE)).splitlines()
    for place, row in enumerate(rows):
        told = [*rows[:place], SPOILS[spoil](row), *rows[place + 1 :]]
        policy, refused = tried("\n".join(told))
        assert bool(refused) == (policy is None), told
        assert policy is None or problems(policy) == ()
        assert spoil == "untouched" or told == rows or refused


def tried(text: str) -> tuple[Policy | None, tuple[Problem, ...]]:
    try:
        return read(text), ()
    except Broken as broken:
        return None, broken.problems


def test_a_number_of_a_line_may_be_written_as_a_number():
    told = as_yaml(read_policy(EXAMPLE)).replace('"V-1"', "4.10").replace('"V-3"', "7")
    policy = read(told)
    found = [policy.term(end, Kept.CASE) for end in (End.APPOINTED, End.NOT_APPOINTED)]
    assert [term.category for term in found if term is not None] == ["4.10", "7"]


def test_the_example_says_that_it_is_invented_and_has_the_form_of_show():
    policy = read_policy(EXAMPLE)
    assert "verzonnen" in policy.selection_list
    assert set(written(policy)) == {"selection_list", "warn_days", "choices", "terms"}


def test_a_file_that_is_no_policy_is_refused():
    for text in ("", "just text", "- a\n- b\n", "terms: 3\n"):
        with pytest.raises(Broken):
            read(text)
