"""The pages for privacy officers say what the product does: what is asked, how long things are kept, who is concerned."""

import re

import pytest

from app.reviews.independence import RELATION_TITLES, Relation
from app.store import signins, tidying
from app.usecases import library
from tests.docs.pages import ROOT

REGISTER = (ROOT / "docs" / "privacy" / "verwerkingsregister.md").read_text(encoding="utf-8")
DPIA = (ROOT / "docs" / "privacy" / "dpia.md").read_text(encoding="utf-8")


def row(title: str) -> str:
    """What stands behind a title in the table of the register."""
    found = re.search(rf"^\| {re.escape(title)} \| (.+) \|$", REGISTER, re.MULTILINE)
    assert found is not None, title
    return found[1]


@pytest.mark.parametrize(
    "title",
    [
        "verwerkingsverantwoordelijke", "contactpersoon en functionaris voor gegevensbescherming", "doel", "betrokkenen",
        "gegevens van de kandidaat", "technische gegevens van de kandidaat", "gegevens van medewerkers", "ontvangers",
        "doorgifte buiten de EER", "bewaartermijn van het dossier", "bewaartermijn van al het andere", "beveiliging",
    ],
)  # fmt: skip
def test_the_register_has_every_part_that_article_30_asks_for(title: str):
    assert row(title)


def test_the_pages_count_the_questions_about_criminal_law():
    """A question whose ground is the one for such data may not be asked in silence."""
    asked = [
        one for one in library.newest().questions.values() if "strafrechtelijk" in (one.openness_ground or "").lower()
    ]
    assert [one.id for one in asked] == ["court_exclusions"], "name the new one in both pages too"
    assert row("strafrechtelijke gegevens").startswith("één vraag: of een rechter")
    assert "**Strafrechtelijke gegevens.** Eén vraag: of een rechter" in DPIA
    assert {str(one) for one in asked[0].readers} == {"principal", "analyst"}
    assert "Alleen de voorzitter en de onderzoeker lezen het antwoord" in row("strafrechtelijke gegevens")
    assert asked[0].oral


def test_the_pages_say_where_political_opinions_can_show():
    assert "political_offices" in library.newest().questions
    words = RELATION_TITLES[Relation.PARTY].removeprefix("Ja, ")
    for page in (row("bijzondere gegevens"), DPIA):
        assert "politieke functies" in page
        assert f"“{words}”" in page


def test_the_terms_in_the_register_are_those_of_the_product():
    told = row("bewaartermijn van al het andere")
    assert signins.FAILURES_KEPT.days == tidying.KEPT.days == 30
    assert told.count("30 dagen") == 3
