"""The words that differ per tier of government."""

import pytest

from app.questionnaires.context import Tier
from app.questionnaires.wording import PLACEHOLDERS, WORDS, fill


def test_every_tier_fills_every_placeholder():
    assert set(WORDS) == set(Tier)
    for tier in Tier:
        assert set(WORDS[tier]) == PLACEHOLDERS
        assert all(WORDS[tier].values())


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (Tier.MUNICIPALITY, "U wordt wethouder van de gemeente. De raad: besluit."),
        (Tier.PROVINCE, "U wordt gedeputeerde van de provincie. Provinciale Staten: besluit."),
        (Tier.WATER_BOARD, "U wordt lid van het dagelijks bestuur van het waterschap. Het algemeen bestuur: besluit."),
        (Tier.PUBLIC_BODY, "U wordt eilandgedeputeerde van het openbaar lichaam. De eilandsraad: besluit."),
    ],
)
def test_fills_in_the_words_of_the_tier_with_a_capital_where_asked(tier: Tier, expected: str):
    assert fill("U wordt {office} {of_authority}. {Council}: besluit.", tier) == expected


def test_leaves_other_braces_alone():
    assert (
        fill("Functie: {organisation} bij {authority} {", Tier.PROVINCE) == "Functie: {organisation} bij de provincie {"
    )


def test_filled_text_holds_no_placeholder():
    text = " ".join(f"{{{word}}} {{{word.capitalize()}}}" for word in sorted(PLACEHOLDERS))
    for tier in Tier:
        assert "{" not in fill(text, tier)
        assert fill(fill(text, tier), tier) == fill(text, tier)
