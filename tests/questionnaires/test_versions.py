import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaires.answers import AnswerPath, Answers, answered
from app.questionnaires.estimate import minutes, minutes_for_simple_case
from app.questionnaires.glossary import in_alphabet, terms_of
from app.questionnaires.loading import library
from app.questionnaires.model import Questionnaire
from app.questionnaires.versions import (
    PUBLISHED,
    Difference,
    changed_after_publication,
    diff,
    migrate_answers,
    published_digests,
)
from tests.questionnaires.small import SMALL, load_text
from tests.questionnaires.strategies import answers_to

NEXT = (
    SMALL.replace("version: 1", "version: 2")
    .replace("why: Voor de duur.", "why: Voor de duur van de ontheffing.")
    .replace(
        '{id: asked, label: "Nee, gevraagd"}', '{id: asked, label: "Nee, gevraagd"}, {id: refused, label: Geweigerd}'
    )
    .replace("{id: loan, label: Lening}, ", "")
    .replace("kind: number", "kind: text")
    .replace(", maximum: 2000, unit: uur per maand", "")
    .replace("{id: motto, ", "{id: saying, ")
)


@pytest.fixture
def newer(tmp_path: Path) -> Questionnaire:
    return load_text(tmp_path, NEXT)


def test_the_digest_does_not_depend_on_how_the_file_looks(small: Questionnaire, tmp_path: Path):
    assert load_text(tmp_path, f"# a remark\n{SMALL}\n\n").digest == small.digest
    assert load_text(tmp_path, SMALL.replace("is: no}, options", "is: yes}, options")).digest != small.digest
    assert load_text(tmp_path, SMALL.replace("Lening", "Leningen")).digest != small.digest


def test_published_versions_never_change():
    if PUBLISHED.exists():
        assert not changed_after_publication(library(), published_digests())


def test_a_published_version_that_changed_or_is_gone_is_a_problem(small: Questionnaire, tmp_path: Path):
    path = tmp_path / "published.json"
    path.write_text(json.dumps({"small": {"1": "0" * 64, "2": "1" * 64}}))
    found = changed_after_publication({("small", 1): small}, published_digests(path))
    assert ["has changed since" in found[0].message, "is gone" in found[1].message] == [True, True]
    assert not changed_after_publication({("small", 1): small}, {("small", 1): small.digest})


def test_a_difference_says_what_changed_and_whether_it_matters(small: Questionnaire, newer: Questionnaire):
    changes = {change.question: change for change in diff(small, newer)}
    assert {name: change.difference for name, change in changes.items()} == {
        "exemption": Difference.CHANGED,
        "moves_on": Difference.CHANGED,
        "hours": Difference.CHANGED,
        "matters": Difference.CHANGED,
        "motto": Difference.REMOVED,
        "saying": Difference.ADDED,
    }
    assert changes["moves_on"].parts == ("why",)
    assert not changes["moves_on"].meaning
    assert changes["exemption"].parts == ("options",)
    assert changes["exemption"].meaning
    assert not diff(small, small)


def test_moving_a_case_says_of_every_answer_what_became_of_it(small: Questionnaire, newer: Questionnaire):
    given = {
        "resident": "no",
        "exemption": "asked",
        "matters": ("loan",),
        "hours": 40,
        "motto": "Door",
        "companies": "yes",
    }
    answers = Answers().put_all((AnswerPath(name), answered(value)) for name, value in given.items())  # type: ignore[arg-type] # values of several kinds
    answers = answers.add_item("companies", "a").put(AnswerPath("companies.name", "a"), answered("Noordster"))
    moved, report = migrate_answers(small, newer, answers)
    assert [str(path) for path in report.kept] == ["companies", "companies[a].name", "resident"]
    assert [str(path) for path in report.look_again] == ["exemption"]
    assert {str(left.path): left.reason for left in report.left} == {
        "hours": "the question was number and is now text",
        "matters": "the answer is not among the answers the question takes now",
        "motto": "the question no longer exists",
    }
    assert {str(path) for path, _ in moved} == {"companies", "companies[a].name", "resident", "exemption"}
    assert moved.items("companies") == ("a",)


@given(data=st.data())
def test_moving_to_the_same_version_changes_nothing(small: Questionnaire, data: st.DataObject):
    answers = data.draw(answers_to(small))
    moved, report = migrate_answers(small, small, answers)
    assert moved == answers
    assert not report.left
    assert not report.look_again


def test_every_answer_is_accounted_for(small: Questionnaire, newer: Questionnaire):
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        answers = data.draw(answers_to(small))
        moved, report = migrate_answers(small, newer, answers)
        assert len(report.kept) + len(report.look_again) + len(report.left) == len(answers)
        assert {path for path, _ in moved} == {*report.kept, *report.look_again}

    check()


def test_the_time_needed_grows_with_what_is_asked(small: Questionnaire):
    questions = list(small.questions.values())
    assert minutes([]) == 0
    assert minutes(questions[:1]) == 1
    assert minutes(questions) > minutes(questions[:3])
    assert minutes_for_simple_case(small) == 5 * round(minutes_for_simple_case(small) / 5) > 0


def test_a_question_brings_its_difficult_words(small: Questionnaire):
    (term,) = terms_of(small, small.question("resident"))
    assert term.meaning == "Iemand die er woont."
    assert in_alphabet(small) == (term,)
    assert terms_of(small, small.question("hours")) == ()
