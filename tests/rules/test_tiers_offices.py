"""The table of incompatible functions of four laws, held cell by cell against the rules.

The table is written out from the laws, not from the rules: row, function, and per kind of authority the letter in the
list of its own law (art. 36b, eerste lid, Gemeentewet; art. 35c, eerste lid, Provinciewet; art. 31, tweede lid,
Waterschapswet; art. 40, eerste lid, WolBES), the place in another law when only that one forbids it, or "" when nothing
does.
"""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.context import Tier
from app.questionnaires.kinds import Choice
from app.risk_rules.rulebook import Judgement, Outcome, RuleKind, Severity
from tests.rules.law import APPOINTMENT, questionnaire, rulebook
from tests.rules.tiers import Weighed, weighed

GW, PW, WSW, BES = Tier.MUNICIPALITY, Tier.PROVINCE, Tier.WATER_BOARD, Tier.PUBLIC_BODY
LISTS = {GW: "GW 36b lid 1", PW: "PW 35c lid 1", WSW: "WsW 31 lid 2", BES: "WolBES 40 lid 1"}
ENDS = {GW: "INC-20", PW: "INC-44", WSW: "INC-45", BES: "INC-46"}


class Row(NamedTuple):
    """One function. ``own``: what must be answered to "does it belong here" before it bars, where that is asked."""

    row: str
    function: str
    gw: str
    pw: str
    wsw: str
    bes: str
    own: str = ""

    def cell(self, tier: Tier) -> str:
        return {GW: self.gw, PW: self.pw, WSW: self.wsw, BES: self.bes}[tier]


TABLE = [
    Row("I1", "minister", "a", "a", "a", "a"),
    Row("I2", "state_secretary", "b", "b", "b", "b"),
    Row("I3", "council_of_state", "c", "c", "c", "c"),
    Row("I4", "court_of_audit", "d", "d", "d", "d"),
    Row("I5", "national_ombudsman", "e", "e", "e", "e"),
    Row("I6", "substitute_ombudsman", "f", "f", "f", "f"),
    Row("I7", "kings_commissioner", "g", "g", "g", ""),
    Row("I8", "rijksvertegenwoordiger", "", "", "", "g"),
    # at a province this is the office itself: art. 35b, vierde lid, forbids it twice (see the requirements)
    Row("I9", "gedeputeerde", "h", "", "i", ""),
    # at a province these two are officials of its own, under letter o: own_civil_servant
    Row("I10", "province_secretary", "i", "", "j", "", own="yes"),
    Row("I11", "province_griffier", "j", "", "k", "", own="yes"),
    Row("I12", "provincial_audit_member", "k", "i", "", "", own="yes"),
    Row("I13", "provincial_council_member", "", "h", "h", "", own="no"),
    Row("I14", "municipal_council_member", "l", "k", "", "", own="no"),
    Row("I15", "island_council_member", "", "", "", "h", own="no"),
    Row("I16", "burgemeester", "m", "l", "l", ""),
    Row("I17", "gezaghebber", "", "", "", "i"),
    Row("I18", "wethouder", "", "m", "m", ""),
    Row("I19", "municipal_audit_member", "n", "n", "", "", own="yes"),
    Row("I20", "joint_audit_member_bes", "", "", "", "j"),
    # in no list of its own: forbidden by the rules for members of that audit office
    Row("I21", "water_audit_member", "", "WsW 51af lid 1 h", "WsW 51af lid 1 m", "", own="yes"),
    Row("I22", "own_ombudsman", "o", "j", "n", "k"),
    Row("I23", "own_civil_servant", "p", "o", "o", ""),
    # the islands bar an official of any public body, so they have a function of their own here
    Row("I23", "public_body_civil_servant", "", "", "", "l"),
    Row("I24", "municipal_civil_servant", "", "p", "", ""),
    Row("I25", "supervising_civil_servant", "q", "s", "p", "m"),
    Row("I26", "statutory_adviser", "r", "t", "", "n"),
    Row("I27", "water_board_civil_servant", "", "q", "", ""),
    # not in the list of the Gemeentewet, but in those of the Waterschapswet
    Row("I28", "water_board_board", "WsW 31 lid 2 m", "q", "q", "", own="yes"),
    Row("I28", "water_board_chair", "WsW 47 lid 1 n", "q", "q", "", own="yes"),
    Row("I29", "joint_body_civil_servant", "", "r", "", ""),
]
CELLS = [(one, tier) for one in TABLE for tier in Tier]
FILLED = [(one, tier) for one, tier in CELLS if one.cell(tier)]
EVERY_CELL = pytest.mark.parametrize(("row", "tier"), CELLS, ids=lambda part: str(getattr(part, "function", part)))
EVERY_FILLED_CELL = pytest.mark.parametrize(
    ("row", "tier"), FILLED, ids=lambda part: str(getattr(part, "function", part))
)


def place(row: Row, tier: Tier) -> str:
    """The place in the law that a filled cell stands for."""
    cell = row.cell(tier)
    return cell if " " in cell else f"{LISTS[tier]} {cell}"


def holder(row: Row, tier: Tier, **more: str) -> Weighed:
    """A candidate who holds this function now."""
    item = {"id": "o1", "office": row.function, "exception": "none", "own_authority": row.own or "yes"}
    return weighed(tier, {"listed_offices": [{**item, **more}]})


def in_lists(places: list[str]) -> list[str]:
    """Of the places cited those in a list of functions."""
    heads = (*LISTS.values(), "WsW 47 lid 1", "WsW 51af lid 1")
    return [one for one in places if one.startswith(heads)]


def test_the_table_has_every_function_that_can_be_answered():
    office = questionnaire().questions["listed_offices.office"]
    assert isinstance(office, Choice)
    assert sorted(option.id for option in office.options) == sorted(row.function for row in TABLE)


def test_the_table_has_every_letter_of_the_four_lists_once_or_for_more_functions_that_share_it():
    for tier, last in ((GW, "r"), (PW, "t"), (WSW, "q"), (BES, "n")):
        letters = {row.cell(tier) for row in TABLE if len(row.cell(tier)) == 1}
        assert letters == {chr(code) for code in range(ord("a"), ord(last) + 1)}, tier


@EVERY_CELL
def test_a_function_is_offered_where_a_law_forbids_it_and_nowhere_else(row: Row, tier: Tier):
    office = questionnaire().questions["listed_offices.office"]
    assert isinstance(office, Choice)
    [option] = [option for option in office.options if option.id == row.function]
    assert option.offered_at(tier) is bool(row.cell(tier))


@EVERY_CELL
def test_a_function_that_goes_on_bars_exactly_where_the_law_has_the_row(row: Row, tier: Tier):
    found = holder(row, tier, ends="not")
    bars = found.bars()
    assert len(bars) == bool(row.cell(tier))
    for bar in bars:
        assert row.row in bar.rule.statements
        assert place(row, tier) in in_lists(found.cited(bar))


@EVERY_FILLED_CELL
def test_a_bar_cites_no_other_letter_of_the_list_of_its_own_law(row: Row, tier: Tier):
    found = holder(row, tier, ends="not")
    [bar] = found.bars()
    letters = [one for one in found.cited(bar) if one.startswith(LISTS[tier])]
    assert letters == ([place(row, tier)] if place(row, tier).startswith(LISTS[tier]) else [])


@EVERY_FILLED_CELL
@pytest.mark.parametrize("seat", ["elected", "appointed", "nature", "outside"])
def test_a_water_board_cites_the_way_that_leads_to_its_list(row: Row, tier: Tier, seat: str):
    item = {"id": "o1", "office": row.function, "own_authority": "yes", "exception": "none", "ends": "not"}
    found = weighed(tier, {"wb_membership": seat, "listed_offices": [item]})
    bars = found.bars()
    if tier is not WSW:
        # elsewhere nothing of this is ever cited
        assert not [one for bar in bars for one in found.cited(bar) if one in {"WsW 41 lid 2", "WsW 45"}]
        return
    [bar] = bars
    ways = {one for one in found.cited(bar) if one in {"WsW 41 lid 2", "WsW 45", "WsW 31 lid 3"}}
    losses = {one for one in found.cited(bar) if one.startswith("Kieswet")}
    if row.function == "water_audit_member":
        assert (ways, losses) == (set(), set())
    elif seat == "outside":
        assert (ways, losses) == ({"WsW 45"}, set())
    elif seat == "elected":
        assert (ways, losses) == ({"WsW 41 lid 2"}, {"Kieswet X 1"})
    else:
        assert (ways, losses) == ({"WsW 41 lid 2", "WsW 31 lid 3"}, {"Kieswet X 4a"})


@EVERY_CELL
def test_a_function_that_ends_at_acceptance_bars_nobody_and_is_cited_under_its_own_letter(row: Row, tier: Tier):
    found = holder(row, tier, ends="at_acceptance", evidence="yes")
    assert not found.bars()
    assert found.said(ENDS[tier], "o1") == ("certain" if row.cell(tier) else "none")
    if row.cell(tier):
        outcome = found.found(ENDS[tier], "o1")
        assert outcome is not None
        assert place(row, tier) in in_lists(found.cited(outcome))


@given(
    cell=st.sampled_from(CELLS),
    ends_on=st.dates(APPOINTMENT - timedelta(days=60), APPOINTMENT + timedelta(days=60)),
    seat=st.sampled_from(("elected", "appointed", "nature", "outside")),
)
def test_a_function_bars_from_the_day_after_the_appointment(cell: tuple[Row, Tier], ends_on: date, seat: str):
    row, tier = cell
    item = {"id": "o1", "office": row.function, "exception": "none", "own_authority": row.own or "yes"}
    item |= {"ends": "later", "ends_on": ends_on.isoformat(), "evidence": "yes"}
    found = weighed(tier, {"wb_membership": seat, "listed_offices": [item]})
    assert bool(found.bars()) is (bool(row.cell(tier)) and ends_on > APPOINTMENT)
    assert (found.said(ENDS[tier], "o1") == "certain") is (bool(row.cell(tier)) and ends_on <= APPOINTMENT)


@EVERY_FILLED_CELL
def test_a_blank_never_counts_as_no(row: Row, tier: Tier):
    found = weighed(tier, {"listed_offices": [{"id": "o1", "office": row.function}]})
    assert not found.bars()
    open_bars = [one for one in found.flags("incompatible", Outcome.POSSIBLE) if one.severity is Severity.LEGAL_BAR]
    assert {one.rule.id for one in open_bars if row.row in one.rule.statements}


def test_every_hard_rule_about_a_listed_function_stands_for_a_cell():
    hit = {(bar.rule.id, tier) for row, tier in FILLED for bar in holder(row, tier, ends="not").bars()}
    exists = {
        (rule.id, Tier(tier))
        for rule in rulebook().rules
        if rule.for_each == "listed_offices" and rule.kind is RuleKind.HARD_NORM
        for tier in rule.tiers
    }
    assert hit == exists


# ── exceptions ──────────────────────────────────────────────────────────────────────────────────────────────────────

OFFICIAL = {
    GW: "own_civil_servant",
    PW: "own_civil_servant",
    WSW: "own_civil_servant",
    BES: "public_body_civil_servant",
}
EXCEPTIONS = [
    ("registrar", {GW: "GW 36b lid 3 a", BES: "WolBES 40 lid 4 a"}),
    # the Provinciewet names onderdeel n here, of the audit office: a slip, so the reading is ours
    ("volunteer_emergency", {GW: "GW 36b lid 3 b", PW: "PW 35c lid 3", BES: "WolBES 40 lid 4 b"}),
    ("public_school", {BES: "WolBES 40 lid 4 c"}),
]


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(("exception", "places"), EXCEPTIONS)
def test_an_official_may_stay_where_the_law_says_so(tier: Tier, exception: str, places: dict[Tier, str]):
    options = questionnaire().questions["listed_offices.exception"]
    assert isinstance(options, Choice)
    [option] = [option for option in options.options if option.id == exception]
    offered = option.offered_at(tier) and (not options.tiers or tier in options.tiers)
    assert offered is (tier in places)
    item = {"id": "o1", "office": OFFICIAL[tier], "exception": exception, "ends": "not"}
    found = weighed(tier, {"listed_offices": [item]})
    if tier is WSW:
        # the Waterschapswet knows no exceptions at all
        assert {bar.rule.id for bar in found.bars()} == {"INC-47"}
    elif tier in places:
        assert not found.bars()
        outcome = found.found("INC-22", "o1")
        assert outcome is not None
        assert found.cited(outcome) == [places[tier]]


def test_the_slip_in_the_provinciewet_is_told_and_read_as_ours():
    for rule in ("INC-16", "INC-22", "INC-34"):
        [basis] = [one for one in rulebook().rule(rule).basis_for("province") if one.place == "PW 35c lid 3"]
        assert basis.status == "interpretation"
        assert "onderdeel n" in basis.note


@pytest.mark.parametrize(
    ("tier", "function", "law", "barred"),
    [
        (GW, "municipal_council_member", "GW 36b lid 2", "INC-12"),
        (PW, "provincial_council_member", "PW 35c lid 2", "INC-26"),
        (BES, "island_council_member", "WolBES 40 lid 2", "INC-27"),
    ],
)
@pytest.mark.parametrize("reappointment", ["yes", "no"])
def test_only_a_member_of_the_own_council_leaves_by_law(
    tier: Tier, function: str, law: str, barred: str, reappointment: str
):
    item = {"id": "o1", "office": function, "ends": "not"}
    own = weighed(tier, {"listed_offices": [{**item, "own_authority": "yes"}]}, reappointment=reappointment)  # type: ignore[arg-type]
    elsewhere = weighed(tier, {"listed_offices": [{**item, "own_authority": "no"}]})
    assert not own.bars()
    outcome = own.found("INC-21", "o1")
    assert outcome is not None
    assert (outcome.outcome, outcome.severity) == ("certain", 0)
    assert "Kieswet X 6" in own.cited(outcome)
    # the time between the election and the new executive concerns only those who sit there already
    assert (f"{law} a" in own.cited(outcome)) is (reappointment == "yes")
    assert {bar.rule.id for bar in elsewhere.bars()} == {barred}
    assert elsewhere.said("INC-21", "o1") == "none"


def test_a_seat_in_any_municipal_council_bars_a_gedeputeerde_and_never_a_member_of_a_water_board():
    for own in ("yes", "no"):
        item = {"id": "o1", "office": "municipal_council_member", "own_authority": own, "ends": "not"}
        assert {bar.rule.id for bar in weighed(PW, {"listed_offices": [item]}).bars()} == {"INC-24"}
        assert not weighed(WSW, {"listed_offices": [item]}).bars()


def test_members_of_provinciale_staten_may_be_wethouder_but_not_in_a_water_board():
    item = {"id": "o1", "office": "provincial_council_member", "ends": "not"}
    assert not weighed(GW, {"listed_offices": [item]}).bars()
    assert {bar.rule.id for bar in weighed(WSW, {"listed_offices": [item]}).bars()} == {"INC-25"}


ANYWHERE = {
    (GW, "water_board_board"),
    (GW, "water_board_chair"),
    (PW, "water_board_board"),
    (PW, "water_board_chair"),
    (WSW, "water_board_board"),
    (WSW, "water_board_chair"),
}


@pytest.mark.parametrize("row", [row for row in TABLE if row.own == "yes"], ids=lambda row: row.function)
@pytest.mark.parametrize("tier", Tier)
def test_a_function_that_belongs_elsewhere_is_free_but_a_water_board(row: Row, tier: Tier):
    barred = bool(holder(row, tier, own_authority="no", ends="not").bars())
    assert barred is ((tier, row.function) in ANYWHERE)


def test_a_water_board_outside_the_province_is_barred_by_the_waterschapswet_alone():
    for function, place in (("water_board_board", "WsW 31 lid 2 i"), ("water_board_chair", "WsW 47 lid 1 i")):
        item = {"id": "o1", "office": function, "own_authority": "no", "ends": "not"}
        found = weighed(PW, {"listed_offices": [item]})
        [bar] = found.bars()
        assert found.cited(bar) == [place]


# ── the other side, the moment, and what only one law has ───────────────────────────────────────────────────────────

RECIPROCAL = [
    (GW, "gedeputeerde", "PW 35c lid 1 m"),
    (GW, "municipal_council_member", "GW 13 lid 1 l"),
    (PW, "municipal_council_member", "GW 13 lid 1 h"),
    (PW, "wethouder", "GW 36b lid 1 h"),
    (WSW, "gedeputeerde", "PW 35c lid 1 q"),
    (GW, "municipal_audit_member", "GW 81f"),
    (GW, "provincial_audit_member", "PW 79f lid 1 m"),
    (PW, "provincial_audit_member", "PW 79f lid 1 i"),
    (GW, "own_ombudsman", "GW 81p lid 1"),
    (PW, "own_ombudsman", "PW 79q lid 1"),
    (WSW, "own_ombudsman", "WsW 51b lid 1"),
]


@pytest.mark.parametrize(("tier", "function", "other"), RECIPROCAL)
def test_the_list_of_the_other_office_is_cited_as_well(tier: Tier, function: str, other: str):
    [row] = [row for row in TABLE if row.function == function]
    found = holder(row, tier, ends="not")
    [bar] = found.bars()
    assert other in found.cited(bar)


@EVERY_FILLED_CELL
def test_the_chance_to_leave_is_cited_where_the_own_list_is(row: Row, tier: Tier):
    chance = {GW: "GW 46 lid 1 en 2", PW: "PW 45", WSW: "", BES: "WolBES 57 lid 1 en 2 en 4"}[tier]
    found = holder(row, tier, ends="not")
    [bar] = found.bars()
    own = place(row, tier).startswith(LISTS[tier])
    assert {one for one in found.cited(bar) if one in {"GW 46 lid 1 en 2", "PW 45", "WolBES 57 lid 1 en 2 en 4"}} == (
        {chance} if chance and own else set()
    )


@pytest.mark.parametrize(("seat", "severity"), [("elected", 2), ("appointed", 2), ("nature", 2), ("outside", 1)])
def test_a_member_of_the_algemeen_bestuur_may_not_hold_the_function_now_either(seat: str, severity: int):
    item = {"id": "o1", "office": "wethouder", "ends": "at_acceptance", "evidence": "yes"}
    found = weighed(WSW, {"wb_membership": seat, "listed_offices": [item]}).found("INC-45", "o1")
    assert found is not None
    assert (found.outcome, found.severity) == ("certain", severity)


@pytest.mark.parametrize("work", ["volunteer", "hired", "affiliated"])
@pytest.mark.parametrize("tier", Tier)
def test_only_the_waterschapswet_reaches_whoever_is_hired(tier: Tier, work: str):
    rule = "INC-40" if tier is WSW else "INC-23"
    reached = tier is WSW or work != "hired"
    answers = {"works_for_authority": work}
    assert weighed(tier, answers).said(rule) == ("possible" if reached else "none")
    judged = weighed(tier, answers, Judgement(rule, None, applies=True))
    assert judged.said(rule) == ("certain" if reached else "none")


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("tie", ["none", "partner", "first_degree", "second_degree", "further"])
def test_family_in_the_executive_is_forbidden_on_the_islands_only(tier: Tier, tie: str):
    found = weighed(tier, {"kinship_board": tie})
    barred = tier is BES and tie in {"first_degree", "second_degree"}
    assert {bar.rule.id for bar in found.bars()} == ({"INC-41"} if barred else set())
    if barred:
        assert found.cited(found.bars()[0]) == ["WolBES 41 lid 1", "WolBES 81"]


@pytest.mark.parametrize("applies", [True, False])
def test_whether_partners_count_as_married_is_for_a_person(applies: bool):
    answers = {"kinship_board": "partner"}
    assert weighed(BES, answers).said("INC-42") == "possible"
    judged = weighed(BES, answers, Judgement("INC-42", None, applies))
    assert [bar.rule.id for bar in judged.bars()] == (["INC-42"] if applies else [])


@pytest.mark.parametrize("tier", Tier)
def test_acting_in_cases_before_the_executive_is_a_norm_of_the_province(tier: Tier):
    item = {"id": "r1", "capacity": "adviser_target_group", "ends_before_appointment": "no"}
    assert weighed(tier, {"represents": [item]}).said("INC-43", "r1") == ("possible" if tier is PW else "")
