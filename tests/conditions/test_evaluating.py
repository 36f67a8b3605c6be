"""What must hold for every condition and every case."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.conditions.compiled_reasons import compile_reasons
from app.conditions.evaluate import evaluate
from app.conditions.facts import NOT_ASKED, Binding, Facts, GroupFacts, Item, Open, bindings
from app.conditions.kleene import Kleene
from app.conditions.tree import All, Any, Count, Node, Not, Test, canonical, walk
from tests.conditions.worlds import VOCABULARY, facts, fast, filled_in, nodes, single_tests


@given(nodes(), facts())
def test_the_compiled_condition_says_what_the_explaining_evaluator_says(node: Node, case: Facts):
    assert fast(node, case) is evaluate(node, case).truth


@given(nodes(), facts())
def test_the_compiled_reasons_are_those_of_the_explaining_evaluator(node: Node, case: Facts):
    verdict = evaluate(node, case)
    told = compile_reasons(node, VOCABULARY)(case, None)
    assert told == (None if verdict.truth is Kleene.NO else verdict)


@given(nodes("companies"), facts())
def test_so_are_the_reasons_about_an_item_also_one_that_may_still_be_added(node: Node, case: Facts):
    why = compile_reasons(node, VOCABULARY, "companies")
    found = case.group("companies")
    bound = [*bindings(case, "companies"), *([Binding("companies", None, found)] if found.may_grow else [])]
    for item in bound:
        verdict = evaluate(node, case, item)
        assert why(case, item) == (None if verdict.truth is Kleene.NO else verdict)


@given(nodes(), facts(), st.data())
def test_filling_in_blanks_never_turns_around_what_was_certain(node: Node, case: Facts, data: st.DataObject):
    before = evaluate(node, case).truth
    after = evaluate(node, data.draw(filled_in(case))).truth
    if before is not Kleene.UNKNOWN:
        assert after is before


@given(nodes(), facts(), st.randoms(use_true_random=False))
def test_the_order_of_parts_and_items_changes_nothing(node: Node, case: Facts, chance: random.Random):
    def shuffled(part: Node) -> Node:
        match part:
            case All(parts) | Any(parts):
                mixed = [shuffled(one) for one in parts]
                chance.shuffle(mixed)
                return replace(part, parts=tuple(mixed))
            case Not(inner):
                return Not(shuffled(inner))
            case Count(where=where) if where is not None:
                return replace(part, where=shuffled(where))
            case _:
                return part

    def other_order(found: GroupFacts) -> GroupFacts:
        return replace(found, items=tuple(chance.sample(found.items, len(found.items))))

    turned = replace(case, groups={group: other_order(found) for group, found in case.groups.items()})
    assert evaluate(shuffled(node), turned).truth is evaluate(node, case).truth


@given(nodes(), facts())
def test_the_name_of_an_item_changes_nothing(node: Node, case: Facts):
    def renamed(group: str, found: GroupFacts) -> GroupFacts:
        return replace(found, items=tuple(_renamed(group, item) for item in found.items))

    other = replace(case, groups={group: renamed(group, found) for group, found in case.groups.items()})
    mine, theirs = evaluate(node, case), evaluate(node, other)
    assert theirs.truth is mine.truth
    assert [one.path.replace("[x", "[") for one in theirs.because] == [one.path for one in mine.because]
    assert [path.replace("[x", "[") for path in theirs.missing] == list(mine.missing)


def _renamed(group: str, item: Item) -> Item:
    readings = {
        name: Open((f"{group}[x{item.id}].{name}",)) if isinstance(reading, Open) else reading
        for name, reading in item.readings.items()
    }
    return Item(f"x{item.id}", readings)


@given(nodes(), facts())
def test_what_is_unknown_says_what_is_missing_and_nothing_else_does(node: Node, case: Facts):
    verdict = evaluate(node, case)
    assert bool(verdict.missing) is (verdict.truth is Kleene.UNKNOWN)


@given(nodes(), facts())
def test_the_answers_given_as_reason_are_reason_enough(node: Node, case: Facts):
    verdict = evaluate(node, case)
    if verdict.truth is Kleene.UNKNOWN:
        return
    named = {one.path for one in verdict.because}
    top = {path: reading if path in named else Open((path,)) for path, reading in case.top.items()}
    groups = {
        group: replace(
            found,
            items=tuple(
                Item(
                    item.id,
                    {
                        name: reading if (path := f"{group}[{item.id}].{name}") in named else Open((path,))
                        for name, reading in item.readings.items()
                    },
                )
                for item in found.items
            ),
        )
        for group, found in case.groups.items()
    }
    context = {name: value for name, value in case.context.items() if f"context.{name}" in named}
    assert evaluate(node, Facts(top, groups, context)).truth is verdict.truth


@given(single_tests(None), facts())
def test_what_was_not_asked_is_no_reason_whichever_way_it_is_put(test: Node, case: Facts):
    assert isinstance(test, Test)
    if test.subject in case.top:
        silent = replace(case, top={**case.top, test.subject: NOT_ASKED})
        assert evaluate(test, silent).truth is Kleene.NO
        assert evaluate(Not(test), silent).truth is Kleene.NO
        assert evaluate(Not(All((test, test))), silent).truth is Kleene.NO


@given(single_tests(None), facts())
def test_not_turns_around_every_test_on_an_answer(test: Node, case: Facts):
    assert isinstance(test, Test)
    evidence = evaluate(test, case).because
    if case.top.get(test.subject, NOT_ASKED) is not NOT_ASKED and all(one.asked for one in evidence):
        assert evaluate(Not(test), case).truth is ~evaluate(test, case).truth
        assert evaluate(Not(Not(test)), case) == evaluate(test, case)


@given(nodes(), facts())
def test_equal_trees_have_one_canonical_form(node: Node, case: Facts):
    assert canonical(node) == canonical(replace(node))
    assert all(canonical(part) is not None for part in walk(node))
    assert evaluate(node, case) == evaluate(node, case)


@given(nodes())
def test_a_case_nobody_knows_anything_of_gives_no_answer_as_reason(node: Node):
    verdict = evaluate(node, Facts())
    assert all(one.operator == "count" and one.value == 0 for one in verdict.because)
