"""What would settle a flag, over the whole rulebook and random dossiers.

That the set is the smallest cannot be tried out here: there are too many answers. It is proved from the witnesses the
search leaves behind, each of which is checked as an ordinary case.
"""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conditions.dates import PartialDate
from app.conditions.facts import Facts, Value
from app.questionnaires.answers import COMPLETE, NONE, AnswerPath, Answers, answered
from app.questionnaires.context import CaseContext
from app.questionnaires.relevance import survey
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import FlagKey, RuleOutcome, assess
from app.risk_rules.rulebook import Judgement, Outcome
from app.risk_rules.settling import Search, Settling, settling
from app.risk_rules.still_open import still_open
from tests.assess.candidates import candidate, questionnaire, rulebook
from tests.assess.strategies import APPOINTMENT, Dossier, blanked, dossiers, value_of

_FACTS: dict[str, st.SearchStrategy[Value]] = {
    "full_time": st.sampled_from(("yes", "no")),
    "reappointment": st.sampled_from(("yes", "no")),
    "portfolio": st.sets(st.sampled_from(("spatial", "energy", "sport", "finance"))).map(
        lambda some: tuple(sorted(some))
    ),
    "replacement_portfolio": st.just(()),
}


def case_of(dossier: Dossier) -> Supposed:
    look = survey(questionnaire(), dossier.answers, dossier.context)
    return Supposed(questionnaire(), dossier.answers, dossier.context, look)


def weighed(facts: Facts, judgements: tuple[Judgement, ...]) -> dict[FlagKey, RuleOutcome]:
    return {one.flag_key: one for one in assess(rulebook(), facts, judgements).outcomes}


def answer_all(data: st.DataObject, case: Supposed, paths: tuple[str, ...]) -> Supposed:
    """The same case after somebody answered these questions somehow; lists with everything there is to say."""
    answers, context = case.answers, case.context
    for path in paths:
        if path.startswith("context."):
            context = _told(data, context, path.removeprefix("context."))
        elif path in questionnaire().groups:
            answers = _listed(data, answers, path, case)
        else:
            answers = _given(data, answers, AnswerPath.parse(path))
    return case_of(Dossier(context, answers))


def _told(data: st.DataObject, context: CaseContext, name: str) -> CaseContext:
    if name == "appointment_date":
        return replace(context, appointment_date=APPOINTMENT)
    return replace(context, **{name: data.draw(_FACTS[name])})  # type: ignore[arg-type]


def _given(data: st.DataObject, answers: Answers, path: AnswerPath) -> Answers:
    question = questionnaire().questions[path.question]
    value = data.draw(value_of(question))  # type: ignore[arg-type] # never a list
    known = answers.value(path)
    if isinstance(known, PartialDate):  # it was known in part: now exactly
        value = PartialDate.of(data.draw(st.dates(known.first, known.last)))
    return answers.put(path, answered(value))


def _listed(data: st.DataObject, answers: Answers, group: str, case: Supposed) -> Answers:
    there = {item.id for item in case.facts.groups[group].listed}
    added = data.draw(st.sampled_from(((), ("x1",), ("x1", "x2"))))
    if case.said_to_have(group) and not answers.items(group):
        added = added or ("x1",)
    for item in added:
        answers = answers.add_item(group, item)
    for item in set(answers.items(group)) - there:
        for field in questionnaire().groups[group].questions:
            if answers.value(AnswerPath(field.id, item)) is None or item in added:
                answers = _given(data, answers, AnswerPath(field.id, item))
    return answers.put(AnswerPath(group), answered(COMPLETE if answers.items(group) else NONE))


def weighs_on(now: RuleOutcome, flag: RuleOutcome, case: Supposed) -> bool:
    """Whether an outcome is what became of a flag: of one about things to be added, those that were added."""
    if now.rule.id != flag.rule.id:
        return False
    if not flag.further:
        return now.item == flag.item
    return now.item not in {item.id for item in case.facts.group(flag.rule.for_each or "").listed}


@given(st.data())
@settings(max_examples=60)
def test_answering_what_settles_a_flag_settles_it(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    case = case_of(dossier)
    possible = [one for one in weighed(case.facts, dossier.judgements).values() if one.outcome is Outcome.POSSIBLE]
    for flag in data.draw(st.lists(st.sampled_from(possible), max_size=4)) if possible else []:
        found = settling(rulebook(), case, flag)
        after = answer_all(data, case, found.paths)
        for now in weighed(after.facts, dossier.judgements).values():
            if weighs_on(now, flag, case):
                waits_for_a_person = bool(found.judgement) and now.awaiting_judgement
                assert now.outcome is not Outcome.POSSIBLE or waits_for_a_person, (flag.flag_key, found, now.missing)


@given(st.data())
@settings(max_examples=40)
def test_nothing_smaller_settles_a_flag(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    case = case_of(dossier)
    possible = [one for one in weighed(case.facts, dossier.judgements).values() if one.outcome is Outcome.POSSIBLE]
    for flag in data.draw(st.lists(st.sampled_from(possible), max_size=4)) if possible else []:
        search = Search(rulebook(), case, flag)
        smallest = search.smallest()
        for witness in search.witnesses:
            assert witness.case.survey == survey(questionnaire(), witness.case.answers, witness.case.context)
            answered_there = {
                str(path) for path, answer in witness.case.answers if answer != case.answers.get(path)
            } | {f"context.{name}" for name in witness.case.facts.context.keys() - case.facts.context.keys()}
            assert not answered_there & witness.missing
            now = weighed(witness.case.facts, dossier.judgements).values()
            assert any(one.outcome is Outcome.POSSIBLE for one in now if weighs_on(one, flag, case))
        each = [witness.missing for witness in search.witnesses]
        among = sorted(frozenset[str]().union(*each))
        for smaller in combinations(among, len(smallest) - 1) if smallest else ():
            assert any(missing.isdisjoint(smaller) for missing in each)


@given(st.data())
@settings(max_examples=60)
def test_answering_a_question_that_no_longer_matters_changes_nothing(data: st.DataObject):
    dossier = data.draw(dossiers(questionnaire(), rulebook()).flatmap(blanked))
    case = case_of(dossier)
    before = assess(rulebook(), case.facts, dossier.judgements)
    found = still_open(rulebook(), case, before)
    for path in found.no_longer[:20]:
        after = assess(rulebook(), answer_all(data, case, (path,)).facts, dossier.judgements)
        said = [
            [(flag.flag_key, flag.outcome, flag.severity) for flag in assessment.flags]
            for assessment in (before, after)
        ]
        assert said[0] == said[1], path
        assert after.combined == before.combined


def test_the_portfolio_settles_what_hangs_on_it_alone():
    one = candidate("1a_architect").under(portfolio=None)
    case = case_of(Dossier(one.context, one.answers))
    flags = [flag for flag in one.assess().flags if flag.outcome is Outcome.POSSIBLE]
    assert flags
    assert {settling(rulebook(), case, flag).paths for flag in flags} == {("context.portfolio",)}


def test_a_complete_candidate_leaves_only_what_a_person_must_weigh():
    one = candidate("5a_clean")
    case = case_of(Dossier(one.context, one.answers))
    found = still_open(rulebook(), case, one.assess())
    assert (found.matters, found.no_longer, found.judgements) == ((), (), ("judgement(ABS-08[re1])",))


@pytest.mark.parametrize("name", ["1a_architect", "2a_sports_club", "6_council_member"])
def test_one_blank_is_what_settles_every_flag_it_opens(name: str):
    one = candidate(name)
    opened = 0
    for path, _ in one.answers:
        case = case_of(Dossier(one.context, one.answers.clear(path)))
        for flag in assess(rulebook(), case.facts).flags:
            if flag.outcome is Outcome.POSSIBLE and not flag.awaiting_judgement:
                found = settling(rulebook(), case, flag)
                assert str(path) in found.paths, (path, found)
                opened += found != Settling()
    assert opened
