"""What every rule of law must have, whatever it says: grounds, a way out, and words that a candidate can read."""

import re

import pytest

from app.risk_rules.explain import norms
from app.risk_rules.rulebook import Frame, Rule, RuleKind
from app.risk_rules.sources import Status, citation, link
from tests.rules.law import law, register, rulebook

# The laws the rules were checked against, with their identification in the national database.
LAWS = {
    "GW": ("BWBR0005416", "2026-10-01"),
    "PW": ("BWBR0005645", "2026-07-01"),
    "WsW": ("BWBR0005108", "2026-01-01"),
    "WolBES": ("BWBR0028142", "2026-09-15"),
    "Wjsg": ("BWBR0014194", "2026-09-01"),
    "VOG-BES": ("BWBR0028258", "2010-12-15"),
    "Kieswet": ("BWBR0004627", "2026-10-01"),
    "Awb": ("BWBR0005537", "2026-07-01"),
    "UAVG": ("BWBR0040940", "2026-09-01"),
    "Wbp-BES": ("BWBR0028067", "2025-11-11"),
    "Woo": ("BWBR0045754", "2026-08-15"),
    "WOB-BES": ("BWBR0028154", "2010-10-10"),
    "Sr": ("BWBR0001854", "2026-07-01"),
    "Archiefwet": ("BWBR0007376", "2024-06-19"),
    "Bibob": ("BWBR0013798", "2025-07-16"),
    "Incomp": ("BWBR0006612", "2024-12-11"),
    "Wrra": ("BWBR0008365", "2026-01-01"),
    "35546": ("BWBR0047451", "2023-04-01"),
}
# The numbered statements about a candidate wethouder that a rule must rest on: requirements, VOG, incompatible offices,
# side positions, prohibited acts, abstention.
STATEMENTS = (
    {f"R1.{number}" for number in (*range(1, 10), *range(24, 34))}
    | {f"R2.{number}" for number in (*range(1, 6), 9, 10, 11, 12, 16, 19, 21)}
    | {f"R3.{number}" for number in (*range(1, 11), *range(12, 18))}
    | {f"R4.{number}" for number in (*range(1, 9), 10)}
    | {f"R5.{number}" for number in range(1, 7)}
    | {f"I{number}" for number in (*range(1, 8), *range(9, 13), 14, 16, 18, 19, 22, 23, 25, 26)}
)
LONGEST_SENTENCE = 26
JARGON = re.compile(
    r"\b(betreffende|conform|derhalve|inzake|middels|teneinde|voornoemd\w*|dient te|jo\.)", re.IGNORECASE
)
RULES = pytest.mark.parametrize("rule", law(), ids=lambda rule: rule.id)


def texts(rule: Rule) -> list[str]:
    """Everything a person may read of a rule."""
    single = [rule.title, rule.flag, rule.ask, rule.consequence, rule.advice, rule.interpretation]
    return [text for text in (*single, rule.question_for_reviewer, *rule.considerations) if text]


def test_every_source_stands_in_the_register_with_its_date_and_link():
    written = {
        key: (entry["bwb"], str(entry["consolidated"])) for key, entry in register().items() if entry["kind"] == "law"
    }
    assert written == LAWS
    for key, (bwb, day) in LAWS.items():
        assert register()[key]["url"] == f"https://wetten.overheid.nl/{bwb}/{day}"


def test_the_bill_is_a_proposal_whose_state_is_data():
    bill = rulebook().sources["bill_36892"]
    assert (bill.kind, bill.dossier, bill.status_verified) == ("bill", "36892", False)


def test_every_statement_of_the_law_about_a_wethouder_carries_a_rule():
    cited = {statement for rule in law() for statement in rule.statements}
    assert STATEMENTS - cited == set()


def test_the_rows_of_the_catalogue_that_are_law_carry_a_rule():
    cited = {row for rule in law() for row in rule.catalogue}
    assert cited == {"R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R42"}


@RULES
def test_a_rule_of_law_cites_a_law_at_every_tier_where_it_exists(rule: Rule):
    assert rule.frame is Frame.IN_FORCE
    for tier in rule.tiers:
        assert norms(rule, rulebook(), tier), tier


@RULES
def test_every_citation_can_be_read_and_followed(rule: Rule):
    for basis in rule.basis:
        assert citation(basis, rulebook().sources).startswith("art. ")
        assert link(basis, rulebook().sources).startswith("https://wetten.overheid.nl/BWBR")


@RULES
def test_a_reading_of_our_own_is_said_to_be_one(rule: Rule):
    if any(basis.status is Status.INTERPRETATION for basis in rule.basis):
        assert rule.interpretation


@RULES
def test_a_legal_bar_is_a_norm_and_names_a_way_out_or_says_there_is_none(rule: Rule):
    if rule.severity == 4:
        assert rule.kind in {RuleKind.HARD_NORM, RuleKind.OPEN_NORM}
    assert rule.consequence
    assert rule.advice


@RULES
def test_a_duty_or_a_note_never_weighs_as_a_bar(rule: Rule):
    if rule.kind is RuleKind.DUTY:
        assert rule.severity <= 1
    if rule.kind is RuleKind.ATTENTION:
        assert rule.severity <= 3


@RULES
def test_an_open_norm_gives_the_person_something_to_weigh(rule: Rule):
    if rule.kind is RuleKind.OPEN_NORM:
        assert rule.question_for_reviewer.endswith("?")
        assert len(rule.considerations) >= 3


@RULES
def test_a_possible_flag_asks_and_asserts_nothing(rule: Rule):
    assert rule.ask.endswith(("?", "}?"))
    assert "volgens uw antwoord" not in rule.ask.lower()


@RULES
def test_texts_are_short_and_plain(rule: Rule):
    for text in texts(rule):
        for sentence in re.split(r"(?<=[.?!:])\s+", text):
            assert len(sentence.split()) <= LONGEST_SENTENCE, sentence
        assert not JARGON.search(text), text
