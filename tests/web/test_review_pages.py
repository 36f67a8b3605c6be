"""What a reviewer reads on the pages of a review."""

import html
import re
from datetime import UTC, datetime

import pytest

from app.web.review import routes
from app.web.review.pages import RemarkView, WrittenView
from tests.web.conftest import House


def review_of(house: House, case: str, who: str = "analyst") -> str:
    return html.unescape(house.get(who, f"{house.stage.cases[case].file}/beoordeling").text)


def test_what_is_still_needed_names_each_signal_once(house: House) -> None:
    page = review_of(house, "review")
    needed = page.partition("Nog nodig voor een conclusie")[2].partition("</section>")[0]
    links = re.findall(r'href="([^"]+/signaal/[^"]+)"', needed)
    assert links
    assert len(links) == len(set(links))
    assert "Ontbreekt: reactie van de kandidaat, bevinding<" in needed


def test_the_words_for_the_candidate_stand_apart_on_a_reviewers_page(house: House) -> None:
    """On these pages "u" is the reader, and the rules say "u" to the candidate."""
    page = review_of(house, "review")
    for card in re.findall(r'<article class="ts-flag .*?</article>', page, re.DOTALL):
        head, _, rest = card.partition("</header>")
        assert not re.search(r"\b[Uu]w?\b", head), head
        assert "In woorden voor de kandidaat" in rest
        without_quotes = re.sub(r"<q>.*?</q>", "", rest.partition("In woorden voor de kandidaat")[2], flags=re.DOTALL)
        assert "U heeft" not in without_quotes
    assert re.search(r"<q>[^<]*Sportvereniging De Vlieghei", page)
    assert re.search(r"<q>[^<]*\bu\b", page)


def test_a_rule_that_does_not_apply_stands_with_its_norm_and_the_answers_that_decided(house: House) -> None:
    page = html.unescape(
        house.get("analyst", f"{house.stage.cases['review'].file}/beoordeling/niet-van-toepassing").text
    )
    row = next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if "REQ-02" in row)
    assert "art. 10, eerste lid" in row or "art. 36a" in row
    assert "Woont u in het gebied van de gemeente?: ja" in re.sub(r"<[^>]+>", "", row)
    assert "niet gevraagd" not in page


def test_the_reviewer_sees_which_open_questions_still_matter(house: House) -> None:
    review = review_of(house, "review")
    assert "/beoordeling/open-vragen" in review
    page = html.unescape(house.get("analyst", f"{house.stage.cases['review'].file}/beoordeling/open-vragen").text)
    matter, _, other = page.partition("Deze vragen veranderen geen signaal meer")
    assert "Hoe liep het af?" in matter
    assert "Uw buurman vraagt" in other
    assert "Uw buurman vraagt" not in matter


def test_the_candidate_sees_which_open_questions_still_matter(house: House) -> None:
    case = house.stage.cases["filled"]
    page = html.unescape(house.get_as(case, f"{case.form}/controle").text)
    listed = page.partition('id="doet-ertoe"')[2].partition("</details>")[0]
    links = re.findall(r'href="([^"#]+)#([^"]+)"', listed)
    assert links
    for address, place in links[:3]:
        assert f'id="{place}"' in house.get_as(case, address).text


def test_what_was_written_about_a_rule_that_is_gone_can_be_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Eerder opgeschreven" not in review_of(house, "review")
    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    said = RemarkView(
        kind="Bevinding", who="Ans Lezer", at=at, text="Het cadeau is gemeld.", extra="Advies: meld meer."
    )
    one = WrittenView(title="Regel PACK-01", rule="PACK-01", reason="Deze regel telt niet meer mee.", remarks=(said,))
    monkeypatch.setattr(routes, "written_before", lambda _: (one,))
    page = review_of(house, "review").partition("Eerder opgeschreven")[2].partition("</section>")[0]
    for expected in (
        "Deze regel telt niet meer mee.",
        "Ans Lezer",
        "3 november 2026",
        "Het cadeau is gemeld.",
        "Advies:",
    ):
        assert expected in page
    assert "<form" not in page
