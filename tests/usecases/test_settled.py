"""What would settle a signal, as candidate and reviewer read it."""

from app.questionnaires.answers import AnswerPath
from app.store import cases
from app.usecases import reviewing, submitting
from app.usecases.assessing import CaseReading, read_case
from app.usecases.flags import FlagView, shown_to_candidate
from app.usecases.lines import CaseLine
from app.usecases.settled import SettledBy, open_questions
from app.web.cases.mapping import insight
from app.web.review.mapping import flag_card
from tests.usecases.world import CLUB, World

HALF = {**CLUB, "side_positions": [{"id": "sp1", "organisation": "De Vlieghei", "paid": "no", "policy_field": "sport"}]}


def read(world: World, case: CaseLine, actor: object) -> CaseReading:
    return read_case(world.db, cases.access(world.db, actor, case.id).case)  # type: ignore[arg-type]


def possible(flags: tuple[FlagView, ...]) -> dict[str, FlagView]:
    return {flag.rule: flag for flag in flags if not flag.certain}


def test_the_candidate_reads_which_answers_make_it_clear(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, HALF)
    flag = possible(shown_to_candidate(read(world, case, candidate)))["SPR-01"]
    assert flag.settled_by is not None
    shown = insight(flag).settles
    assert shown[0].startswith("Dit wordt duidelijk als u ook antwoord geeft op: ")
    assert all(question.question in shown[0] for question in flag.settled_by.now)


def test_what_is_certain_needs_nothing_more(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, CLUB)
    certain = [flag for flag in shown_to_candidate(read(world, case, candidate)) if flag.certain]
    assert certain
    assert {(flag.settled_by, insight(flag).settles) for flag in certain} == {(None, ())}


def test_an_open_norm_waits_for_a_person_and_says_so_to_both(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, CLUB)
    waiting = [one for one in shown_to_candidate(read(world, case, candidate)) if one.awaiting_judgement]
    assert waiting
    for flag in waiting:
        assert flag.settled_by == SettledBy((), (), (), (), judged=True, smallest=True)
        assert insight(flag).settles == ("Een beoordelaar weegt nog of de norm hier geldt.",)


def test_the_reviewer_reads_who_can_settle_it(world: World) -> None:
    case, _ = world.in_review(HALF)
    review = reviewing.case_review(world.db, world.analyst, case.id)
    cards = {one.flag.rule: flag_card(one, "") for one in review.possible}
    assert cards["SPR-01"].missing
    assert {one.answer for one in cards["SPR-01"].missing} == {"vraag aan de kandidaat"}
    case, _ = world.in_review(CLUB)
    review = reviewing.case_review(world.db, world.analyst, case.id)
    waiting = next(one for one in review.possible if one.flag.awaiting_judgement)
    assert [one.question for one in flag_card(waiting, "").missing] == ["Uw oordeel over de norm"]


def test_open_questions_that_matter_are_named_with_their_place(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, HALF)
    found = submitting.check(world.db, candidate, case.id).open_questions
    ties = next(one for one in found.matter if one.path.endswith("].authority_ties"))
    assert (ties.about, ties.section, ties.by_candidate, ties.later) == (
        "Functie: De Vlieghei",
        "side_positions",
        True,
        False,
    )
    assert {one.path for one in found.matter}.isdisjoint({one.path for one in found.no_longer})
    assert "own_points" in {one.path for one in found.no_longer}


def test_the_reviewer_sees_the_same_open_questions(world: World) -> None:
    case, candidate = world.in_review(HALF)
    found = reviewing.what_is_open(world.db, world.analyst, case.id)
    assert found == open_questions(read(world, case, candidate))
    assert any(not one.by_candidate for one in found.matter), "what reviewers record matters once they have begun"


def test_a_list_that_was_begun_asks_to_be_completed(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, {**HALF, "companies": {"items": [{"id": "co1", "name": "Noordster"}], "complete": False}})
    found = open_questions(read(world, case, candidate))
    begun = next(one for one in found.matter if one.path == str(AnswerPath("companies")))
    assert begun.question.endswith("Maak deze lijst compleet.")
