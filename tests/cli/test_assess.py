import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import Result

from app.cli.case_file import read_case
from app.cli.schemas import input_schema, output_schema, written
from app.conditions.dates import PartialDate
from app.conditions.yaml_source import load
from app.questionnaires.loading import newest
from app.questionnaires.progress import no_longer_asked, progress
from app.questionnaires.relevance import survey

Run = Callable[..., Result]

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.yaml"))
CANDIDATES = sorted((ROOT / "tests" / "assess").glob("*.yaml"))
REFERENCE = ROOT / "docs" / "reference"

ARCHITECT = """\
title: Architect
context: {tier: municipality, portfolio: [spatial], as_of: 2026-11-23, appointment_date: 2026-12-15}
answers:
  companies:
    - {id: co1, name: Noordster, form: operating_bv, policy_field: spatial, share_pct: 60, control: yes, distance: none}
"""


@pytest.fixture
def case(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "case.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def results(run: Run, path: Path) -> dict[tuple[str, str | None], dict[str, Any]]:
    done = run("assess", path, "--json")
    assert done.exit_code == 0, done.output
    return {(one["rule"], one["item"]): one for one in json.loads(done.stdout)["results"]}


def test_every_rule_says_what_it_is_and_why(run: Run, case: Callable[..., Path]):
    found = results(run, case(ARCHITECT))
    own_field = found["COM-01", "companies[co1]"]
    assert (own_field["outcome"], own_field["severity"]) == ("certain", 3)
    assert {"path": "companies[co1].policy_field", "value": "spatial"}.items() <= own_field["because"][1].items()
    assert own_field["missing"] == []
    assert own_field["item_title"] == "Onderneming: Noordster"
    assert "art. 28, eerste lid" in own_field["norms"][0]["text"]
    assert own_field["advice"]
    waiting = found["REQ-01", None]
    assert (waiting["outcome"], waiting["missing"][0]["path"]) == ("possible", "is_adult")
    assert {one["outcome"] for one in found.values()} == {"certain", "possible", "none"}


def test_what_is_heavy_and_certain_comes_first(run: Run, case: Callable[..., Path]):
    order = [(one["outcome"], -one["severity"]) for one in results(run, case(ARCHITECT)).values()]
    strength = {"certain": 0, "possible": 1, "none": 2}
    assert order == sorted(order, key=lambda one: (strength[one[0]], one[1]))


def test_the_text_names_the_item_the_reason_and_the_norm(run: Run, case: Callable[..., Path]):
    text = run("assess", case(ARCHITECT)).stdout
    for said in (
        "wethouder · gemeente · peildatum 23 november 2026 · het geldende recht",
        "STAAT VAST",
        "[3] COM-01  ",
        "Over: Onderneming: Noordster (companies[co1])",
        "Omdat: Heeft u de onderneming al op afstand gezet? → Nee",
        "Nog open: Bent u op de dag van uw benoeming 18 jaar of ouder? (is_adult)",
        "Norm: art. 28, eerste lid, onderdeel a, Gemeentewet",
        "Bewijs: toetssteen",
    ):
        assert said in text


def test_a_possible_flag_says_what_would_decide_it(run: Run, case: Callable[..., Path]):
    found = results(run, case(ARCHITECT.replace(", distance: none", "").replace("portfolio: [spatial], ", "")))
    settled = found["COM-02", "companies[co1]"]["settled_by"]
    assert [one["path"] for one in settled["now"]] == [
        "companies[co1].local",
        "companies[co1].local_plans",
        "companies[co1].distance",
    ]
    assert [one["path"] for one in settled["case_facts"]] == ["context.portfolio"]
    assert (settled["later"], settled["judgement"], settled["smallest"]) == ([], False, True)
    assert {one["settled_by"] is None for one in found.values() if one["outcome"] != "possible"} == {True}


def test_a_rule_that_does_not_apply_names_every_answer_that_decides(run: Run, case: Callable[..., Path]):
    path = case(ARCHITECT + "  is_resident: yes\n")
    found = results(run, path)
    assert [(one["path"], one["value"]) for one in found["REQ-02", None]["decided_by"]] == [("is_resident", "yes")]
    for one in found.values():
        assert bool(one["decided_by"]) is (one["outcome"] == "none")
    below = run("assess", path).stdout.partition("GELDT NIET")[2]
    assert "Omdat: Woont u in het gebied van de gemeente? → ja" in below


def test_open_questions_are_parted_in_those_that_matter_and_those_that_do_not(run: Run, case: Callable[..., Path]):
    done = json.loads(run("assess", case(ARCHITECT), "--json").stdout)
    matter = {one["path"] for one in done["open_questions"]["still_matter"]}
    settled = [one["settled_by"] for one in done["results"] if one["settled_by"]]
    needed = {one["path"] for found in settled for kind in ("now", "later", "case_facts") for one in found[kind]}
    assert needed <= matter
    other = {one["path"] for one in done["open_questions"]["no_longer_matter"]}
    assert "own_points" in other
    assert not matter & other
    assert "DEZE VRAGEN DOEN ER NOG TOE" in run("assess", case(ARCHITECT)).stdout


def test_json_in_gives_the_same_as_yaml_in(run: Run, case: Callable[..., Path]):
    content, _source = load(case(ARCHITECT.replace("Noordster", "Noordster 😀")))
    expected = results(run, case(ARCHITECT.replace("Noordster", "Noordster 😀")))
    for indent in (None, 2, "\t"):
        again = case(json.dumps(content, default=str, indent=indent), "case.json")
        assert results(run, again) == expected


def test_a_judgement_decides_about_an_open_norm(run: Run, case: Callable[..., Path]):
    family = ARCHITECT + "  relatives: [{id: re1, party: {relation: partner}, tie: supplier, policy_field: land}]\n"
    before = results(run, case(family))["ABS-08", "relatives[re1]"]
    assert (before["outcome"], before["awaiting_judgement"]) == ("possible", True)
    judged = "judgements: [{{rule: ABS-08, item: re1, outcome: {}, motivation: De partner beslist mee.}}]\n"
    applies = case(family + judged.format("applies"))
    after = results(run, applies)["ABS-08", "relatives[re1]"]
    assert (after["outcome"], after["motivation"]) == ("certain", "De partner beslist mee.")
    assert "Motivering: De partner beslist mee." in run("assess", applies).stdout
    denied = results(run, case(family + judged.format("does_not_apply")))
    assert denied["ABS-08", "relatives[re1]"]["outcome"] == "none"


def test_an_answer_to_a_question_that_is_not_asked_does_not_count(run: Run, case: Callable[..., Path]):
    text = ARCHITECT + "  is_resident: yes\n  residence_exemption: granted\n"
    done = json.loads(run("assess", case(text), "--json").stdout)
    assert done["not_counted"] == ["residence_exemption"]
    assert "TELT NIET MEE" in run("assess", case(text)).stdout


def test_the_same_case_has_the_same_receipt(run: Run, case: Callable[..., Path]):
    path = case(ARCHITECT)
    first, second = (json.loads(run("assess", path, "--json").stdout) for _ in range(2))
    assert first == second
    other = json.loads(run("assess", case(ARCHITECT.replace("share_pct: 60", "share_pct: 61")), "--json").stdout)
    assert other["receipt"]["answers_digest"] != first["receipt"]["answers_digest"]
    assert other["receipt"]["rulebook_digest"] == first["receipt"]["rulebook_digest"]


def test_a_case_without_a_day_is_looked_at_today(run: Run, case: Callable[..., Path]):
    done = json.loads(run("assess", case("context: {tier: province}"), "--json").stdout)
    assert PartialDate.parse(done["receipt"]["as_of"]).day
    assert done["context"]["office"] == "gedeputeerde"
    assert done["title"] == "case"


def test_every_problem_is_told_at_once_with_its_line(run: Run, case: Callable[..., Path]):
    broken = """\
context:
  tier: municipality
  office: gedeputeerde
  portfolio: [spatail, water_levels]
  full_time: maybe
  appointment_date: soon
  legal: in_force
answers:
  is_residnt: yes
  vog_issued_on: yesterday
  companies: [{share: 60}]
judgements: [{rule: ABS-08, outcome: perhaps}]
questionnaire: kandidaat-bestuurder.v99
extra: 1
"""
    done = run("assess", case(broken))
    assert done.exit_code == 2
    assert done.stdout == ""
    for said in (
        "case.yaml:3: gedeputeerde is no office of a municipality → write wethouder",
        "case.yaml:4: unknown policy field in 'portfolio': 'spatail' → did you mean 'spatial'?",
        "case.yaml:4: unknown policy field in 'portfolio': 'water_levels'",
        "case.yaml:5: 'full_time' of the context is yes or no, not 'maybe'",
        "case.yaml:6: 'appointment_date' of the context",
        "case.yaml:7: unknown field of the context: 'legal'",
        "case.yaml:9: unknown question 'is_residnt' → did you mean 'is_resident'?",
        "case.yaml:10: vog_issued_on: 'yesterday' is not a date",
        "case.yaml:11: unknown field 'share' in companies → did you mean 'share_pct'?",
        "case.yaml:12: 'outcome' of a judgement is applies or does_not_apply",
        "case.yaml:13: unknown questionnaire 'kandidaat-bestuurder.v99'",
        "case.yaml:14: unknown part of a case: 'extra'",
        "12 problems",
    ):
        assert said in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a list", "a case is a mapping"),
        ("answers: {}", "a case has a `context`"),
        ("context: {}", "the context has no 'tier'"),
        ("context: {tier: municipality}\nanswers: [1]", "answers are a mapping"),
        (
            "context: {tier: municipality}\njudgements: [{rule: ABS-99, outcome: applies}]",
            "unknown rule in a judgement",
        ),
        ("context: {tier: municipality}\njudgements: [{rule: ABS-08, item: x, outcome: applies}]", "unknown item"),
        (
            "context: {tier: municipality}\nanswers: {companies: [{policy_field: water_levels}]}",
            "companies[i1].policy_field: 'water_levels' is no option for a municipality",
        ),
        (
            "context: {tier: province}\nanswers: {vog_status: received, wb_membership: nature}",
            "wb_membership is no question for a province",
        ),
        ("context: {tier: municipality, tier: province}", "the key 'tier' occurs twice"),
        ("context: [", "not YAML"),
    ],
)
def test_a_file_that_is_no_case_is_refused_with_a_reason(run: Run, case: Callable[..., Path], text: str, said: str):
    done = run("assess", case(text))
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_does_not_exist_is_refused(run: Run, tmp_path: Path):
    assert run("assess", tmp_path / "none.yaml").exit_code == 2


@pytest.mark.parametrize("path", [*EXAMPLES, *CANDIDATES], ids=lambda path: path.stem)
def test_every_example_fits_the_schema_and_can_be_assessed(run: Run, path: Path):
    content, _source = load(path)
    given = json.loads(json.dumps(content, default=_plain))
    found = [f"{list(error.path)}: {error.message}" for error in INPUT.iter_errors(given)]
    assert not found
    done = run("assess", path, "--json")
    assert done.exit_code == 0, done.output
    OUTPUT.validate(json.loads(done.stdout))


def _plain(value: object) -> object:
    number = str(value)
    return float(number) if number.replace(".", "").isdigit() else number


def test_what_is_not_in_the_schema_is_refused_by_it(run: Run):
    good = {"context": {"tier": "municipality"}, "answers": {"is_resident": "yes", "companies": []}}
    assert INPUT.is_valid(good)
    for wrong in ({"is_residnt": "yes"}, {"is_resident": "maybe"}, {"companies": [{"share": 1}]}):
        assert not INPUT.is_valid(good | {"answers": wrong})
    assert not INPUT.is_valid({"answers": {}})


@pytest.mark.parametrize("which", ["assess-input", "assess"])
def test_the_schemas_in_the_docs_are_those_of_this_release(run: Run, which: str):
    """Refresh with: toetssteen schema assess-input > docs/reference/assess-input.schema.json (and assess)."""
    done = run("schema", which)
    assert done.stdout == (REFERENCE / f"{which}.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(done.stdout))


def test_a_written_schema_ends_in_a_line_end():
    assert written({"a": "é"}) == '{\n  "a": "é"\n}\n'


INPUT = Draft202012Validator(input_schema(newest()))
OUTPUT = Draft202012Validator(output_schema())


def test_the_complete_example_leaves_nothing_open_to_the_candidate():
    path = next(path for path in EXAMPLES if path.stem.endswith("alles-ingevuld"))
    read = read_case(path, date(2026, 11, 23))
    look = survey(read.questionnaire, read.answers, read.context)
    assert progress(read.questionnaire, look, read.answers).complete
    assert not no_longer_asked(look, read.answers)
