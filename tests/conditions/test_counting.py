from typing import Literal

import pytest

from app.conditions.evaluate import evaluate
from app.conditions.facts import NOT_ASKED, Facts, GroupFacts, GroupState, Item, Open, Reading
from app.conditions.kleene import Kleene
from app.conditions.tree import Count, Not, Test
from tests.conditions.worlds import fast

NO, UNKNOWN, YES = Kleene.NO, Kleene.UNKNOWN, Kleene.YES
OK = Test("companies.ok", "is", "yes")

Said = Literal["y", "n", "?", "-"]
READINGS: dict[str, Reading] = {"y": "yes", "n": "no", "-": NOT_ASKED}


def a_list(state: GroupState, said: str, further: dict[str, Reading] | None = None) -> Facts:
    """A list in which the items say yes, no, nothing yet (?) or were not asked (-)."""
    items = tuple(
        Item(f"i{place}", {"ok": READINGS.get(word, Open((f"companies[i{place}].ok",)))})
        for place, word in enumerate(said, 1)
    )
    return Facts({}, {"companies": GroupFacts(state, items, ("companies",), further or {})}, {})


@pytest.mark.parametrize(
    ("state", "said", "at_least", "at_most", "truth"),
    [
        (GroupState.CLOSED, "yy", 2, None, YES),
        (GroupState.CLOSED, "yn", 2, None, NO),
        (GroupState.CLOSED, "y?", 2, None, UNKNOWN),
        (GroupState.CLOSED, "n?", 2, None, NO),  # even if the blank is yes, there is only one
        (GroupState.CLOSED, "yy?", 2, None, YES),
        (GroupState.CLOSED, "y-", 2, None, NO),  # what was not asked does not count
        (GroupState.CLOSED, "", 1, None, NO),
        (GroupState.OPEN, "yy", 2, None, YES),
        (GroupState.OPEN, "yn", 2, None, UNKNOWN),
        (GroupState.OPEN, "", 1, None, UNKNOWN),
        (GroupState.ASKED, "", 1, None, UNKNOWN),
        (GroupState.NONE, "", 1, None, NO),
        (GroupState.CLOSED, "y", None, 1, YES),
        (GroupState.CLOSED, "y?", None, 1, UNKNOWN),
        (GroupState.CLOSED, "yy", None, 1, NO),
        (GroupState.OPEN, "n", None, 1, UNKNOWN),
        (GroupState.OPEN, "yy", None, 1, NO),
        (GroupState.NONE, "", None, 1, YES),
        (GroupState.CLOSED, "y", 1, 1, YES),
        (GroupState.CLOSED, "yy", 1, 1, NO),
        (GroupState.NOT_ASKED, "", None, 1, NO),
        (GroupState.NOT_ASKED, "", 1, None, NO),
    ],
)
def test_a_count_is_certain_when_enough_fit_and_impossible_when_too_few_could(
    state: GroupState, said: str, at_least: int | None, at_most: int | None, truth: Kleene
):
    count = Count("companies", OK, at_least, at_most)
    case = a_list(state, said)
    assert evaluate(count, case).truth is truth
    assert fast(count, case) is truth
    opposite = NO if state is GroupState.NOT_ASKED else ~truth
    assert evaluate(Not(count), case).truth is opposite
    assert fast(Not(count), case) is opposite


def test_without_a_condition_every_item_counts():
    count = Count("companies", None, 2)
    assert evaluate(count, a_list(GroupState.CLOSED, "?-")).truth is YES
    assert evaluate(count, a_list(GroupState.CLOSED, "?")).truth is NO
    assert evaluate(count, a_list(GroupState.OPEN, "?")).truth is UNKNOWN


def test_an_unfinished_list_is_settled_when_nothing_that_may_be_added_could_count():
    case = a_list(GroupState.OPEN, "n", further={"ok": NOT_ASKED})
    assert evaluate(Count("companies", OK, 1), case).truth is NO
    assert fast(Count("companies", OK, 1), case) is NO


def test_a_count_says_which_items_carry_it_and_what_is_missing():
    case = a_list(GroupState.OPEN, "yn?")
    two = evaluate(Count("companies", OK, 2), case)
    assert two.missing == ("companies[i3].ok", "companies")
    assert [one.path for one in two.because] == ["companies[i1].ok"]
    one = evaluate(Count("companies", OK, 1), case)
    assert [(found.path, found.value) for found in one.because] == [("companies", 1), ("companies[i1].ok", "yes")]


@pytest.mark.parametrize(
    ("state", "truth"),
    [
        (GroupState.CLOSED, YES),
        (GroupState.OPEN, YES),
        (GroupState.NONE, NO),
        (GroupState.ASKED, UNKNOWN),
        (GroupState.NOT_ASKED, NO),
    ],
)
def test_a_list_reads_as_a_question_of_yes_or_no(state: GroupState, truth: Kleene):
    has_some = Test("companies", "is", "yes")
    assert evaluate(has_some, a_list(state, "")).truth is truth
    assert fast(has_some, a_list(state, "")) is truth


def test_a_list_nobody_mentioned_is_still_to_be_asked():
    verdict = evaluate(Count("companies", OK, 1), Facts())
    assert (verdict.truth, verdict.missing) == (UNKNOWN, ("companies",))
