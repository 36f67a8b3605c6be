"""Publishing rules and questions by command, and the JSON Schemas of what is published."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.usecases.publishing import questions, rules
from app.usecases.publishing.records import PublishedQuestionFile, PublishedRuleFile
from tests.cli.conftest import Run

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_publishing_names_what_is_new_and_writes_it_once(run: Run, tmp_path: Path):
    register = tmp_path / "published.jsonl"
    seen = run("publish", "--list", str(register), "--check")
    assert seen.exit_code == 2
    assert not register.exists()
    done = run("publish", "--list", str(register))
    assert done.exit_code == 0
    named = done.stdout.splitlines()
    assert named[:-1] == [*rules.rules(), *questions.questions()]
    assert len(register.read_text(encoding="utf-8").splitlines()) == len(named) - 1
    again = run("publish", "--list", str(register), "--check")
    assert (again.exit_code, again.stdout) == (0, "0 new or changed\n")


@pytest.mark.parametrize("which", ["published-rules", "published-rule", "published-questions", "published-question"])
def test_the_schemas_in_the_docs_are_those_of_this_release(run: Run, which: str):
    """Refresh with: toetssteen schema published-rules > docs/reference/published-rules.schema.json, and so on."""
    done = run("schema", which)
    assert done.stdout == (REFERENCE / f"{which}.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(done.stdout))


def test_what_is_published_fits_its_schema():
    rule = PublishedRuleFile(authority="municipality", rule=rules.rule_with_examples("COM-01"), current=True)
    asked = PublishedQuestionFile(authority="municipality", question=questions.question("companies.form"), current=True)
    for name, file in (("published-rule", rule), ("published-question", asked)):
        schema = json.loads((REFERENCE / f"{name}.schema.json").read_text(encoding="utf-8"))
        Draft202012Validator(schema).validate(json.loads(file.model_dump_json()))
