"""Every function in the table of incompatible offices, held against the column of the Gemeentewet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.kinds import Choice
from app.risk_rules.assess import Assessment
from tests.rules.law import APPOINTMENT, bars, law, questionnaire, said, weigh

# Row of the table, function, and the letter of art. 36b, eerste lid, Gemeentewet ("" = not in the list). Written out from
# the law itself, not from the rules.
COLUMN = [
    ("I1", "minister", "a"),
    ("I2", "state_secretary", "b"),
    ("I3", "council_of_state", "c"),
    ("I4", "court_of_audit", "d"),
    ("I5", "national_ombudsman", "e"),
    ("I6", "substitute_ombudsman", "f"),
    ("I7", "kings_commissioner", "g"),
    ("I8", "rijksvertegenwoordiger", ""),
    ("I9", "gedeputeerde", "h"),
    ("I10", "province_secretary", "i"),
    ("I11", "province_griffier", "j"),
    ("I12", "provincial_audit_member", "k"),
    ("I13", "provincial_council_member", ""),
    ("I14", "municipal_council_member", "l"),
    ("I15", "island_council_member", ""),
    ("I16", "burgemeester", "m"),
    ("I17", "gezaghebber", ""),
    ("I18", "wethouder", ""),
    ("I19", "municipal_audit_member", "n"),
    ("I20", "joint_audit_member_bes", ""),
    ("I21", "water_audit_member", ""),
    ("I22", "own_ombudsman", "o"),
    ("I23", "own_civil_servant", "p"),
    ("I23", "public_body_civil_servant", ""),
    ("I24", "municipal_civil_servant", ""),
    ("I25", "supervising_civil_servant", "q"),
    ("I26", "statutory_adviser", "r"),
    ("I27", "water_board_civil_servant", ""),
    ("I28", "water_board_board", "31 WsW"),
    ("I28", "water_board_chair", "47 WsW"),
    ("I29", "joint_body_civil_servant", ""),
]
# Whether the function belongs to this gemeente (or to the province it lies in), where that decides.
OWN = {
    "province_secretary": "yes",
    "province_griffier": "yes",
    "provincial_audit_member": "yes",
    "municipal_audit_member": "yes",
    "municipal_council_member": "no",
}


def holder(office: str, **more: str) -> Assessment:
    item = {"id": "o1", "office": office, "exception": "none", "own_authority": OWN.get(office, "no")}
    return weigh({"listed_offices": [{**item, **more}]})


def test_the_table_has_every_function_that_can_be_answered():
    office = questionnaire().questions["listed_offices.office"]
    assert isinstance(office, Choice)
    assert {option.id for option in office.options} == {name for _, name, _ in COLUMN}


@pytest.mark.parametrize(("row", "office", "letter"), COLUMN)
def test_a_function_that_goes_on_bars_exactly_when_the_law_lists_it(row: str, office: str, letter: str):
    found = bars(holder(office, ends="not"))
    assert len(found) == bool(letter), row
    for rule in (rule for rule in law() if rule.id in found):
        cited = {basis.onderdeel for basis in rule.basis_for("municipality") if basis.article == "36b"}
        assert letter in cited or (letter.endswith("WsW") and not cited)


@pytest.mark.parametrize(("row", "office", "letter"), COLUMN)
def test_a_function_that_ends_at_acceptance_bars_nobody(row: str, office: str, letter: str):
    assessment = holder(office, ends="at_acceptance", evidence="yes")
    assert not bars(assessment), row
    assert said(assessment, "INC-20", "o1") == ("certain" if letter else "none")


@pytest.mark.parametrize("office", [name for _, name, letter in COLUMN if letter])
@given(ends_on=st.dates(date(2026, 10, 1), date(2027, 3, 1)))
def test_a_function_bars_from_the_day_after_the_appointment(office: str, ends_on: date):
    assessment = holder(office, ends="later", ends_on=ends_on.isoformat(), evidence="yes")
    assert bool(bars(assessment)) is (ends_on > APPOINTMENT)
    assert (said(assessment, "INC-20", "o1") == "certain") is (ends_on <= APPOINTMENT)


@pytest.mark.parametrize("office", [name for name, own in OWN.items() if own == "yes"])
def test_a_function_at_another_authority_is_free(office: str):
    assert not bars(holder(office, own_authority="no", ends="not"))


def test_a_member_of_the_own_council_leaves_by_law_and_one_elsewhere_must_leave():
    own = holder("municipal_council_member", own_authority="yes", ends="not")
    elsewhere = holder("municipal_council_member", own_authority="no", ends="not")
    assert not bars(own)
    assert (said(own, "INC-21", "o1"), said(elsewhere, "INC-21", "o1")) == ("certain", "none")
    assert bars(elsewhere) == {"INC-12"}


@pytest.mark.parametrize("exception", ["registrar", "volunteer_emergency"])
def test_some_civil_servants_may_stay(exception: str):
    assessment = holder("own_civil_servant", exception=exception, ends="not")
    assert not bars(assessment)
    assert said(assessment, "INC-22", "o1") == "certain"


def test_a_blank_never_counts_as_no():
    blank = weigh({"listed_offices": [{"id": "o1", "office": "minister"}]})
    assert said(blank, "INC-01", "o1") == "possible"
    undated = weigh(
        {"listed_offices": [{"id": "o1", "office": "minister", "ends": "later", "ends_on": "2026-12-20"}]},
        appointment=None,
    )
    found = undated.find("INC-01", "o1")
    assert found is not None
    assert (found.outcome, found.missing) == ("possible", ("context.appointment_date",))


def test_half_a_date_is_certain_only_when_every_day_agrees():
    month = weigh({"listed_offices": [{"id": "o1", "office": "minister", "ends": "later", "ends_on": "2026-12"}]})
    later = weigh({"listed_offices": [{"id": "o1", "office": "minister", "ends": "later", "ends_on": "2027"}]})
    assert said(month, "INC-01", "o1") == "possible"
    assert said(later, "INC-01", "o1") == "certain"


def test_being_hired_is_an_act_and_not_a_function():
    hired = weigh({"works_for_authority": "hired"})
    assert said(hired, "INC-23") == "none"
    assert said(hired, "ACT-19") == "certain"


def test_proof_that_is_missing_weighs_more():
    ends = {"ends": "before_appointment", "ends_on": (APPOINTMENT - timedelta(days=1)).isoformat()}
    with_proof = holder("minister", **ends, evidence="yes").find("INC-20", "o1")
    without = holder("minister", **ends, evidence="no").find("INC-20", "o1")
    assert with_proof is not None
    assert without is not None
    assert (with_proof.severity, without.severity) == (1, 2)
