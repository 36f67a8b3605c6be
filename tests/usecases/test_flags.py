"""What a candidate reads of a flag is never the question that is meant for a reviewer."""

from app.store import cases
from app.usecases.assessing import read_case
from app.usecases.flags import shown_to_candidate
from app.web.cases.mapping import insight
from tests.usecases.world import CLUB, World


def test_an_open_norm_asks_the_candidate_its_own_question(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, CLUB)
    reading = read_case(world.db, cases.access(world.db, candidate, case.id).case)
    waiting = [flag for flag in shown_to_candidate(reading) if flag.awaiting_judgement]
    assert waiting, "the chair of a club meets an open norm"
    for flag in waiting:
        shown = insight(flag)
        assert shown.text == flag.for_candidate
        assert shown.text != flag.text, "that is the question for the reviewer"
        assert "Oordeel van de beoordelaar" not in shown.settles


def test_what_is_certain_reads_the_same_for_everybody(world: World) -> None:
    case, candidate = world.answering()
    world.fill_in(candidate, CLUB)
    reading = read_case(world.db, cases.access(world.db, candidate, case.id).case)
    certain = [flag for flag in shown_to_candidate(reading) if flag.certain]
    assert certain
    assert all(flag.text == flag.for_candidate for flag in certain)
