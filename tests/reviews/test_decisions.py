"""Four eyes, decisions tied to their evidence, and what still blocks a conclusion."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.errors import NotAllowed
from app.reviews.decisions import (
    CONCLUSION_TITLES,
    OUTCOME_TITLES,
    ConclusionKind,
    Decision,
    Finding,
    FlagState,
    Measure,
    Openness,
    Outcome,
    Reply,
    blockers,
    conclusions_open_to,
    needs_second_look,
    require_four_eyes,
)

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = ("COM-01", "co1")
REPLY = Reply(KEY, "Sanne de Wit", AT, "Ik verkoop mijn aandelen.")
FINDING = Finding(KEY, "p1", "Onderzoeker", AT, "Het bureau werkt voor de gemeente.", "Verkopen.", "d1")
DECISION = Decision(KEY, "p2", "Burgemeester", AT, Outcome.RISK_WITH_MEASURE, "Akkoord met advies.", "d1")
MEASURE = Measure("m1", "divest", "Verkopen", (KEY,), "kandidaat", "vóór 1 mei", None, "akte", Openness.PUBLIC, None)
BARE = FlagState(KEY, "Bureau in eigen portefeuille", 3, certain=True, awaiting_judgement=False, evidence_digest="d1")
DONE = replace(BARE, reply=REPLY, finding=FINDING, decision=DECISION, measures=(MEASURE,))


def reasons(*flags: FlagState) -> list[str]:
    return [blocker.reason for blocker in blockers(flags)]


def test_the_finder_does_not_decide() -> None:
    require_four_eyes(FINDING, "p2")
    with pytest.raises(NotAllowed, match="ander"):
        require_four_eyes(FINDING, "p1")


def test_no_decision_without_a_finding() -> None:
    with pytest.raises(NotAllowed, match="bevinding"):
        require_four_eyes(None, "p2")


def test_a_bare_flag_waits_for_reply_and_finding() -> None:
    assert [reason[:20] for reason in reasons(BARE)] == ["De kandidaat heeft n", "Bij 'Bureau in eigen"]


def test_a_handled_flag_blocks_nothing() -> None:
    assert reasons(DONE) == []


def test_a_finding_without_decision_blocks() -> None:
    assert "nog niet besloten" in reasons(replace(DONE, decision=None))[0]


def test_a_risk_without_measure_blocks() -> None:
    assert "beheersmaatregel" in reasons(replace(DONE, measures=()))[0]


def test_changed_evidence_asks_for_a_second_look() -> None:
    assert not needs_second_look(DECISION, "d1")
    assert needs_second_look(DECISION, "d2")
    assert "veranderd" in reasons(replace(DONE, evidence_digest="d2"))[0]


def test_notes_of_severity_zero_block_nothing() -> None:
    assert reasons(replace(BARE, severity=0)) == []


def test_the_heaviest_flag_comes_first() -> None:
    lighter = replace(BARE, flag=("FAM-01", None), title="Aaa", severity=1)
    assert blockers([lighter, BARE])[0].flag == KEY


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.LEGAL_BAR, (ConclusionKind.LEGAL_BAR,)),
        (Outcome.RISK_WITH_MEASURE, (ConclusionKind.MEASURES_AGREED, ConclusionKind.MEASURE_BEFORE_APPOINTMENT)),
        (Outcome.ATTENTION_POINT, (ConclusionKind.ATTENTION_POINTS, ConclusionKind.MEASURES_AGREED)),
        (Outcome.SET_ASIDE, (ConclusionKind.NO_OBSTACLE, ConclusionKind.ATTENTION_POINTS)),
    ],
)
def test_conclusions_follow_from_decisions(outcome: Outcome, expected: tuple[ConclusionKind, ...]) -> None:
    assert conclusions_open_to([replace(DONE, decision=replace(DECISION, outcome=outcome))]) == expected


def test_an_open_measure_before_appointment_leaves_one_conclusion() -> None:
    first = replace(DONE, measures=(replace(MEASURE, before_appointment=True),))
    assert conclusions_open_to([first]) == (ConclusionKind.MEASURE_BEFORE_APPOINTMENT,)
    settled = replace(DONE, measures=(replace(MEASURE, before_appointment=True, done_on=AT.date()),))
    assert ConclusionKind.MEASURES_AGREED in conclusions_open_to([settled])


def test_every_outcome_and_conclusion_has_a_title_without_forbidden_words() -> None:
    assert set(OUTCOME_TITLES) == set(Outcome)
    assert set(CONCLUSION_TITLES) == set(ConclusionKind)
    words = " ".join([*OUTCOME_TITLES.values(), *CONCLUSION_TITLES.values()]).lower()
    for forbidden in ("integer", "goedgekeurd", "afgekeurd", "score", "geen risico"):
        assert forbidden not in words
