"""An outcome that was written down wrongly is put right by two people, and the day on which a case goes follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.errors import NotAllowed
from app.reviews.lifecycle import Step
from app.reviews.retention import End, Outcome, months_after
from app.usecases import cases, retention, retention_policy
from app.usecases.lines import CaseLine, today
from app.usecases.retention import Ask
from tests.usecases.test_what_outlives import ended, policy
from tests.usecases.world import World


def correct(world: World, case: CaseLine, kind: Ask, day: date) -> None:
    """Put something right, by two people."""
    asked = retention.ask(world.db, world.clerk, case.id, kind, "Verkeerd overgenomen.", day)
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)


def first_day(world: World, case: CaseLine) -> date | None:
    return retention.keeping(world.db, world.clerk, case.id).clocks[0].on


def test_a_day_that_was_written_down_wrongly_is_put_right_by_two_people_and_moves_the_end(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=12, council=12))
    case = ended(world, appointed=False, on=today() - timedelta(days=400))
    due = first_day(world, case)
    right = today() - timedelta(days=40)
    asked = retention.ask(world.db, world.clerk, case.id, Ask.CORRECT_DAY, "Verkeerd jaar.", right)
    assert first_day(world, case) == due, "one person moves nothing"
    with pytest.raises(NotAllowed, match="zelf gevraagd"):
        retention.decided(world.db, world.clerk, case.id, asked, accepted=True)
    retention.decided(world.db, world.principal, case.id, asked, accepted=True)
    assert first_day(world, case) == months_after(right, 12)
    for wrong in (None, today() + timedelta(days=1)):
        with pytest.raises(NotAllowed, match="niet in de toekomst"):
            retention.ask(world.db, world.clerk, case.id, Ask.CORRECT_DAY, "Verkeerd.", wrong)
    with pytest.raises(NotAllowed, match="niets te verbeteren"):
        retention.ask(world.db, world.clerk, case.id, Ask.CORRECT_LAST_DAY, "Verkeerd.", today())


def test_who_was_appointed_after_all_is_kept_by_the_term_for_that(world: World):
    terms = tuple(replace(one, months=24 if one.end is End.APPOINTED else 1) for one in policy(case=1, council=1).terms)
    retention_policy.set_policy(world.db, world.admin, replace(policy(case=1, council=1), terms=terms))
    case = ended(world, appointed=False, on=today() - timedelta(days=10))
    correct(world, case, Ask.CORRECT_OUTCOME, today() - timedelta(days=9))
    shown = retention.keeping(world.db, world.clerk, case.id)
    assert shown.outcome == Outcome(End.APPOINTED, today() - timedelta(days=9))
    assert shown.clocks[0].on == months_after(today() - timedelta(days=9), 24)
    page = cases.case_page(world.db, world.clerk, case.id)
    assert (page.case.step, page.timeline[-1].reason) == (Step.APPOINTED, "Verkeerd overgenomen.")
    retention.left_office(world.db, world.clerk, case.id, today() - timedelta(days=2))
    with pytest.raises(NotAllowed, match="na de laatste dag"):
        retention.ask(world.db, world.clerk, case.id, Ask.CORRECT_DAY, "Verkeerd.", today())
    with pytest.raises(NotAllowed, match="voor de benoeming"):
        retention.ask(world.db, world.clerk, case.id, Ask.CORRECT_LAST_DAY, "Verkeerd.", today() - timedelta(days=30))
    correct(world, case, Ask.CORRECT_OUTCOME, today() - timedelta(days=9))
    assert retention.keeping(world.db, world.clerk, case.id).outcome == Outcome(
        End.NOT_APPOINTED, today() - timedelta(days=9)
    )


def test_the_day_of_a_withdrawal_wrote_itself_down_and_stands(world: World):
    retention_policy.set_policy(world.db, world.admin, policy(case=1, council=1))
    case, candidate = world.in_review()
    cases.withdraw(world.db, candidate, case.id)
    for kind in (Ask.CORRECT_DAY, Ask.CORRECT_OUTCOME):
        with pytest.raises(NotAllowed, match="niets te verbeteren"):
            retention.ask(world.db, world.clerk, case.id, kind, "Verkeerd.", today())
