"""What of the law and of practice is carried out, statement by statement, and what is not and why."""

from collections.abc import Iterable

from app.questionnaires.loading import newest
from app.risk_rules.coverage import FILE, Covered, Kind, counts, coverage, load_statements
from app.risk_rules.loading import LIBRARY
from app.usecases.library import rulebook
from docs.generators.markdown import codes, table

_TITLES = {
    Kind.LAW: "statements of law",
    Kind.CATALOGUE: "patterns of practice",
    Kind.THEME: "themes of a questionnaire",
}
_MOST = 8
"""So many rules are named one by one; of more, the first ones and a number."""


def _all() -> tuple[Covered, ...]:
    return coverage(load_statements(LIBRARY / FILE), rulebook(newest()), newest())


def numbers() -> str:
    """How much is carried out."""
    rows = [(_TITLES[kind], *found) for kind, found in counts(_all()).items()]
    marked = [one for one in _all() if one.statement.kind is Kind.LAW and one.statement.mark]
    carried = sum(one.carried for one in marked)
    rows.insert(1, ("of which norms and procedure (H, N, P)", carried, len(marked) - carried, len(marked)))
    return table(("what", "carried out", "not, with the reason", "all"), rows)


def law() -> str:
    """Every statement of law, with its mark."""
    rows = ((one.statement.id, one.statement.mark, one.statement.about, _by(one)) for one in _of(Kind.LAW))
    return table(("id", "mark", "what it says (our words)", "carried out by, or why not"), rows)


def catalogue() -> str:
    """Every pattern of practice."""
    return _plain(Kind.CATALOGUE)


def themes() -> str:
    """Every theme of a questionnaire."""
    return _plain(Kind.THEME)


def _plain(kind: Kind) -> str:
    rows = ((one.statement.id, one.statement.about, _by(one)) for one in _of(kind))
    return table(("id", "what it is about", "carried out by, or why not"), rows)


def _of(kind: Kind) -> Iterable[Covered]:
    return (one for one in _all() if one.statement.kind is kind)


def _by(one: Covered) -> str:
    if not one.carried:
        return f"*{one.reason}*"
    parts = [_some("", one.rules), _some("asked as ", one.questions)]
    if one.statement.deadline:
        parts.append(f"date `{one.statement.deadline}`")
    if one.statement.document:
        parts.append("told in the documents")
    return "; ".join(part for part in parts if part)


def _some(what: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    rest = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"{what}{codes(names[:_MOST])}{rest}"
