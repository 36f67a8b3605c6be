"""How a date of a case is told: the day in words, what it hangs on, and the article it follows from."""

from app.reviews.deadlines import Deadline
from app.risk_rules.sources import citation
from app.usecases import library
from app.web.templating import dutch_date


def when(row: Deadline) -> str:
    """Say the day in words, with what it hangs on; without a day only that."""
    if row.on is None:
        return row.moment
    day = ("vanaf " if row.earliest else "") + dutch_date(row.on)
    return f"{day}, {row.moment}" if row.moment else day


def norm(row: Deadline) -> str:
    """Cite the article a date follows from; "" for a working agreement."""
    return citation(row.basis, library.rulebook(library.newest()).sources) if row.basis else ""
