"""What people read when a rule of practice speaks: short, plain, without blame, and never more certain than the facts."""

import re
from collections.abc import Iterator

import pytest

from app.conditions.facts import Facts
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import Tier
from app.questionnaires.relevance import facts as facts_of
from app.questionnaires.wording import fill
from app.risk_rules.assess import RuleOutcome, weigh_rule
from app.risk_rules.explain import flag_text
from app.risk_rules.rulebook import Example, Outcome, Rule
from app.risk_rules.testing import example_context
from tests.rules.test_practice_catalogue import practice_rules, questionnaire, rulebook

# The longest sentence and the longest average of a text, in words: our own reading of B1.
LONGEST_SENTENCE = 22
LONGEST_AVERAGE = 14
BLAME = re.compile(
    r"\b(fraud\w*|corrupt\w*|verdacht\w*|schuldig\w*|leugen\w*|liegen|omkop\w*|oneerlijk\w*|verzwijg\w*|verzwegen|"
    r"misdrijf|overtreding|schandaal|dubieus|ongeschikt\w*)\b",
    re.IGNORECASE,
)
JARGON = re.compile(
    r"\b(derhalve|teneinde|inzake|omtrent|middels|jegens|dienaangaande|alsmede|hieromtrent|dienen te|conform|"
    r"mitigeren|compliance|governance|perceptie|beoogd\w*|voornoemd\w*|desbetreffend\w*)\b",
    re.IGNORECASE,
)
ITEM = re.compile(r"\{[a-z_]+\.[a-z_]+\}")


def texts(rule: Rule) -> Iterator[str]:
    yield from (rule.title, rule.flag, rule.ask, rule.consequence, rule.advice, rule.interpretation)
    yield from (rule.question_for_reviewer, *rule.considerations)
    yield from (adjustment.because for adjustment in rule.adjust)


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:;])\s+", text) if part]


def all_texts() -> Iterator[tuple[str, str]]:
    for rule in practice_rules():
        yield from ((rule.id, text) for text in texts(rule) if text)
    for combination in rulebook().combinations:
        yield from ((combination.id, text) for text in (combination.title, combination.flag, combination.advice))
    for measure in rulebook().measures.values():
        told = (measure.title, measure.what, measure.term, measure.evidence, measure.follow_up)
        yield from ((measure.id, text) for text in told)


@pytest.mark.parametrize("tier", Tier)
def test_sentences_are_short_whatever_the_authority_is_called(tier: Tier):
    told = [(who, sentence) for who, text in all_texts() for sentence in sentences(fill(text, tier))]
    assert [(who, said) for who, said in told if len(said.split()) > LONGEST_SENTENCE] == []
    assert sum(len(said.split()) for _, said in told) / len(told) < LONGEST_AVERAGE


@pytest.mark.parametrize("tier", Tier)
def test_nothing_is_left_between_braces_but_what_the_person_typed(tier: Tier):
    assert [(who, text) for who, text in all_texts() if "{" in ITEM.sub("", fill(text, tier))] == []


@pytest.mark.parametrize("pattern", [BLAME, JARGON], ids=["blame", "jargon"])
def test_nobody_is_blamed_and_no_jargon_is_used(pattern: re.Pattern[str]):
    assert [(who, text) for who, text in all_texts() if pattern.search(text)] == []


def test_no_text_names_an_amount():
    # The number of a bill is a name.
    told = ((who, text.replace("wetsvoorstel 36892", "")) for who, text in all_texts())
    assert [(who, text) for who, text in told if re.search(r"€|\beuro\b|\d{3,}", text)] == []


@pytest.mark.parametrize("rule", practice_rules(), ids=lambda rule: rule.id)
def test_a_flag_states_and_an_ask_asks(rule: Rule):
    assert rule.flag.endswith(".")
    assert "?" not in rule.flag
    assert rule.ask.endswith("?")
    # what is asked may be about something that is not in the list yet, and so has no name
    assert not ITEM.search(rule.ask)
    assert rule.consequence
    assert rule.advice


def spoken(rule: Rule, example: Example) -> Iterator[tuple[RuleOutcome, Facts]]:
    context = example_context(rule, example.context)
    facts = facts_of(questionnaire(), read_answers(questionnaire(), example.answers), context)
    judged = {(one.rule, one.item): one.applies for one in example.judgements}
    for outcome in weigh_rule(rule, facts, judged):
        yield outcome, facts


@pytest.mark.parametrize("rule", practice_rules(), ids=lambda rule: rule.id)
def test_what_is_only_possible_is_never_asserted(rule: Rule):
    said = {Outcome.CERTAIN: 0, Outcome.POSSIBLE: 0, Outcome.NONE: 0}
    for example in rule.examples:
        for outcome, facts in spoken(rule, example):
            text = flag_text(outcome, facts)
            said[outcome.outcome] += 1
            assert "{" not in text
            assert text.endswith("?") == (outcome.outcome is Outcome.POSSIBLE)
    assert all(said.values())
