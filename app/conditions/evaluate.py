"""The explaining evaluator: a condition, the facts, and a verdict that says why.

Three rules make it safe. A blank is UNKNOWN and never NO. A test on a question that is not asked is NO and stays NO
under *not*: what was never asked can never be a reason; *not* is therefore pushed down to the tests. And a list that may
still grow is counted with everything that may still be added to it.
"""

from dataclasses import replace
from typing import Final

from app.conditions.dates import PartialDate
from app.conditions.facts import NOT_ASKED, Binding, Facts, GroupState, Open, Value, bindings, split
from app.conditions.kleene import Evidence, Kleene, Verdict, all_of, any_of, joined
from app.conditions.operators import OPERATORS
from app.conditions.tree import All, Any, Argument, Count, Node, Not, Period, Reference, Test, anchor_of

COMPARED: Final = "compared"
"""The operator of evidence that only says what another answer was compared with."""


def evaluate(node: Node, facts: Facts, item: Binding | None = None) -> Verdict:
    """Weigh a condition. ``item`` is the list item it is about, for conditions on the fields of one item.

    Monotone: once every blank of which the verdict is YES or NO is filled in, the truth stays what it was.
    """
    return _weigh(node, facts, item, negated=False)


def _weigh(node: Node, facts: Facts, item: Binding | None, *, negated: bool) -> Verdict:
    match node:
        case Test():
            return _test(node, facts, item, negated=negated)
        case Not(part):
            return _weigh(part, facts, item, negated=not negated)
        case Count():
            return evaluate_count(node, facts, negated=negated)
        case All(parts) | Any(parts):
            verdicts = (_weigh(part, facts, item, negated=negated) for part in parts)
            return all_of(verdicts) if isinstance(node, All) is not negated else any_of(verdicts)


def path_text(path: str, item: Binding | None) -> str:
    """Write a path with the id of the item in hand: ``companies[co1].share_pct``."""
    if item is not None:
        owner, name = split(path)
        if owner == item.group:
            return item.path(name)
    return path


def _test(node: Test, facts: Facts, item: Binding | None, *, negated: bool) -> Verdict:
    value = facts.read(node.subject, item)
    if value is NOT_ASKED:
        return _never_asked(path_text(node.subject, item), node)
    reference = anchor_of(node.argument)
    if reference is None:
        if isinstance(value, Open):
            return Verdict(Kleene.UNKNOWN, (), value.because)
        return _compare(node, path_text(node.subject, item), value, node.argument, negated=negated)
    other = facts.read(reference.path, item)
    if other is NOT_ASKED:
        return _never_asked(path_text(reference.path, item), node)
    blanks = [one.because for one in (value, other) if isinstance(one, Open)]
    if blanks:
        return Verdict(Kleene.UNKNOWN, (), joined(blanks[0], blanks[-1]))
    path, compared_with = path_text(node.subject, item), path_text(reference.path, item)
    verdict = _compare(node, path, value, resolve(node.argument, other), negated=negated)
    if verdict.truth is Kleene.UNKNOWN:
        return Verdict(verdict.truth, (), _imprecise(path, value) + _imprecise(compared_with, other))
    # the other answer carries the verdict just as much
    also = Evidence(compared_with, other, COMPARED)  # type: ignore[arg-type] # it is neither open nor not asked
    return Verdict(verdict.truth, (*verdict.because, also))


def _imprecise(path: str, value: object) -> tuple[str, ...]:
    """Name a date of which more could be known."""
    return (path,) if isinstance(value, PartialDate) and value.day is None else ()


def _never_asked(path: str, node: Test) -> Verdict:
    evidence = Evidence(path, None, node.operator, node.argument, holds=False, asked=False)
    return Verdict(Kleene.NO, (evidence,))


def _compare(node: Test, path: str, value: object, argument: Argument, *, negated: bool) -> Verdict:
    given: Value = value  # type: ignore[assignment] # open and not asked are dealt with by the caller
    truth = OPERATORS[node.operator].holds(given, argument)
    if truth is Kleene.UNKNOWN:  # a date known in part: a more precise answer to this very question would settle it
        return Verdict(truth, missing=(path,))
    holds = truth is Kleene.YES
    evidence = Evidence(path, given, node.operator, argument, negated=negated, holds=holds is not negated)
    return Verdict(~truth if negated else truth, (evidence,))


def resolve(argument: Argument, other: object) -> Argument:
    """Put the value that was read in the place of a reference."""
    if isinstance(argument, Reference):
        return other  # type: ignore[return-value] # a value is an argument
    if isinstance(argument, Period) and isinstance(argument.anchor, Reference):
        return replace(argument, anchor=other)  # type: ignore[arg-type] # the loader only lets dates through
    return argument


def evaluate_count(node: Count, facts: Facts, *, negated: bool = False) -> Verdict:
    """Weigh a count, or its opposite."""
    group = facts.group(node.group)
    if group.state is GroupState.NOT_ASKED:
        return Verdict(Kleene.NO, (Evidence(node.group, None, "count", holds=False, asked=False),))
    every = Verdict(Kleene.YES)
    verdicts = [
        every if node.where is None else _weigh(node.where, facts, bound, negated=False)
        for bound in bindings(facts, node.group)
    ]
    certain = sum(verdict.truth is Kleene.YES for verdict in verdicts)
    possible = sum(verdict.truth is not Kleene.NO for verdict in verdicts)
    more = _further(node, facts) if group.may_grow else Verdict(Kleene.NO)
    truth = count_truth(node, certain, possible if more.truth is Kleene.NO else None)
    if negated:
        truth = ~truth
    if truth is Kleene.UNKNOWN:
        because, missing = _of(verdicts, Kleene.YES), _blanks(verdicts)
        return Verdict(truth, because, tuple(dict.fromkeys((*missing, *more.missing))))
    counted = Evidence(node.group, certain, "count", (node.at_least, node.at_most), negated, truth is Kleene.YES)
    decisive = _decisive(node, ~truth if negated else truth, certain)
    return Verdict(truth, (counted, *(one for kind in decisive for one in _of([*verdicts, more], kind))))


def _decisive(node: Count, truth: Kleene, certain: int) -> tuple[Kleene, ...]:
    """Say which items carry a count: those that fit (enough of them, or too many), those that do not, or both."""
    too_many = node.at_most is not None and certain > node.at_most
    if truth is Kleene.NO:
        return (Kleene.YES,) if too_many else (Kleene.NO,)
    enough = (Kleene.YES,) if node.at_least else ()
    few_enough = () if node.at_most is None else (Kleene.NO,)
    return enough + few_enough


def _further(node: Count, facts: Facts) -> Verdict:
    """Weigh an item that may still be added: at most UNKNOWN, because it may never be; NO when it could never count."""
    group = facts.group(node.group)
    waiting = group.open_because or (node.group,)
    if node.where is None:
        return Verdict(Kleene.UNKNOWN, missing=waiting)
    verdict = _weigh(node.where, facts, Binding(node.group, None, group), negated=False)
    if verdict.truth is Kleene.NO:  # the reasons are facts outside the list: an item that is not there has none
        return Verdict(Kleene.NO, tuple(one for one in verdict.because if one.path != node.group))
    return Verdict(Kleene.UNKNOWN, missing=tuple(dict.fromkeys((*waiting, *verdict.missing))))


def count_truth(node: Count, certain: int, possible: int | None) -> Kleene:
    """Weigh a count that is at least ``certain`` and at most ``possible`` (None: no upper limit is known)."""
    low = 0 if node.at_least is None else node.at_least
    if possible is not None and possible < low:
        return Kleene.NO
    if node.at_most is not None and certain > node.at_most:
        return Kleene.NO
    enough = certain >= low
    few_enough = node.at_most is None or (possible is not None and possible <= node.at_most)
    return Kleene.YES if enough and few_enough else Kleene.UNKNOWN


def _of(verdicts: list[Verdict], truth: Kleene) -> tuple[Evidence, ...]:
    return tuple(
        dict.fromkeys(evidence for verdict in verdicts if verdict.truth is truth for evidence in verdict.because)
    )


def _blanks(verdicts: list[Verdict]) -> tuple[str, ...]:
    open_ones = (verdict for verdict in verdicts if verdict.truth is Kleene.UNKNOWN)
    return tuple(dict.fromkeys(path for verdict in open_ones for path in verdict.missing))
