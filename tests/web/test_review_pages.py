"""What a reviewer reads on the pages of a review."""

import html
import re

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
