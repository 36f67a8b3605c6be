"""The comparisons of `plain` once more, now with their reasons: which answer, or which question is still open."""

from collections.abc import Callable
from typing import Any

from app.conditions.comparisons import earlier
from app.conditions.facts import NOT_ASKED, Open
from app.conditions.kleene import Evidence, Kleene, Verdict


def told(path: str, value: Any, operator: str, wanted: Any, fits: Callable[[Any], bool], *, denied: bool) -> Verdict:
    """Compare one answer and say so."""
    if value is NOT_ASKED:
        return Verdict(Kleene.NO, (Evidence(path, None, operator, wanted, holds=False, asked=False),))
    if isinstance(value, Open):
        return Verdict(Kleene.UNKNOWN, (), value.because)
    holds = fits(value) is not denied
    return Verdict(Kleene.YES if holds else Kleene.NO, (Evidence(path, value, operator, wanted, denied, holds),))


def same(path: str, value: Any, wanted: str, *, denied: bool = False) -> Verdict:
    """The answer is this."""
    return told(path, value, "is", wanted, lambda given: given == wanted, denied=denied)


def one_of(path: str, value: Any, *wanted: str, denied: bool = False) -> Verdict:
    """The answer is one of these."""
    return told(path, value, "is_any_of", wanted, lambda given: given in wanted, denied=denied)


def includes(path: str, value: Any, wanted: str, *, denied: bool = False) -> Verdict:
    """This is among the options."""
    return told(path, value, "includes", wanted, lambda given: wanted in given, denied=denied)


def includes_any(path: str, value: Any, *wanted: str, denied: bool = False) -> Verdict:
    """One of these is among the options."""
    return told(path, value, "includes_any", wanted, lambda given: any(one in given for one in wanted), denied=denied)


def at_least(path: str, value: Any, bound: Any, *, denied: bool = False) -> Verdict:
    """The number is this or more."""
    return told(path, value, "at_least", bound, lambda given: given >= bound, denied=denied)


def _blanks(value: Any, other: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for one in (value, other) if isinstance(one, Open) for path in one.because))


def shares(path: str, value: Any, other_path: str, other: Any, *, denied: bool = False) -> Verdict:
    """The two have an option in common."""
    for at, one in ((path, value), (other_path, other)):
        if one is NOT_ASKED:
            return Verdict(Kleene.NO, (Evidence(at, None, "shares_with", holds=False, asked=False),))
    if blanks := _blanks(value, other):
        return Verdict(Kleene.UNKNOWN, (), blanks)
    mine = {value} if isinstance(value, str) else set(value)
    holds = bool((mine & set(other)) - {"none"}) is not denied
    because = Evidence(path, value, "shares_with", other, denied, holds), Evidence(other_path, other, "compared")
    return Verdict(Kleene.YES if holds else Kleene.NO, because)


def after(path: str, value: Any, other_path: str, other: Any, *, denied: bool = False) -> Verdict:
    """One date is later than the other."""
    for at, one in ((path, value), (other_path, other)):
        if one is NOT_ASKED:
            return Verdict(Kleene.NO, (Evidence(at, None, "after", holds=False, asked=False),))
    if blanks := _blanks(value, other):
        return Verdict(Kleene.UNKNOWN, (), blanks)
    truth = earlier(other.interval, value.interval)
    if truth is Kleene.UNKNOWN:
        rough = [at for at, date in ((path, value), (other_path, other)) if date.day is None]
        return Verdict(truth, (), tuple(rough))
    holds = (truth is Kleene.YES) is not denied
    because = Evidence(path, value, "after", other, denied, holds), Evidence(other_path, other, "compared")
    return Verdict(Kleene.YES if holds else Kleene.NO, because)
