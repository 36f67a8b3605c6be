"""Asking for a correction after handing in: nothing changes before somebody agrees, and nothing that stood there is lost."""

from typing import Any

import pytest

from app.errors import NotAllowed, NotFound
from app.questionnaires.answers import AnswerPath
from app.reviews.lifecycle import Step
from app.store import answers, audit, cases, outbox, reviews
from app.usecases import answering, documents, rectifying, rectifying_answers, reviewing, submitting
from app.usecases.answering import Problem, Typed
from app.usecases.assessing import read_case
from app.usecases.rectifying import RequestLine
from tests.usecases.world import CLEAN, CLUB, World

RESIDENT = AnswerPath("is_resident")


def asked(world: World, candidate: Any, case_id: str, typed: Typed, words: str = "") -> RequestLine:
    made = rectifying.ask(world.db, world.settings, candidate, case_id, typed, words, "Ik vergiste mij.")
    assert isinstance(made, RequestLine), made
    return made


def agree(world: World, who: Any, case_id: str, made: RequestLine) -> None:
    rectifying_answers.answer(world.db, who, case_id, made.id, agreed=True, reason="")


def standing(world: World, case_id: str, path: AnswerPath = RESIDENT) -> Any:
    return read_case(world.db, cases.access(world.db, world.clerk, case_id).case).answers.value(path)


def evidence(world: World, case_id: str) -> dict[Any, str]:
    """Give what every flag rests on."""
    review = reviewing.case_review(world.db, world.analyst, case_id)
    return {one.flag.key: one.flag.evidence_digest for one in review.flags}


def mailed(world: World, name: str) -> list[str]:
    return sorted(row.to_address for row in outbox.newest(world.db) if row.name == name)


def test_nothing_changes_until_a_reviewer_agrees_and_then_the_old_answer_is_history(world: World):
    case, candidate = world.in_review()
    made = asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    assert (made.before, made.wanted, made.agreed) == ("ja", "nee", None)
    assert standing(world, case.id) == "yes"
    assert len(mailed(world, "rectification_asked")) == 2
    before = evidence(world, case.id)
    agree(world, world.analyst, case.id, made)
    assert standing(world, case.id) == "no"
    assert evidence(world, case.id) != before
    row = cases.access(world.db, world.clerk, case.id).case
    newest, older = answers.history(world.db, row, RESIDENT)[:2]
    assert [newest.answer and newest.answer.value, older.answer and older.answer.value] == ["no", "yes"]
    assert newest.by_name == case.candidate_name
    assert reviews.frozen(world.db, row)[-1].occasion == "rectified"
    (line,) = rectifying.own(world.db, candidate, case.id).requests
    assert (line.agreed, line.decided_by, line.before, line.wanted) == (True, world.analyst.name, "ja", "nee")
    assert mailed(world, "rectification_decided") == ["anna@voorbeeld.example"]
    actions = [one.action for one in audit.of_case(world.db, world.clerk.organisation_id, case.id)]
    assert {"rectification_asked", "rectification_agreed"} <= set(actions)


def test_declining_takes_a_reason_that_the_candidate_reads_and_the_answer_stays(world: World):
    case, candidate = world.in_review()
    made = asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    with pytest.raises(NotAllowed, match="waarom u dit niet overneemt"):
        rectifying_answers.answer(world.db, world.clerk, case.id, made.id, agreed=False, reason=" ")
    with pytest.raises(NotAllowed, match="vroeg dit al"):
        asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    rectifying_answers.answer(world.db, world.clerk, case.id, made.id, agreed=False, reason="U woont hier wel.")
    assert standing(world, case.id) == "yes"
    with pytest.raises(NotAllowed, match="al beantwoord"):
        agree(world, world.clerk, case.id, made)
    again = asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    own = rectifying.own(world.db, candidate, case.id).requests
    assert [(one.id, one.agreed, one.answer_reason) for one in own] == [
        (again.id, None, ""),
        (made.id, False, "U woont hier wel."),
    ]


def test_a_decision_on_the_old_answer_asks_for_another_look(world: World):
    case, candidate = world.decided()
    review = reviewing.case_review(world.db, world.principal, case.id)
    assert not [one for one in review.flags if one.look_again]
    (item,) = read_case(world.db, cases.access(world.db, world.clerk, case.id).case).answers.items("side_positions")
    made = asked(world, candidate, case.id, Typed(f"side_positions[{item}].paid", ("yes",)))
    agree(world, world.analyst, case.id, made)
    review = reviewing.case_review(world.db, world.principal, case.id)
    assert [one for one in (*review.flags, *review.gone) if one.look_again]


def test_a_concluded_case_opens_again_and_its_documents_stay_as_they_were(world: World):
    case, candidate = world.concluded()
    made_before = documents.make_document(world.db, world.settings, world.principal, case.id, "council_version")
    _, body = documents.fetch(world.db, world.principal, made_before.id)
    receipt = documents.receipt(world.db, world.settings, candidate, case.id)
    made = asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    with pytest.raises(NotAllowed, match="Dit kan alleen"):
        agree(world, world.analyst, case.id, made)
    assert standing(world, case.id) == "yes"
    agree(world, world.principal, case.id, made)
    assert cases.access(world.db, world.clerk, case.id).case.step is Step.IN_REVIEW
    line, kept = documents.fetch(world.db, world.principal, made_before.id)
    assert (kept, line.stale) == (body, True)
    assert documents.fetch(world.db, candidate, receipt.id)[0].sha256 == receipt.sha256


def test_a_list_goes_back_to_the_candidate_from_every_step_of_the_review(world: World):
    case, candidate = world.heard()
    with pytest.raises(NotAllowed, match="in deze lijst"):
        asked(world, candidate, case.id, Typed("companies", ()))
    made = asked(world, candidate, case.id, Typed("companies", ()), "Ik vergat mijn bedrijf De Linde.")
    agree(world, world.analyst, case.id, made)
    assert cases.access(world.db, world.clerk, case.id).case.step is Step.CORRECTION
    answering.add_item(world.db, candidate, case.id, "companies")
    submitting.submit(world.db, world.settings, candidate, case.id, truthful=True, will_report=True)
    assert standing(world, case.id, AnswerPath("companies")) == "yes"


def test_an_answer_that_changed_meanwhile_is_not_overwritten(world: World):
    case, candidate = world.in_review()
    made = asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    access = cases.access(world.db, candidate, case.id, lock=True)
    reading = read_case(world.db, access.case)
    answers.put(world.db, access, RESIDENT, None, reading.revision(RESIDENT))
    cases.touch(world.db, access.case)
    with pytest.raises(NotAllowed, match="gewijzigd nadat"):
        agree(world, world.analyst, case.id, made)
    assert standing(world, case.id) is None


def test_what_cannot_be_the_answer_comes_back_with_what_was_typed(world: World):
    case, candidate = world.in_review(CLEAN)
    same = rectifying.ask(
        world.db, world.settings, candidate, case.id, Typed("is_resident", ("yes",)), "", "Vergissing."
    )
    wrong = rectifying.ask(
        world.db, world.settings, candidate, case.id, Typed("is_resident", ("misschien",)), "", "Vergissing."
    )
    assert [one.raw if isinstance(one, Problem) else one for one in (same, wrong)] == [("yes",), ("misschien",)]
    with pytest.raises(NotAllowed, match="waarom dit antwoord niet klopt"):
        rectifying.ask(world.db, world.settings, candidate, case.id, Typed("is_resident", ("no",)), "", "")
    for path in ("companies[zzzzzzzz].name", "found_nothing", "@"):
        with pytest.raises(NotFound):
            asked(world, candidate, case.id, Typed(path, ("yes",)))


def test_only_the_candidate_asks_and_only_who_reviews_answers(world: World):
    case, candidate = world.answering()
    world.fill_in(candidate, CLUB)
    assert rectifying.own(world.db, candidate, case.id).askable == ()
    with pytest.raises(NotAllowed, match="zelf nog wijzigen"):
        asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    case, candidate = world.in_review()
    made = asked(world, candidate, case.id, Typed("is_resident", ("no",)))
    for stranger in (world.idle_analyst, world.auditor, world.admin, world.elsewhere, candidate):
        with pytest.raises(NotFound):
            rectifying.for_review(world.db, stranger, case.id)
        with pytest.raises(NotFound):
            agree(world, stranger, case.id, made)
    with pytest.raises(NotFound):
        rectifying.own(world.db, world.clerk, case.id)
    other, _ = world.in_review()
    with pytest.raises(NotFound):
        agree(world, world.analyst, other.id, made)
