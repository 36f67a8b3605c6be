"""The questionnaire for candidates reads as a nervous person on a phone would want it: short, plain and kind."""

import re
from collections.abc import Iterator

import pytest

from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire
from app.questionnaires.wording import worded

FORBIDDEN_WORDS = re.compile(
    r"niet.integer|\bintegere?\b|goedgekeurd|afgekeurd|\bscore|geen risico|stoplicht|verdacht", re.IGNORECASE
)
JARGON = re.compile(
    r"\b(conform|middels|teneinde|derhalve|aangaande|omtrent(?! het gedrag)|betreffende|inzake|jegens|alsmede|tevens"
    r"|voornoemde?|desbetreffende|ingevolge|krachtens|dienen te|dient te|indien|echter|reeds|welke hierbij|zulks"
    r"|ten behoeve van|met betrekking tot|in het kader van|ten aanzien van|incompatibilite|compliance|stakeholder"
    r"|governance|antecedent|screening|integriteitsscan|vigerende?|additioneel|fiscaal|causaal|discretionair)",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return newest("kandidaat-bestuurder")


def read_texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Give every text a person may read, with where it stands."""
    yield "intro", questionnaire.intro
    for section in questionnaire.sections:
        yield f"{section.id}: intro", section.intro
        for point in section.talking_points:
            yield f"{point.id}: hint", point.hint
    for question in questionnaire.questions.values():
        yield f"{question.id}: label", question.label
        yield f"{question.id}: help", question.help
        yield f"{question.id}: why", question.why
        for option in getattr(question, "options", ()):
            yield f"{question.id}: option {option.id}", option.label
            yield f"{question.id}: option {option.id} help", option.help
    for term in questionnaire.glossary:
        yield f"term {term.id}", term.meaning


def sentences(text: str) -> list[list[str]]:
    return [found.split() for found in re.split(r"[.?!:]\s+|[.?!]$", text) if found.strip()]


@pytest.mark.parametrize("tier", list(Tier))
def test_sentences_are_short(questionnaire: Questionnaire, tier: Tier):
    said = worded(questionnaire, tier)
    lengths = []
    for place, text in read_texts(said):
        assert text.isprintable(), f"{place}: {text!r}"
        for sentence in sentences(text):
            assert len(sentence) <= 25, f"{place}: {' '.join(sentence)}"
            lengths.append(len(sentence))
    assert sum(lengths) / len(lengths) <= 12


def test_uses_no_jargon_and_no_verdicts(questionnaire: Questionnaire):
    for place, text in read_texts(questionnaire):
        assert not JARGON.search(text), f"{place}: {text}"
        assert not FORBIDDEN_WORDS.search(text), f"{place}: {text}"


def test_says_u_and_never_je(questionnaire: Questionnaire):
    for place, text in read_texts(questionnaire):
        assert not re.search(r"\b(je|jij|jouw|jullie)\b", text, re.IGNORECASE), f"{place}: {text}"


def test_labels_of_questions_end_as_sentences(questionnaire: Questionnaire):
    for question in questionnaire.questions.values():
        assert question.label[-1] in "?.", question.id
        assert question.why[-1] in ".?", question.id
        assert not question.help or question.help[-1] in ".?", question.id


def test_every_term_that_is_explained_is_used(questionnaire: Questionnaire):
    used = {term for question in questionnaire.questions.values() for term in question.terms}
    # words of the product itself, which pages explain wherever they use them
    general = {"aandachtspunt", "beheersmaatregel", "restrisico", "risicoanalyse", "wettelijk_beletsel"}
    assert set(questionnaire.terms) == used | general


def test_no_two_questions_of_one_list_ask_the_same(questionnaire: Questionnaire):
    tops = [question.label for question in questionnaire.questions.values() if question.group is None]
    for group in questionnaire.groups.values():
        labels = [field.label for field in group.questions]
        assert len(labels) == len(set(labels)), group.id
    assert len(tops) == len(set(tops))


def test_these_measures_would_notice():
    assert JARGON.search("Bent u tevens lid van een vereniging?")
    assert FORBIDDEN_WORDS.search("Dan wordt uw kandidatuur afgekeurd.")
    long_winded = " ".join(["woord"] * 26)
    assert [len(sentence) for sentence in sentences(f"Kort. {long_winded}.")] == [1, 26]
