"""What is kept in memory is not walked past again, and still goes away when nothing holds it."""

import gc
import weakref

import pytest

from app import collecting


class Held:
    """Something that can be watched, and that can hold another one."""

    other: "Held | None" = None


@pytest.mark.parametrize("generation", [1, 2])
def test_what_survives_is_set_apart(generation: int) -> None:
    with collecting.calm():
        kept = [[] for _ in range(1000)]  # type: ignore[var-annotated]
        gc.collect(generation)
        assert gc.get_freeze_count() >= len(kept)
        assert not any(one is kept for one in gc.get_objects()), "a next collection does not look at it"


def test_afterwards_the_collector_is_what_it_was() -> None:
    before = len(gc.callbacks)
    with collecting.calm():
        gc.collect()
        assert gc.get_freeze_count() > 0
    assert (len(gc.callbacks), gc.get_freeze_count()) == (before, 0)


def test_what_is_only_just_there_is_not_set_apart() -> None:
    gc.collect()
    with collecting.calm():
        before = gc.get_freeze_count()
        gc.collect(0)
        assert gc.get_freeze_count() == before, "what a request makes and drops in circles would stay"


def test_what_nothing_holds_goes_at_once_also_when_it_was_set_apart() -> None:
    with collecting.calm():
        held = Held()
        watched = weakref.ref(held)
        gc.collect()
        del held
        assert watched() is None


def test_a_circle_that_was_set_apart_goes_when_everything_is_looked_at() -> None:
    with collecting.calm():
        one, two = Held(), Held()
        one.other, two.other = two, one
        watched = weakref.ref(one)
        gc.collect()
        del one, two
        gc.collect()
        assert watched() is not None, "otherwise looking at everything would not be needed"
        collecting.thoroughly()
        assert watched() is None
