"""What must hold for the whole rulebook, whatever somebody answers."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.questionnaires.answers import Answers
from app.risk_rules.assess import FlagKey, RuleOutcome, assess
from app.risk_rules.compiled import compile_rulebook
from app.risk_rules.rulebook import Frame, Outcome, Severity
from tests.assess.candidates import NAMES, candidate, questionnaire, rulebook
from tests.assess.strategies import Dossier, Renaming, blanked, dossiers

COMPILED = compile_rulebook(rulebook())
FIRED = {Outcome.POSSIBLE: 1, Outcome.CERTAIN: 2}


def outcomes(dossier: Dossier) -> dict[FlagKey, RuleOutcome]:
    facts = dossier.facts(questionnaire())
    return {one.flag_key: one for one in assess(rulebook(), facts, dossier.judgements).outcomes}


def broken_promises(before: dict[FlagKey, RuleOutcome], after: dict[FlagKey, RuleOutcome]) -> Iterator[str]:
    """Filling in blanks may settle what was open. It never takes back what was settled."""
    for (rule, item), now in after.items():
        known = before.get((rule, item)) or before.get((rule, None))
        # an item that was not there yet, while nothing was said about further items: nothing could come of them
        then = Outcome.NONE if known is None else known.outcome
        if then is not Outcome.POSSIBLE and now.outcome is not then:
            yield f"{rule}[{item}] was {then}, is {now.outcome}"
    for (rule, item), old in before.items():
        if old.outcome is Outcome.CERTAIN and (rule, item) not in after:
            yield f"{rule}[{item}] was certain and is gone"


@given(st.data())
@settings(max_examples=60)
def test_filling_in_blanks_never_takes_back_what_was_settled(data: st.DataObject):
    full = data.draw(dossiers(questionnaire(), rulebook()))
    partial = data.draw(blanked(full))
    assert list(broken_promises(outcomes(partial), outcomes(full))) == []


@given(st.data())
@settings(max_examples=30)
def test_the_worked_candidates_keep_that_promise_too(data: st.DataObject):
    one = candidate(data.draw(st.sampled_from(NAMES)))
    full = Dossier(one.context, one.answers)
    partial = data.draw(blanked(full))
    assert list(broken_promises(outcomes(partial), outcomes(full))) == []


@given(st.data())
@settings(max_examples=25)
def test_the_order_of_answers_items_and_rules_does_not_matter(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    given_again = dict(data.draw(st.permutations(list(dossier.answers.given.items()))))
    item_ids = {group: tuple(reversed(ids)) for group, ids in dossier.answers.item_ids.items()}
    shuffled = replace(dossier, answers=Answers(given_again, item_ids))
    backwards = replace(rulebook(), rules=rulebook().rules[::-1])
    facts = shuffled.facts(questionnaire())
    again = {one.flag_key: one for one in assess(backwards, facts, reversed(dossier.judgements)).outcomes}
    assert {key: _said(one) for key, one in again.items()} == {
        key: _said(one) for key, one in outcomes(dossier).items()
    }


def _said(one: RuleOutcome, old: str = "", new: str = "") -> tuple[object, ...]:
    """All of an outcome but the order in which its reasons are told."""
    because = sorted(repr(evidence).replace(old, new) for evidence in one.because)
    missing = sorted(path.replace(old, new) for path in one.missing)
    adjustments = sorted((by.by, by.because, by.certain) for by in one.adjustments)
    return one.outcome, one.severity, one.awaiting_judgement, one.further, because, missing, adjustments


@given(st.data())
@settings(max_examples=25)
def test_another_id_for_an_item_changes_nothing_but_the_id(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    renaming = Renaming({(group, "a1"): "renamed9" for group in dossier.answers.item_ids})
    groups = {rule.id: rule.for_each for rule in rulebook().rules}
    renamed = Dossier(
        dossier.context,
        renaming.answers(dossier.answers),
        tuple(replace(one, item=renaming.item(groups[one.rule], one.item)) for one in dossier.judgements),
    )
    expected = {
        (rule, renaming.item(groups[rule], item)): _said(one, "[a1]", "[renamed9]")
        for (rule, item), one in outcomes(dossier).items()
    }
    assert {key: _said(one) for key, one in outcomes(renamed).items()} == expected


@given(st.data())
@settings(max_examples=40)
def test_the_quick_verdicts_are_those_of_the_explaining_evaluator(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    facts = dossier.facts(questionnaire())
    explained = assess(rulebook(), facts, dossier.judgements)
    judged = {(one.rule, one.item): one.applies for one in dossier.judgements}
    assert COMPILED.verdicts(facts, judged) == {flag.flag_key: FIRED[flag.outcome] for flag in explained.flags}


@given(st.data())
@settings(max_examples=40)
def test_weighing_again_after_one_answer_gives_what_weighing_everything_gives(data: st.DataObject):
    full = data.draw(dossiers(questionnaire(), rulebook()))
    path = data.draw(st.sampled_from(sorted(full.answers.given, key=str)))
    judged = {(one.rule, one.item): one.applies for one in full.judgements}
    before = replace(full, answers=full.answers.clear(path))
    facts = full.facts(questionnaire())
    earlier = COMPILED.verdicts(before.facts(questionnaire()), judged)
    assert COMPILED.reassess(earlier, facts, str(path), judged) == COMPILED.verdicts(facts, judged)


@given(st.data())
@settings(max_examples=25)
def test_every_flag_tells_what_it_rests_on_or_what_would_settle_it(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    for one in outcomes(dossier).values():
        match one.outcome:
            case Outcome.POSSIBLE:
                assert one.missing
            case Outcome.CERTAIN | Outcome.NONE:
                assert one.because
                assert not one.missing


@given(st.data())
@settings(max_examples=25)
def test_nothing_but_a_legal_bar_ever_weighs_four(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()))
    found = assess(rulebook(), dossier.facts(questionnaire()), dossier.judgements)
    heaviest = [one for one in found.outcomes if one.severity is Severity.LEGAL_BAR]
    assert all(one.rule.severity is Severity.LEGAL_BAR and one.rule.frame is Frame.IN_FORCE for one in heaviest)
    assert all(combined.severity < Severity.LEGAL_BAR for combined in found.combined)
