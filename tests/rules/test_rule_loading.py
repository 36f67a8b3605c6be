"""A rulebook that does not hold together cannot be loaded, and says everything that is wrong with it at once."""

from pathlib import Path

import pytest

from app.errors import Broken, NotFound
from app.questionnaires.model import Questionnaire
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import RuleBook, Severity
from tests.rules.small import REGISTERS, RULES, a_rulebook, write


def problems(folder: Path, small: Questionnaire, rules: str = RULES, **others: str) -> list[str]:
    with pytest.raises(Broken) as broken:
        a_rulebook(folder, small, rules, **others)
    return [str(problem) for problem in broken.value.problems]


def test_rules_are_read_in_the_order_of_their_subjects(rulebook: RuleBook):
    assert [rule.id for rule in rulebook.rules] == ["OFF-01", "COM-01", "COM-02", "COM-03"]
    rule = rulebook.rule("COM-01")
    assert (rule.severity, rule.for_each, rule.measures) == (Severity.NEEDS_MEASURE, "companies", ("divest",))
    assert [adjustment.by for adjustment in rule.adjust] == [1, -1]
    assert rule.position.file == "companies.yaml"
    assert rulebook.measures["divest"].title == "Verkopen"
    with pytest.raises(NotFound):
        rulebook.rule("ZZZ-01")


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("id: OFF-01", "id: off1", "'off1' is not a rule id", "COM-01"),
        ("id: COM-02", "id: COM-01", "rule 'COM-01' exists already, at companies.yaml:19", "next free number"),
        ("title: Groot belang", "titel: Groot belang", "has no 'title'", "add title"),
        ("title: Groot belang", "titel: Groot belang", "unknown field of rule COM-02: 'titel'", "mean 'title'?"),
        ("subject: office", "subject: offices", "unknown subject 'offices'", "did you mean 'office'?"),
        ("severity: 4\n", "severity: 5\n", "a number from 0 to 4, not 5", "write a number"),
        ("severity: 4\n", "severity: zwaar\n", "is a whole number, not 'zwaar'", "whole number"),
        ("frame: practice", "frame: praktijk", "unknown frame 'praktijk'", "did you mean 'practice'?"),
        ("kind: hard_norm", "kind: hard", "unknown kind 'hard'", "did you mean 'hard_norm'?"),
        ("tiers: [municipality, water_board]", "tiers: [gemeente]", "unknown tiers 'gemeente'", "choose from"),
        ("tiers: [municipality, water_board]", "tiers: []", "rule COM-01 applies nowhere", "add tiers"),
        ("basis: [{source: practice, ref: R09}]", "basis: []", "rule COM-01 has no basis", "name the article"),
        ("source: practice, ref", "source: practise, ref", "unknown source 'practise'", "did you mean 'practice'?"),
        ('article: "28"', 'article: "29"', "unknown article of GW '29'", "choose from: 10, 28, 36b"),
        ('source: GW, article: "28"', "source: GW", "a basis in GW names its article", "add article"),
        ("frame: practice", "frame: in_force", "claims to be law but cites none", "cite the article"),
        ("frame: practice", "frame: bill_36892", "belongs to the bill but does not cite it", "cite it"),
        ("severity: 1\n", "severity: 4\n", "is no law, so it can bar nobody", "use 3 at most"),
        ("measures: [divest]", "measures: [invest]", "unknown measures 'invest'", "mean 'divest'?"),
        (
            "for_each: companies\n    when: {answer: companies.pol",
            "for_each: resident\n    when: {answer: companies.pol",
            "unknown list",
            "",
        ),
        (
            "answer: companies.share_pct, at_least: 5}",
            "answer: companies.share, at_least: 5}",
            "unknown question",
            "share",
        ),
        ("at_least: 25000", "at_least: 2500", "lies inside a band", "use a bound"),
        (
            "considerations: [Hoe groot is het belang?, Loopt er een besluit?, Is het al opgelost?]",
            "considerations: [Hoe groot is het belang?]",
            "rule COM-02 is an open norm with too little to weigh",
            "at least 3 considerations",
        ),
        (
            "council: Het voorstel is nog geen wet.",
            "council: Het voorstel is nog geen wet.\n    question_for_reviewer: Is dat zo?",
            "rule COM-03 has 'question_for_reviewer', but nobody weighs it",
            "make it kind: open_norm",
        ),
        (
            "council: Het voorstel is nog geen wet.",
            "council: Het voorstel is nog geen wet.\n    considerations: [Is dat zo?]",
            "rule COM-03 has 'considerations', but nobody weighs it",
            "leave this out",
        ),
        ("by: -1", "by: 0", "an adjustment by 0 changes nothing", "use 1 or -1"),
        ("{companies.name} werkt", "{companies.naam} werkt", "unknown placeholder in 'flag': 'companies.naam'", "name"),
        ("flag: Een belang is groot.", 'flag: "{companies.name}"', "no item of 'companies' is in hand", "for_each"),
        ("flag: Een belang is groot.", "flag: U bent niet integer.", "says 'integer', which judges", "aandachtspunt"),
        ("valid_to: 2027-12-31", "valid_to: 2025-12-31", "ends before it starts", "turn the dates"),
        (
            "{answer: matters, includes: loan}",
            "{answer: dike, is: yes}",
            "'dike' is never asked for municipality",
            "only asked for: water_board",
        ),
        ("    when: {exists", "    wanneer: {exists", "has no 'when'", "add when"),
        (
            "when: {exists: {in: companies,",
            "when: {exist: {in: companies,",
            "unknown kind of condition 'exist'",
            "'exists'",
        ),
        (
            "valid_to: 2027-12-31",
            "valid_to: 2027-12-31\n    exempting_authority: {province: GS}",
            "unknown tier 'province'",
            "municipality",
        ),
        ("valid_to: 2027-12-31", "valid_to: ooit", "is a date such as", "write a date"),
        ('question_for_reviewer: "Raakt', 'consequence: "Raakt', "has no 'question_for_reviewer'", "add question"),
        ("outcome: does_not_apply", "outcome: nee", "unknown judgement 'nee'", "applies"),
        (
            "expect: possible}\n  - id: COM-01",
            "expect: none}\n  - id: COM-01",
            "needs an example of each outcome",
            "possible",
        ),
        ("expect: certain, severity: 4", "expect: zeker", "unknown expect 'zeker'", "choose from"),
    ],
)
def test_every_mistake_in_a_rule_has_its_line_and_a_remedy(
    tmp_path: Path, small: Questionnaire, old: str, new: str, message: str, remedy: str
):
    assert RULES.count(old) == 1, "the mistake is made in one place"
    found = [problem for problem in problems(tmp_path, small, RULES.replace(old, new)) if message in problem]
    assert len(found) == 1, found
    where, _, advice = found[0].partition(" → ")
    file, line, *_ = where.split(":")
    assert file == "companies.yaml"
    made_at = RULES[: RULES.index(old)].count("\n") + 1
    rule_starts = max(
        number for number, text in enumerate(RULES.splitlines()[:made_at], 1) if text.startswith("  - id:")
    )
    assert rule_starts <= int(line) <= made_at + max(old.count("\n"), new.count("\n"))
    assert remedy in advice


@pytest.mark.parametrize(
    ("register", "old", "new", "message"),
    [
        ("sources", "kind: law", "kind: wet", "sources.yaml:2: unknown kind 'wet'"),
        ("sources", "key: practice", "key: GW", "sources.yaml:4: source 'GW' exists already"),
        ("sources", ", consolidated: 2026-10-01", "", "sources.yaml:2: a source has no 'consolidated'"),
        ("subjects", "id: office", "id: companies", "subjects.yaml:3: subject 'companies' exists already"),
        (
            "measures",
            "openness: public}",
            "openness: public, review_months: veel}",
            "measures.yaml:2: 'review_months' of",
        ),
        (
            "measures",
            "openness: public}",
            "openness: public}\n  - {id: divest}",
            "measures.yaml:3: measure 'divest' exists",
        ),
        ("measures", "owner: candidate", "owner: raad", "measures.yaml:2: unknown owner 'raad'"),
        (
            "combinations",
            "title: Samen, about: item",
            "title: Samen, about: iets",
            "combinations.yaml:2: unknown about",
        ),
        (
            "combinations",
            "count: 2, severity: 2, becomes: 3, flag: Op",
            "count: 2, severity: 2, becomes: 4, flag: Op",
            "never makes a legal bar",
        ),
        (
            "combinations",
            "severity: 2, becomes: 3, flag: Op",
            "severity: 7, becomes: 3, flag: Op",
            "a severity from 0 to 4",
        ),
    ],
)
def test_registers_are_checked_too(
    tmp_path: Path, small: Questionnaire, register: str, old: str, new: str, message: str
):
    text = REGISTERS[f"{register}.yaml"]
    assert text.count(old) >= 1
    found = problems(tmp_path, small, **{register: text.replace(old, new, 1)})
    assert any(message in problem for problem in found), found


def test_all_files_tell_their_problems_at_once(tmp_path: Path, small: Questionnaire):
    broken = (
        RULES.replace("kind: hard_norm", "kind: hard")
        .replace("by: -1", "by: 0")
        .replace("subject: office", "subject: o")
    )
    found = problems(tmp_path, small, broken, measures="measures: nothing\n")
    assert len([problem for problem in found if problem.startswith("companies.yaml")]) >= 3
    assert any(problem.startswith("measures.yaml:1: the file holds no list") for problem in found)


def test_a_missing_register_is_a_problem(tmp_path: Path, small: Questionnaire):
    found = problems(tmp_path, small, sources="sources: []\n")
    assert any("unknown source 'GW'" in problem for problem in found)


def test_the_digest_changes_with_meaning_and_not_with_layout(tmp_path: Path, small: Questionnaire, rulebook: RuleBook):
    again = a_rulebook(tmp_path, small, RULES.replace("title: Groot belang", "title:    Groot belang   # nieuw"))
    assert again.digest == rulebook.digest
    for old, new in [("at_least: 50}", "at_least: 51}"), ("U woont niet", "U woont nog niet"), ("by: -1", "by: -2")]:
        assert a_rulebook(tmp_path, small, RULES.replace(old, new)).digest != rulebook.digest
    shorter = a_rulebook(tmp_path, small, RULES.replace("why: kleiner", "why: minder"))
    assert shorter.digest == rulebook.digest


def test_a_rule_that_asks_twice_is_a_warning_and_no_problem(tmp_path: Path, small: Questionnaire):
    twice = "{all: [{answer: resident, is: no}, {not: {answer: matters, includes: loan}}]}"
    doubled = twice.replace("{not: {", "{answer: resident, is_given: true}, {not: {")
    book = a_rulebook(tmp_path, small, RULES.replace(twice, doubled))
    assert ["tests 'resident' more than once" in str(warning) for warning in book.warnings] == [True]


def test_a_server_loads_the_rules_without_their_examples(small: Questionnaire, rulebook: RuleBook, tmp_path: Path):
    quick = load_rulebook(small, write(tmp_path), examples=False)
    assert [rule.examples for rule in quick.rules] == [()] * len(rulebook.rules)
    assert quick.digest == rulebook.digest
    assert [rule.position for rule in quick.rules] == [rule.position for rule in rulebook.rules]
    assert [rule.when.position for rule in quick.rules] == [rule.when.position for rule in rulebook.rules]


def test_a_library_without_combinations_is_a_library(tmp_path: Path, small: Questionnaire):
    folder = write(tmp_path)
    (folder / "combinations.yaml").unlink()
    assert load_rulebook(small, folder).combinations == ()
    assert load_rulebook(small, folder, only=["nothing.yaml"]).rules == ()
