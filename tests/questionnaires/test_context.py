import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.questionnaires.context import OFFICE_OF_TIER, AskedScope, CaseContext, LegalFrame, Tier
from app.questionnaires.relevance import context_values
from app.questionnaires.vocabulary import FRAME_LABELS, OFFICE_LABELS, SCOPE_LABELS, TIER_LABELS
from tests.questionnaires.small import a_context

fields = st.none() | st.lists(st.sampled_from(["housing", "water_levels"]), unique=True).map(tuple)
contexts = st.sampled_from(Tier).flatmap(
    lambda tier: st.builds(
        CaseContext,
        tier=st.just(tier),
        office=st.just(OFFICE_OF_TIER[tier]),
        as_of=st.dates(),
        full_time=st.sampled_from([None, "yes", "no"]),
        portfolio=fields,
        replacement_portfolio=fields,
        appointment_date=st.none() | st.dates(),
        legal_frame=st.sampled_from(LegalFrame),
        reappointment=st.sampled_from([None, "yes", "no"]),
        scope=st.sampled_from(AskedScope),
    )
)


@given(contexts)
def test_any_context_survives_storing(context: CaseContext):
    stored = json.loads(json.dumps(context.to_jsonable()))
    assert CaseContext.from_jsonable(stored) == context
    assert CaseContext.from_jsonable(stored).digest == context.digest


def test_another_context_has_another_digest():
    context = a_context()
    assert replace(context, full_time="yes").digest != context.digest
    assert replace(context, as_of=date(2026, 11, 24)).digest != context.digest


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"tier": "kingdom"}, ValueError),
        ({"tier": ["municipality"]}, TypeError),
        ({"full_time": "half"}, ValueError),
        ({"portfolio": "housing"}, TypeError),
        ({"as_of": "soon"}, ValueError),
    ],
)
def test_what_was_never_stored_is_not_read_back(changed: dict[str, str | list[str] | None], error: type[Exception]):
    stored = a_context().to_jsonable() | changed
    with pytest.raises(error):
        CaseContext.from_jsonable(stored)


def test_what_is_not_known_of_a_case_is_not_there_for_conditions():
    values = context_values(a_context(appointment_date=date(2026, 12, 15)))
    assert values["appointment_date"] == PartialDate(2026, 12, 15)
    assert values["tier"] == "municipality"
    assert "portfolio" not in values
    assert "full_time" not in values


def test_every_word_of_a_case_has_a_name_in_dutch():
    assert set(TIER_LABELS) == set(Tier) == set(OFFICE_OF_TIER)
    assert set(OFFICE_LABELS) == set(OFFICE_OF_TIER.values())
    assert set(FRAME_LABELS) == set(LegalFrame)
    assert set(SCOPE_LABELS) == set(AskedScope)
