"""Answering: nothing that was typed gets lost, and nobody writes where they should not."""

from typing import Any

import pytest

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import AnswerPath
from app.store import answers as stored
from app.store import audit, cases, keys
from app.usecases import answering, recording, sections, submitting
from app.usecases.answering import Conflict, Problem, Saved, Typed
from tests.usecases.world import CLUB, World


def save(world: World, candidate: Actor, path: str, *raw: str, revision: int | None = None) -> Any:
    assert candidate.case_id is not None
    return answering.save(world.db, candidate, candidate.case_id, Typed(path, raw, revision=revision))


def test_an_answer_is_saved_with_its_moment_and_shown_again(world: World):
    case, candidate = world.answering()
    saved = save(world, candidate, "is_resident", "no", revision=0)
    assert isinstance(saved, Saved)
    assert (saved.revision, saved.changed) == (1, True)
    assert saved.question.shown == "nee"
    again = sections.load_section(world.db, candidate, case.id, "office")
    view = next(one for one in again.questions if one.path == "is_resident")
    assert (view.typed, view.revision, view.saved_at) == (("no",), 1, saved.at)


def test_an_answer_brings_up_the_questions_that_depend_on_it_and_takes_them_away_again(world: World):
    _, candidate = world.answering()
    assert "residence_exemption" in save(world, candidate, "is_resident", "no").appeared
    back = save(world, candidate, "is_resident", "yes")
    assert "residence_exemption" in back.gone


def test_the_same_answer_twice_is_written_once(world: World):
    case, candidate = world.answering()
    first = save(world, candidate, "is_resident", "yes", revision=0)
    second = save(world, candidate, "is_resident", "yes", revision=0)
    assert isinstance(second, Saved)
    assert (second.changed, second.revision) == (False, first.revision)
    row = cases.access(world.db, candidate, case.id).case
    assert len(stored.history(world.db, row, AnswerPath("is_resident"))) == 1


def test_a_lost_race_shows_both_answers_and_loses_neither(world: World):
    case, candidate = world.answering()
    save(world, candidate, "public_accounts", "Van mijn telefoon", revision=0)
    lost = save(world, candidate, "public_accounts", "Van mijn laptop", revision=0)
    assert isinstance(lost, Conflict)
    assert (lost.mine, lost.theirs, lost.revision) == ("Van mijn laptop", "Van mijn telefoon", 1)
    view = sections.load_section(world.db, candidate, case.id, "public")
    question = next(one for one in view.questions if one.path == "public_accounts")
    assert question.shown == "Van mijn telefoon"
    assert [attempt.shown for attempt in question.attempts] == ["Van mijn laptop"]


def test_the_same_lost_answer_sent_twice_is_kept_once(world: World):
    case, candidate = world.answering()
    save(world, candidate, "public_accounts", "Eerst", revision=0)
    for _ in range(2):
        assert isinstance(save(world, candidate, "public_accounts", "Te laat", revision=0), Conflict)
    row = cases.access(world.db, candidate, case.id).case
    assert len(stored.lost(world.db, row)) == 1


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_after_a_lost_race_either_answer_can_be_chosen(world: World, keep: str):
    case, candidate = world.answering()
    save(world, candidate, "public_accounts", "De ander", revision=0)
    lost = save(world, candidate, "public_accounts", "Van mij", revision=0)
    if keep == "mine":
        save(world, candidate, "public_accounts", *lost.mine_typed, revision=lost.revision)
    else:
        answering.settle(world.db, candidate, case.id, "public_accounts")
    view = sections.load_section(world.db, candidate, case.id, "public")
    question = next(one for one in view.questions if one.path == "public_accounts")
    assert question.shown == ("Van mij" if keep == "mine" else "De ander")
    assert question.attempts == ()


def test_what_cannot_be_read_comes_back_with_a_message_and_the_rest_of_the_page_is_saved(world: World):
    case, candidate = world.answering()
    item = answering.add_item(world.db, candidate, case.id, "companies").item_id
    done = answering.save_many(
        world.db,
        candidate,
        case.id,
        [Typed(f"companies[{item}].share_pct", ("veel",)), Typed(f"companies[{item}].name", ("De Linde BV",))],
    )
    assert done.saved == (f"companies[{item}].name",)
    assert [problem.raw for problem in done.problems] == [("veel",)]
    assert "percentage" in done.problems[0].message


def test_a_text_of_five_megabytes_is_a_message_and_not_a_failure(world: World):
    _, candidate = world.answering()
    problem = save(world, candidate, "public_accounts", "x" * 5_000_000)
    assert isinstance(problem, Problem)
    assert "te lang" in problem.message


def test_adding_an_item_says_that_there_are_some_and_keeps_the_list_open(world: World):
    case, candidate = world.answering()
    item = answering.add_item(world.db, candidate, case.id, "companies")
    view = sections.load_section(world.db, candidate, case.id, "companies")
    group = next(one for one in view.questions if one.path == "companies")
    assert group.typed == ("yes",)
    assert not group.complete
    assert [one.item_id for one in group.items] == [item.item_id]


def test_a_removed_item_comes_back_with_everything_answered_about_it(world: World):
    case, candidate = world.answering()
    item = answering.add_item(world.db, candidate, case.id, "companies").item_id
    save(world, candidate, f"companies[{item}].name", "De Linde BV")
    assert answering.remove_item(world.db, candidate, case.id, "companies", item)
    assert not answering.remove_item(world.db, candidate, case.id, "companies", item)
    with pytest.raises(NotFound):
        sections.show_item(world.db, candidate, case.id, "companies", item)
    back = answering.restore_item(world.db, candidate, case.id, "companies", item)
    assert back.title == "Onderneming: De Linde BV"


def test_saving_to_an_item_that_was_removed_meanwhile_says_so(world: World):
    case, candidate = world.answering()
    item = answering.add_item(world.db, candidate, case.id, "companies").item_id
    answering.remove_item(world.db, candidate, case.id, "companies", item)
    problem = save(world, candidate, f"companies[{item}].name", "De Linde BV")
    assert isinstance(problem, Problem)
    assert "verwijderd" in problem.message


def test_an_item_of_somebody_else_does_not_exist(world: World):
    other, other_candidate = world.answering(name="Ander Mens")
    theirs = answering.add_item(world.db, other_candidate, other.id, "companies").item_id
    _, candidate = world.answering()
    with pytest.raises(NotFound):
        save(world, candidate, f"companies[{theirs}].name", "Van een ander")
    assert save(world, other_candidate, f"companies[{theirs}].name", "Van mezelf").changed


@pytest.mark.parametrize(
    "path", ["no_such_question", "companies.name", "is_resident[i1]", "../etc", "companies[i1]", ""]
)
def test_an_answer_that_cannot_exist_is_refused(world: World, path: str):
    _, candidate = world.answering()
    with pytest.raises(NotFound):
        save(world, candidate, path, "yes")


def test_a_question_that_is_not_asked_takes_no_answer(world: World):
    _, candidate = world.answering()
    save(world, candidate, "is_resident", "yes")
    problem = save(world, candidate, "residence_exemption", "granted")
    assert isinstance(problem, Problem)
    assert problem.message == answering.NOT_ASKED_NOW


def test_a_candidate_writes_nothing_in_the_sections_of_reviewers_and_the_other_way_round(world: World):
    case, candidate = world.in_review()
    with pytest.raises(NotAllowed):
        save(world, candidate, "is_resident", "no")
    with pytest.raises(NotFound):
        answering.save(world.db, world.analyst, case.id, Typed("is_resident", ("no",)))
    with pytest.raises(NotFound):
        sections.load_section(world.db, candidate, case.id, "verification")
    assert isinstance(answering.save(world.db, world.analyst, case.id, Typed("source_findings", ("no",))), Saved)


def test_after_handing_in_only_the_questions_named_in_a_correction_open_up(world: World):
    case, candidate = world.in_review()
    recording.request_correction(
        world.db, world.analyst, case.id, ("is_resident",), "Uw adres ligt buiten de gemeente."
    )
    assert save(world, candidate, "is_resident", "no").changed
    with pytest.raises(NotAllowed):
        save(world, candidate, "is_adult", "no")
    # the corrected answer brings up a question that nobody could have named
    assert save(world, candidate, "residence_exemption", "requested").changed
    view = sections.load_section(world.db, candidate, case.id, "office")
    asked_for = {one.path: one.asked_for for one in view.questions if one.asked_for}
    assert asked_for == {"is_resident": "Uw adres ligt buiten de gemeente."}


def test_flags_follow_the_answers_at_once(world: World):
    _, candidate = world.answering()
    items = world.fill_in(candidate, CLUB)
    shown = save(world, candidate, f"side_positions[{items['sp1']}].plan", "keep").section.flags
    assert any(flag.rule == "SPR-01" and flag.certain for flag in shown)
    resolved = save(world, candidate, f"side_positions[{items['sp1']}].policy_field", "culture").section.flags
    assert not any(flag.rule == "SPR-01" and flag.certain and flag.severity > 1 for flag in resolved)


def test_an_empty_questionnaire_shows_no_flags(world: World):
    case, candidate = world.answering()
    checked = submitting.check(world.db, candidate, case.id)
    assert checked.flags == ()
    assert checked.open_count == sections.task_list(world.db, candidate, case.id).open > 0


def test_saving_leaves_a_line_in_the_audit_log_without_the_answer(world: World):
    case, candidate = world.answering()
    save(world, candidate, "public_accounts", "GEHEIM WOORD")
    lines = audit.of_case(world.db, candidate.organisation_id, case.id, ("answer_saved",))
    assert [line.object_id for line in lines] == [keys.mark(world.db, case.id, "public_accounts")]
    logged = repr([line.model_dump() for line in audit.of_case(world.db, candidate.organisation_id, case.id)])
    assert "GEHEIM" not in logged
    # the log stays when a case is destroyed, so it never learns who the candidate was
    assert candidate.name not in logged
    assert world.clerk.name in logged
    assert audit.verify(world.db) == ()
