"""The requirements for the office and the verklaring omtrent het gedrag, around every boundary."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.questionnaires.answers_file import read_answers
from tests.rules.law import APPOINTMENT, bars, questionnaire, said, weigh

DAY = timedelta(days=1)


def three_months_before(day: date) -> date:
    """Count back month by month on the calendar, and stay inside the month."""
    year, month = day.year, day.month
    for _ in range(3):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@given(
    appointment=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    age=st.integers(min_value=0, max_value=400),
)
@example(appointment=date(2027, 5, 31), age=92)
@example(appointment=date(2028, 5, 31), age=92)
def test_a_vog_is_too_old_from_the_day_after_three_months(appointment: date, age: int):
    issued = appointment - timedelta(days=age)
    answers = {"vog_status": "received", "vog_issued_on": issued.isoformat()}
    found = said(weigh(answers, appointment=appointment), "VOG-01")
    assert found == ("certain" if issued < three_months_before(appointment) else "none")


@given(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
def test_exactly_three_months_is_not_too_old_and_a_day_more_is(appointment: date):
    edge = three_months_before(appointment)
    on_time = {"vog_status": "received", "vog_issued_on": edge.isoformat()}
    too_old = {"vog_status": "received", "vog_issued_on": (edge - DAY).isoformat()}
    assert not bars(weigh(on_time, appointment=appointment))
    assert bars(weigh(too_old, appointment=appointment)) == {"VOG-01"}


@pytest.mark.parametrize(
    ("issued", "expected"),
    [("2026-08", "certain"), ("2026-09", "possible"), ("2026-10", "none"), ("2025", "certain"), ("2026", "possible")],
)
def test_a_vog_of_which_only_the_month_or_year_is_known(issued: str, expected: str):
    assert said(weigh({"vog_status": "received", "vog_issued_on": issued}), "VOG-01") == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"vog_status": "refused"}, {"VOG-02"}),
        ({"vog_status": "requested", "vog_present_at_appointment": "no"}, {"VOG-03"}),
        ({"vog_status": "not_requested", "vog_present_at_appointment": "no"}, {"VOG-03"}),
        ({"vog_status": "requested"}, set()),
        ({"vog_status": "not_requested"}, set()),
        ({"vog_status": "received", "vog_issued_on": "2026-12-16"}, {"VOG-04"}),
        ({"vog_status": "received", "vog_issued_on": "2026-12-15"}, set()),
    ],
)
def test_what_bars_an_appointment_without_a_vog(answers: Mapping[str, str], expected: set[str]):
    assert bars(weigh(answers)) == expected


@pytest.mark.parametrize("status", ["requested", "not_requested"])
def test_a_vog_that_is_not_there_yet_stays_open_until_somebody_looked(status: str):
    found = weigh({"vog_status": status}).find("VOG-03")
    assert found is not None
    assert (found.outcome, found.severity, found.missing) == ("possible", 4, ("vog_present_at_appointment",))


@pytest.mark.parametrize(
    ("requested", "severity"), [(APPOINTMENT - 57 * DAY, 1), (APPOINTMENT - 56 * DAY, 2), (APPOINTMENT, 2)]
)
def test_a_request_within_eight_weeks_of_the_appointment_weighs_more(requested: date, severity: int):
    answers = {"vog_status": "requested", "vog_requested_on": requested.isoformat(), "vog_delay_expected": "no"}
    found = weigh(answers).find("VOG-05")
    assert found is not None
    assert (found.outcome, found.severity) == ("certain", severity)


@pytest.mark.parametrize(("weeks", "severity"), [(9, 2), (8, 3), (1, 3)])
def test_no_request_weighs_more_when_time_runs_out(weeks: int, severity: int):
    found = weigh({"vog_status": "not_requested"}, as_of=APPOINTMENT - timedelta(weeks=weeks)).find("VOG-06")
    assert found is not None
    assert (found.outcome, found.severity) == ("certain", severity)


ELSEWHERE = {"is_resident": "no"}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"is_resident": "yes"}, "none"),
        ({}, "possible"),
        (ELSEWHERE | {"residence_exemption": "granted", "will_move": "no"}, "none"),
        (ELSEWHERE | {"residence_exemption": "not_requested", "will_move": "no"}, "certain"),
        (ELSEWHERE | {"residence_exemption": "requested", "will_move": "no"}, "possible"),
        (
            ELSEWHERE | {"residence_exemption": "requested", "residence_exemption_decided": "yes", "will_move": "no"},
            "none",
        ),
        (
            ELSEWHERE | {"residence_exemption": "requested", "residence_exemption_decided": "no", "will_move": "no"},
            "certain",
        ),
        (
            ELSEWHERE | {"residence_exemption": "not_requested", "will_move": "yes", "moves_on": "2026-12-15"},
            "none",
        ),
        (
            ELSEWHERE | {"residence_exemption": "not_requested", "will_move": "yes", "moves_on": "2026-12-16"},
            "certain",
        ),
    ],
)
def test_living_elsewhere_bars_only_without_exemption_and_without_moving_in_time(
    answers: Mapping[str, str], expected: str
):
    assert said(weigh(answers), "REQ-02") == expected


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"is_adult": "no"}, "REQ-01"),
        ({"court_exclusions": ["voting_rights"]}, "REQ-05"),
        ({"court_exclusions": ["this_office"]}, "REQ-06"),
        ({"nationality": "other", "lawful_residence": "no"}, "REQ-07"),
        ({"nationality": "other", "five_years_resident": "no"}, "REQ-08"),
        ({"nationality": "eu", "diplomatic_household": "yes"}, "REQ-09"),
        ({"same_office_elsewhere": "yes", "same_office_ends": "no"}, "REQ-10"),
    ],
)
def test_a_requirement_that_is_not_met_is_a_legal_bar(answers: Mapping[str, str], rule: str):
    assert bars(weigh(answers)) == {rule}


def test_a_citizen_of_the_union_needs_no_residence_permit():
    union = weigh({"nationality": "eu", "diplomatic_household": "no"})
    assert [said(union, rule) for rule in ("REQ-07", "REQ-08", "REQ-09")] == ["none", "none", "none"]


def test_somebody_who_meets_every_requirement_gets_nothing_at_all():
    answers = {
        "is_resident": "yes",
        "is_adult": "yes",
        "court_exclusions": ["none"],
        "nationality": "dutch",
        "same_office_elsewhere": "no",
        "vog_status": "received",
        "vog_issued_on": "2026-11-01",
    }
    flags = [flag for flag in weigh(answers).flags if flag.rule.subject in {"requirements", "vog"}]
    assert flags == []


def test_neither_birthday_nor_reason_of_refusal_nor_address_can_be_answered():
    known = questionnaire().questions
    assert not [name for name in known if any(word in name for word in ("birth", "bsn", "address", "refusal_reason"))]
    assert read_answers(questionnaire(), {"is_adult": "yes"})
