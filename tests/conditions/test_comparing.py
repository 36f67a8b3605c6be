"""Every operator on every sort of reading, by both evaluators."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.conditions import comparisons
from app.conditions.dates import PartialDate
from app.conditions.evaluate import evaluate
from app.conditions.facts import NOT_ASKED, Facts, GroupFacts, GroupState, Item, Open, Party, Reading, Value
from app.conditions.fast_tests import shared_options
from app.conditions.kleene import Kleene, Verdict, all_of, any_of
from app.conditions.parsing import parse
from app.conditions.tree import Not
from app.conditions.yaml_source import Source, parse_text
from tests.conditions.worlds import _types, fast

NO, UNKNOWN, YES = Kleene.NO, Kleene.UNKNOWN, Kleene.YES
D = PartialDate.parse


def a_case(context: dict[str, Value] | None = None, **readings: Reading) -> Facts:
    top: dict[str, Reading] = {path: Open((path,)) for path in _types(None)}
    return Facts(top | readings, {}, context or {})


@pytest.mark.parametrize(
    ("text", "case", "truth"),
    [
        ("{answer: ok, is: yes}", a_case(ok="yes"), YES),
        ("{answer: ok, is: yes}", a_case(ok="no"), NO),
        ("{answer: ok, is: yes}", a_case(), UNKNOWN),
        ("{answer: field, is_any_of: [land, energy]}", a_case(field="energy"), YES),
        (
            "{answer: money, is_any_of: [none, lt_1000, '1000_5000', '5000_25000', '25000_100000', gt_100000]}",
            a_case(money="none"),
            YES,
        ),
        ("{answer: ties, includes: permit}", a_case(ties=("permit", "subsidy")), YES),
        ("{answer: ties, includes: permit}", a_case(ties=("none",)), NO),
        ("{answer: ties, includes_any: [permit, contract]}", a_case(ties=("subsidy",)), NO),
        ("{answer: who, relation_any_of: [partner, child]}", a_case(who=Party("child", "werk")), YES),
        ("{answer: who, relation_any_of: [partner]}", a_case(who=Party("child", "werk")), NO),
        ("{answer: pct, at_least: 33.5}", a_case(pct=Decimal("33.50")), YES),
        ("{answer: pct, more_than: 33.5}", a_case(pct=Decimal("33.50")), NO),
        ("{answer: pct, at_most: 33.5}", a_case(pct=Decimal("33.51")), NO),
        ("{answer: hours, less_than: 8}", a_case(hours=7), YES),
        ("{answer: hours, less_than: 8}", a_case(hours=8), NO),
        ("{answer: money, at_least: 5000}", a_case(money="5000_25000"), YES),
        ("{answer: money, at_least: 5000}", a_case(money="1000_5000"), NO),
        ("{answer: money, less_than: 1000}", a_case(money="none"), YES),
        ("{answer: money, less_than: 1000}", a_case(money="1000_5000"), NO),
        (
            "{answer: field, shares_with: context.portfolio}",
            a_case({"portfolio": ("land", "energy")}, field="land"),
            YES,
        ),
        ("{answer: field, shares_with: context.portfolio}", a_case({"portfolio": ("energy",)}, field="land"), NO),
        ("{answer: field, shares_with: context.portfolio}", a_case({"portfolio": ("none",)}, field="none"), NO),
        ("{answer: field, shares_with: context.portfolio}", a_case(field="none"), UNKNOWN),
        ("{answer: field, shares_with: context.portfolio}", a_case({"portfolio": ("land",)}), UNKNOWN),
        ("{context: portfolio, shares_with: field}", a_case({"portfolio": ("land",)}, field="land"), YES),
        ("{context: portfolio, shares_with: field}", a_case({"portfolio": ("land",)}, field=NOT_ASKED), NO),
        ("{context: portfolio, shares_with: field}", a_case({"portfolio": ("land",)}), UNKNOWN),
        ("{context: portfolio, shares_with: context.portfolio}", a_case({"portfolio": ("land",)}), YES),
        ("{context: portfolio, shares_with: context.portfolio}", a_case(), UNKNOWN),
        ("{answer: day, before: 2026-03}", a_case(day=D("2026-02-28")), YES),
        ("{answer: day, before: 2026-03}", a_case(day=D("2026-03-15")), UNKNOWN),
        ("{answer: day, before: 2026-03}", a_case(day=D("2026-04")), NO),
        ("{answer: day, on_or_after: 2026-03-15}", a_case(day=D("2026-03-15")), YES),
        ("{answer: day, on_or_before: 2026-03-15}", a_case(day=D("2026-03-15")), YES),
        (
            "{answer: day, after: context.appointment_date}",
            a_case({"appointment_date": D("2026-03-15")}, day=D("2026-03-15")),
            NO,
        ),
        ("{answer: day, after: context.appointment_date}", a_case(day=D("2026-03-15")), UNKNOWN),
        ("{context: appointment_date, after: day}", a_case({"appointment_date": D("2026-03-15")}, day=NOT_ASKED), NO),
        ("{answer: day, within: {months: 1, after: 2026-01-31}}", a_case(day=D("2026-02-28")), YES),
        ("{answer: day, within: {months: 1, after: 2026-01-31}}", a_case(day=D("2026-03-01")), NO),
        ("{answer: day, within: {months: 1, after: 2026-01-31}}", a_case(), UNKNOWN),
        (
            "{answer: day, older_than: {months: 3, at: context.appointment_date}}",
            a_case({"appointment_date": D("2026-05-31")}, day=D("2026-02")),
            UNKNOWN,
        ),
        (
            "{context: appointment_date, within: {months: 1, before: day}}",
            a_case({"appointment_date": D("2026-05-31")}, day=NOT_ASKED),
            NO,
        ),
        ("{answer: text, is_given: true}", a_case(text="Molen"), YES),
        ("{answer: text, is_given: true}", a_case(), UNKNOWN),
        ("{answer: text, is_given: true}", a_case(text=NOT_ASKED), NO),
    ],
)
def test_an_operator_says_yes_no_or_not_known_yet(text: str, case: Facts, truth: Kleene):
    source = Source("rules.yaml")
    node = parse(parse_text(text, source), source)
    assert node is not None, source.problems
    verdict = evaluate(node, case)
    assert (verdict.truth, fast(node, case)) == (truth, truth)
    assert bool(verdict.missing) is (truth is UNKNOWN)
    unasked = any(not one.asked for one in verdict.because)
    opposite = NO if unasked else ~truth
    assert (evaluate(Not(node), case).truth, fast(Not(node), case)) == (opposite, opposite)


def test_what_would_settle_a_comparison_of_two_blanks_is_both():
    source = Source("rules.yaml")
    node = parse(parse_text("{answer: day, before: context.appointment_date}", source), source)
    assert node is not None
    assert evaluate(node, a_case()).missing == ("day", "context.appointment_date")
    rough = evaluate(node, a_case({"appointment_date": D("2026-03-15")}, day=D("2026-03")))
    assert (rough.truth, rough.missing) == (UNKNOWN, ("day",))


@pytest.mark.parametrize(
    ("function", "value", "argument"),
    [
        (comparisons.at_least, ("a",), Decimal(1)),
        (comparisons.at_least, 1, "1"),
        (comparisons.before, "2026", D("2026")),
        (comparisons.within, D("2026"), D("2026")),
    ],
)
def test_a_value_of_another_kind_is_a_bug_and_no_answer(
    function: Callable[[object, object], Kleene], value: object, argument: object
):
    with pytest.raises(TypeError, match="not a"):
        function(value, argument)


def test_all_is_the_weakest_and_any_the_strongest():
    yes, no, unknown = Verdict(YES), Verdict(NO), Verdict(UNKNOWN, (), ("x",))
    assert [all_of(some).truth for some in ([], [yes], [yes, unknown], [unknown, no])] == [YES, YES, UNKNOWN, NO]
    assert [any_of(some).truth for some in ([], [no], [no, unknown], [unknown, yes])] == [NO, NO, UNKNOWN, YES]
    assert any_of([unknown, Verdict(UNKNOWN, (), ("y", "x"))]).missing == ("x", "y")
    assert all_of([unknown, yes, Verdict(UNKNOWN, (), ("y",))]).missing == ("x", "y")


def test_an_unknown_portfolio_may_share_anything_and_shares_nothing_for_sure():
    may, sure = shared_options(None)
    assert "land" in may
    assert not may.isdisjoint(("land",))  # type: ignore[attr-defined]
    assert "land" not in sure
    assert shared_options("land") == ({"land"}, {"land"})
    assert shared_options(("land", "none")) == ({"land"}, {"land"})


def test_a_period_may_count_from_a_date_in_the_rule_itself():
    source = Source("rules.yaml")
    node = parse(parse_text("{answer: day, older_than: {years: 1, at: 2026-03-01}}", source), source)
    assert node is not None
    for given, truth in [("2025-02-28", YES), ("2025-03-01", NO), ("2025", UNKNOWN)]:
        case = a_case(day=D(given))
        assert (evaluate(node, case).truth, fast(node, case)) == (truth, truth)


def test_an_item_that_is_not_there_is_no_item():
    found = GroupFacts(GroupState.CLOSED, (Item("a1", {}),))
    case = Facts({}, {"companies": found}, {})
    assert case.item("companies", "a1") == Item("a1", {})
    assert case.item("companies", "b2") is None
