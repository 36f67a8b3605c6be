"""Rules about the office, as a careful programmer writes them: one function each, and NO stops early."""

from app.conditions.facts import Facts
from bench.handwritten.plain import BLANK, before, not_before, older_than, one_of, same, ticked


def req_01(facts: Facts) -> int:
    """REQ-01: Leeftijd van 18 jaar."""
    top = facts.top
    return same(top["is_adult"], "no")


def req_02(facts: Facts) -> int:
    """REQ-02: Woonplaats in het gebied."""
    top = facts.top
    case = facts.context
    truth = max(same(top["residence_exemption"], "not_requested"), same(top["residence_exemption_decided"], "no"))
    if truth:
        truth = min(
            truth, max(same(top["will_move"], "no"), before(case.get("appointment_date", BLANK), top["moves_on"]))
        )
    return truth


def req_03(facts: Facts) -> int:
    """REQ-03: Ontheffing om elders te wonen."""
    top = facts.top
    return one_of(top["residence_exemption"], "granted", "requested")


def req_04(facts: Facts) -> int:
    """REQ-04: Verhuizing vóór de benoeming."""
    top = facts.top
    case = facts.context
    truth = max(same(top["residence_exemption"], "not_requested"), same(top["residence_exemption_decided"], "no"))
    if truth:
        truth = min(truth, not_before(case.get("appointment_date", BLANK), top["moves_on"]))
    return truth


def req_05(facts: Facts) -> int:
    """REQ-05: Bezit van het kiesrecht."""
    top = facts.top
    return ticked(top["court_exclusions"], "voting_rights")


def req_06(facts: Facts) -> int:
    """REQ-06: Recht om dit ambt te vervullen."""
    top = facts.top
    return ticked(top["court_exclusions"], "this_office")


def req_07(facts: Facts) -> int:
    """REQ-07: Geldig verblijfsrecht."""
    top = facts.top
    return same(top["lawful_residence"], "no")


def req_08(facts: Facts) -> int:
    """REQ-08: Vijf jaar ingezetene van Nederland."""
    top = facts.top
    return same(top["five_years_resident"], "no")


def req_09(facts: Facts) -> int:
    """REQ-09: Werk voor een ambassade of consulaat."""
    top = facts.top
    return same(top["diplomatic_household"], "yes")


def vog_01(facts: Facts) -> int:
    """VOG-01: VOG van hoogstens drie maanden oud."""
    top = facts.top
    case = facts.context
    return older_than(top["vog_issued_on"], case.get("appointment_date", BLANK), months=3)


def vog_02(facts: Facts) -> int:
    """VOG-02: Beslissing over de VOG."""
    top = facts.top
    return same(top["vog_status"], "refused")


def vog_03(facts: Facts) -> int:
    """VOG-03: VOG op de dag van de benoeming."""
    top = facts.top
    return same(top["vog_present_at_appointment"], "no")


def vog_04(facts: Facts) -> int:
    """VOG-04: VOG van vóór de benoeming."""
    top = facts.top
    case = facts.context
    return before(case.get("appointment_date", BLANK), top["vog_issued_on"])


def vog_05(facts: Facts) -> int:
    """VOG-05: Aangevraagde VOG."""
    top = facts.top
    return same(top["vog_status"], "requested")


def vog_06(facts: Facts) -> int:
    """VOG-06: Aanvraag van de VOG."""
    top = facts.top
    return same(top["vog_status"], "not_requested")


ABOUT_THE_CASE = {
    "REQ-01": req_01,
    "REQ-02": req_02,
    "REQ-03": req_03,
    "REQ-04": req_04,
    "REQ-05": req_05,
    "REQ-06": req_06,
    "REQ-07": req_07,
    "REQ-08": req_08,
    "REQ-09": req_09,
    "VOG-01": vog_01,
    "VOG-02": vog_02,
    "VOG-03": vog_03,
    "VOG-04": vog_04,
    "VOG-05": vog_05,
    "VOG-06": vog_06,
}

ABOUT_ITEMS = {}
