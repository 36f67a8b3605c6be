"""Rules about acts and dealings, as a careful programmer writes them: one function each, and NO stops early."""

from app.conditions.facts import Facts
from bench.handwritten.plain import BLANK, Its, before, one_of, same, shares, ticked

# The agreements of onderdeel d, 1° to 7°.
NAMED = (
    "contract_work",
    "paid_services",
    "supply_movables",
    "rent_movables",
    "disputed_claim",
    "acquire_real_estate",
    "rent_or_lease",
)


def act_01(facts: Facts, its: Its) -> int:
    """ACT-01: Advocaat of adviseur in een geschil."""
    case = facts.context
    truth = one_of(
        its["capacity"],
        "lawyer_for",
        "lawyer_against",
        "procurator_for",
        "procurator_against",
        "adviser_for",
        "adviser_against",
    )
    if truth:
        truth = min(truth, same(its["in_dispute"], "yes"))
    if truth:
        truth = min(
            truth,
            max(
                same(its["ends_before_appointment"], "no"), before(case.get("appointment_date", BLANK), its["ends_on"])
            ),
        )
    return truth


def act_05(_facts: Facts, its: Its) -> int:
    """ACT-05: Aannemen van werk."""
    truth = same(its["kind"], "contract_work")
    if truth:
        truth = min(truth, same(its["via"], "self"))
    if truth:
        truth = min(truth, one_of(its["status"], "renewing", "planned"))
    if truth:
        truth = min(truth, one_of(its["exemption"], "none", "requested"))
    return truth


def act_09(_facts: Facts, its: Its) -> int:
    """ACT-09: Overnemen van een betwiste vordering."""
    truth = same(its["kind"], "disputed_claim")
    if truth:
        truth = min(truth, same(its["via"], "self"))
    if truth:
        truth = min(truth, one_of(its["status"], "renewing", "planned"))
    if truth:
        truth = min(truth, one_of(its["exemption"], "none", "requested"))
    return truth


def act_12(_facts: Facts, its: Its) -> int:
    """ACT-12: Lopende overeenkomst met de organisatie."""
    truth = one_of(its["kind"], "contract_work", "paid_services", "supply_movables", "rent_movables", "disputed_claim")
    if truth:
        truth = min(truth, one_of(its["via"], "self", "company"))
    if truth:
        truth = min(truth, same(its["status"], "running"))
    if truth:
        truth = min(truth, one_of(its["exemption"], "none", "requested"))
    return truth


def act_16(facts: Facts, its: Its) -> int:
    """ACT-16: Onderneming met een lopende overeenkomst."""
    case = facts.context
    truth = same(its["authority_deal"], "running")
    if truth:
        truth = min(truth, ticked(its["deal_kind"], *NAMED))
    if truth:
        truth = min(
            truth,
            max(
                one_of(its["distance"], "none", "stak", "independent_manager", "power_of_attorney"),
                before(case.get("appointment_date", BLANK), its["distance_done_on"]),
            ),
        )
    return truth


def act_20(_facts: Facts, its: Its) -> int:
    """ACT-20: Bestuurder van een organisatie met een contract."""
    truth = ticked(its["contract_kind"], *NAMED)
    if truth:
        truth = min(truth, one_of(its["plan"], "keep", "undecided"))
    if truth:
        truth = min(truth, same(its["ex_officio"], "no"))
    return truth


def act_24(_facts: Facts, its: Its) -> int:
    """ACT-24: Grond of gebouw van de organisatie via een ander."""
    truth = same(its["from_authority"], "private_treaty")
    if truth:
        truth = min(truth, one_of(its["from_authority_status"], "running", "planned"))
    if truth:
        truth = min(truth, one_of(its["title"], "via_company", "via_family"))
    return truth


def dea_01(_facts: Facts, its: Its) -> int:
    """DEA-01: Eigen geschil met de organisatie."""
    return one_of(its["status"], "running", "announced")


def fam_01(facts: Facts, its: Its) -> int:
    """FAM-01: Band van partner of familie, binnen de portefeuille."""
    case = facts.context
    truth = one_of(
        its["tie"],
        "works_at_authority",
        "works_at_affiliated",
        "works_at_subsidised",
        "supplier",
        "permit",
        "enforcement",
        "subsidy",
    )
    if truth:
        truth = min(truth, shares(its["policy_field"], case.get("portfolio", BLANK)))
    return truth


def fam_03(_facts: Facts, its: Its) -> int:
    """FAM-03: Grond of gebouwen van familie bij een plan."""
    return same(its["tie"], "real_estate")


def ver_02(_facts: Facts, its: Its) -> int:
    """VER-02: Verschil tussen een bron en de opgave."""
    return same(its["contradicts"], "yes")


ABOUT_THE_CASE = {}

ABOUT_ITEMS = {
    "represents": {
        "ACT-01": act_01,
    },
    "dealings": {
        "ACT-05": act_05,
        "ACT-09": act_09,
        "ACT-12": act_12,
    },
    "companies": {
        "ACT-16": act_16,
    },
    "side_positions": {
        "ACT-20": act_20,
    },
    "real_estate": {
        "ACT-24": act_24,
    },
    "disputes": {
        "DEA-01": dea_01,
    },
    "relatives": {
        "FAM-01": fam_01,
        "FAM-03": fam_03,
    },
    "source_findings": {
        "VER-02": ver_02,
    },
}
