"""An open norm is weighed by a person: the rules ask the question, and the answer of that person is the outcome."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.risk_rules.assess import FlagKey, RuleOutcome, assess, judgement_path
from app.risk_rules.compiled import compile_rulebook
from app.risk_rules.rulebook import Judgement, Outcome, Rule, RuleKind
from tests.assess.candidates import questionnaire, rulebook
from tests.assess.strategies import Dossier, dossiers

OPEN = [rule for rule in rulebook().rules if rule.kind is RuleKind.OPEN_NORM]
COMPILED = compile_rulebook(rulebook())


def open_norms(dossier: Dossier, *judgements: Judgement) -> Mapping[FlagKey, RuleOutcome]:
    found = assess(rulebook(), dossier.facts(questionnaire()), judgements).outcomes
    return {one.flag_key: one for one in found if one.rule.kind is RuleKind.OPEN_NORM}


@pytest.mark.parametrize("rule", OPEN, ids=lambda rule: rule.id)
def test_every_open_norm_asks_a_question_and_gives_something_to_weigh(rule: Rule):
    assert rule.question_for_reviewer.endswith("?")
    assert len(rule.considerations) >= 3
    assert len(set(rule.considerations)) == len(rule.considerations)
    assert all(one.rstrip(".").strip() for one in rule.considerations)
    assert any(one.endswith("?") for one in rule.considerations)
    judged = {judgement.applies for example in rule.examples for judgement in example.judgements}
    assert judged == {True, False}, "the examples show both judgements"


@given(st.data())
@settings(max_examples=40)
def test_no_open_norm_is_certain_by_itself_whatever_is_answered(data: st.DataObject):
    dossier = replace(data.draw(dossiers(questionnaire(), rulebook())), judgements=())
    found = open_norms(dossier)
    assert {one.outcome for one in found.values()} <= {Outcome.POSSIBLE, Outcome.NONE}
    for key, one in found.items():
        if one.outcome is Outcome.POSSIBLE:
            assert judgement_path(*key) in one.missing or one.further
    fired = COMPILED.verdicts(dossier.facts(questionnaire()))
    assert {truth for (rule, _), truth in fired.items() if rule in {one.id for one in OPEN}} <= {1}


@given(st.data())
@settings(max_examples=40)
def test_the_judgement_of_a_person_is_the_outcome(data: st.DataObject):
    dossier = replace(data.draw(dossiers(questionnaire(), rulebook())), judgements=())
    waiting = [key for key, one in open_norms(dossier).items() if one.awaiting_judgement]
    for rule, item in waiting:
        yes = open_norms(dossier, Judgement(rule, item, applies=True))[rule, item]
        no = open_norms(dossier, Judgement(rule, item, applies=False))[rule, item]
        assert (yes.outcome, yes.missing) == (Outcome.CERTAIN, ())
        assert (no.outcome, no.missing) == (Outcome.NONE, ())
        for judged in (yes, no):
            assert judgement_path(rule, item) in [evidence.path for evidence in judged.because]


@given(st.data())
@settings(max_examples=40)
def test_a_judgement_never_takes_the_place_of_the_facts(data: st.DataObject):
    """What the answers rule out stays ruled out, whoever judges; and no rule of another kind listens to a judgement."""
    dossier = replace(data.draw(dossiers(questionnaire(), rulebook())), judgements=())
    facts = dossier.facts(questionnaire())
    before = {one.flag_key: one.outcome for one in assess(rulebook(), facts).outcomes}
    everything = [Judgement(rule, item, applies=True) for rule, item in before]
    after = {one.flag_key: one for one in assess(rulebook(), facts, everything).outcomes}
    for key, outcome in before.items():
        if outcome is Outcome.NONE or after[key].rule.kind is not RuleKind.OPEN_NORM:
            assert after[key].outcome is outcome
