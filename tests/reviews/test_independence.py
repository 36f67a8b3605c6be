"""Who stands how to a case, and that nobody checks their own work."""

import pytest

from app.errors import NotAllowed
from app.reviews.independence import RELATION_TITLES, Relation, Standing, require_another, standing


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ([], Standing.UNDECLARED),
        ([False], Standing.OPEN),
        ([True], Standing.CLOSED),
        ([False, True], Standing.CLOSED),
        ([True, False], Standing.CLOSED),
        ([False, False], Standing.OPEN),
    ],
)
def test_one_declaration_that_closes_is_enough(declared: list[bool], expected: Standing):
    assert standing(declared) is expected


def test_every_relation_but_none_closes_and_every_one_can_be_chosen():
    assert [one for one in Relation if not one.closes] == [Relation.NONE]
    assert set(RELATION_TITLES) == set(Relation)


def test_the_second_act_is_for_somebody_else():
    require_another("b", {"a"}, "Laat een ander dit doen.")
    with pytest.raises(NotAllowed, match="Laat een ander"):
        require_another("a", {"a", "c"}, "Laat een ander dit doen.")
