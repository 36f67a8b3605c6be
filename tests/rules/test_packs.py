"""Local rules: a pack adds what the own code of conduct says, with the same checks, and can touch nothing else."""

import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Broken
from app.questionnaires.loading import newest
from app.risk_rules.assess import assess
from app.risk_rules.loading import load_rulebook
from app.risk_rules.packs import PARAMETERS, Pack, load_pack, try_pack, with_pack
from app.risk_rules.rulebook import Frame, RuleBook, Severity
from app.risk_rules.sources import citation
from app.risk_rules.testing import run_examples, run_mutants
from tests.assess.strategies import dossiers

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "packs" / "gedragscode-voorbeeldstad.yaml"


@cache
def book() -> RuleBook:
    return load_rulebook(newest(), examples=False)


@cache
def pack() -> Pack:
    return load_pack(EXAMPLE, book())


def problems(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    file = tmp_path / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    return [str(problem) for problem in try_pack(file, book())[1]]


def test_the_example_pack_is_whole_and_its_examples_hold_it_in_place():
    alone = replace(with_pack(book(), pack()), rules=pack().rules)
    assert len(pack().rules) >= 6
    assert {rule.subject for rule in pack().rules} >= {"gifts", "side_practice", "companies", "information"}
    assert [str(one) for one in run_examples(alone, newest()) if not one.ok] == []
    mutants = run_mutants(alone, newest())
    assert mutants
    assert [str(one) for one in mutants if not one.killed] == []


def test_the_numbers_of_the_code_stand_in_conditions_and_texts(tmp_path: Path):
    file = tmp_path / "pack.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    file.write_text(text.replace("share_percentage: 5", "share_percentage: 25"), encoding="utf-8")
    other = load_pack(file, book())
    here, there = (next(rule for rule in one.rules if rule.id == "PACK-03") for one in (pack(), other))
    assert here.when != there.when
    assert "5 procent" in here.flag
    assert "25 procent" in there.flag
    assert not [rule.id for rule in pack().rules if "$" in repr(rule)]


def test_a_local_rule_shows_the_name_of_the_code():
    whole = with_pack(book(), pack())
    told = [citation(basis, whole.sources) for basis in whole.rule("PACK-02").basis]
    assert told[0] == "Gedragscode integriteit wethouders Voorbeeldstad (art. 4, tweede lid)"
    assert whole.code == "Gedragscode integriteit wethouders Voorbeeldstad"
    assert book().code == ""


def test_a_pack_changes_the_digest_of_the_rulebook_and_has_its_own():
    assert with_pack(book(), pack()).digest != book().digest
    assert pack().digest == hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()


def test_local_rules_stand_under_their_subjects_after_the_rules_of_the_product():
    whole = with_pack(book(), pack())
    assert [rule for rule in whole.rules if rule not in pack().rules] == list(book().rules)
    for subject in {rule.subject for rule in pack().rules}:
        ids = [rule.id for rule in whole.rules if rule.subject == subject]
        assert ids == sorted(ids, key=lambda rule_id: rule_id.startswith("PACK"))


@settings(max_examples=25)
@given(st.data())
def test_a_pack_never_changes_what_a_rule_of_the_product_says(data: st.DataObject):
    dossier = data.draw(dossiers(newest(), book()))
    facts = dossier.facts(newest())
    plain = assess(book(), facts, dossier.judgements)
    local = assess(with_pack(book(), pack()), facts, dossier.judgements)
    own = tuple(one for one in local.outcomes if not one.rule.id.startswith("PACK"))
    assert own == plain.outcomes
    joined = {one.about: one.severity for one in local.combined}
    assert all(joined[one.about] >= one.severity for one in plain.combined)
    assert not [one for one in local.outcomes if one.rule.id.startswith("PACK") and one.severity is Severity.LEGAL_BAR]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: PACK-01", "id: COM-01", "'COM-01' is no id of a local rule"),
        ("id: PACK-02", "id: PACK-01", "rule 'PACK-01' exists already"),
        ("severity: 1", "severity: 4", "can bar nobody"),
        ("frame: code_of_conduct", "frame: in_force", "is local, so it is no in_force"),
        ("frame: code_of_conduct", "frame: practice", "is local, so it is no practice"),
        ("basis: [{source: code, ref: art. 6}]", 'basis: [{source: GW, article: "15"}]', "unknown source 'GW'"),
        ("basis: [{source: code, ref: art. 6}]", "basis: [{source: practice, ref: R34}]", "does not cite the code"),
        ("basis: [{source: code, ref: art. 6}]", "basis: [{source: code}]", "the code is cited by its ref"),
        ("    kind: duty", "    kind: duty\n    statements: [R4.4]", "a local rule has no 'statements'"),
        ("tiers: [municipality]\n    valid", "tiers: [province]\n    valid", "unknown tier of this pack: 'province'"),
        ("gift_limit: 50", "gift_limit: 5000", "'gift_limit' is a whole number from 0 to 250 (euro), not 5000"),
        ("gift_limit: 50", "gift_limit: 50.5", "'gift_limit' is a whole number"),
        ("gift_limit: 50", "giftlimit: 50", "unknown parameter 'giftlimit'"),
        ("  gift_limit: 50\n", "", "unknown parameter '$gift_limit'"),
        ("at_least: $share_percentage", "at_least: 5", "share_percentage"),
        ("answer: gifts.returned", "answer: gifts.returnd", "unknown question 'gifts.returnd'"),
        ("flag: U heeft een geschenk", "flag: U bent niet integer. U heeft een geschenk", "which judges a person"),
        ("measures: [publish_register, report", "measures: [publish_regster, report", "unknown measures"),
        ("expect: none}", "expect: possible}", "needs an example of each outcome"),
        ("  adopted: 2026-03-12\n", "", "has no 'adopted'"),
        ("  code: Gedragscode integriteit wethouders Voorbeeldstad\n", "", "has no 'code'"),
        ("parameters:", "parametres:", "unknown field of the pack: 'parametres'"),
    ],
)
def test_what_a_pack_may_not_do_is_refused_with_its_line(old: str, new: str, said: str, tmp_path: Path):
    changes = [(old, new)]
    if old.startswith("at_least"):  # written out everywhere, the parameter is of no use
        changes += [("bezit $share_percentage", "bezit 5"), ("vanaf $share_percentage", "vanaf 5")]
    found = problems(tmp_path, *changes)
    assert any(said in problem for problem in found), found
    assert all(re.match(r"pack\.yaml:\d+: ", problem) for problem in found)


def test_every_problem_of_a_pack_is_told_at_once(tmp_path: Path):
    heavy = ("    severity: 3\n    frame", "    severity: 4\n    frame")
    found = problems(tmp_path, ("id: PACK-01", "id: LAW-01"), heavy, ("$gift_limit", "$limit"))
    assert len(found) == 3


@pytest.mark.parametrize("text", ["", "- een lijst\n", "pack: {id: leeg, code: Leeg, adopted: 2026-01-01}\n"])
def test_a_file_that_is_no_pack_is_refused(text: str, tmp_path: Path):
    file = tmp_path / "pack.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Broken):
        load_pack(file, book())


def test_the_bounds_of_every_parameter_leave_room_and_hold_the_example():
    for name, known in PARAMETERS.items():
        assert known.least < known.most
        assert known.least <= pack().parameters[name] <= known.most


def test_no_rule_of_the_product_has_a_local_id():
    assert not [rule.id for rule in book().rules if rule.id.startswith("PACK")]
    assert all(rule.frame is Frame.CODE_OF_CONDUCT for rule in pack().rules)
