"""Two frames side by side, the law of a day, and the day on which a bill becomes law: a change of data and of nothing else."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from ruamel.yaml import YAML

from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import OFFICE_OF_TIER, CaseContext, LegalFrame, Tier
from app.questionnaires.loading import newest
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.assess import Assessment, assess
from app.risk_rules.frames import Change, compare, rests_on
from app.risk_rules.loading import LIBRARY, load_rulebook
from app.risk_rules.rulebook import Frame, Judgement, RuleBook
from app.risk_rules.sources import SourceKind, citation
from app.risk_rules.testing import run_examples
from app.usecases import library

DAY = date(2026, 11, 23)
LAST_DAY, FIRST_DAY = date(2027, 6, 30), date(2027, 7, 1)


def book() -> RuleBook:
    return library.rulebook(newest())


def looked_at(found: RuleBook, as_of: date, frame: LegalFrame, tier: Tier = Tier.MUNICIPALITY) -> Assessment:
    context = CaseContext(tier=tier, office=OFFICE_OF_TIER[tier], as_of=as_of, full_time="yes", legal_frame=frame)
    told = [{"id": "co1", "control": "yes", "share_pct": 60, "distance": "none", "policy_field": "spatial"}]
    answers = read_answers(newest(), {"companies": told})
    judged = [Judgement(rule.id, "co1", applies=True) for rule in found.rules]
    return assess(found, facts_of(newest(), answers, context), judged)


def flags_about_the_company(found: Assessment, *, subject: str = "bill_36892") -> set[str]:
    return {one.rule.id for one in found.flags if one.rule.subject == subject and one.item == "co1"}


@pytest.mark.parametrize("tier", Tier)
def test_a_rule_differs_exactly_when_it_exists_in_one_frame_only(tier: Tier):
    found = compare(book(), newest(), tier, DAY)
    differs = {one.rule.id for one in found.differing}
    today = {rule.id for rule in book().applicable(tier=tier, legal_frame="in_force", as_of=DAY)}
    proposed = {rule.id for rule in book().applicable(tier=tier, legal_frame="bill_36892", as_of=DAY)}
    assert differs == today ^ proposed
    assert {one.rule.id for one in found.rules} == today | proposed
    assert differs == {rule.id for rule in book().rules if rule.frame is Frame.BILL and tier in rule.tiers}
    assert differs
    assert all("{" not in one.title for one in found.rules)


def test_what_the_bill_adds_names_the_bill_and_what_happens_today():
    found = compare(book(), newest(), Tier.MUNICIPALITY, DAY)
    for one in found.differing:
        assert one.change is Change.ADDED
        assert any("(voorstel, Kamerstukken 36892, voor zover bekend aanhangig)" in norm.text for norm in one.norms)
    beside = {one.rule.id: one.beside for one in found.differing}
    assert "COM-01" in beside["BIL-01"]
    assert not [other for rules in beside.values() for other in rules if other.startswith("BIL")]


def test_one_rule_can_be_compared():
    (found,) = compare(book(), newest(), Tier.PROVINCE, DAY, ["COM-01"]).rules
    assert (found.rule.id, found.change, found.beside) == ("COM-01", Change.SAME, ())
    assert not compare(book(), newest(), Tier.WATER_BOARD, DAY, ["INC-22"]).rules


def test_before_the_bill_was_submitted_nothing_differs():
    assert not compare(book(), newest(), Tier.MUNICIPALITY, date(2026, 2, 2)).differing


def test_every_rule_and_question_under_the_bill_says_that_it_is_a_proposal():
    (bill,) = (source for source in book().sources.values() if source.kind is SourceKind.BILL)
    assert bill.dossier
    assert bill.status
    assert bill.changes
    under = [rule for rule in book().rules if rule.frame is Frame.BILL]
    assert under
    for rule in under:
        assert any(
            f"Kamerstukken {bill.dossier}, {bill.standing}" in citation(basis, book().sources) for basis in rule.basis
        )
        assert "voorstel" in rule.title.lower()
        assert "voorstel" in rule.interpretation.lower()
    asked = compare(book(), newest(), Tier.MUNICIPALITY, DAY).questions
    assert asked
    assert set(asked) == {one.id for one in newest().questions.values() if rests_on(one, bill)}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copytree(LIBRARY, tmp_path_factory.mktemp("law") / "library")


def rewritten(file: Path, change: Callable[[Any], None]) -> None:
    yaml = YAML()
    yaml.width = 4096
    content = yaml.load(file.read_text(encoding="utf-8"))
    change(content)
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(content, out)


@pytest.fixture(scope="module")
def switched(copied: Path) -> RuleBook:
    """The library after the steps of docs/how-to/when-the-bill-becomes-law.md, on a copy."""

    def register(content: Any) -> None:
        law = {
            "key": "Wbi2",
            "kind": "law",
            "law": "Wet bevorderen integriteit en functioneren decentraal bestuur tweede tranche",
            "bwb": "BWBR0099999",
            "consolidated": FIRST_DAY,
            "url": f"https://wetten.overheid.nl/BWBR0099999/{FIRST_DAY}",
            "articles": {"I": "Norm voor financiële belangen"},
        }
        content["sources"].append(law)

    def successors(content: Any) -> None:
        plain = YAML(typ="safe")
        fresh = plain.load((LIBRARY / "bill_36892.yaml").read_text(encoding="utf-8"))["rules"]
        for old, new in zip(list(content["rules"]), fresh, strict=True):
            old["valid_to"] = LAST_DAY
            new["id"] = old["id"].replace("BIL-0", "BIL-5")
            new["frame"] = "in_force"
            new["valid_from"] = FIRST_DAY
            new["basis"] = [{"source": "Wbi2", "article": "I"}]
            content["rules"].append(new)

    rewritten(copied / "sources.yaml", register)
    rewritten(copied / "bill_36892.yaml", successors)
    return load_rulebook(newest(), copied)


def test_when_the_bill_becomes_law_old_cases_keep_the_old_frame_and_new_cases_get_the_new(switched: RuleBook):
    plain, bill = LegalFrame.IN_FORCE, LegalFrame.BILL_36892
    before = {rule.id for rule in book().rules if rule.frame is Frame.BILL}
    after = {rule.replace("BIL-0", "BIL-5") for rule in before}
    assert flags_about_the_company(looked_at(switched, LAST_DAY, plain)) == set()
    under_the_bill = flags_about_the_company(looked_at(switched, LAST_DAY, bill))
    assert under_the_bill == flags_about_the_company(looked_at(book(), LAST_DAY, bill))
    assert under_the_bill
    assert under_the_bill <= before
    for frame in (plain, bill):
        now = flags_about_the_company(looked_at(switched, FIRST_DAY, frame))
        assert now == {rule.replace("BIL-0", "BIL-5") for rule in under_the_bill}
        assert now <= after


def test_after_the_switch_the_frames_differ_no_more(switched: RuleBook):
    for tier in Tier:
        assert compare(switched, newest(), tier, LAST_DAY).differing
        assert not compare(switched, newest(), tier, FIRST_DAY).differing


def test_the_switch_changes_no_other_rule_and_keeps_every_example(switched: RuleBook):
    old = {rule.id: rule for rule in load_rulebook(newest()).rules if rule.frame is not Frame.BILL}
    for rule_id, rule in old.items():
        assert (rule.when, rule.flag, rule.valid_to) == (
            switched.rule(rule_id).when,
            switched.rule(rule_id).flag,
            switched.rule(rule_id).valid_to,
        )
    wrong = [str(one) for one in run_examples(switched, newest()) if not one.ok and one.rule.startswith("BIL-5")]
    assert not wrong
    assert switched.digest != book().digest


@pytest.mark.parametrize("rule_id", ["COM-01", "INC-01"])
def test_the_day_picks_the_rules_that_are_valid_on_it(rule_id: str):
    rule = book().rule(rule_id)
    assert rule.valid_from is not None
    first = rule.valid_from
    for as_of, exists in ((first, True), (date.fromordinal(first.toordinal() - 1), False)):
        applicable = book().applicable(tier="municipality", legal_frame="in_force", as_of=as_of)
        assert (rule in applicable) is exists
