"""What the how-to page shows to authors does load."""

import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

from app.questionnaires.kinds import Asked, Group, ReviewerUse, Source
from app.questionnaires.loading import load_questionnaire
from app.questionnaires.reading import INHERITED, KINDS
from app.questionnaires.wording import PLACEHOLDERS

PAGE = Path(__file__).parents[2] / "docs/how-to/write-a-question.md"

AROUND = """
id: example
version: 1
title: Voorbeeld
defaults:
  scope: W
  source: [candidate]
  readers: [principal]
  retention: answers
  openness: confidential
  openness_ground: Eerbiediging van de persoonlijke levenssfeer.
glossary:
  - {id: cooperatie, term: coöperatie, meaning: Een vereniging die als bedrijf werkt.}
sections:
  - id: example
    theme: C2
    title: Voorbeeld
    questions:
"""


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def snippets(page: str) -> list[str]:
    return [dedent(found) for found in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]


def test_the_example_question_loads(page: str, tmp_path: Path):
    file = tmp_path / "example.yaml"
    file.write_text(AROUND + indent(snippets(page)[0], " " * 6), encoding="utf-8")
    questionnaire = load_questionnaire(file)
    assert list(questionnaire.questions) == ["memberships", "memberships.organisation", "memberships.profit_share"]
    assert isinstance(questionnaire.questions["memberships"], Group)


def test_the_example_talking_point_loads(page: str, tmp_path: Path):
    talking_points = snippets(page)[2]
    assert talking_points.startswith("talking_points:")
    file = tmp_path / "example.yaml"
    question = indent(snippets(page)[0], " " * 6)
    file.write_text(AROUND + question + indent(talking_points, " " * 4), encoding="utf-8")
    (section,) = load_questionnaire(file).sections
    assert [point.theme for point in section.talking_points] == ["C15.1"]


def test_the_page_names_every_kind_source_use_placeholder_and_field(page: str):
    fields = set(Asked.model_fields)
    for word in (*KINDS, *Source, *ReviewerUse, *INHERITED, *fields):
        assert f"`{word}`" in page, word
    for word in PLACEHOLDERS:
        assert f"`{{{word}}}`" in page, word
