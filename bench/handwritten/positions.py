"""Rules about positions and what does not go with the office, as a careful programmer writes them: one function each, and NO stops early."""

from app.conditions.facts import Facts
from bench.handwritten.plain import BLANK, Its, before, not_before, one_of, same, shares, shares_not, ticked


def inc_01(facts: Facts, its: Its) -> int:
    """INC-01: Minister."""
    case = facts.context
    truth = same(its["office"], "minister")
    if truth:
        truth = min(truth, max(same(its["ends"], "not"), before(case.get("appointment_date", BLANK), its["ends_on"])))
    return truth


def inc_02(facts: Facts, its: Its) -> int:
    """INC-02: Staatssecretaris."""
    case = facts.context
    truth = same(its["office"], "state_secretary")
    if truth:
        truth = min(truth, max(same(its["ends"], "not"), before(case.get("appointment_date", BLANK), its["ends_on"])))
    return truth


def inc_09(facts: Facts, its: Its) -> int:
    """INC-09: Secretaris van de provincie."""
    case = facts.context
    truth = same(its["office"], "province_secretary")
    if truth:
        truth = min(truth, same(its["own_authority"], "yes"))
    if truth:
        truth = min(truth, max(same(its["ends"], "not"), before(case.get("appointment_date", BLANK), its["ends_on"])))
    return truth


def inc_14(facts: Facts, its: Its) -> int:
    """INC-14: Lid van de rekenkamer van de gemeente."""
    case = facts.context
    truth = same(its["office"], "municipal_audit_member")
    if truth:
        truth = min(truth, same(its["own_authority"], "yes"))
    if truth:
        truth = min(truth, max(same(its["ends"], "not"), before(case.get("appointment_date", BLANK), its["ends_on"])))
    return truth


def inc_17(facts: Facts, its: Its) -> int:
    """INC-17: Ambtenaar die toezicht houdt."""
    case = facts.context
    truth = same(its["office"], "supervising_civil_servant")
    if truth:
        truth = min(truth, max(same(its["ends"], "not"), before(case.get("appointment_date", BLANK), its["ends_on"])))
    return truth


def inc_19(facts: Facts, its: Its) -> int:
    """INC-19: Bestuurder van een waterschap."""
    case = facts.context
    truth = one_of(its["office"], "water_board_board", "water_board_chair")
    if truth:
        truth = min(truth, max(same(its["ends"], "not"), before(case.get("appointment_date", BLANK), its["ends_on"])))
    return truth


def inc_20(facts: Facts, its: Its) -> int:
    """INC-20: Einde van een onverenigbare functie."""
    case = facts.context
    truth = max(
        one_of(
            its["office"],
            "minister",
            "state_secretary",
            "council_of_state",
            "court_of_audit",
            "national_ombudsman",
            "substitute_ombudsman",
            "kings_commissioner",
            "gedeputeerde",
            "burgemeester",
            "own_ombudsman",
            "supervising_civil_servant",
            "statutory_adviser",
            "water_board_board",
            "water_board_chair",
        ),
        min(
            one_of(
                its["office"],
                "province_secretary",
                "province_griffier",
                "provincial_audit_member",
                "municipal_audit_member",
            ),
            same(its["own_authority"], "yes"),
        ),
        min(same(its["office"], "municipal_council_member"), same(its["own_authority"], "no")),
        min(same(its["office"], "own_civil_servant"), same(its["exception"], "none")),
    )
    if truth:
        truth = min(
            truth,
            max(same(its["ends"], "at_acceptance"), not_before(case.get("appointment_date", BLANK), its["ends_on"])),
        )
    return truth


def inc_21(_facts: Facts, its: Its) -> int:
    """INC-21: Lid van het orgaan dat benoemt."""
    truth = same(its["office"], "municipal_council_member")
    if truth:
        truth = min(truth, same(its["own_authority"], "yes"))
    return truth


def abs_02(facts: Facts, its: Its) -> int:
    """ABS-02: Rekening van een zelf bestuurde organisatie."""
    case = facts.context
    truth = same(its["accountable"], "yes")
    if truth:
        truth = min(
            truth,
            max(
                one_of(its["plan"], "keep", "undecided"),
                before(case.get("appointment_date", BLANK), its["gives_up_on"]),
            ),
        )
    return truth


def abs_03(facts: Facts, its: Its) -> int:
    """ABS-03: Besluiten over de eigen onderneming."""
    case = facts.context
    plans = same(its["local_plans"], "yes")
    if plans:
        plans = min(
            plans,
            max(
                shares(its["policy_field"], case.get("portfolio", BLANK)),
                one_of(its["form"], "pension_bv", "dormant_bv"),
            ),
        )
    truth = max(plans, one_of(its["authority_deal"], "running", "renewing", "planned"))
    if truth:
        truth = min(
            truth,
            max(
                one_of(its["distance"], "none", "stak", "independent_manager", "power_of_attorney"),
                before(case.get("appointment_date", BLANK), its["distance_done_on"]),
            ),
        )
    return truth


def abs_06(_facts: Facts, its: Its) -> int:
    """ABS-06: Besluit over een eigen zaak."""
    truth = same(its["decision_pending"], "yes")
    if truth:
        truth = min(truth, same(its["via"], "self"))
    return truth


def abs_09(facts: Facts) -> int:
    """ABS-09: Persoonlijke band binnen het bestuur."""
    kinship = facts.top["kinship_board"]
    near = one_of(kinship, "partner", "first_degree", "second_degree")
    if near and facts.context["tier"] == "public_body":
        near = 0
    return max(near, same(kinship, "further"))


def sid_04(facts: Facts, its: Its) -> int:
    """SID-04: Verrekening van neveninkomsten."""
    truth = same(its["ex_officio"], "no")
    if truth:
        truth = min(truth, sid_03(facts, its))
    return truth


def sid_01(facts: Facts, its: Its) -> int:
    """SID-01: Nevenfunctie naast het ambt."""
    case = facts.context
    truth = same(its["ex_officio"], "no")
    if truth:
        truth = min(
            truth,
            max(
                one_of(its["plan"], "keep", "undecided"),
                before(case.get("appointment_date", BLANK), its["gives_up_on"]),
            ),
        )
    return truth


def sid_03(facts: Facts, its: Its) -> int:
    """SID-03: Openbaarmaking van inkomsten."""
    case = facts.context
    truth = same(its["paid"], "yes")
    if truth:
        truth = min(truth, same(case.get("full_time", BLANK), "yes"))
    if truth:
        truth = min(
            truth,
            max(
                one_of(its["plan"], "keep", "undecided"),
                before(case.get("appointment_date", BLANK), its["gives_up_on"]),
            ),
        )
    return truth


def sid_05(_facts: Facts, its: Its) -> int:
    """SID-05: Vergoeding voor een functie die bij het ambt hoort."""
    truth = same(its["ex_officio"], "yes")
    if truth:
        truth = min(truth, same(its["paid"], "yes"))
    return truth


def spr_01(facts: Facts, its: Its) -> int:
    """SPR-01: Functie bij een organisatie met een band, binnen de portefeuille."""
    case = facts.context
    truth = ticked(its["authority_ties"], "subsidy", "contract", "permit", "land", "procedure", "affiliated")
    if truth:
        truth = min(truth, shares(its["policy_field"], case.get("portfolio", BLANK)))
    if truth:
        truth = min(truth, same(its["ex_officio"], "no"))
    return truth


def spr_02(facts: Facts, its: Its) -> int:
    """SPR-02: Functie bij een organisatie met een band, buiten de portefeuille."""
    case = facts.context
    truth = ticked(its["authority_ties"], "subsidy", "contract", "permit", "land", "procedure", "affiliated")
    if truth:
        truth = min(truth, shares_not(its["policy_field"], case.get("portfolio", BLANK)))
    if truth:
        truth = min(truth, same(its["ex_officio"], "no"))
    return truth


def spr_06(_facts: Facts, its: Its) -> int:
    """SPR-06: Lidmaatschap met winst bij een lopend besluit."""
    truth = same(its["profit_share"], "yes")
    if truth:
        truth = min(truth, same(its["decision_pending"], "yes"))
    return truth


def spr_07(facts: Facts) -> int:
    """SPR-07: Blijvende band met een werkgever die zaken doet met de organisatie."""
    top = facts.top
    return same(top["employer_ties_authority"], "yes")


def abs_07(_facts: Facts, its: Its) -> int:
    """ABS-07: Besluit over een zaak via een ander."""
    truth = same(its["decision_pending"], "yes")
    if truth:
        truth = min(truth, one_of(its["via"], "company", "partner", "subcontractor"))
    return truth


ABOUT_THE_CASE = {
    "ABS-09": abs_09,
    "SPR-07": spr_07,
}

ABOUT_ITEMS = {
    "listed_offices": {
        "INC-01": inc_01,
        "INC-02": inc_02,
        "INC-09": inc_09,
        "INC-14": inc_14,
        "INC-17": inc_17,
        "INC-19": inc_19,
        "INC-20": inc_20,
        "INC-21": inc_21,
    },
    "side_positions": {
        "ABS-02": abs_02,
        "SID-01": sid_01,
        "SID-03": sid_03,
        "SID-04": sid_04,
        "SID-05": sid_05,
        "SPR-01": spr_01,
        "SPR-02": spr_02,
    },
    "companies": {
        "ABS-03": abs_03,
    },
    "memberships": {
        "SPR-06": spr_06,
    },
    "dealings": {
        "ABS-06": abs_06,
        "ABS-07": abs_07,
    },
}
