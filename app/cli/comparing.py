"""The law in force beside the bill, as lines of text."""

from collections.abc import Iterator
from datetime import date

from app.questionnaires.context import Tier
from app.questionnaires.model import Questionnaire
from app.questionnaires.vocabulary import TIER_LABELS
from app.risk_rules.frames import CHANGE_TITLES, Change, Comparison, compare, proposal_of
from app.risk_rules.rulebook import Rule, RuleBook


def compared_lines(
    book: RuleBook, asked: Questionnaire, rule: Rule | None, tier: Tier | None, as_of: date
) -> Iterator[str]:
    """Say what differs, for one kind of authority or for all four; for one rule, also that nothing does."""
    for one in [tier] if tier else list(Tier):
        found = compare(book, asked, one, as_of, None if rule is None else [rule.id])
        yield f"Voor {TIER_LABELS[one]}, op {as_of}:"
        if rule is not None and not found.rules:
            yield "  deze regel bestaat hier niet, ook niet onder het voorstel"
        yield from _lines(found, whole=rule is not None)
        if rule is None:
            same = sum(1 for other in found.rules if other.change is Change.SAME)
            yield f"  {len(found.differing)} regels verschillen, {same} blijven gelijk"
    bill = None if rule is not None else proposal_of(book)
    if bill is not None:
        yield f"Wat het voorstel verder aankondigt (Kamerstukken {bill.dossier}, {bill.standing}):"
        yield from (f"  - {change}" for change in bill.changes)
        yield f"Vragen die ook op het voorstel rusten: {', '.join(found.questions)}"


def _lines(found: Comparison, *, whole: bool) -> Iterator[str]:
    for one in found.rules if whole else found.differing:
        yield f"  {one.rule.id}  {one.title}: {CHANGE_TITLES[one.change]}"
        if one.change is not Change.SAME:
            yield from (f"      Norm: {norm.text}" for norm in one.norms)
            if one.beside:
                yield f"      Nu al: {', '.join(one.beside)}"
