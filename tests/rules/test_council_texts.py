"""What an open meeting may read of a rule: its title and its words for the council, whatever the candidate answered.

Both are printed as they are in a public document, so they are held against stricter measures than the texts for the
candidate: about the candidate and never to the candidate, and nothing that came from an answer.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app.dossiers.council import CLOSED_SUBJECTS
from app.errors import Broken
from app.questionnaires.context import Tier
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire
from app.questionnaires.wording import PLACEHOLDERS, fill
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import Rule, RuleBook
from tests.rules.small import RULES, a_rulebook

MOST_WORDS = 30
LONGEST_SENTENCE = 22
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
TO_THE_CANDIDATE = re.compile(r"\b(u|uw|uzelf|jij|je|jou|jouw)\b", re.IGNORECASE)
AMOUNT = re.compile(r"€|\beuro\b|%|\bprocent\b|\d{3,}", re.IGNORECASE)
VERDICT = re.compile(
    r"\b(integer|niet-integer|integere|goedgekeurd|afgekeurd|score|geen risico's|ongeschikt\w*|onbetrouwbaar|"
    r"verwijt\w*|schuldig\w*|verdacht\w*|fraud\w*|corrupt\w*|verzwegen|verzwijg\w*)\b",
    re.IGNORECASE,
)
# the norm stands next to the text, with a link
CITATION = re.compile(
    r"\b(art\.|artikel|lid \d|onderdeel|Gemeentewet|Provinciewet|Waterschapswet|wetboek)", re.IGNORECASE
)
# a table of an open meeting does not say who is near to the candidate
PRIVATE = re.compile(
    r"\b(partner|echtgeno\w+|famil\w+|kind|kinderen|ouder|ouders|broer|zus|schuld|schulden)\b", re.IGNORECASE
)


@cache
def rulebook() -> RuleBook:
    return load_rulebook(newest())


EVERY_RULE = pytest.mark.parametrize("rule", rulebook().rules, ids=lambda rule: rule.id)


def as_read(text: str, rule: Rule) -> list[str]:
    """The text as each authority that the rule is for reads it."""
    return [fill(text, tier) for tier in Tier if tier in rule.tiers]


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!])\s+", text)


@EVERY_RULE
def test_the_words_for_the_council_are_one_or_two_short_sentences(rule: Rule):
    for text in as_read(rule.council, rule):
        assert text.endswith(".")
        assert text[0].isupper()
        assert len(sentences(text)) <= 2
        assert len(text.split()) <= MOST_WORDS, text
        assert max(len(sentence.split()) for sentence in sentences(text)) <= LONGEST_SENTENCE, text


@EVERY_RULE
def test_the_words_for_the_council_are_about_the_candidate_and_without_answers(rule: Rule):
    assert {word.lower() for word in PLACEHOLDER.findall(rule.council)} <= PLACEHOLDERS
    for pattern in (TO_THE_CANDIDATE, AMOUNT, VERDICT, CITATION):
        assert not pattern.search(rule.council), rule.council
    if rule.subject not in CLOSED_SUBJECTS:
        assert not PRIVATE.search(rule.council), rule.council


@EVERY_RULE
def test_a_title_names_a_subject_for_everybody_and_asserts_nothing(rule: Rule):
    assert not PLACEHOLDER.search(rule.title)
    assert rule.title[0].isupper()
    assert not rule.title.endswith((".", "?", "!"))
    for pattern in (TO_THE_CANDIDATE, AMOUNT, VERDICT):
        assert not pattern.search(rule.title), rule.title
    if rule.subject not in CLOSED_SUBJECTS:
        assert not PRIVATE.search(rule.title), rule.title


def test_no_two_rules_have_the_same_title():
    assert [title for title, count in Counter(rule.title for rule in rulebook().rules).items() if count > 1] == []


@pytest.mark.parametrize("subject", ["requirements", "vog"])
def test_the_title_of_a_requirement_can_stand_next_to_no_bar_found(subject: str):
    """The council reads a row for every requirement, also for those that are met."""
    titles = [rule.title for rule in rulebook().rules if rule.subject == subject]
    assert titles
    assert [title for title in titles if re.search(r"\b(geen|niet|nog|te oud|geweigerd)\b", title, re.IGNORECASE)] == []
    assert [title for title in titles if re.search(r"\b(is|wordt|eindigt|heeft)\b", title)] == []


def test_a_rule_without_words_for_the_council_does_not_load(tmp_path: Path, small: Questionnaire):
    without = RULES.replace("    council: Een beoordelaar weegt het belang.\n", "")
    with pytest.raises(Broken, match="COM-02 has no 'council'"):
        a_rulebook(tmp_path, small, without)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "council: De onderneming raakt",
            "council: Het ambt raakt {companies.name}, en",
            r"'council' names 'companies\.name'",
        ),
        ("title: Groot belang", 'title: "Belang in {companies.name}"', r"'title' names 'companies\.name'"),
    ],
)
def test_what_the_council_reads_holds_nothing_the_candidate_typed(
    tmp_path: Path, small: Questionnaire, old: str, new: str, message: str
):
    assert old in RULES
    with pytest.raises(Broken, match=message):
        a_rulebook(tmp_path, small, RULES.replace(old, new))
