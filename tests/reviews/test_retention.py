"""How long a case is kept: dates, holds, extensions, and what a policy must say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.retention import (
    Choice,
    End,
    Kept,
    Outcome,
    Policy,
    Standing,
    Start,
    Term,
    clocks,
    months_after,
    problems,
    term_in_words,
)

DAY = date(2026, 11, 30)
COMPLETE = Policy(
    "Selectielijst van het voorbeeld",
    tuple(Term(end, kept, 12 if kept is Kept.CASE else None) for end in End for kept in Kept),
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def one(policy: Policy, outcome: Outcome, today: date, **more: object):
    return next(line for line in clocks(policy, outcome, today, **more) if line.kept is Kept.CASE)  # type: ignore[arg-type]


def with_case_term(term: Term) -> Policy:
    others = tuple(t for t in COMPLETE.terms if (t.end, t.kept) != (term.end, term.kept))
    return replace(COMPLETE, terms=(*others, term))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_a_month_is_a_calendar_month(start: date, months: int, end: date):
    assert months_after(start, months) == end


@given(DAYS, st.integers(0, 600), st.integers(0, 600))
def test_a_longer_term_never_ends_sooner(start: date, months: int, more: int):
    assert months_after(start, months) <= months_after(start, months + more)


def test_the_clock_starts_at_the_outcome():
    clock = one(COMPLETE, Outcome(End.WITHDRAWN, DAY), DAY)
    assert (clock.standing, clock.on) == (Standing.RUNNING, date(2027, 11, 30))


def test_it_is_due_on_the_day_itself_and_near_before_it():
    on = date(2027, 11, 30)
    outcome = Outcome(End.WITHDRAWN, DAY)
    assert one(COMPLETE, outcome, on).standing is Standing.DUE
    assert one(COMPLETE, outcome, on - timedelta(days=1)).standing is Standing.NEAR
    assert one(COMPLETE, outcome, on - timedelta(days=30)).standing is Standing.NEAR
    assert one(COMPLETE, outcome, on - timedelta(days=31)).standing is Standing.RUNNING


def test_a_term_from_the_end_of_the_office_waits_for_that_day():
    policy = with_case_term(Term(End.APPOINTED, Kept.CASE, 6, Start.END_OF_OFFICE))
    assert one(policy, Outcome(End.APPOINTED, DAY), date(2090, 1, 1)).standing is Standing.WAITING
    known = Outcome(End.APPOINTED, DAY, end_of_office=date(2030, 4, 1))
    assert one(policy, known, DAY).on == date(2030, 10, 1)


def test_what_stays_for_good_has_no_date():
    lines = clocks(COMPLETE, Outcome(End.APPOINTED, DAY), date(2090, 1, 1))
    council = next(line for line in lines if line.kept is Kept.COUNCIL_VERSION)
    assert (council.standing, council.on) == (Standing.FOREVER, None)


@given(DAYS, DAYS, st.integers(0, 240))
def test_an_extension_only_moves_a_date_later(today: date, extended_to: date, months: int):
    policy = with_case_term(Term(End.WITHDRAWN, Kept.CASE, months))
    plain = one(policy, Outcome(End.WITHDRAWN, DAY), today).on
    later = one(policy, Outcome(End.WITHDRAWN, DAY), today, extended_to=extended_to).on
    assert plain is not None
    assert later == max(plain, extended_to)


@given(DAYS, st.integers(0, 240))
def test_nothing_that_is_held_is_due(today: date, months: int):
    policy = with_case_term(Term(End.WITHDRAWN, Kept.CASE, months))
    assert one(policy, Outcome(End.WITHDRAWN, DAY), today, held=True).standing is Standing.HELD


def test_a_complete_policy_has_no_problems():
    assert problems(COMPLETE) == ()


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (replace(COMPLETE, selection_list=" "), "selectielijst"),
        (replace(COMPLETE, warn_days=-1), "waarschuwing"),
        (replace(COMPLETE, terms=COMPLETE.terms[1:]), "precies één termijn"),
        (replace(COMPLETE, terms=(*COMPLETE.terms, COMPLETE.terms[0])), "precies één termijn"),
        (with_case_term(Term(End.WITHDRAWN, Kept.CASE, -1)), "aantal maanden"),
        (with_case_term(Term(End.WITHDRAWN, Kept.CASE, 1201)), "aantal maanden"),
        (with_case_term(Term(End.WITHDRAWN, Kept.CASE, 1, Start.END_OF_OFFICE)), "als het ambt eindigt"),
    ],
)
def test_each_gap_in_a_policy_is_named(policy: Policy, says: str):
    found = problems(policy)
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Term(End.APPOINTED, Kept.CASE, None), "blijvend"),
        (Term(End.APPOINTED, Kept.CASE, 0), "direct na de uitkomst"),
        (Term(End.APPOINTED, Kept.CASE, 1), "1 maand na de uitkomst"),
        (Term(End.APPOINTED, Kept.CASE, 12, Start.END_OF_OFFICE), "12 maanden na het einde van het ambt"),
    ],
)
def test_a_term_reads_as_a_sentence(term: Term, words: str):
    assert term_in_words(term) == words


def test_somebody_who_withdraws_may_choose_by_default():
    assert COMPLETE.choices == frozenset(Choice)
