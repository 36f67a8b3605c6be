"""The operators and the facts that conditions may name, from the tables that evaluate them."""

from app.conditions.operators import MONEY_BANDS, OPERATORS, Kind
from app.questionnaires.loading import newest
from app.questionnaires.vocabulary import vocabulary_of
from docs.generators.markdown import code, codes, table


def operators() -> str:
    """Every operator: what it accepts, what it says, and one example."""
    rows = (
        (
            code(operator.name),
            "every kind" if operator.kinds == frozenset(Kind) else codes(sorted(operator.kinds)),
            operator.argument,
            operator.doc,
            f"{operator.phrase.format('…', '…')} · {operator.denied.format('…', '…')}",
            code(operator.example),
        )
        for operator in OPERATORS.values()
    )
    return table(("operator", "on kinds", "followed by", "holds when", "reads in Dutch, also denied", "example"), rows)


def facts_of_the_case() -> str:
    """What `context` may name."""
    rows = (
        (code(f"context.{name}"), code(field.kind), field.label, codes(field.options) if field.options else "")
        for name, field in vocabulary_of(newest()).context.items()
    )
    return table(("fact", "kind", "in Dutch", "values"), rows)


def bands() -> str:
    """The bands of money, in euros."""
    rows = (
        (code(band.id), f"{band.low:,}", "no limit" if band.high is None else f"{band.high:,}") for band in MONEY_BANDS
    )
    return table(("band", "from", "up to, not including"), rows)
