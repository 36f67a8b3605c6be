"""Which places in the law ground one outcome: the letter and number that fit the facts at hand, and no other.

A rule can rest on several places of which the answers decide one: onderdeel d, 6° for a purchase and 7° for a lease. Such
a place carries a condition. A reader of a flag sees the places that hold; while an answer is still open, also those that
are not ruled out, or what they share when there are many.
"""

from dataclasses import replace
from typing import Final

from app.conditions.evaluate import evaluate
from app.conditions.facts import Binding, Facts
from app.conditions.kleene import Kleene
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.rulebook import Outcome
from app.risk_rules.sources import LegalBasis, Status

_NAMED_APART: Final = 2
"""So many open places of one article are cited one by one; more are cited by what they share."""


def grounds(outcome: RuleOutcome, facts: Facts, tier: str) -> tuple[LegalBasis, ...]:
    """Give the places that ground an outcome, in the order of the rule.

    A rule that did not hold was held against all its places, so none is ruled out there.
    """
    found: list[LegalBasis] = []
    undecided: dict[tuple[str, str], list[LegalBasis]] = {}
    for basis in outcome.rule.basis_for(tier):
        truth = _truth(basis, outcome, facts)
        if truth is Kleene.UNKNOWN:
            undecided.setdefault((basis.source, basis.article), []).append(basis)
        if truth is not Kleene.NO:
            found.append(basis)
    for places in undecided.values():
        if len(places) > _NAMED_APART:
            found[found.index(places[0])] = _shared(places)
            found = [basis for basis in found if basis not in places]
    return tuple(found)


def _truth(basis: LegalBasis, outcome: RuleOutcome, facts: Facts) -> Kleene:
    if basis.when is None:
        return Kleene.YES
    if outcome.outcome is Outcome.NONE:
        return Kleene.UNKNOWN
    group = outcome.rule.for_each
    if group is None:
        return evaluate(basis.when, facts).truth
    item = None if outcome.item is None else facts.item(group, outcome.item)
    return evaluate(basis.when, facts, Binding(group, item, facts.group(group))).truth


def _shared(found: list[LegalBasis]) -> LegalBasis:
    """Cite many places of one article by what they share."""
    first = found[0]
    lid = first.lid if all(one.lid == first.lid for one in found) else ()
    onderdeel = first.onderdeel if lid and all(one.onderdeel == first.onderdeel for one in found) else ""
    read = any(one.status is Status.INTERPRETATION for one in found)
    status = Status.INTERPRETATION if read else Status.LAW
    return replace(first, lid=lid, onderdeel=onderdeel, sub="", note="", status=status)
