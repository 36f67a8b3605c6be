"""Pages keep their word: links arrive, pictures exist, commands and files are real, examples work."""

import json
import re
import shlex
import struct
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from typer.testing import CliRunner

from app.cli import app as command_line
from app.questionnaires.loading import newest
from app.risk_rules.rulebook import Rule
from app.usecases.library import rulebook
from docs.generators import product
from tests.docs.pages import ROOT, anchors, blocks, commands, links, pages, pictures, prose, text

PAGES = {str(page.relative_to(ROOT)): page for page in pages()}
TUTORIAL = ROOT / "docs" / "tutorial" / "first-case.md"
LARGEST_PICTURE = 250_000
BEYOND = re.compile(r"(?<![\w.:/])(/(home|root|Users|work|tmp)/|[A-Z]:\\)")


@pytest.mark.parametrize("name", PAGES)
def test_links_and_pictures_arrive(name: str):
    found = links(PAGES[name])
    assert not [str(link) for link in found if not link.file.exists()]
    assert not [
        str(link)
        for link in found
        if link.heading and link.file.suffix == ".md" and link.heading not in anchors(link.file)
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_title_and_no_place_of_one_machine(name: str):
    titles = re.findall(
        r"^# .+$", re.sub(r"^```.*?^```$", "", text(PAGES[name]), flags=re.DOTALL | re.MULTILINE), re.MULTILINE
    )
    assert len(titles) == 1
    assert not BEYOND.search(text(PAGES[name]))


def test_every_page_can_be_reached_from_the_front():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        waiting += [link.file for link in links(page) if link.file.suffix == ".md" and link.file not in reached]
    assert not {str(page.relative_to(ROOT)) for page in set(pages()) - reached}


def test_pictures_are_small_real_and_described():
    shown = [(alt, link.file) for page in pages() for alt, link in pictures(page)]
    assert shown
    for alt, file in shown:
        assert len(alt) > 20, file
        content = file.read_bytes()
        assert len(content) <= LARGEST_PICTURE, file
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", content[16:24])
        assert width >= 600, file
        assert height >= 400, file


def test_no_picture_lies_about():
    kept = {path.name for path in (ROOT / "docs" / "images").iterdir()}
    assert kept == {link.file.name for page in pages() for _, link in pictures(page)}


@pytest.mark.parametrize("name", PAGES)
def test_commands_in_the_documentation_exist(name: str):
    words = {tuple(known.split()): command for known, command in product.commands()}
    for line in commands(PAGES[name]):
        typed = shlex.split(line, comments=True)
        typed = typed[2:] if typed[:2] == ["uv", "run"] else typed
        if typed and typed[0].startswith("script/"):
            assert (ROOT / typed[0]).is_file(), line
        if not typed or not typed[0].endswith("toetssteen"):
            continue
        command = next((found for most in (2, 3, 4) if (found := words.get(("toetssteen", *typed[1:most])))), None)
        assert command is not None, line
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert not [part for part in typed if part.startswith("--") and part not in known], line


def test_the_front_page_has_the_two_commands_and_one_screen():
    typed = [line.split()[0] for line in commands(ROOT / "README.md")]
    assert typed == ["script/server", "script/test"]
    assert text(ROOT / "README.md").count("\n") < 60


@pytest.mark.parametrize(
    "line",
    sorted({line for page in pages() for line in commands(page) if re.search(r"toetssteen (assess|rules) \w", line)}),
)
def test_what_the_documentation_runs_on_cases_and_rules_runs(line: str, monkeypatch: pytest.MonkeyPatch):
    """From the checkout, as a reader types it; how a page shows a rule that does not exist yet is its own test."""
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(command_line, shlex.split(line.partition("toetssteen ")[2]))
    assert done.exit_code == 0, done.output
    assert done.stdout


def test_the_cases_shown_in_the_how_to_are_cases(tmp_path: Path):
    page = ROOT / "docs" / "how-to" / "check-a-case.md"
    shown = [block for block in blocks(page, "yaml") if "context:" in block]
    assert shown
    schema = Draft202012Validator(json.loads(text(ROOT / "docs" / "reference" / "assess.schema.json")))
    for block in shown:
        file = tmp_path / "case.yaml"
        file.write_text(block, encoding="utf-8")
        done = CliRunner().invoke(command_line, ["assess", str(file), "--json"])
        assert done.exit_code == 0, done.output
        schema.validate(json.loads(done.stdout))


def test_the_judgement_shown_in_the_how_to_is_about_a_rule_that_waits_for_one():
    page = ROOT / "docs" / "how-to" / "check-a-case.md"
    (shown,) = (block for block in blocks(page, "yaml") if block.startswith("judgements:"))
    for judgement in YAML(typ="safe").load(shown)["judgements"]:
        assert rulebook(newest()).rule(judgement["rule"]).kind == "open_norm"


@pytest.mark.parametrize("name", PAGES)
def test_rules_and_settings_that_are_named_exist(name: str):
    told = prose(PAGES[name]) + "\n".join(blocks(PAGES[name], "sh"))
    known = rulebook(newest())
    rules = set(re.findall(r"\b[A-Z]{3}-\d{2}\b", told)) - {"SPR-90"}
    assert not rules - set(known.by_id) - {one.id for one in known.combinations}
    settings = set(re.findall(r"\bTOETSSTEEN_[A-Z0-9_]+", told))
    assert not [one for one in settings if f"`{one}`" not in text(ROOT / "docs" / "reference" / "settings.md")]


@pytest.mark.parametrize("name", PAGES)
def test_files_that_are_named_exist(name: str):
    """Places in the repository between code marks, as far as they are whole paths."""
    named = re.findall(r"`((?:app|docs|templates|tests|script|migrations|bench)/[\w./-]+)`", prose(PAGES[name]))
    assert not [place for place in named if not (ROOT / place).exists()]


def test_every_field_of_a_rule_is_explained_to_authors():
    page = text(ROOT / "docs" / "how-to" / "write-a-rule.md")
    written = {field.name for field in fields(Rule)} - {"position"}  # where it stands, which nobody writes
    assert not {name for name in written if f"`{name}`" not in page}


def _words_of_the_product() -> str:
    """Everything a user can read: templates, texts in code, questions and rules; spaces and placeholders evened out."""
    places = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "app").rglob("*.py"),
        *(ROOT / "app").rglob("*.yaml"),
    ]
    return " ".join(" ".join(path.read_text(encoding="utf-8") for path in places).split())


def _quoted(page: Path) -> set[str]:
    return {" ".join(words.split()) for words in re.findall(r"\*\*([^*]+)\*\*", prose(page))}


def test_the_words_that_the_tutorial_quotes_are_on_the_screen():
    quoted = _quoted(TUTORIAL)
    assert len(quoted) > 20
    shown = _words_of_the_product()
    assert not {words for words in quoted if words not in shown}


def test_the_words_that_the_page_about_destroying_quotes_are_on_the_screen():
    """What can be asked stands in the code without its capital."""
    quoted = _quoted(ROOT / "docs" / "how-to" / "keep-and-destroy.md")
    assert len(quoted) > 10
    shown = _words_of_the_product().casefold()
    assert not {words for words in quoted if words.casefold() not in shown}
