"""Rules about interests, money and the past, as a careful programmer writes them: one function each, and NO stops early."""

from app.conditions.facts import Facts
from bench.handwritten.plain import (
    BLANK,
    YES,
    Its,
    at_least,
    not_ticked,
    one_of,
    other_than,
    related,
    same,
    shares,
    shares_not,
    ticked,
)


def com_01(facts: Facts, its: Its) -> int:
    """COM-01: Onderneming op het eigen beleidsterrein."""
    case = facts.context
    truth = one_of(its["form"], "sole_trader", "partnership", "operating_bv", "holding", "foundation", "foreign")
    if truth:
        truth = min(truth, shares(its["policy_field"], case.get("portfolio", BLANK)))
    if truth:
        truth = min(truth, one_of(its["distance"], "none", "stak", "independent_manager", "power_of_attorney"))
    return truth


def com_02(facts: Facts, its: Its) -> int:
    """COM-02: Onderneming in het gebied, buiten de portefeuille."""
    case = facts.context
    truth = one_of(its["form"], "sole_trader", "partnership", "operating_bv", "holding", "foundation", "foreign")
    if truth:
        truth = min(truth, max(same(its["local"], "yes"), same(its["local_plans"], "yes")))
    if truth:
        truth = min(truth, shares_not(its["policy_field"], case.get("portfolio", BLANK)))
    if truth:
        truth = min(truth, one_of(its["distance"], "none", "stak", "independent_manager", "power_of_attorney"))
    return truth


def com_03(_facts: Facts, its: Its) -> int:
    """COM-03: Zeggenschap in een onderneming die met het werk te maken heeft."""
    truth = one_of(its["form"], "partnership", "operating_bv", "holding", "foreign")
    if truth:
        truth = min(truth, max(same(its["control"], "yes"), at_least(its["share_pct"], 50)))
    if truth:
        truth = min(truth, other_than(its["policy_field"], "none"))
    if truth:
        truth = min(
            truth,
            max(
                one_of(its["distance"], "none", "power_of_attorney"),
                same(its["distance_revocable"], "yes"),
                same(its["distance_informed"], "yes"),
            ),
        )
    return truth


def com_04(_facts: Facts, its: Its) -> int:
    """COM-04: Zeggenschap via aandelen of certificaten."""
    truth = max(same(its["control"], "yes"), at_least(its["share_pct"], 50))
    if truth:
        truth = min(truth, other_than(its["policy_field"], "none"))
    if truth:
        truth = min(truth, same(its["distance"], "none"))
    return truth


def com_05(facts: Facts, its: Its) -> int:
    """COM-05: Werk als eigenaar en directeur naast het ambt."""
    case = facts.context
    truth = same(its["role"], "owner_director")
    if truth:
        truth = min(truth, same(its["keeps_working"], "yes"))
    if truth:
        truth = min(truth, shares(its["policy_field"], case.get("portfolio", BLANK)))
    return truth


def rea_01(facts: Facts, its: Its) -> int:
    """REA-01: Grond of gebouw bij een plan, binnen de portefeuille."""
    case = facts.context
    truth = one_of(its["plan_nearby"], "search_area", "in_preparation", "decision_pending", "adopted")
    if truth:
        truth = min(
            truth,
            ticked(
                case.get("portfolio", BLANK),
                "spatial",
                "housing",
                "land",
                "real_estate",
                "energy",
                "mobility",
                "water_safety",
            ),
        )
    return truth


def rea_03(facts: Facts, its: Its) -> int:
    """REA-03: Grond of gebouw bij een plan, buiten de portefeuille."""
    case = facts.context
    truth = one_of(its["plan_nearby"], "search_area", "in_preparation", "decision_pending", "adopted")
    if truth:
        truth = min(
            truth,
            not_ticked(
                case.get("portfolio", BLANK),
                "spatial",
                "housing",
                "land",
                "real_estate",
                "energy",
                "mobility",
                "water_safety",
            ),
        )
    return truth


def rea_06(_facts: Facts, its: Its) -> int:
    """REA-06: Onderhandse transactie met een partij die zaken doet met de organisatie."""
    truth = same(its["counterparty_deals"], "yes")
    if truth:
        truth = min(truth, same(its["private_treaty"], "yes"))
    return truth


def mon_01(facts: Facts) -> int:
    """MON-01: Schulden of beslag."""
    top = facts.top
    truth = ticked(top["money_matters"], "attachment", "debt_arrangement")
    if truth < YES:
        truth = max(truth, one_of(top["arrears_amount"], "5000_25000", "25000_100000", "gt_100000"))
    return truth


def mon_02(facts: Facts) -> int:
    """MON-02: Lening van een zakelijke relatie of van iemand met een belang."""
    top = facts.top
    truth = same(top["private_loan_authority_tie"], "yes")
    if truth < YES:
        truth = max(truth, related(top["private_loan_party"], "business"))
    return truth


def pas_01(facts: Facts) -> int:
    """PAS-01: Eerdere vaststelling over gedrag."""
    top = facts.top
    return same(top["past_matters_outcome"], "established")


def inf_01(facts: Facts) -> int:
    """INF-01: Eerdere kwestie over geheimhouding."""
    top = facts.top
    return one_of(top["breach_outcome"], "established", "running")


def por_01(facts: Facts, its: Its) -> int:
    """POR-01: Dossier met vaak onthouding."""
    case = facts.context
    truth = at_least(its["abstentions"], 5)
    if truth:
        truth = min(truth, shares(its["policy_field"], case.get("portfolio", BLANK)))
    return truth


ABOUT_THE_CASE = {
    "MON-01": mon_01,
    "MON-02": mon_02,
    "PAS-01": pas_01,
    "INF-01": inf_01,
}

ABOUT_ITEMS = {
    "companies": {
        "COM-01": com_01,
        "COM-02": com_02,
        "COM-03": com_03,
        "COM-05": com_05,
    },
    "securities": {
        "COM-04": com_04,
    },
    "real_estate": {
        "REA-01": rea_01,
        "REA-03": rea_03,
    },
    "planned_transactions": {
        "REA-06": rea_06,
    },
    "sensitive_dossiers": {
        "POR-01": por_01,
    },
}
