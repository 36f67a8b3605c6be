"""Why the rules fired that fire in the dossiers of the benchmark, written by hand like the rules themselves."""

from decimal import Decimal

from app.conditions.facts import Facts, Open
from app.conditions.kleene import Verdict, all_of, any_of
from bench.handwritten.acts import NAMED
from bench.handwritten.plain import Its
from bench.handwritten.reasons import after, at_least, includes_any, one_of, same, shares


def abs_02(facts: Facts, its: Its, at: str) -> Verdict:
    """Why ABS-02 fired."""
    case = facts.context
    return all_of(
        (
            same(f"{at}.accountable", its["accountable"], "yes"),
            any_of(
                (
                    one_of(f"{at}.plan", its["plan"], "keep", "undecided"),
                    after(
                        f"{at}.gives_up_on",
                        its["gives_up_on"],
                        "context.appointment_date",
                        case.get("appointment_date", Open(("context.appointment_date",))),
                    ),
                )
            ),
        )
    )


def abs_03(facts: Facts, its: Its, at: str) -> Verdict:
    """Why ABS-03 fired."""
    case = facts.context
    return all_of(
        (
            any_of(
                (
                    all_of(
                        (
                            same(f"{at}.local_plans", its["local_plans"], "yes"),
                            any_of(
                                (
                                    shares(
                                        f"{at}.policy_field",
                                        its["policy_field"],
                                        "context.portfolio",
                                        case.get("portfolio", Open(("context.portfolio",))),
                                    ),
                                    one_of(f"{at}.form", its["form"], "pension_bv", "dormant_bv"),
                                )
                            ),
                        )
                    ),
                    one_of(f"{at}.authority_deal", its["authority_deal"], "running", "renewing", "planned"),
                )
            ),
            any_of(
                (
                    one_of(
                        f"{at}.distance", its["distance"], "none", "stak", "independent_manager", "power_of_attorney"
                    ),
                    after(
                        f"{at}.distance_done_on",
                        its["distance_done_on"],
                        "context.appointment_date",
                        case.get("appointment_date", Open(("context.appointment_date",))),
                    ),
                )
            ),
        )
    )


def act_16(facts: Facts, its: Its, at: str) -> Verdict:
    """Why ACT-16 fired."""
    case = facts.context
    return all_of(
        (
            same(f"{at}.authority_deal", its["authority_deal"], "running"),
            includes_any(f"{at}.deal_kind", its["deal_kind"], *NAMED),
            any_of(
                (
                    one_of(
                        f"{at}.distance", its["distance"], "none", "stak", "independent_manager", "power_of_attorney"
                    ),
                    after(
                        f"{at}.distance_done_on",
                        its["distance_done_on"],
                        "context.appointment_date",
                        case.get("appointment_date", Open(("context.appointment_date",))),
                    ),
                )
            ),
        )
    )


def act_20(_facts: Facts, its: Its, at: str) -> Verdict:
    """Why ACT-20 fired."""
    return all_of(
        (
            includes_any(f"{at}.contract_kind", its["contract_kind"], *NAMED),
            one_of(f"{at}.plan", its["plan"], "keep", "undecided"),
            same(f"{at}.ex_officio", its["ex_officio"], "no"),
        )
    )


def com_01(facts: Facts, its: Its, at: str) -> Verdict:
    """Why COM-01 fired."""
    case = facts.context
    return all_of(
        (
            one_of(
                f"{at}.form",
                its["form"],
                "sole_trader",
                "partnership",
                "operating_bv",
                "holding",
                "foundation",
                "foreign",
            ),
            shares(
                f"{at}.policy_field",
                its["policy_field"],
                "context.portfolio",
                case.get("portfolio", Open(("context.portfolio",))),
            ),
            one_of(f"{at}.distance", its["distance"], "none", "stak", "independent_manager", "power_of_attorney"),
        )
    )


def com_02(facts: Facts, its: Its, at: str) -> Verdict:
    """Why COM-02 fired."""
    case = facts.context
    return all_of(
        (
            one_of(
                f"{at}.form",
                its["form"],
                "sole_trader",
                "partnership",
                "operating_bv",
                "holding",
                "foundation",
                "foreign",
            ),
            any_of((same(f"{at}.local", its["local"], "yes"), same(f"{at}.local_plans", its["local_plans"], "yes"))),
            shares(
                f"{at}.policy_field",
                its["policy_field"],
                "context.portfolio",
                case.get("portfolio", Open(("context.portfolio",))),
                denied=True,
            ),
            one_of(f"{at}.distance", its["distance"], "none", "stak", "independent_manager", "power_of_attorney"),
        )
    )


def com_03(_facts: Facts, its: Its, at: str) -> Verdict:
    """Why COM-03 fired."""
    return all_of(
        (
            one_of(f"{at}.form", its["form"], "partnership", "operating_bv", "holding", "foreign"),
            any_of(
                (
                    same(f"{at}.control", its["control"], "yes"),
                    at_least(f"{at}.share_pct", its["share_pct"], Decimal(50)),
                )
            ),
            same(f"{at}.policy_field", its["policy_field"], "none", denied=True),
            any_of(
                (
                    one_of(f"{at}.distance", its["distance"], "none", "power_of_attorney"),
                    same(f"{at}.distance_revocable", its["distance_revocable"], "yes"),
                    same(f"{at}.distance_informed", its["distance_informed"], "yes"),
                )
            ),
        )
    )


def com_05(facts: Facts, its: Its, at: str) -> Verdict:
    """Why COM-05 fired."""
    case = facts.context
    return all_of(
        (
            same(f"{at}.role", its["role"], "owner_director"),
            same(f"{at}.keeps_working", its["keeps_working"], "yes"),
            shares(
                f"{at}.policy_field",
                its["policy_field"],
                "context.portfolio",
                case.get("portfolio", Open(("context.portfolio",))),
            ),
        )
    )


def inc_21(_facts: Facts, its: Its, at: str) -> Verdict:
    """Why INC-21 fired."""
    return all_of(
        (
            one_of(
                f"{at}.office",
                its["office"],
                "municipal_council_member",
                "provincial_council_member",
                "island_council_member",
            ),
            same(f"{at}.own_authority", its["own_authority"], "yes"),
        )
    )


def req_02(facts: Facts, _its: Its, _at: str) -> Verdict:
    """Why REQ-02 fired."""
    top = facts.top
    case = facts.context
    return all_of(
        (
            any_of(
                (
                    same("residence_exemption", top["residence_exemption"], "not_requested"),
                    same("residence_exemption_decided", top["residence_exemption_decided"], "no"),
                )
            ),
            any_of(
                (
                    same("will_move", top["will_move"], "no"),
                    after(
                        "moves_on",
                        top["moves_on"],
                        "context.appointment_date",
                        case.get("appointment_date", Open(("context.appointment_date",))),
                    ),
                )
            ),
        )
    )


def sid_01(facts: Facts, its: Its, at: str) -> Verdict:
    """Why SID-01 fired."""
    case = facts.context
    return all_of(
        (
            same(f"{at}.ex_officio", its["ex_officio"], "no"),
            any_of(
                (
                    one_of(f"{at}.plan", its["plan"], "keep", "undecided"),
                    after(
                        f"{at}.gives_up_on",
                        its["gives_up_on"],
                        "context.appointment_date",
                        case.get("appointment_date", Open(("context.appointment_date",))),
                    ),
                )
            ),
        )
    )


def spr_01(facts: Facts, its: Its, at: str) -> Verdict:
    """Why SPR-01 fired."""
    case = facts.context
    return all_of(
        (
            includes_any(
                f"{at}.authority_ties",
                its["authority_ties"],
                "subsidy",
                "contract",
                "permit",
                "land",
                "procedure",
                "affiliated",
            ),
            shares(
                f"{at}.policy_field",
                its["policy_field"],
                "context.portfolio",
                case.get("portfolio", Open(("context.portfolio",))),
            ),
            same(f"{at}.ex_officio", its["ex_officio"], "no"),
        )
    )


WHY = {
    "ABS-02": abs_02,
    "ABS-03": abs_03,
    "ACT-16": act_16,
    "ACT-20": act_20,
    "COM-01": com_01,
    "COM-02": com_02,
    "COM-03": com_03,
    "COM-05": com_05,
    "INC-21": inc_21,
    "REQ-02": req_02,
    "SID-01": sid_01,
    "SPR-01": spr_01,
}
