"""Conduct in office at the four tiers: each norm cites the article of the own law, and exists where that law has it."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, LegalFrame, Tier
from app.questionnaires.kinds import Choice
from app.questionnaires.relevance import facts
from app.questionnaires.wording import WORDS, fill
from app.risk_rules.assess import Assessment, RuleOutcome, assess
from app.risk_rules.grounds import grounds
from app.risk_rules.rulebook import Judgement, Outcome
from app.risk_rules.sources import Status
from tests.rules.conduct import CASES, FORBIDDEN, LOST, SEATS, TIERS, TRUST, VIA, Case, acting, acts
from tests.rules.law import APPOINTMENT, questionnaire, rulebook


def look(tier: Tier, answers: Mapping[str, Any], *judgements: Judgement, **context: Any) -> tuple[Assessment, Any]:
    case = CaseContext(
        tier=tier,
        office=OFFICE_OF_TIER[tier],
        as_of=APPOINTMENT,
        **{"appointment_date": APPOINTMENT, "full_time": "yes", "portfolio": ("culture",), **context},
    )
    known = facts(questionnaire(), read_answers(questionnaire(), answers), case)
    return assess(rulebook(), known, judgements), known


def found(case: Case, tier: Tier) -> tuple[RuleOutcome | None, set[str]]:
    """The outcome of the rule at this tier, and the places it cites."""
    judgements = [Judgement(case.rule, case.item, applies=True)] if case.judged else []
    answers = {"wb_membership": "outside", **case.answers} if tier is Tier.WATER_BOARD else case.answers
    assessment, known = look(tier, answers, *judgements, **case.context)
    outcome = assessment.find(case.rule, case.item)
    return outcome, set() if outcome is None else {basis.place for basis in grounds(outcome, known, str(tier))}


def name(case: Case) -> str:
    return case.rule


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_norm_cites_the_articles_of_the_own_law_and_is_silent_where_that_law_has_none(case: Case, tier: Tier):
    outcome, cited = found(case, tier)
    expected = case.cited(tier)
    if not expected:
        assert outcome is None or outcome.outcome is Outcome.NONE
    else:
        assert outcome is not None
        assert outcome.outcome is Outcome.CERTAIN
        assert cited == expected


def test_every_rule_on_conduct_stands_in_the_table():
    subjects = {"prohibited_acts", "abstention", "side_positions"}
    rules = {rule.id for rule in rulebook().rules if rule.subject in subjects}
    elsewhere = {"ACT-22", "ACT-23", "ACT-24", "ACT-25", "ACT-26", "ACT-27", "ACT-29"}
    assert rules - {case.rule for case in CASES} == elsewhere


ESTATE = [
    ("ACT-22", {"title": "owned", "from_authority": "private_treaty", "from_authority_status": "planned"}, ("6",)),
    ("ACT-22", {"title": "leased", "from_authority": "private_treaty", "from_authority_status": "planned"}, ("7",)),
    ("ACT-23", {"title": "owned", "from_authority": "private_treaty", "from_authority_status": "running"}, ("6",)),
    ("ACT-23", {"title": "rented", "from_authority": "private_treaty", "from_authority_status": "running"}, ("7",)),
    (
        "ACT-24",
        {"title": "via_family", "from_authority": "private_treaty", "from_authority_status": "planned"},
        ("6", "7"),
    ),
    ("ACT-27", {"title": "owned", "from_authority": "public_procedure", "from_authority_status": "planned"}, ("6",)),
    ("ACT-27", {"title": "rented", "from_authority": "public_procedure", "from_authority_status": "planned"}, ("7",)),
]


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(("rule", "item", "numbers"), ESTATE)
def test_land_and_buildings_are_cited_as_bought_or_as_rented(
    rule: str, item: Mapping[str, str], numbers: tuple[str, ...], tier: Tier
):
    answers = {"dealings": "no", "real_estate": [{"id": "i1", **item}]}
    outcome, cited = found(Case(rule, answers, (), judged=rule == "ACT-24", item="i1"), tier)
    assert outcome is not None
    assert outcome.outcome is Outcome.CERTAIN
    numbered = {acts("d", number)[TIERS.index(tier)] for number in ("6", "7")}
    assert cited & numbered == {acts("d", number)[TIERS.index(tier)] for number in numbers}


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        (
            "ACT-25",
            {
                "dealings": "no",
                "planned_transactions": [{"id": "i1", "kind": "buy", "from_authority": "yes", "private_treaty": "yes"}],
            },
        ),
        ("ACT-26", {"dealings": [{"id": "i1", "kind": "sell_real_estate", "via": "self", "status": "planned"}]}),
        (
            "ACT-29",
            {
                "represents": [
                    {
                        "id": "i1",
                        "capacity": "agent_against",
                        "in_dispute": "yes",
                        "ends_before_appointment": "yes",
                        "ends_on": "2026-12-01",
                    }
                ]
            },
        ),
    ],
)
def test_what_remains_of_the_acts_exists_at_every_tier_and_cites_no_other_law(
    rule: str, answers: Mapping[str, Any], tier: Tier
):
    outcome, cited = found(Case(rule, answers, (), item="i1"), tier)
    assert outcome is not None
    assert outcome.outcome is Outcome.CERTAIN
    own = ("GW", "PW", "WsW", "WolBES")[TIERS.index(tier)]
    assert {place.split()[0] for place in cited} == {own}


@pytest.mark.parametrize(("seat", "place"), SEATS.items())
@pytest.mark.parametrize("case", [case for case in FORBIDDEN if case.cited(Tier.WATER_BOARD)], ids=name)
def test_at_a_water_board_it_matters_from_where_one_comes(case: Case, seat: str, place: str):
    """Somebody of the general board is bound as its member; somebody from outside it by art. 45."""
    seated = Case(case.rule, {**case.answers, "wb_membership": seat}, (), item=case.item)
    outcome, cited = found(seated, Tier.WATER_BOARD)
    assert outcome is not None
    assert cited & set(SEATS.values()) == {place}
    assert cited & set().union(*LOST.values()) == LOST[seat]
    reading = [basis.status for basis in outcome.rule.basis if basis.place == "WsW 41 lid 2"]
    assert reading == [Status.INTERPRETATION]


@pytest.mark.parametrize("role", ["procurator_for", "procurator_against"])
def test_a_procureur_is_named_in_the_law_of_public_bodies_only(role: str):
    roles = questionnaire().question("represents.capacity")
    assert isinstance(roles, Choice)
    (offered,) = (option for option in roles.options if option.id == role)
    assert [tier for tier in TIERS if offered.offered_at(tier)] == [Tier.PUBLIC_BODY]
    case = Case("ACT-01", acting(capacity=role, in_dispute="yes"), (acts("a"), VIA, TRUST), item="i1")
    outcome, cited = found(case, Tier.PUBLIC_BODY)
    assert outcome is not None
    assert outcome.outcome is Outcome.CERTAIN
    assert cited == case.cited(Tier.PUBLIC_BODY)
    rule = rulebook().rule("ACT-01")
    assert [tier for tier in TIERS if "procureur" in fill(rule.flag, tier)] == [Tier.PUBLIC_BODY]


@pytest.mark.parametrize("tier", TIERS)
def test_only_onderdeel_d_knows_an_exemption_and_the_law_of_the_tier_says_from_whom(tier: Tier):
    from_whom = {
        Tier.MUNICIPALITY: "gedeputeerde staten",
        Tier.PROVINCE: "de minister van Binnenlandse Zaken en Koninkrijksrelaties",
        Tier.WATER_BOARD: "gedeputeerde staten",
        Tier.PUBLIC_BODY: "de Rijksvertegenwoordiger",
    }[tier]
    assert WORDS[tier]["exempting_authority"] == from_whom
    rules = [one for one in rulebook().rules if one.exempting_authority and one.subject == "prohibited_acts"]
    assert len(rules) > 10
    for rule in rules:
        assert rule.exempting_authority[str(tier)] == from_whom
        letters = {basis.onderdeel for basis in rule.basis_for(str(tier)) if basis.article in {"15", "33", "16"}}
        assert letters <= {"d", ""}
    for case in FORBIDDEN:
        rule = rulebook().rule(case.rule)
        text = fill(rule.consequence, tier)
        assert (from_whom in text) == bool(rule.exempting_authority), rule.id


@pytest.mark.parametrize("tier", TIERS)
def test_the_texts_of_a_tier_never_name_the_office_or_body_of_another(tier: Tier):
    own = set(WORDS[tier].values())
    others = {words[word] for words in WORDS.values() for word in ("office", "council", "chair")} - own
    # a name that is part of an own one is no other name
    others = {word for word in others if not any(word in one for one in own)}
    for rule in rulebook().rules:
        if str(tier) in rule.tiers and rule.subject in {"prohibited_acts", "abstention", "side_positions"}:
            texts = (rule.flag, rule.ask, rule.council, rule.consequence, rule.advice, rule.interpretation)
            for text in texts:
                read = fill(text, tier)
                assert [word for word in others if word in read] == [], f"{rule.id}: {read}"


@pytest.mark.parametrize("tier", TIERS)
def test_the_norm_of_the_bill_is_a_question_for_a_person_at_every_tier_and_only_in_its_own_frame(tier: Tier):
    answers = {"companies": [{"id": "i1", "control": "yes", "distance": "none", "policy_field": "finance"}]}
    today, _ = look(tier, answers)
    assert today.find("BIL-01", "i1") is None
    proposed, _ = look(tier, answers, legal_frame=LegalFrame.BILL_36892)
    outcome = proposed.find("BIL-01", "i1")
    assert outcome is not None
    assert outcome.outcome is Outcome.POSSIBLE
    assert outcome.awaiting_judgement
    assert "wetsvoorstel 36892" in outcome.rule.interpretation
    assert "geen geldende wet" in outcome.rule.interpretation
