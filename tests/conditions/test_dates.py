from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions.comparisons import before, older_than, on_or_after, on_or_before, within
from app.conditions.dates import PartialDate, shift
from app.conditions.kleene import Kleene
from app.conditions.tree import Period
from tests.conditions.worlds import dates

NO, UNKNOWN, YES = Kleene.NO, Kleene.UNKNOWN, Kleene.YES


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-12", "2026-03-12", "2026-03-12"),
        ("2026-03", "2026-03-01", "2026-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2019", "2019-01-01", "2019-12-31"),
    ],
)
def test_a_date_known_in_part_is_every_day_in_it(text: str, first: str, last: str):
    partial = day(text)
    assert (partial.first.isoformat(), partial.last.isoformat()) == (first, last)
    assert str(partial) == text


@pytest.mark.parametrize(
    "text", ["2026-13", "2023-02-29", "26-03-12", "2026-3-1", "", "today", "2026-03-12T10:00", "٢٠٢٦"]
)
def test_what_is_not_on_the_calendar_is_refused(text: str):
    with pytest.raises(ValueError, match=r".+"):
        day(text)


def test_a_day_needs_a_month():
    with pytest.raises(ValueError, match="month"):
        PartialDate(2026, None, 3)


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-05-31", {"months": -3}, "2026-02-28"),
        ("2024-05-31", {"months": -3}, "2024-02-29"),
        ("2024-02-29", {"years": 1}, "2025-02-28"),
        ("2024-02-29", {"years": -4}, "2020-02-29"),
        ("2026-01-15", {"months": -1}, "2025-12-15"),
        ("2025-12-15", {"months": 1}, "2026-01-15"),
        ("2026-03-31", {"months": 1, "days": 1}, "2026-05-01"),
        ("2026-03-01", {"days": -1}, "2026-02-28"),
        ("0001-01-31", {"years": -1}, "0001-01-01"),
        ("9999-12-31", {"months": 1}, "9999-12-31"),
        ("9999-12-31", {"days": 1}, "9999-12-31"),
        ("0001-01-01", {"days": -1}, "0001-01-01"),
    ],
)
def test_periods_are_calendar_periods(start: str, period: dict[str, int], end: str):
    assert shift(date.fromisoformat(start), **period) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("issued", "appointed", "older"),
    [
        ("2026-08-31", "2026-11-30", NO),  # three months before 30 November is 30 August
        ("2026-08-30", "2026-11-30", NO),
        ("2026-08-29", "2026-11-30", YES),
        ("2026-02-28", "2026-05-31", NO),  # no 31 February: the month end counts
        ("2026-02-27", "2026-05-31", YES),
        ("2024-02-28", "2024-05-31", YES),
        ("2024-02-29", "2024-05-31", NO),
        ("2026-08", "2026-11-30", UNKNOWN),
        ("2026-09", "2026-11-30", NO),
        ("2026-07", "2026-11-30", YES),
        ("2025", "2026-11-30", YES),
        ("2026", "2026-11-30", UNKNOWN),
    ],
)
def test_older_than_three_months(issued: str, appointed: str, older: Kleene):
    assert older_than(day(issued), Period("at", day(appointed), months=3)) is older


@pytest.mark.parametrize(
    ("given", "direction", "answer"),
    [
        ("2025-11-30", "before", YES),
        ("2025-11-29", "before", NO),
        ("2026-11-30", "before", YES),
        ("2026-12-01", "before", NO),
        ("2026-11-30", "after", YES),
        ("2026-11-29", "after", NO),
        ("2027-11-30", "after", YES),
        ("2027-12-01", "after", NO),
        ("2025-11", "before", UNKNOWN),
        ("2026-06", "before", YES),
        ("2024", "before", NO),
        ("2027", "after", UNKNOWN),
    ],
)
def test_within_a_year_counts_both_ends(given: str, direction: str, answer: Kleene):
    assert within(day(given), Period(direction, day("2026-11-30"), years=1)) is answer  # type: ignore[arg-type]


def _days(partial: PartialDate) -> list[date]:
    return [partial.first + timedelta(days=step) for step in range((partial.last - partial.first).days + 1)]


@given(dates, dates)
def test_a_comparison_is_certain_only_when_every_day_agrees(one: PartialDate, other: PartialDate):
    truths = {mine < theirs for mine in (one.first, one.last) for theirs in (other.first, other.last)}
    expected = UNKNOWN if len(truths) > 1 else (YES if truths.pop() else NO)
    assert before(one, other) is expected
    assert on_or_after(one, other) is ~before(one, other)
    assert on_or_before(one, other) is ~before(other, one)


@given(dates, st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.integers(1, 30), st.integers(0, 3))
def test_a_period_holds_for_a_partial_date_when_it_holds_for_every_day(
    partial: PartialDate, anchor: date, months: int, years: int
):
    period = Period("before", PartialDate.of(anchor), years=years, months=months)
    low = shift(anchor, years=-years, months=-months)
    truths = {low <= one <= anchor for one in _days(partial)}
    if len(truths) == 1:
        # a whole-or-nothing answer may still be left open, but is never turned around
        assert within(partial, period) in {UNKNOWN, YES if truths == {True} else NO}
    else:
        assert within(partial, period) is UNKNOWN
    assert older_than(partial, Period("at", PartialDate.of(anchor), years=years, months=months)) is before(
        partial, PartialDate.of(low)
    )
