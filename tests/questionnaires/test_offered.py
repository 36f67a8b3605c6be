"""What nobody could have answered at an authority of some tier."""

from typing import Any

import pytest

from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import Tier
from app.questionnaires.kinds import Choice, Choices, MoneyBand, Party
from app.questionnaires.loading import newest
from app.questionnaires.offered import not_offered


def refused(tier: Tier, **told: Any) -> list[tuple[str, str]]:
    return [(str(one.path), one.option) for one in not_offered(newest(), read_answers(newest(), told), tier)]


def test_an_option_of_another_tier_is_found_inside_a_list_as_well() -> None:
    told = {"listed_offices": [{"id": "o1", "office": "gezaghebber"}]}
    assert refused(Tier.PUBLIC_BODY, **told) == []
    assert refused(Tier.MUNICIPALITY, **told) == [("listed_offices[o1].office", "gezaghebber")]


def test_each_of_several_chosen_options_counts() -> None:
    told = {"represents": [{"id": "r1", "capacity": "procurator_for"}], "is_adult": "yes"}
    assert refused(Tier.WATER_BOARD, **told) == [("represents[r1].capacity", "procurator_for")]


@pytest.mark.parametrize("tier", [tier for tier in Tier if tier is not Tier.WATER_BOARD])
def test_a_question_of_another_tier_is_found(tier: Tier) -> None:
    assert refused(tier, wb_membership="nature") == [("wb_membership", "")]
    assert refused(Tier.WATER_BOARD, wb_membership="nature") == []


def test_an_answer_without_a_value_chose_nothing() -> None:
    told = {"listed_offices": [{"id": "o1", "office": {"state": "does_not_know"}}]}
    assert refused(Tier.MUNICIPALITY, **told) == []


def test_every_option_that_a_tier_lacks_is_refused_there_and_every_other_taken() -> None:
    """Over the whole questionnaire, whatever kind of question the option belongs to."""
    for question in newest().questions.values():
        if not isinstance(question, Choice | Choices | MoneyBand | Party):
            continue
        for option in question.options:
            written: Any = [option.id] if isinstance(question, Choices) else option.id
            written = {"relation": option.id, "interest": "x"} if isinstance(question, Party) else written
            field = question.id.partition(".")[2]
            told = {question.group: [{"id": "i1", field: written}]} if question.group else {question.id: written}
            for tier in Tier:
                asked = not question.tiers or tier in question.tiers
                found = [name for _, name in refused(tier, **told)]
                assert (option.id in found) is (asked and not option.offered_at(tier))
