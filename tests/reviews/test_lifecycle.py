"""The journey is one table: reachable, leavable, and refusing with a reason."""

import pytest

from app.errors import NotAllowed
from app.reviews.lifecycle import (
    BEFORE_OUTCOME,
    ROLE_TITLES,
    STEP_TITLES,
    TRANSITIONS,
    Action,
    Role,
    Step,
    advance,
    allowed,
    role_title,
)

EVERYBODY = frozenset(Role)


def test_every_step_is_reachable_from_draft() -> None:
    reached = {Step.DRAFT}
    while more := {row.to for row in TRANSITIONS if row.frm in reached} - reached:
        reached |= more
    assert reached == set(Step)


def test_only_destroyed_cannot_be_left() -> None:
    leavable = {row.frm for row in TRANSITIONS if row.to is not row.frm}
    assert set(Step) - leavable == {Step.DESTROYED}


def test_a_step_and_an_act_lead_to_one_place() -> None:
    keys = [(row.frm, row.action) for row in TRANSITIONS]
    assert len(keys) == len(set(keys))


def test_withdrawal_is_possible_from_every_step_before_the_outcome() -> None:
    for step in BEFORE_OUTCOME:
        assert advance(step, Action.WITHDRAW, {Role.CANDIDATE}).to is Step.WITHDRAWN


def test_every_step_and_role_has_a_dutch_title() -> None:
    assert set(STEP_TITLES) == set(Step)
    assert set(ROLE_TITLES) == set(Role)
    assert role_title(Role.PRINCIPAL, "public_body") == "gezaghebber"
    assert role_title(Role.ANALYST, "province") == "onderzoeker"


def test_an_act_that_does_not_fit_the_step_is_refused_with_the_step_named() -> None:
    with pytest.raises(NotAllowed, match="In voorbereiding"):
        advance(Step.DRAFT, Action.SUBMIT, EVERYBODY)


def test_an_act_of_another_role_is_refused_with_the_role_named() -> None:
    assert advance(Step.WEIGHING, Action.CONCLUDE, {Role.PRINCIPAL}).to is Step.CONCLUDED
    with pytest.raises(NotAllowed, match="burgemeester"):
        advance(Step.WEIGHING, Action.CONCLUDE, {Role.ANALYST, Role.ADMIN})


def test_reopening_needs_a_reason() -> None:
    assert advance(Step.PRESENTED, Action.REOPEN, {Role.CLERK}, reason="laatste melding").to is Step.IN_REVIEW
    with pytest.raises(NotAllowed, match="waarom"):
        advance(Step.PRESENTED, Action.REOPEN, {Role.CLERK}, reason="  ")


def test_auditor_and_admin_never_act_on_a_case() -> None:
    for step in Step:
        assert allowed(step, {Role.AUDITOR, Role.ADMIN}) == ()


def test_allowed_and_advance_agree() -> None:
    for step in Step:
        for role in Role:
            can = set(allowed(step, {role}))
            for action in Action:
                if action in can:
                    assert advance(step, action, {role}, reason="reden").frm is step
                else:
                    with pytest.raises(NotAllowed):
                        advance(step, action, {role}, reason="reden")
