"""A date of a case as people read it: the day, what it hangs on, and the article it follows from."""

from datetime import date

import pytest

from app.questionnaires.context import Tier
from app.reviews.deadlines import Offsets, count_back
from app.web.deadlines import norm, when
from app.web.rounds.mapping import deadline_views
from app.web.templating import library
from tests.web.conftest import House


def told(tier: Tier) -> dict[str, tuple[str, str]]:
    rows = count_back(date(2027, 6, 1), Offsets(), today=date(2027, 1, 1), tier=tier)
    return {row.id: (when(row), norm(row)) for row in rows}


def test_the_declaration_of_assets_has_a_day_that_says_what_it_hangs_on() -> None:
    law = "art. 49, eerste lid, Wet openbare lichamen Bonaire, Sint Eustatius en Saba"
    said = told(Tier.PUBLIC_BODY)
    assert said["asset_declaration"] == ("1 juli 2027, als de benoeming op de geplande dag wordt aangenomen", law)
    assert said["asset_declaration_after"] == ("binnen 30 dagen na het ontslag", law)


def test_a_working_agreement_has_no_article_and_a_first_day_says_so() -> None:
    said = told(Tier.MUNICIPALITY)
    assert said["invite"] == ("20 april 2027", "")
    assert said["vog_earliest"] == ("vanaf 1 maart 2027", "art. 36a, tweede lid, Gemeentewet")


@pytest.mark.parametrize("tier", Tier)
def test_the_table_of_dates_shows_the_words_and_the_article(tier: Tier) -> None:
    rows = count_back(date(2027, 6, 1), Offsets(), today=date(2027, 1, 1), tier=tier)
    shown = " ".join(str(library.deadlines(rows=deadline_views(rows, tier))).split())
    for row in rows:
        assert when(row) in shown
        assert f"({norm(row)})" in shown if row.basis else norm(row) == ""
    assert ("Rijksvertegenwoordiger" in shown) is (tier is Tier.PUBLIC_BODY)


def test_clerk_and_candidate_see_what_comes_after_the_appointment(house: House) -> None:
    case = house.stage.cases["filled"]
    for page in (
        house.get("clerk", house.stage.round),
        house.get("clerk", f"/zaken/{case.id}"),
        house.get_as(case, f"/vragenlijst/{case.id}/stand"),
    ):
        assert "als het bericht komt op de dag van de benoeming" in page.text
        assert "(art. 40, Gemeentewet)" in page.text
        assert "Verklaring over vermogen" not in page.text
