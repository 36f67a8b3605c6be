"""Dates are counted back in calendar days and months."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.reviews.deadlines import Offsets, count_back, months_before

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_three_months_before_the_end_of_may_is_the_end_of_february() -> None:
    assert months_before(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert months_before(date(2028, 5, 31), 3) == date(2028, 2, 29)
    assert months_before(date(2027, 1, 15), 3) == date(2026, 10, 15)


def test_the_vog_is_requested_eight_weeks_and_a_margin_before() -> None:
    rows = {row.id: row for row in count_back(date(2027, 6, 1), Offsets(vog_margin=7), today=date(2027, 1, 1))}
    assert rows["vog_request"].on == date(2027, 6, 1) - timedelta(days=63)
    assert rows["vog_earliest"].on == date(2027, 3, 1)


@given(appointment=DAYS, today=DAYS)
def test_dates_are_in_order_and_lateness_is_about_today(appointment: date, today: date) -> None:
    rows = count_back(appointment, Offsets(), today=today)
    assert [row.on for row in rows] == sorted(row.on for row in rows)
    assert all(row.late == (row.on < today and not row.earliest) for row in rows)
    assert max(row.on for row in rows) == appointment
