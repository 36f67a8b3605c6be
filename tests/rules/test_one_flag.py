"""One interest, one flag: no two rules say the same of one thing, and what comes with the office is no interest at all."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.rules.law import weigh

PORTFOLIO = "culture"  # of the candidate in `weigh`


def about(answers: Mapping[str, Any], item: str) -> set[str]:
    """The rules that flag this item, certain or possible."""
    return {flag.rule.id for flag in weigh(answers).flags if flag.item == item}


def position(**more: Any) -> dict[str, Any]:
    item = {
        "id": "s1",
        "kind": "board",
        "authority_ties": ["affiliated", "contract"],
        "decision_pending": "yes",
        "accountable": "yes",
        "paid": "no",
        "symbolic": "no",
        "plan": "keep",
        "ex_officio": "no",
    }
    return {"side_positions": [{**item, **more}]}


@pytest.mark.parametrize("policy_field", [PORTFOLIO, "sport"])
@pytest.mark.parametrize("plan", ["keep", "give_up"])
def test_a_position_that_comes_with_the_office_is_no_interest(policy_field: str, plan: str):
    duties = {"SID-02", "ABS-02"}
    found = about(position(ex_officio="yes", policy_field=policy_field, plan=plan, gives_up_on="2026-12-16"), "s1")
    assert found == duties
    paid = position(ex_officio="yes", policy_field=policy_field, plan="keep", paid="yes")
    assert about(paid, "s1") == duties | {"SID-03", "SID-05"}


def test_whether_it_comes_with_the_office_is_never_guessed():
    answers = position(policy_field=PORTFOLIO)
    del answers["side_positions"][0]["ex_officio"]
    outcomes = {flag.rule.id: flag.outcome for flag in weigh(answers).flags if flag.item == "s1"}
    assert outcomes["SPR-01"] == "possible"


@pytest.mark.parametrize(("policy_field", "rule"), [(PORTFOLIO, "SPR-01"), ("sport", "SPR-02")])
def test_a_tie_of_an_organisation_is_flagged_once(policy_field: str, rule: str):
    found = about(position(policy_field=policy_field), "s1")
    assert {one for one in found if one.startswith(("SPR", "ABS"))} == {rule, "ABS-02"}


@pytest.mark.parametrize("plan_nearby", ["search_area", "in_preparation", "decision_pending", "adopted"])
def test_land_near_a_plan_is_flagged_once(plan_nearby: str):
    item = {"id": "e1", "title": "owned", "plan_nearby": plan_nearby, "lets_out": "no", "special_right": "no"}
    assert about({"real_estate": [{**item, "from_authority": "no"}]}, "e1") == {"REA-03"}


def test_a_dispute_is_flagged_once():
    item = {"id": "g1", "status": "running", "resolution": "none", "resolved_before_appointment": "no"}
    assert about({"disputes": [item]}, "g1") == {"DEA-01"}


def test_money_that_depends_on_the_authority_is_flagged_once():
    item = {"id": "f1", "kind": "royalty", "depends_on_authority": "yes", "policy_field": PORTFOLIO}
    assert about({"financial_ties": [item]}, "f1") == {"COM-08"}


@pytest.mark.parametrize(
    ("tie", "policy_field", "rule"),
    [("permit", PORTFOLIO, "FAM-01"), ("permit", "sport", "ABS-08"), ("real_estate", "land", "FAM-03")],
)
def test_an_interest_of_a_relative_is_flagged_once(tie: str, policy_field: str, rule: str):
    item = {"id": "r1", "party": {"relation": "sibling"}, "tie": tie, "policy_field": policy_field}
    assert about({"relatives": [item], "community_property": "no"}, "r1") == {rule}


@pytest.mark.parametrize(
    ("role", "policy_field", "rule"),
    [
        ({"capacity": "adviser_against", "in_dispute": "no"}, PORTFOLIO, "DEA-02"),
        ({"capacity": "adviser_against", "in_dispute": "no"}, "sport", "ABS-10"),
        ({"capacity": "adviser_against", "in_dispute": "yes"}, PORTFOLIO, "ACT-01"),
        ({"capacity": "agent_against", "in_dispute": "no"}, PORTFOLIO, "DEA-02"),
        ({"capacity": "agent_against", "in_dispute": "yes"}, "sport", "ACT-02"),
        ({"capacity": "adviser_for", "in_dispute": "no"}, PORTFOLIO, "ABS-10"),
        ({"capacity": "lobbyist"}, PORTFOLIO, "DEA-02"),
        ({"capacity": "lobbyist"}, "sport", "ABS-10"),
        ({"capacity": "adviser_target_group"}, PORTFOLIO, "DEA-02"),
        ({"capacity": "representative_agreement", "agreement": "like_d"}, PORTFOLIO, "ACT-03"),
        ({"capacity": "representative_agreement", "agreement": "property_to_authority"}, "sport", "ACT-04"),
        ({"capacity": "representative_agreement", "agreement": "other"}, PORTFOLIO, "DEA-02"),
        ({"capacity": "representative_agreement", "agreement": "other"}, "sport", "ABS-10"),
    ],
)
def test_acting_for_others_that_goes_on_is_flagged_once_and_never_missed(
    role: Mapping[str, str], policy_field: str, rule: str
):
    item = {"id": "v1", **role, "policy_field": policy_field, "ends_before_appointment": "no"}
    assert about({"represents": [item]}, "v1") == {rule}


@pytest.mark.parametrize(("value", "rule"), [("25000_100000", "COM-07"), ("5000_25000", "ABS-12")])
def test_a_local_investment_is_flagged_once(value: str, rule: str):
    item = {"id": "b1", "kind": "listed", "value": value, "local_party": "yes", "policy_field": "sport"}
    assert about({"securities": [{**item, "distance": "none"}]}, "b1") == {rule}


@pytest.mark.parametrize(("policy_field", "rules"), [(PORTFOLIO, {"COM-01", "ABS-03"}), ("sport", {"COM-02"})])
def test_plans_of_a_company_are_flagged_once(policy_field: str, rules: set[str]):
    """Within the portfolio COM-01 is about the field a company works in, ABS-03 about the plans that wait."""
    item = {
        "id": "co1",
        "form": "sole_trader",
        "policy_field": policy_field,
        "local": "yes",
        "role": "director",
        "share_pct": 0,
        "control": "no",
        "authority_deal": "none",
        "subcontractor": "no",
        "local_plans": "yes",
        "distance": "none",
    }
    assert about({"companies": [item]}, "co1") == rules
