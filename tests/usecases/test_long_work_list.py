"""A work list that does not fit on one page: nothing is shown twice and nothing is left out."""

from app.usecases import worklist
from app.web.rounds.worklist import _shown
from tests.usecases.world import World


def test_a_long_work_list_is_cut_in_pages(world: World):
    made = {world.case(name=f"Kandidaat {number:02}").id for number in range(worklist.MOST + 3)}
    first, second = worklist.waiting(world.db, world.clerk), worklist.waiting(world.db, world.clerk, page=2)
    assert (len(first), len(second)) == (worklist.MOST, 3)
    assert {line.case.id for line in (*first, *second)} == made
    assert worklist.totals(world.db, world.clerk) == (worklist.MOST + 3, 0)
    assert worklist.waiting(world.db, world.clerk, page=3) == ()


def test_what_is_counted_is_what_somebody_may_open(world: World):
    world.case()
    assert worklist.totals(world.db, world.principal) == (1, 0)
    assert worklist.totals(world.db, world.analyst) == (0, 1)
    assert worklist.totals(world.db, world.admin) == (0, 0)
    assert worklist.totals(world.db, world.elsewhere) == (0, 0)


def test_the_page_says_which_lines_of_how_many():
    assert _shown(1, 25) == ""
    assert _shown(1, 40) == "1–25 van 40"
    assert _shown(2, 40) == "26–40 van 40"
    assert _shown(3, 40) == ""
