"""A case moves to a newer version of its questionnaire only when a person says so, having seen what differs."""

from typing import Any

import pytest

from app.errors import NotAllowed, NotFound
from app.questionnaires import loading
from app.questionnaires.kinds import Choice, Option, Text
from app.questionnaires.model import Questionnaire
from app.questionnaires.versions import Difference
from app.reviews.independence import Relation
from app.reviews.lifecycle import Role
from app.store import answers as stored
from app.store import cases
from app.usecases import closing_to_clerk, independence, library, moving_version
from tests.usecases.test_independence import colleague
from tests.usecases.world import World


def a_second_version(first: Questionnaire) -> Questionnaire:
    """The same questionnaire with one question gone, one label changed and one kind changed."""
    sections = []
    for section in first.sections:
        questions: list[Any] = []
        for question in section.questions:
            if question.id == "same_office_elsewhere":
                continue
            if question.id == "is_adult":
                questions.append(
                    question.model_copy(update={"label": "Bent u 18 jaar of ouder op de dag van de benoeming?"})
                )
            elif question.id == "is_resident":
                known = question.model_dump(exclude={"kind"})
                options = (Option(id="yes_since", label="Ja"), Option(id="not_yet", label="Nog niet"))
                questions.append(Choice(kind="choice", options=options, **known))
            else:
                questions.append(question)
        sections.append(section.model_copy(update={"questions": tuple(questions)}))
    same = {name: getattr(first, name) for name in Questionnaire.model_fields}
    # Made anew: a copy would carry along what the first one had worked out.
    return Questionnaire(**same | {"version": 2, "sections": tuple(sections)})


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Questionnaire:
    """A release that carries a second version. Its rules are those of the first: only answers are looked at here."""
    first = loading.newest()
    made = a_second_version(first)
    both = {(first.id, 1): first, (made.id, 2): made}
    rulebook = library.rulebook(first)
    monkeypatch.setattr(loading, "library", lambda: both)
    monkeypatch.setattr(library, "rulebook", lambda _asked, _pack="": rulebook)
    return made


def test_there_is_nothing_to_offer_while_the_case_has_the_newest(world: World) -> None:
    case, _ = world.answering()
    assert moving_version.offer(world.db, world.clerk, case.id) is None


def test_the_offer_shows_what_differs_and_what_happens_to_the_answers(world: World, second: Questionnaire) -> None:
    case, candidate = answered_in_first(world)
    found = moving_version.offer(world.db, world.clerk, case.id)
    assert found is not None
    assert found.version == second.version
    assert found.migration is not None
    told = {change.question: change.difference for change in found.changes}
    assert told["same_office_elsewhere"] is Difference.REMOVED
    assert told["is_adult"] is Difference.CHANGED
    assert [str(path) for path in found.migration.look_again] == ["is_adult"]
    assert {str(left.path) for left in found.migration.left} == {"is_resident", "same_office_elsewhere"}
    assert found.changes_meaning
    assert version_of(world, case.id) == 1, "looking changes nothing"
    assert candidate.case_id == case.id


def test_who_may_not_read_the_answers_is_not_told_which_there_are(world: World, second: Questionnaire) -> None:
    case, _ = answered_in_first(world)
    closing_to_clerk.set_closed(world.db, world.principal, closed=True, reason="De griffie adviseert de raad.")
    independence.declare(world.db, world.principal, case.id, Relation.STEPS_ASIDE, "Ik ken de familie.")
    newcomer = colleague(world, Role.PRINCIPAL, "Nieuwe Burgemeester")  # declared nothing yet
    for who in (world.clerk, newcomer):
        found = moving_version.offer(world.db, who, case.id)
        assert found is not None
        assert (found.version, found.migration) == (second.version, None)
        assert found.changes


def test_moving_keeps_what_fits_and_the_history_keeps_the_rest(world: World, second: Questionnaire) -> None:
    case, _ = answered_in_first(world)
    moved = moving_version.move(world.db, world.clerk, case.id, second.version)
    assert moved.questionnaire_version == second.version
    access = cases.access(world.db, world.clerk, case.id)
    left = {str(path) for path, _ in stored.load(world.db, access.case).answers}
    assert left == {"is_adult"}
    from app.questionnaires.answers import AnswerPath  # noqa: PLC0415 - only here

    history = stored.history(world.db, access.case, AnswerPath("is_resident"))
    assert [one.answer is None for one in history] == [True, False]


def test_what_the_candidate_chose_to_tell_comes_along(world: World, second: Questionnaire) -> None:
    case, _ = answered_in_first(world)
    row = cases.access(world.db, world.clerk, case.id).case
    row.context = {**row.context, "scope": "statutory", "volunteered": ["money", "family"]}
    moved = moving_version.move(world.db, world.clerk, case.id, second.version)
    assert moved.context.volunteered == ("money", "family")
    assert moved.context.scope == "statutory"


def test_only_the_version_that_was_shown_can_be_chosen(world: World, second: Questionnaire) -> None:
    case, _ = answered_in_first(world)
    with pytest.raises(NotAllowed, match="verschillen"):
        moving_version.move(world.db, world.clerk, case.id, second.version + 1)


def test_after_submission_a_case_stays_where_it_is(world: World) -> None:
    case, _ = world.in_review()
    with pytest.raises(NotAllowed, match="ingediend"):
        moving_version.offer(world.db, world.clerk, case.id)


def test_analysts_and_others_do_not_move_cases(world: World, second: Questionnaire) -> None:
    case, candidate = answered_in_first(world)
    for actor in (candidate, world.analyst):
        with pytest.raises((NotAllowed, NotFound)):
            moving_version.move(world.db, actor, case.id, second.version)
    with pytest.raises(NotFound):
        moving_version.offer(world.db, world.elsewhere, case.id)


def answered_in_first(world: World) -> tuple[Any, Any]:
    """A case of the first version with three answers."""
    from app.usecases import answering  # noqa: PLC0415 - only here
    from app.usecases.answering import Typed  # noqa: PLC0415 - only here

    case, candidate = world.answering()
    row = cases.access(world.db, world.clerk, case.id).case
    row.questionnaire_version = 1
    world.db.add(row)
    page = (Typed("is_resident", ("yes",)), Typed("is_adult", ("yes",)), Typed("same_office_elsewhere", ("no",)))
    answering.save_many(world.db, candidate, case.id, page)
    return case, candidate


def version_of(world: World, case_id: str) -> int:
    return cases.access(world.db, world.clerk, case_id).case.questionnaire_version


def test_the_second_version_of_these_tests_is_a_real_one(second: Questionnaire) -> None:
    assert "same_office_elsewhere" not in second.questions
    assert not isinstance(second.questions["is_resident"], Text)
