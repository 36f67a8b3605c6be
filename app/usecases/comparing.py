"""The law in force beside the bill, as everybody may read it."""

from datetime import date
from functools import lru_cache

from app.questionnaires.context import Tier
from app.risk_rules.frames import Comparison, compare
from app.usecases import library


@lru_cache(maxsize=8)
def compared(tier: Tier, as_of: date) -> Comparison:
    """Hold both frames beside each other for one kind of authority on one day: the rules of the product, nobody's own."""
    asked = library.newest()
    return compare(library.rulebook(asked), asked, tier, as_of)
