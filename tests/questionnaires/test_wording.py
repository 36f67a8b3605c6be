"""The words that differ per tier of government."""

import pytest

from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.questionnaires.wording import PLACEHOLDERS, WORDS, fill, worded


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


@pytest.mark.parametrize("tier", list(Tier))
def test_a_worded_questionnaire_differs_in_nothing_but_the_filled_in_words(tier: Tier):
    original = newest()
    assert "{" in original.questions["is_resident"].label
    said = worded(original, tier)
    assert list(said.questions) == list(original.questions)
    for question_id, question in said.questions.items():
        written = original.questions[question_id]
        assert question.label == fill(written.label, tier)
        assert question.relevant_when == written.relevant_when
        assert (question.scope, question.readers, question.basis) == (written.scope, written.readers, written.basis)
    assert said.groups["companies"].item_title == original.groups["companies"].item_title


@pytest.mark.parametrize("tier", list(Tier))
def test_no_text_of_a_worded_questionnaire_holds_a_brace(tier: Tier):
    said = worded(newest(), tier)
    texts = [said.title, said.intro]
    for section in said.sections:
        texts += [section.title, section.intro]
        texts += [text for point in section.talking_points for text in (point.title, point.hint)]
    for question in said.questions.values():
        texts += [question.label, question.help, question.why]
        texts += [text for option in getattr(question, "options", ()) for text in (option.label, option.help)]
    assert [text for text in texts if "{" in text] == []
