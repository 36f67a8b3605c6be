"""A candidate tells more than a narrow case asks: by choice, to be taken back, and without losing anything."""

import io
from typing import Any

import docx
import pytest

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import AnswerPath
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import AskedScope, LegalFrame
from app.store import audit, cases
from app.usecases import answering, documents, library, reviewing, rounds, sections, submitting, taking_over
from app.usecases.answering import Saved, Typed
from app.usecases.assessing import CaseReading, read_case
from app.usecases.lines import CaseLine
from app.usecases.questions import counted
from app.usecases.settled import open_questions
from app.usecases.telling_more import subjects, tell_more
from tests.usecases.world import CLEAN, World

NARROW = {"scope": AskedScope.STATUTORY}
LAWFUL = {path: value for path, value in CLEAN.items() if library.newest().questions[path].scope == "W"}


def reading(world: World, actor: Actor, case: CaseLine) -> CaseReading:
    return read_case(world.db, cases.access(world.db, actor, case.id).case)


def save(world: World, candidate: Actor, path: str, *raw: str) -> Any:
    return answering.save(world.db, candidate, candidate.case_id or "", Typed(path, raw))


def section(world: World, actor: Actor, case: CaseLine, name: str) -> sections.SectionView:
    return sections.load_section(world.db, actor, case.id, name)


@pytest.mark.parametrize("known", [NARROW, {"legal_frame": LegalFrame.BILL_36892}], ids=["narrow", "bill"])
def test_a_narrow_case_offers_every_subject_it_leaves_questions_out_of(world: World, known: dict[str, Any]):
    case, candidate = world.answering(**known)
    tasks = sections.task_list(world.db, candidate, case.id)
    assert "money" not in {line.id for line in tasks.sections}
    offered = {one.section: one for one in tasks.subjects}
    assert offered.keys() >= {"career", "money", "family", "relations", "past", "public", "information", "gifts"}
    assert offered.keys() <= library.newest().beyond_the_law.keys()
    assert (offered["money"].questions, offered["money"].told, offered["money"].kept) == (1, False, 0)
    assert (offered["money"].title, offered["public"].questions) == ("Geldzaken", 2)
    assert all(line.of_practice == 0 for line in tasks.sections)


def test_a_case_that_asks_everything_offers_nothing_and_refuses(world: World):
    case, candidate = world.answering()
    tasks = sections.task_list(world.db, candidate, case.id)
    assert tasks.subjects == ()
    assert next(line for line in tasks.sections if line.id == "money").of_practice == 1
    with pytest.raises(NotAllowed, match="stellen wij deze vragen al"):
        tell_more(world.db, candidate, case.id, "money")


def test_choosing_a_subject_shows_its_questions_and_no_others(world: World):
    case, candidate = world.answering(**NARROW)
    before = set(reading(world, candidate, case).survey.asked)
    tell_more(world.db, candidate, case.id, "money")
    after = reading(world, candidate, case)
    assert set(after.survey.asked) - before == {AnswerPath("money_matters")}
    assert after.context.volunteered == ("money",)
    line = next(one for one in sections.task_list(world.db, candidate, case.id).sections if one.id == "money")
    assert (line.asked, line.open, line.untold, line.of_practice) == (0, 0, 1, 1)


def test_a_volunteered_question_is_never_waited_for(world: World):
    case, candidate = world.answering(**NARROW)
    world.fill_in(candidate, LAWFUL)
    before = submitting.check(world.db, candidate, case.id)
    for name in library.newest().beyond_the_law:
        tell_more(world.db, candidate, case.id, name)
    checked = submitting.check(world.db, candidate, case.id)
    assert (checked.open_count, checked.open_questions) == (before.open_count, before.open_questions)
    (money,) = section(world, candidate, case, "money").questions
    assert (money.voluntary, money.waits, money.complete) == (True, False, False)
    assert counted([money]) == (0, 0)
    done = submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    assert isinstance(done, submitting.Submitted)


def test_what_is_told_counts_and_what_follows_from_it_is_waited_for_by_the_rules_alone(world: World):
    case, candidate = world.answering(**NARROW)
    tell_more(world.db, candidate, case.id, "money")
    saved = save(world, candidate, "money_matters", "arrears")
    assert isinstance(saved, Saved)
    assert "arrears_amount" in saved.appeared
    (first, *_) = section(world, candidate, case, "money").questions
    assert counted([first]) == (1, 1)
    found = reading(world, candidate, case)
    assert found.assessment.find("MON-01") or [one for one in found.assessment.flags if one.rule.subject == "money"]
    lines = {one.path: one for one in open_questions(found).matter}
    assert lines["arrears_amount"].voluntary
    assert not lines["is_adult"].voluntary


def test_taking_it_back_leaves_the_answers_where_they_are_and_lets_none_of_them_count(world: World):
    case, candidate = world.answering(**NARROW)
    tell_more(world.db, candidate, case.id, "money")
    save(world, candidate, "money_matters", "arrears")
    tell_more(world.db, candidate, case.id, "money", tell=False)
    away = reading(world, candidate, case)
    assert away.context.volunteered == ()
    assert AnswerPath("money_matters") not in away.survey.asked
    assert away.answers.value(AnswerPath("money_matters")) == ("arrears",)
    assert not [one for one in away.assessment.flags if one.rule.subject == "money"]
    money = next(one for one in subjects(away) if one.section == "money")
    assert (money.told, money.kept) == (False, 1)
    tell_more(world.db, candidate, case.id, "money")
    (first, *_) = section(world, candidate, case, "money").questions
    assert (first.typed, first.voluntary) == (("arrears",), True)


def test_every_choice_stands_in_the_audit_log_once_and_is_a_new_version(world: World):
    case, candidate = world.answering(**NARROW)
    versions = []
    for tell in (True, True, False, False):
        tell_more(world.db, candidate, case.id, "money", tell=tell)
        versions.append(cases.access(world.db, candidate, case.id).case.version)
    assert versions[0] == versions[1] < versions[2] == versions[3]
    written = [
        line.action for line in audit.of_case(world.db, candidate.organisation_id, case.id) if line.object_id == "money"
    ]
    assert sorted(written) == ["section_taken_back", "section_volunteered"]


def test_what_the_clerk_changes_meanwhile_leaves_the_choice_alone(world: World):
    case, candidate = world.answering(**NARROW)
    tell_more(world.db, candidate, case.id, "money")
    tell_more(world.db, candidate, case.id, "career")
    rounds.set_context(world.db, world.clerk, case.id, full_time="yes")
    assert reading(world, candidate, case).context.volunteered == ("career", "money")


@pytest.mark.parametrize("name", ["office", "verification", "nergens"])
def test_only_subjects_with_more_to_tell_can_be_chosen(world: World, name: str):
    case, candidate = world.answering(**NARROW)
    with pytest.raises(NotFound):
        tell_more(world.db, candidate, case.id, name)


def test_only_the_candidate_chooses_and_only_while_answering(world: World):
    case, candidate = world.answering(**NARROW)
    for actor in (world.clerk, world.principal, world.analyst):
        with pytest.raises(NotFound):
            tell_more(world.db, actor, case.id, "money")
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    with pytest.raises(NotAllowed, match="Ingediend"):
        tell_more(world.db, candidate, case.id, "money")


def test_reviewers_and_the_receipt_say_what_was_told_of_own_accord(world: World):
    case, candidate = world.answering(**NARROW)
    tell_more(world.db, candidate, case.id, "public")
    save(world, candidate, "public_accounts", "Een eigen pagina.")
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    reviewing.start_review(world.db, world.analyst, case.id)
    question = next(q for q in section(world, world.analyst, case, "public").questions if q.path == "public_accounts")
    assert question.marked == f"{question.question.label} (uit eigen beweging)"
    office = section(world, world.analyst, case, "office").questions
    assert all(one.marked == one.question.label for one in office)
    made = documents.receipt(world.db, world.settings, candidate, case.id)
    document = docx.Document(io.BytesIO(documents.fetch(world.db, candidate, made.id)[1]))
    text = "\n".join(
        [one.text for one in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert question.marked in text
    assert "vertelde u het zonder dat de organisatie ernaar vroeg" in text


def test_where_the_organisation_asks_it_the_question_is_called_free(world: World):
    case, candidate = world.answering()
    (question, *_) = section(world, candidate, case, "public").questions
    assert question.marked == f"{question.question.label} (vrijwillig)"


def test_a_rehearsal_is_taken_over_without_what_the_case_leaves_out(world: World):
    case, candidate = world.answering(**NARROW)
    answers = read_answers(
        library.newest(), {"is_adult": True, "money_matters": ["arrears"], "relatives": [{"tie": "supplier"}]}
    )
    plan = taking_over.plan(world.db, candidate, case.id, answers)
    assert [one.question for one in plan.new] == [library.newest().question("is_adult").label]
    assert (plan.items, plan.left_out, plan.untold) == ((), (), ("Geldzaken", "Partner en familie"))
    tell_more(world.db, candidate, case.id, "money")
    plan = taking_over.plan(world.db, candidate, case.id, answers)
    assert plan.untold == ("Partner en familie",)
    over = taking_over.take_over(world.db, candidate, case.id, answers, version=plan.version, replace=False)
    assert over == ()
    found = reading(world, candidate, case).answers
    assert found.value(AnswerPath("money_matters")) == ("arrears",)
    assert found.items("relatives") == ()
