"""Publishing rules and questions by command, and the JSON Schemas of what is published."""

import json
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from app.cli import checking
from app.errors import Problem
from app.usecases.publishing import questions, rules, versions
from app.usecases.publishing.records import (
    PublishedQuestion,
    PublishedQuestionFile,
    PublishedRule,
    PublishedRuleFile,
    named,
)
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


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("register") / "published.jsonl"
    versions.publish(date(2026, 7, 1), path, "0.0.1")
    return path.read_text(encoding="utf-8").splitlines()


def problems_with(folder: Path, lines: list[str]) -> list[str]:
    register = folder / "published.jsonl"
    register.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return [problem.message for problem in versions.register_problems(register)]


def edited(line: str, **changes: str) -> str:
    plain = json.loads(line)
    plain["record"] |= changes
    return json.dumps(plain)


def test_before_the_first_release_nothing_needs_publishing(tmp_path: Path):
    assert versions.register_problems(tmp_path / "published.jsonl") == []
    assert problems_with(tmp_path, []) == []


def test_what_is_published_as_it_is_has_no_problem(tmp_path: Path, published: list[str]):
    assert problems_with(tmp_path, published) == []


@pytest.mark.parametrize("name", ["COM-01", "companies.form"])
def test_a_text_that_changed_after_it_was_published_is_a_problem(tmp_path: Path, published: list[str], name: str):
    lines = [line if json.loads(line)["record"]["id"] != name else older(line) for line in published]
    assert problems_with(tmp_path, lines) == [f"what {name} says now is not published"]


def older(line: str) -> str:
    """Write a line as it was when the text was another one, which then had a version of its own."""
    plain = json.loads(line)
    if plain["kind"] == "rule":
        rule = PublishedRule.model_validate(plain["record"] | {"title": "Een eerdere titel"})
        return edited(line, title=rule.title, version=named(rule).version)
    question = PublishedQuestion.model_validate(plain["record"] | {"label": "Een eerdere vraag"})
    return edited(line, label=question.label, version=named(question).version)


def test_a_new_rule_is_a_problem_until_it_is_published(tmp_path: Path, published: list[str]):
    assert problems_with(tmp_path, published[1:]) == [f"what {next(iter(rules.rules()))} says now is not published"]


def test_a_line_that_was_changed_by_hand_is_a_problem(tmp_path: Path, published: list[str]):
    version = json.loads(published[0])["record"]["version"]
    name = json.loads(published[0])["record"]["id"]
    lines = [edited(published[0], advice="Iets anders."), *published[1:]]
    assert problems_with(tmp_path, lines) == [f"version {version} of {name} does not say what was published"]


@pytest.mark.parametrize("line", ["geen regel", '{"kind": "rule"}', "[]"])
def test_a_register_that_cannot_be_read_is_a_problem(tmp_path: Path, published: list[str], line: str):
    (said,) = problems_with(tmp_path, [*published, line])
    assert said.startswith("the register cannot be read: ")


def test_the_check_looks_at_the_register(monkeypatch: pytest.MonkeyPatch):
    wrong = Problem("published.jsonl", 0, "what COM-01 says now is not published")
    monkeypatch.setattr(versions, "register_problems", lambda: [wrong])
    monkeypatch.setattr(checking, "content_problems", lambda *_: ([], "nothing"))
    monkeypatch.setattr(checking, "template_problems", lambda *_: (0, []))
    monkeypatch.setattr(checking, "pack_problems", lambda: (0, []))
    assert wrong in checking.everything_wrong()[0]


def test_a_field_that_a_later_release_adds_changes_no_published_version():
    class Later(PublishedRule):
        """A rule with one field more."""

        added: str = ""

    rule = rules.rules()["COM-01"]
    assert named(Later.model_validate(rule.model_dump())).version == rule.version


@pytest.mark.parametrize(
    "which", ["published-rules", "published-rule", "published-questions", "published-question", "candidate-copy"]
)
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
