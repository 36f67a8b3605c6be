"""The practice catalogue R09-R41: every row has its rules, as heavy as the catalogue says, in its own legal frame."""

from dataclasses import replace
from functools import cache

import pytest

from app.dossiers.council import CLOSED_SUBJECTS
from app.questionnaires.kinds import Openness, Reader, YesNo
from app.questionnaires.loading import newest
from app.questionnaires.model import Questionnaire
from app.risk_rules.compiled import read_by
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import Frame, Rule, RuleBook, RuleKind, Severity
from app.risk_rules.sources import SourceKind
from app.risk_rules.testing import run_examples, run_mutants

# the lightest and the heaviest a row may weigh by itself
WEIGHTS = {
    "R09": (3, 3),
    "R10": (2, 2),
    "R11": (3, 3),
    "R12": (3, 3),
    "R13": (1, 1),
    "R14": (2, 3),
    "R15": (1, 2),
    "R16": (2, 2),
    "R17": (1, 1),
    "R18": (2, 2),
    "R19": (3, 3),
    "R20": (2, 2),
    "R21": (2, 2),
    "R22": (2, 3),
    "R23": (2, 2),
    "R24": (3, 3),
    "R25": (2, 2),
    "R26": (2, 2),
    "R27": (2, 3),
    "R28": (2, 3),
    "R29": (2, 2),
    "R30": (1, 3),
    "R31": (2, 3),
    "R32": (1, 3),
    "R33": (2, 3),
    "R34": (2, 3),
    "R35": (2, 2),  # the catalogue says 2-3, but nothing is known here that could tell: people weigh
    "R36": (2, 3),
    "R37": (3, 3),
    "R38": (3, 3),
    "R39": (1, 2),
    "R40": (2, 3),
    "R41": (1, 2),
}
# rows whose heaviest weight comes from a combination rule of the catalogue instead of the row itself
COMBINED = {
    "R18": 3,  # possession, portfolio and a pending decision
    "R20": 3,  # family land near a plan counts as R19 when the portfolio is about plans
}
SUBJECTS = (
    "companies",
    "real_estate",
    "side_practice",
    "family",
    "money",
    "past",
    "public",
    "information",
    "gifts",
    "relations",
    "dealings",
    "verification",
    "safety",
    "portfolio",
    "bill_36892",
)


@cache
def questionnaire() -> Questionnaire:
    return newest()


@cache
def rulebook() -> RuleBook:
    return load_rulebook(questionnaire())


def practice_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in rulebook().rules if rule.subject in SUBJECTS)


def practice_book() -> RuleBook:
    return replace(rulebook(), rules=practice_rules())


def rules_of(row: str) -> list[Rule]:
    return [rule for rule in practice_rules() if row in rule.catalogue]


def heaviest(rule: Rule) -> int:
    """What circumstances can make of a rule that is no law; only law reaches 4."""
    return min(3, int(rule.severity) + sum(adjustment.by for adjustment in rule.adjust if adjustment.by > 0))


@pytest.mark.parametrize("row", WEIGHTS)
def test_a_row_of_the_catalogue_weighs_what_the_catalogue_says(row: str):
    lightest, highest = WEIGHTS[row]
    rules = rules_of(row)
    in_force = [rule for rule in rules if rule.frame is not Frame.BILL]
    assert in_force, f"{row} has no rule outside the bill"
    weights = {int(rule.severity) for rule in in_force}
    # a rule that stands in two rows starts as light as the lightest of them
    lowest = min(WEIGHTS[other][0] for rule in in_force for other in rule.catalogue)
    assert min(weights) >= min(lightest, lowest)
    assert lightest in {weight for rule in in_force for weight in (int(rule.severity), heaviest(rule))}
    assert max(map(heaviest, in_force)) == COMBINED.get(row, highest)


def test_no_rule_claims_a_row_that_does_not_exist():
    known = {f"R{number:02}" for number in range(1, 43)}
    assert {row for rule in rulebook().rules for row in rule.catalogue} == known


def test_nothing_but_law_is_a_bar():
    assert [rule.id for rule in practice_rules() if rule.severity is Severity.LEGAL_BAR] == []


@pytest.mark.parametrize("rule", practice_rules(), ids=lambda rule: rule.id)
def test_a_rule_names_the_rows_it_stands_in_and_a_law_for_every_tier_it_claims_law_for(rule: Rule):
    book = rulebook()
    refs = {basis.ref for basis in rule.basis if basis.source == "practice"}
    assert refs, "every rule of practice names its place in the catalogue"
    assert any(row in refs for row in rule.catalogue) or not rule.catalogue
    for tier in rule.tiers:
        kinds = {book.sources[basis.source].kind for basis in rule.basis_for(tier)}
        assert (SourceKind.LAW in kinds) == (
            rule.frame in {Frame.IN_FORCE, Frame.CODE_OF_CONDUCT} or rule.id == "COM-05"
        )


@pytest.mark.parametrize("rule", practice_rules(), ids=lambda rule: rule.id)
def test_a_rule_that_reads_more_in_the_law_than_it_says_tells_so(rule: Rule):
    if rule.frame is not Frame.PRACTICE:
        assert rule.interpretation


def test_the_norm_of_the_bill_is_a_question_for_people_and_only_exists_under_the_bill():
    bill = [rule for rule in rulebook().rules if rule.subject == "bill_36892"]
    assert {"R09", "R11", "R19"} <= {row for rule in bill for row in rule.catalogue}
    for rule in bill:
        assert (rule.frame, rule.kind) == (Frame.BILL, RuleKind.OPEN_NORM)
        assert rule.title.startswith("Voorstel:")
        assert "geen geldende wet" in rule.interpretation
        assert rule.considerations
    assert {rule.id for rule in rulebook().rules if rule.frame is Frame.BILL} == {rule.id for rule in bill}


def test_what_is_only_discussed_leaves_no_more_than_that_it_was_discussed():
    [rule] = rules_of("R35")
    assert read_by(rule) == {"safety_talk_held"}
    question = questionnaire().question("safety_talk_held")
    assert isinstance(question, YesNo)
    assert question.openness is Openness.CONFIDENTIAL
    assert question.readers == (Reader.PRINCIPAL,)
    assert "niet vastgelegd" in rule.flag
    assert rule.subject in CLOSED_SUBJECTS


def test_the_library_has_twenty_measures_and_every_one_is_of_use():
    measures = rulebook().measures
    assert sorted(measure.number for measure in measures.values()) == list(range(1, 21))
    assert set(measures) == {measure for rule in rulebook().rules for measure in rule.measures}


@pytest.mark.parametrize("rule", practice_rules(), ids=lambda rule: rule.id)
def test_a_rule_that_asks_for_a_measure_offers_one_that_fits_the_moment(rule: Rule):
    offered = [rulebook().measures[measure] for measure in rule.measures]
    assert offered
    if rule.severity is Severity.BEFORE_APPOINTMENT:
        assert any(measure.before_appointment for measure in offered)


def test_combinations_make_three_of_twos_and_never_a_bar():
    combinations = {one.id: one for one in rulebook().combinations}
    assert set(combinations) == {"CMB-01", "CMB-02"}
    assert {one.about for one in combinations.values()} == {"item", "policy_field"}
    for one in combinations.values():
        assert (one.count, int(one.severity), int(one.becomes)) == (2, 2, 3)


def test_every_example_says_what_its_author_expects():
    assert [str(result) for result in run_examples(practice_book(), questionnaire()) if not result.ok] == []


def test_every_small_mistake_in_a_rule_is_noticed_by_its_own_examples():
    assert [str(result) for result in run_mutants(practice_book(), questionnaire()) if not result.killed] == []
