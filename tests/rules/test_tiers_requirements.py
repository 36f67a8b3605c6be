"""The table of requirements of four laws, and the verklaring omtrent het gedrag, held cell by cell against the rules.

Written out from the laws, not from the rules: per requirement the answers of somebody who does not meet it, and per kind
of authority the places that say so; nothing where the law asks no such thing.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.context import Tier
from app.questionnaires.wording import fill
from app.risk_rules.rulebook import Outcome, Rule, Severity
from tests.rules.law import APPOINTMENT, rulebook
from tests.rules.tiers import Weighed, weighed

GW, PW, WSW, BES = Tier.MUNICIPALITY, Tier.PROVINCE, Tier.WATER_BOARD, Tier.PUBLIC_BODY
INSIDE, OUTSIDE = {"wb_membership": "elected"}, {"wb_membership": "outside", "wb_outside_exemption": "yes"}
SUBJECTS = ("requirements", "vog")


class Requirement(NamedTuple):
    """One row: what somebody answered who does not meet it, and the places that say so."""

    name: str
    answers: Mapping[str, Any]
    gw: tuple[str, ...] = ()
    pw: tuple[str, ...] = ()
    wsw: tuple[str, ...] = ()
    bes: tuple[str, ...] = ()

    def cell(self, tier: Tier) -> tuple[str, ...]:
        return {GW: self.gw, PW: self.pw, WSW: self.wsw, BES: self.bes}[tier]


ELSEWHERE = {"is_resident": "no", "residence_exemption": "not_requested", "will_move": "no"}
TOO_OLD = {"vog_status": "received", "vog_issued_on": "2026-09-14"}
TABLE = [
    Requirement(
        "18 years",
        {"is_adult": "no"},
        ("GW 10 lid 1", "GW 36a lid 1"),
        ("PW 10", "PW 35b lid 1"),
        ("WsW 31 lid 1",),
        ("WolBES 11 lid 1", "WolBES 39 lid 1"),
    ),
    Requirement(
        "lives there",
        ELSEWHERE,
        ("GW 10 lid 1", "GW 36a lid 1", "GW 36a lid 3", "GW 2", "GW 3"),
        ("PW 10", "PW 35b lid 1 en 3"),
        ("WsW 31 lid 1",),
        ("WolBES 11 lid 1 en 2 en 3", "WolBES 39 lid 1 en 3"),
    ),
    Requirement(
        "has the right to vote",
        {"court_exclusions": ["voting_rights"]},
        ("GW 10 lid 1", "GW 36a lid 1", "Kieswet B 5 lid 1", "Sr 28 lid 1 3"),
        ("PW 10", "PW 35b lid 1", "Kieswet B 5 lid 1", "Sr 28 lid 1 3"),
        ("WsW 31 lid 1", "Kieswet B 5 lid 1", "Sr 28 lid 1 3"),
        ("WolBES 11 lid 1", "WolBES 39 lid 1", "Kieswet B 5 lid 1"),
    ),
    Requirement(
        "may hold the office",
        {"court_exclusions": ["this_office"]},
        ("Sr 28 lid 1 1", "Sr 31"),
        ("Sr 28 lid 1 1", "Sr 31"),
        ("Sr 28 lid 1 1", "Sr 31"),
        ("Sr 28 lid 1 1", "Sr 31"),
    ),
    # a citizen of the Union: free at a gemeente, barred at a province, and asked for residence on the islands
    Requirement("is Dutch", {"nationality": "eu"}, pw=("PW 10", "PW 35b lid 1")),
    Requirement(
        "residence, from outside the Union",
        {"nationality": "other", "lawful_residence": "no"},
        gw=("GW 10 lid 2 a", "GW 36a lid 1"),
        pw=("PW 10", "PW 35b lid 1"),
        bes=("WolBES 11 lid 4 a", "WolBES 39 lid 1"),
    ),
    Requirement(
        "residence, from inside the Union",
        {"nationality": "eu", "lawful_residence": "no"},
        pw=("PW 10", "PW 35b lid 1"),
        bes=("WolBES 11 lid 4 a", "WolBES 39 lid 1"),
    ),
    Requirement(
        "five years, from outside the Union",
        {"nationality": "other", "five_years_resident": "no"},
        gw=("GW 10 lid 2 b", "GW 36a lid 1"),
        pw=("PW 10", "PW 35b lid 1"),
        bes=("WolBES 11 lid 4 b", "WolBES 39 lid 1"),
    ),
    Requirement(
        "not sent by another state",
        {"nationality": "other", "diplomatic_household": "yes"},
        gw=("GW 10 lid 3", "GW 36a lid 1"),
        pw=("PW 10", "PW 35b lid 1"),
        bes=("WolBES 11 lid 5", "WolBES 39 lid 1"),
    ),
    # at a water board this is letter q of the list of incompatible functions
    Requirement(
        "one office at a time",
        {"same_office_elsewhere": "yes", "same_office_ends": "no"},
        gw=("GW 36a lid 4",),
        pw=("PW 35b lid 4",),
        bes=("WolBES 39 lid 4",),
    ),
    Requirement(
        "a VOG of three months at most",
        TOO_OLD,
        ("GW 36a lid 2", "Wjsg 28"),
        ("PW 35b lid 2", "Wjsg 28"),
        ("WsW 41 lid 1", "Wjsg 28"),
        ("WolBES 39 lid 2", "VOG-BES 15 lid 3"),
    ),
    Requirement(
        "a VOG from before the appointment",
        {"vog_status": "received", "vog_issued_on": "2026-12-16"},
        ("GW 36a lid 2",),
        ("PW 35b lid 2",),
        ("WsW 41 lid 1",),
        ("WolBES 39 lid 2",),
    ),
    Requirement(
        "a VOG on the day",
        {"vog_status": "requested", "vog_present_at_appointment": "no"},
        ("GW 36a lid 2",),
        ("PW 35b lid 2",),
        ("WsW 41 lid 1",),
        ("WolBES 39 lid 2",),
    ),
    # given and refused by the minister, or on the islands by the gezaghebber
    Requirement(
        "a VOG at all",
        {"vog_status": "refused"},
        ("GW 36a lid 2", "Wjsg 29", "Wjsg 35"),
        ("PW 35b lid 2", "Wjsg 29", "Wjsg 35"),
        ("WsW 41 lid 1", "Wjsg 29", "Wjsg 35"),
        ("WolBES 39 lid 2", "VOG-BES 16", "VOG-BES 22", "VOG-BES 23"),
    ),
]


def bars(found: Weighed) -> list[tuple[str, ...]]:
    """The places cited by every bar that stems from a requirement."""
    return [tuple(found.cited(bar)) for subject in SUBJECTS for bar in found.bars(subject)]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
@pytest.mark.parametrize("tier", [GW, PW, BES])
def test_a_requirement_bars_where_the_law_has_it_and_cites_that_law(row: Requirement, tier: Tier):
    assert bars(weighed(tier, row.answers)) == ([row.cell(tier)] if row.cell(tier) else [])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
@pytest.mark.parametrize(("seat", "way"), [(INSIDE, "WsW 41 lid 2"), (OUTSIDE, "WsW 45")])
def test_a_water_board_cites_its_requirements_by_way_of_the_algemeen_bestuur_or_of_article_45(
    row: Requirement, seat: Mapping[str, str], way: str
):
    found = bars(weighed(WSW, {**seat, **row.answers}))
    through = [place for places in found for place in places if place in {"WsW 41 lid 2", "WsW 45"}]
    assert [tuple(one for one in places if one not in through) for places in found] == ([row.wsw] if row.wsw else [])
    assert through == ([way] if "WsW 31 lid 1" in row.wsw else [])


def test_every_bar_about_a_requirement_stands_for_a_cell():
    hit = set()
    for row in TABLE:
        for tier in Tier:
            found = weighed(tier, {**INSIDE, **row.answers} if tier is WSW else row.answers)
            hit |= {(bar.rule.id, str(tier)) for subject in SUBJECTS for bar in found.bars(subject)}
    exists = {
        (rule.id, tier)
        for rule in rulebook().rules
        if rule.subject in SUBJECTS and rule.severity is Severity.LEGAL_BAR
        for tier in rule.tiers
    }
    # only somebody from outside needs the exemption of gedeputeerde staten
    assert exists - hit == {("REQ-17", "water_board")}


# ── residence ───────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    tier=st.sampled_from(Tier),
    seat=st.sampled_from(("elected", "appointed", "nature", "outside")),
    days=st.integers(-30, 30),
)
def test_moving_in_time_meets_the_requirement_everywhere_and_a_seat_for_nature_needs_no_move(
    tier: Tier, seat: str, days: int
):
    moves_on = APPOINTMENT + timedelta(days=days)
    answers = {"is_resident": "no", "residence_exemption": "not_requested", "will_move": "yes"}
    found = weighed(tier, {"wb_membership": seat, **answers, "moves_on": moves_on.isoformat()})
    free = tier is WSW and seat == "nature"
    assert bool(bars(found)) is (days > 0 and not free)
    assert (found.said("REQ-04") == "certain") is (days <= 0 and not free)


@pytest.mark.parametrize(("tier", "note"), [(GW, "REQ-03"), (PW, "REQ-03"), (BES, "REQ-12")])
def test_an_exemption_takes_the_bar_away_for_a_year(tier: Tier, note: str):
    answers = {"is_resident": "no", "will_move": "no"}
    granted = weighed(tier, {**answers, "residence_exemption": "granted"})
    waiting = weighed(tier, {**answers, "residence_exemption": "requested"})
    refused = weighed(tier, {**answers, "residence_exemption": "requested", "residence_exemption_decided": "no"})
    assert not bars(granted)
    assert granted.said(note) == "certain"
    assert waiting.said("REQ-02") == "possible"
    assert bars(refused)


def test_only_on_the_islands_an_exemption_cannot_be_extended():
    extended, once = rulebook().rule("REQ-03"), rulebook().rule("REQ-12")
    assert "verlengd" in extended.consequence
    assert "kan niet worden verlengd" in once.consequence
    assert once.tiers == ("public_body",)
    assert "verlengd" not in rulebook().rule("REQ-02").consequence


def test_a_water_board_knows_no_exemption_from_living_there():
    assert WSW not in rulebook().rule("REQ-02").tiers
    answers = {"is_resident": "no", "residence_exemption": "granted", "will_move": "no"}
    for seat in (INSIDE, OUTSIDE):
        assert bars(weighed(WSW, {**seat, **answers}))


# ── a water board: from within, or from outside ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seat", ["elected", "appointed", "nature"])
def test_somebody_from_within_needs_no_exemption(seat: str):
    found = weighed(WSW, {"wb_membership": seat})
    assert (found.said("REQ-17"), found.said("REQ-18")) == ("none", "none")


@pytest.mark.parametrize(
    ("exemption", "outcomes"), [("no", ("certain", "none")), ("yes", ("none", "certain")), (None, ("possible",) * 2)]
)
def test_somebody_from_outside_needs_one_of_gedeputeerde_staten(exemption: str | None, outcomes: tuple[str, str]):
    answers = {"wb_membership": "outside"} | ({"wb_outside_exemption": exemption} if exemption else {})
    found = weighed(WSW, answers)
    assert (found.said("REQ-17"), found.said("REQ-18")) == outcomes
    assert rulebook().rule("REQ-17").exempting_authority == {"water_board": "gedeputeerde staten"}


def test_an_ombudsman_cannot_come_from_outside():
    item = {"id": "o1", "office": "own_ombudsman", "ends": "not"}
    found = weighed(WSW, {**OUTSIDE, "listed_offices": [item]})
    [bar] = found.bars()
    assert "WsW 41 lid 3" in found.cited(bar)
    [inside] = weighed(WSW, {**INSIDE, "listed_offices": [item]}).bars()
    assert "WsW 41 lid 3" not in weighed(WSW, {**INSIDE, "listed_offices": [item]}).cited(inside)


# ── the VOG ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(
    ("status", "elsewhere", "island"), [("requested", "VOG-05", "VOG-08"), ("not_requested", "VOG-06", "VOG-09")]
)
def test_a_vog_is_asked_of_the_minister_and_on_the_islands_of_the_gezaghebber(
    tier: Tier, status: str, elsewhere: str, island: str
):
    found = weighed(tier, {"vog_status": status, "vog_delay_expected": "no", "vog_requested_on": "2026-08-01"})
    one, other = (island, elsewhere) if tier is BES else (elsewhere, island)
    assert (found.said(one), found.said(other)) == ("certain", "")
    outcome = found.found(one)
    assert outcome is not None
    laws = {place.split()[0] for place in found.cited(outcome)}
    assert laws == ({"WolBES", "VOG-BES"} if tier is BES else {{GW: "GW", PW: "PW", WSW: "WsW"}[tier], "Wjsg"})


def test_nobody_on_the_islands_reads_of_the_minister_or_of_the_term_that_binds_him():
    for rule in rulebook().rules:
        if rule.subject == "vog" and BES in rule.tiers:
            for text in (rule.flag, rule.ask, rule.council, rule.consequence, rule.advice):
                assert not re.search(r"minister|weken|bezwaar", text), rule.id


# ── what people read ────────────────────────────────────────────────────────────────────────────────────────────────

MINE = [rule for rule in rulebook().rules if rule.subject in {*SUBJECTS, "incompatible"}]
LONGEST_SENTENCE = 26
PLURAL_AS_ONE = re.compile(
    r"(?:Provinciale|Gedeputeerde) Staten (?:kan|mag|moet|is|heeft|gaat|geeft|beslist|besluit|benoemt|ontslaat|wil|weet)\b"
)


@pytest.mark.parametrize("rule", MINE, ids=lambda rule: rule.id)
def test_every_tier_reads_short_sentences_that_fit_its_own_words(rule: Rule):
    texts = (rule.flag, rule.ask, rule.council, rule.consequence, rule.advice, rule.interpretation)
    for tier in map(Tier, rule.tiers):
        for text in (fill(one, tier) for one in texts):
            assert not PLURAL_AS_ONE.search(text), text
            for sentence in re.split(r"(?<=[.?!:])\s+", text):
                assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


@pytest.mark.parametrize("rule", MINE, ids=lambda rule: rule.id)
def test_a_rule_cites_no_organic_law_of_another_tier_unless_that_law_names_its_office_too(rule: Rule):
    own = {GW: "GW", PW: "PW", WSW: "WsW", BES: "WolBES"}
    # bans from the other side, each in the list of the other office
    from_the_other_side = {"INC-08", "INC-11", "INC-19", "INC-20", "INC-24", "INC-30", "INC-33", "INC-35", "INC-44"}
    for tier in map(Tier, rule.tiers):
        strange = {basis.source for basis in rule.basis_for(tier)} & (set(own.values()) - {own[tier]})
        assert not strange or rule.id in from_the_other_side, (tier, strange)


def test_a_candidate_who_meets_everything_has_no_open_requirement_at_any_tier():
    met = {
        "wb_membership": "appointed",
        "is_resident": "yes",
        "is_adult": "yes",
        "court_exclusions": ["none"],
        "nationality": "dutch",
        "same_office_elsewhere": "no",
        "vog_status": "received",
        "vog_issued_on": "2026-11-01",
    }
    for tier in Tier:
        found = weighed(tier, met)
        for subject in SUBJECTS:
            assert found.flags(subject) + found.flags(subject, Outcome.POSSIBLE) == [], tier
