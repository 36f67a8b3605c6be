"""Dates are counted back in calendar days and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.reviews.deadlines import MOST_DAYS, Deadline, Offsets, count_back, months_before, out_of_turn
from app.risk_rules.loading import load_rulebook
from app.risk_rules.sources import wrong_places

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def counted(tier: Tier, offsets: Offsets | None = None) -> dict[str, Deadline]:
    """Count from an appointment on the first of June, by the name of the date."""
    rows = count_back(date(2027, 6, 1), offsets or Offsets(), today=date(2027, 1, 1), tier=tier)
    return {row.id: row for row in rows}


def placed(row: Deadline | None) -> str:
    return row.basis.place if row and row.basis else ""


def test_three_months_before_the_end_of_may_is_the_end_of_february() -> None:
    assert months_before(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert months_before(date(2028, 5, 31), 3) == date(2028, 2, 29)
    assert months_before(date(2027, 1, 15), 3) == date(2026, 10, 15)


def test_the_vog_is_requested_eight_weeks_and_a_margin_before() -> None:
    rows = counted(Tier.MUNICIPALITY, Offsets(vog_margin=7))
    assert rows["vog_request"].on == date(2027, 6, 1) - timedelta(days=63)
    assert rows["vog_earliest"].on == date(2027, 3, 1)


@given(appointment=DAYS, today=DAYS, tier=st.sampled_from(Tier))
def test_dates_are_in_order_and_lateness_is_about_today(appointment: date, today: date, tier: Tier) -> None:
    rows = count_back(appointment, Offsets(), today=today, tier=tier)
    days = [row.on for row in rows if row.on is not None]
    assert days == sorted(days)
    assert [row.on for row in rows[: len(days)]] == days
    assert all(row.late == (row.on is not None and row.on < today and not row.earliest) for row in rows)
    assert all(row.moment for row in rows if row.on is None or row.on > appointment)
    assert len({row.id for row in rows}) == len(rows)


def test_on_the_islands_the_declaration_of_assets_has_thirty_days_from_accepting() -> None:
    rows = counted(Tier.PUBLIC_BODY)
    declared = rows["asset_declaration"]
    assert declared.on == date(2027, 7, 1)
    assert declared.moment == "als de benoeming op de geplande dag wordt aangenomen"
    again = rows["asset_declaration_after"]
    assert (again.on, again.moment) == (None, "binnen 30 dagen na het ontslag")
    assert {placed(declared), placed(again)} == {"WolBES 49 lid 1"}


@pytest.mark.parametrize("tier", [tier for tier in Tier if tier is not Tier.PUBLIC_BODY])
def test_elsewhere_nobody_declares_assets(tier: Tier) -> None:
    assert not {"asset_declaration", "asset_declaration_after"} & set(counted(tier))


@pytest.mark.parametrize(
    ("tier", "accept", "effect", "oath", "vog", "decided"),
    [
        (Tier.MUNICIPALITY, "GW 40", "GW 38", "GW 41a lid 1", "GW 36a lid 2", "GW 24 d"),
        (Tier.PROVINCE, "PW 39", "PW 37", "PW 40a lid 1", "PW 35b lid 2", "PW 24 d"),
        (Tier.WATER_BOARD, "", "", "WsW 34 lid 1", "WsW 41 lid 1", "WsW 36 d"),
        (Tier.PUBLIC_BODY, "WolBES 45", "WolBES 43", "WolBES 47 lid 1", "WolBES 39 lid 2", "WolBES 25 lid 1 d"),
    ],
)
def test_what_follows_from_law_cites_the_law_of_the_tier(
    tier: Tier, accept: str, effect: str, oath: str, vog: str, decided: str
) -> None:
    rows = counted(tier)
    assert [placed(rows.get(name)) for name in ("accept", "takes_effect", "oath", "vog_earliest", "appointment")] == [
        accept,
        effect,
        oath,
        vog,
        decided,
    ]
    assert "accept" not in rows or rows["accept"].on == date(2027, 6, 11)
    assert rows["oath"].on is None
    assert ("algemeen bestuur" in rows["oath"].why) is (tier is Tier.WATER_BOARD)


def test_on_the_islands_the_gezaghebber_gives_the_vog_and_the_law_names_no_term() -> None:
    asked = counted(Tier.PUBLIC_BODY)["vog_request"]
    assert placed(asked) == "VOG-BES 16"
    assert asked.why.startswith("De gezaghebber")
    assert placed(counted(Tier.PROVINCE)["vog_request"]) == "Wjsg 37"


@pytest.mark.parametrize("tier", Tier)
def test_every_article_of_a_date_stands_in_the_register(tier: Tier) -> None:
    sources = load_rulebook(newest(), examples=False).sources
    for row in counted(tier).values():
        assert row.basis is None or not list(wrong_places(row.basis, sources))


STEPS = ("invite", "answers", "review", "hearing_opens", "hearing_closes", "council_papers")


def test_the_agreements_of_the_product_are_in_turn() -> None:
    assert out_of_turn(Offsets()) is None


@given(st.lists(st.integers(0, MOST_DAYS), min_size=6, max_size=6))
def test_steps_are_in_turn_exactly_when_no_date_comes_before_an_earlier_one(days: list[int]) -> None:
    offsets = Offsets(**dict(zip(STEPS, days, strict=True)))
    rows = {row.id: row.on for row in count_back(date(2027, 6, 1), offsets, today=date(2027, 1, 1), tier=Tier.PROVINCE)}
    dates = [rows[step] or date.max for step in STEPS]
    in_turn = dates == sorted(dates) and rows["hearing_opens"] != rows["hearing_closes"]
    assert (out_of_turn(offsets) is None) is in_turn
