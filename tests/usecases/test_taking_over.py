"""Answers of a rehearsal in a real case: shown first, added with their history, never over an answer unasked."""

import pytest

from app.accounts.actor import Actor
from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import NONE, AnswerPath, Answers
from app.questionnaires.answers_file import read_answers
from app.store import cases
from app.usecases import answering, library, taking_over
from app.usecases.answering import Typed
from app.usecases.assessing import read_case
from tests.usecases.world import CLEAN, CLUB, World

FILE = {**CLUB, "vog_status": {"state": "does_not_know"}}


def told(plain: dict[str, object]) -> Answers:
    return read_answers(library.newest(), plain)


def standing(world: World, candidate: Actor) -> Answers:
    assert candidate.case_id is not None
    access = cases.access(world.db, candidate, candidate.case_id)
    return read_case(world.db, access.case).answers


def over(world: World, candidate: Actor, answers: Answers, *, replace: bool = False) -> tuple[str, ...] | None:
    assert candidate.case_id is not None
    plan = taking_over.plan(world.db, candidate, candidate.case_id, answers)
    return taking_over.take_over(world.db, candidate, candidate.case_id, answers, version=plan.version, replace=replace)


def test_an_empty_case_gets_everything_as_the_file_says_it(world: World):
    _, candidate = world.answering()
    answers = told(CLUB)
    assert over(world, candidate, answers) == ()
    now = standing(world, candidate)
    (item,) = now.items("side_positions")
    assert {str(path).replace(item, "sp1"): answer for path, answer in now} == {
        str(path): answer for path, answer in answers
    }


def test_the_plan_writes_nothing(world: World):
    case, candidate = world.answering()
    plan = taking_over.plan(world.db, candidate, case.id, told(CLUB))
    assert len(plan.new) > 3
    assert [one.title for one in plan.items] == ["Functie: Sportvereniging De Vlieghei"]
    assert not plan.differing
    assert len(standing(world, candidate)) == 0


def test_taking_over_twice_changes_nothing_more(world: World):
    case, candidate = world.answering()
    over(world, candidate, told(CLUB))
    first = standing(world, candidate)
    plan = taking_over.plan(world.db, candidate, case.id, told(CLUB))
    assert plan.empty
    assert plan.same == len(told(CLEAN))
    over(world, candidate, told(CLUB), replace=True)
    assert standing(world, candidate) == first


def test_an_answer_that_stands_there_is_shown_and_stays(world: World):
    case, candidate = world.answering()
    answering.save_many(world.db, candidate, case.id, [Typed("is_adult", ("no",))])
    plan = taking_over.plan(world.db, candidate, case.id, told(CLEAN))
    assert [(one.now, one.in_file) for one in plan.differing] == [("nee", "ja")]
    over(world, candidate, told(CLEAN))
    assert standing(world, candidate).value(AnswerPath("is_adult")) == "no"
    assert standing(world, candidate).value(AnswerPath("is_resident")) == "yes"


def test_it_is_replaced_when_the_candidate_says_so_and_the_old_one_stays_in_the_history(world: World):
    case, candidate = world.answering()
    answering.save_many(world.db, candidate, case.id, [Typed("is_adult", ("no",))])
    over(world, candidate, told(CLEAN), replace=True)
    access = cases.access(world.db, candidate, case.id)
    reading = read_case(world.db, access.case)
    assert reading.answers.value(AnswerPath("is_adult")) == "yes"
    assert reading.revision(AnswerPath("is_adult")) == 2


def test_a_list_that_was_said_to_be_empty_stays_empty_unless_the_candidate_says_so(world: World):
    case, candidate = world.answering()
    answering.save_many(world.db, candidate, case.id, [Typed("side_positions", (NONE,))])
    plan = taking_over.plan(world.db, candidate, case.id, told(CLUB))
    assert len(plan.differing) == 1
    assert [one.refused for one in plan.items] == [True]
    over(world, candidate, told(CLUB))
    assert standing(world, candidate).items("side_positions") == ()
    assert standing(world, candidate).value(AnswerPath("side_positions")) == NONE
    over(world, candidate, told(CLUB), replace=True)
    assert len(standing(world, candidate).items("side_positions")) == 1


def test_what_a_list_holds_already_stays_beside_what_comes(world: World):
    case, candidate = world.answering()
    item = answering.add_item(world.db, candidate, case.id, "side_positions").item_id
    answering.save_many(
        world.db, candidate, case.id, [Typed(f"side_positions[{item}].organisation", ("Koor De Leeuwerik",))]
    )
    plan = taking_over.plan(world.db, candidate, case.id, told(CLUB))
    assert [(one.beside, one.refused) for one in plan.items] == [(True, False)]
    over(world, candidate, told(CLUB), replace=True)
    now = standing(world, candidate)
    names = [now.value(AnswerPath("side_positions.organisation", one)) for one in now.items("side_positions")]
    assert names == ["Koor De Leeuwerik", "Sportvereniging De Vlieghei"]


def test_nothing_is_written_when_the_case_changed_since_the_plan(world: World):
    case, candidate = world.answering()
    plan = taking_over.plan(world.db, candidate, case.id, told(CLEAN))
    answering.save_many(world.db, candidate, case.id, [Typed("is_adult", ("no",))])
    done = taking_over.take_over(world.db, candidate, case.id, told(CLEAN), version=plan.version, replace=True)
    assert done is None
    assert {str(path) for path, _ in standing(world, candidate)} == {"is_adult"}


def test_nothing_can_be_taken_over_after_the_answers_were_sent(world: World):
    case, candidate = world.in_review()
    with pytest.raises(NotAllowed):
        taking_over.plan(world.db, candidate, case.id, told(CLEAN))
    with pytest.raises(NotAllowed):
        taking_over.take_over(world.db, candidate, case.id, told(CLEAN), version=case.version, replace=True)


def test_nobody_takes_over_in_the_case_of_another(world: World):
    case, _ = world.answering()
    _, other = world.answering(name="Ander Mens")
    with pytest.raises(NotFound):
        taking_over.plan(world.db, other, case.id, told(CLEAN))


def test_every_answer_that_came_in_stands_in_the_audit_log(world: World):
    from sqlmodel import select  # noqa: PLC0415 - only here

    from app.store.rows import AuditRow  # noqa: PLC0415 - only here

    case, candidate = world.answering()
    over(world, candidate, told(CLUB))
    world.db.flush()
    rows = world.db.exec(select(AuditRow).where(AuditRow.case_id == case.id)).all()
    assert {"answers_saved", "item_added"} <= {row.action for row in rows}
