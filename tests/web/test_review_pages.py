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
    assert "schrijf op waarom u geen reactie vraagt. Leg een bevinding met motivering vast." in needed
