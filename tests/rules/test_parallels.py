"""One norm in four laws, written once: a place per law, each for its own tier, and mistakes said once."""

from pathlib import Path

import pytest

from app.errors import Broken
from app.questionnaires.model import Questionnaire
from app.risk_rules.testing import run_mutants
from tests.rules.small import REGISTERS, RULES, a_rulebook

ONE_PLACE = "basis: [{source: practice, ref: R09}]"
WATER = """\
  - {key: WsW, kind: law, law: Waterschapswet, bwb: B, consolidated: 2026-01-01, url: "https://w.example", articles: {"38a": Onthouden}}
"""
SOURCES = REGISTERS["sources.yaml"].replace("  - {key: bill", WATER + "  - {key: bill")
BOTH = 'basis: [{articles: {GW: "28", WsW: "38a"}, lid: 1, onderdeel: a}]'


def written(basis: str) -> str:
    assert RULES.count(ONE_PLACE) == 1
    return RULES.replace(ONE_PLACE, basis)


def trouble(folder: Path, small: Questionnaire, basis: str) -> list[str]:
    with pytest.raises(Broken) as broken:
        a_rulebook(folder, small, written(basis), sources=SOURCES)
    return [str(one) for one in broken.value.problems]


def test_a_table_of_articles_is_a_place_per_law_each_for_its_own_tier(tmp_path: Path, small: Questionnaire):
    rule = a_rulebook(tmp_path, small, written(BOTH), sources=SOURCES).rule("COM-01")
    assert [(one.place, one.tiers) for one in rule.basis] == [
        ("GW 28 lid 1 a", ("municipality",)),
        ("WsW 38a lid 1 a", ("water_board",)),
    ]
    assert [one.place for one in rule.basis_for("water_board")] == ["WsW 38a lid 1 a"]


def test_a_condition_of_a_table_is_broken_once_for_all_its_places(tmp_path: Path, small: Questionnaire):
    basis = BOTH.replace("onderdeel: a", "onderdeel: a, when: {answer: companies.distance, is: no}")
    alive = [one.mistake for one in run_mutants(a_rulebook(tmp_path, small, written(basis), sources=SOURCES), small)]
    assert [mistake for mistake in alive if "citing" in mistake] == [
        "always citing GW 28 lid 1 a",
        "never citing GW 28 lid 1 a",
    ]


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ('basis: [{articles: {GX: "28", WsW: "38a"}}]', "unknown organic law 'GX'"),
        ('basis: [{articles: {GW: "28", WsW: "38b"}}]', "unknown article of WsW '38b'"),
        ('basis: [{articles: {GW: "29", WsW: "38a"}}]', "unknown article of GW '29'"),
        ('basis: [{articles: {GW: "28", WsW: "38a"}, lid: x}]', "'x' is no number of a lid"),
        ('basis: [{articles: {GW: "28", WsW: "38a"}, sourse: GW}]', "unknown field of a basis: 'sourse'"),
        ('basis: [{articles: {GW: "28"}, source: GW}]', "articles: says the source already"),
        ("basis: [{articles: {}, lid: 1}]", "articles: names no law"),
    ],
)
def test_a_slip_in_a_table_is_said_once(tmp_path: Path, small: Questionnaire, basis: str, said: str):
    assert len([one for one in trouble(tmp_path, small, basis) if said in one]) == 1
