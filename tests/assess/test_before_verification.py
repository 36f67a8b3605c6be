"""Before reviewers check anything, what they would record says nothing: no alarm rests on its absence."""

from pathlib import Path

import pytest

from app.conditions.yaml_source import load
from app.questionnaires.answers import Answers
from app.questionnaires.model import Respondent
from tests.assess.candidates import FOLDER, Candidate, above_1, candidate, certain, questionnaire

SECTIONS = questionnaire().section_of


def by_the_candidate(name: str) -> Candidate:
    """A worked candidate without anything a reviewer recorded, as the candidate hands it in."""
    worked = candidate(name)
    own = {
        path: answer for path, answer in worked.answers if SECTIONS[path.question].respondent is Respondent.CANDIDATE
    }
    items = {
        group: ids
        for group, ids in worked.answers.item_ids.items()
        if SECTIONS[group].respondent is Respondent.CANDIDATE
    }
    return Candidate(worked.context, Answers(own, items), worked.expect).under(verification="no")


def test_the_clean_candidate_has_nothing_above_1_certain_or_possible() -> None:
    assert above_1(by_the_candidate("5a_clean").assess()) == {}


def test_the_architect_has_exactly_what_the_answers_bring() -> None:
    worked = by_the_candidate("1a_architect")
    assert above_1(worked.assess()) == certain(worked.expect["above_1"])


def test_once_checking_has_begun_what_is_not_recorded_is_open() -> None:
    worked = by_the_candidate("5a_clean").under(verification="yes")
    assert {row for row, (outcome, _) in above_1(worked.assess()).items() if outcome == "possible"} != set()


@pytest.mark.parametrize("name", ["5a_clean", "1a_architect"])
def test_a_file_with_only_the_answers_of_the_candidate_was_not_checked_yet(name: str, tmp_path: Path) -> None:
    from datetime import date  # noqa: PLC0415 - only here

    from app.cli.case_file import read_case  # noqa: PLC0415 - only here

    theirs = {
        question.id
        for section in questionnaire().sections
        if section.respondent is Respondent.REVIEWER
        for question in section.questions
    }
    content, _ = load(FOLDER / f"{name}.yaml")
    assert theirs & set(content["answers"]), "the worked candidate holds facts of reviewers"
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    kept, leaving = [], False
    for line in text.splitlines():
        if line.startswith("  ") and not line.startswith("   ") and ":" in line:
            leaving = line.strip().split(":")[0] in theirs
        elif not line.startswith(" "):
            leaving = False
        if not leaving:
            kept.append(line)
    target = tmp_path / "kandidaat.yaml"
    target.write_text("\n".join(kept), encoding="utf-8")
    assert read_case(target, date.min).context.verification == "no"
    assert read_case(FOLDER / f"{name}.yaml", date.min).context.verification == "yes"
