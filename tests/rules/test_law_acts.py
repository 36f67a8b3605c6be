"""Prohibited acts item by item, abstention and side positions: what is forbidden, what is a question, what is a duty."""

from collections.abc import Mapping

import pytest

from app.questionnaires.context import YesOrNo
from app.questionnaires.wording import WORDS
from app.risk_rules.rulebook import Judgement, RuleKind
from tests.rules.law import bars, certain, law, rulebook, said, weigh

# art. 15, eerste lid, onderdeel d, Gemeentewet: under which number each kind of agreement stands.
NUMBERS = {
    "contract_work": "1",
    "paid_services": "2",
    "supply_movables": "3",
    "rent_movables": "4",
    "disputed_claim": "5",
    "acquire_real_estate": "6",
    "rent_or_lease": "7",
}
# The article with the prohibited acts in each of the four laws.
PROHIBITED = {("GW", "15"), ("PW", "15"), ("WsW", "33"), ("WolBES", "16")}
PRIVATE = {"acquire_real_estate", "rent_or_lease"}


def deal(kind: str, **more: str) -> Mapping[str, object]:
    item = {"id": "d1", "kind": kind, "via": "self", "status": "planned", "exemption": "none"}
    if kind in PRIVATE:
        item["private_treaty"] = "yes"
    return {"dealings": [{**item, **more}]}


@pytest.mark.parametrize(("kind", "number"), NUMBERS.items())
@pytest.mark.parametrize("status", ["planned", "renewing"])
@pytest.mark.parametrize("exemption", ["none", "requested"])
def test_a_new_or_renewed_agreement_is_forbidden_under_its_own_number(
    kind: str, number: str, status: str, exemption: str
):
    found = bars(weigh(deal(kind, status=status, exemption=exemption)))
    assert len(found) == 1
    rule = rulebook().rule(found.pop())
    cited = {(basis.article, basis.onderdeel, basis.sub) for basis in rule.basis_for("municipality")}
    assert ("15", "d", number) in cited
    assert rule.exempting_authority == {tier: words["exempting_authority"] for tier, words in WORDS.items()}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_running_agreement_is_a_risk_and_no_bar(kind: str):
    assessment = weigh(deal(kind, status="running"))
    assert not bars(assessment)
    heaviest = max(certain(assessment), key=lambda flag: flag.severity)
    assert (heaviest.severity, heaviest.rule.id) == (3, "ACT-13" if kind in PRIVATE else "ACT-12")


@pytest.mark.parametrize("kind", NUMBERS)
def test_an_exemption_lifts_the_ban_and_leaves_a_note(kind: str):
    assessment = weigh(deal(kind, exemption="granted"))
    acts = [flag for flag in certain(assessment) if flag.rule.subject == "prohibited_acts"]
    assert [(flag.rule.id, int(flag.severity)) for flag in acts] == [("ACT-28", 1)]


@pytest.mark.parametrize("kind", sorted(PRIVATE))
def test_a_public_procedure_is_not_forbidden(kind: str):
    assessment = weigh(deal(kind, private_treaty="no"))
    assert not bars(assessment)
    assert said(assessment, "ACT-26", "d1") == "certain"


@pytest.mark.parametrize("kind", ["sell_real_estate", "let_real_estate"])
def test_selling_or_letting_to_the_gemeente_is_not_forbidden_but_noted(kind: str):
    assessment = weigh({"dealings": [{"id": "d1", "kind": kind, "via": "self", "status": "planned"}]})
    assert not bars(assessment)
    assert said(assessment, "ACT-26", "d1") == "certain"


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize(("via", "rule"), [("company", "ACT-14"), ("partner", "ACT-15"), ("subcontractor", "ACT-15")])
def test_what_goes_through_somebody_else_is_for_a_person_to_judge(kind: str, via: str, rule: str):
    answers = deal(kind, via=via)
    open_case = weigh(answers)
    assert not bars(open_case)
    assert said(open_case, rule, "d1") == "possible"
    assert said(weigh(answers, Judgement(rule, "d1", applies=True)), rule, "d1") == "certain"
    assert said(weigh(answers, Judgement(rule, "d1", applies=False)), rule, "d1") == "none"


ROLES = [
    ({"capacity": "lawyer_for", "in_dispute": "yes"}, "a", ""),
    ({"capacity": "lawyer_against", "in_dispute": "yes"}, "a", ""),
    ({"capacity": "adviser_for", "in_dispute": "yes"}, "a", ""),
    ({"capacity": "adviser_against", "in_dispute": "yes"}, "a", ""),
    ({"capacity": "agent_against", "in_dispute": "yes"}, "b", ""),
    ({"capacity": "representative_agreement", "agreement": "like_d"}, "c", "1"),
    ({"capacity": "representative_agreement", "agreement": "property_to_authority"}, "c", "2"),
]


@pytest.mark.parametrize(("role", "onderdeel", "number"), ROLES)
def test_acting_for_others_is_forbidden_from_the_first_day_and_nobody_can_exempt(
    role: Mapping[str, str], onderdeel: str, number: str
):
    goes_on = weigh({"represents": [{"id": "r1", **role, "ends_before_appointment": "no"}]})
    found = bars(goes_on)
    assert len(found) == 1
    rule = rulebook().rule(found.pop())
    cited = {(basis.article, basis.onderdeel, basis.sub) for basis in rule.basis_for("municipality")}
    assert ("15", onderdeel, number) in cited
    assert not rule.exempting_authority


@pytest.mark.parametrize(("role", "onderdeel", "number"), ROLES)
@pytest.mark.parametrize(("ends_on", "barred"), [("2026-12-15", False), ("2026-12-16", True)])
def test_acting_for_others_that_stops_in_time_is_no_bar(
    role: Mapping[str, str], onderdeel: str, number: str, ends_on: str, barred: bool
):
    stops = {"id": "r1", **role, "ends_before_appointment": "yes", "ends_on": ends_on}
    assessment = weigh({"represents": [stops]})
    assert bool(bars(assessment)) is barred
    assert said(assessment, "ACT-29", "r1") == ("none" if barred else "certain")


@pytest.mark.parametrize(
    "role",
    [
        {"capacity": "adviser_for", "in_dispute": "no"},
        {"capacity": "representative_agreement", "agreement": "other"},
        {"capacity": "lobbyist"},
        {"capacity": "adviser_target_group"},
    ],
)
def test_other_work_for_others_is_not_forbidden(role: Mapping[str, str]):
    assert not bars(weigh({"represents": [{"id": "r1", **role, "ends_before_appointment": "no"}]}))


def test_only_onderdeel_d_knows_an_exemption():
    for rule in (rule for rule in law() if rule.exempting_authority):
        cited = {basis.onderdeel for basis in rule.basis if (basis.source, basis.article) in PROHIBITED}
        assert cited <= {"d", ""}, rule.id
    assert all("ontheffing mogelijk" in rulebook().rule(f"ACT-0{number}").consequence for number in range(1, 5))


def test_an_open_norm_is_never_certain_without_a_person():
    answers: dict[str, object] = {
        "works_for_authority": "affiliated",
        "side_positions": [
            {"id": "s1", "kind": "board", "authority_ties": ["contract"], "decision_pending": "yes", "plan": "keep"}
        ],
        "companies": [{"id": "c1", "authority_deal": "planned", "subcontractor": "yes", "distance": "none"}],
        **deal("contract_work", via="company"),
    }
    flags = [flag for flag in weigh(answers).flags if flag.rule.kind is RuleKind.OPEN_NORM]
    assert {"INC-23", "SID-01", "ACT-14", "ACT-17", "ACT-18", "ACT-20"} <= {flag.rule.id for flag in flags}
    assert all(flag.outcome == "possible" for flag in flags)


def test_income_is_published_and_settled_only_beside_a_full_time_office():
    paid = {"side_positions": [{"id": "s1", "paid": "yes", "ex_officio": "no", "plan": "keep"}]}
    cases: list[tuple[YesOrNo | None, str]] = [("yes", "certain"), ("no", "none"), (None, "possible")]
    for full_time, expected in cases:
        assessment = weigh(paid, full_time=full_time)
        assert [said(assessment, rule, "s1") for rule in ("SID-03", "SID-04")] == [expected, expected]


def test_a_fee_that_comes_with_the_office_goes_to_the_gemeente():
    assessment = weigh({"side_positions": [{"id": "s1", "paid": "yes", "ex_officio": "yes", "plan": "keep"}]})
    assert said(assessment, "SID-05", "s1") == "certain"
    assert said(assessment, "SID-04", "s1") == "none"
    assert said(assessment, "SID-02", "s1") == "certain"


def test_a_paid_position_that_is_published_is_only_a_duty():
    assessment = weigh({"side_positions": [{"id": "s1", "paid": "yes", "ex_officio": "no", "plan": "keep"}]})
    assert all(flag.severity <= 1 for flag in certain(assessment))


def test_abstention_by_itself_never_weighs_more_than_an_attention_point():
    heavy = {rule.id for rule in law() if rule.subject == "abstention" and rule.severity > 1}
    assert heavy == set()
