"""Three-valued truth that carries its reasons.

Strong Kleene logic: *unknown* means "a blank may still decide this either way". It is sound by construction: whatever
is filled in later, YES stays YES and NO stays NO (Kleene, Introduction to Metamathematics, 1952, section 64).
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple, TypeVar

from app.conditions.facts import Value


class Kleene(IntEnum):
    """NO < UNKNOWN < YES, so that *all* is the minimum and *any* the maximum."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __invert__(self) -> "Kleene":
        """Not: turns NO and YES around and leaves UNKNOWN alone."""
        return Kleene(2 - int(self))


class Evidence(NamedTuple):
    """One answer (or fact of the case) that carries a verdict.

    ``path`` is written as in ``companies[co1].share_pct`` or ``context.portfolio``; ``value`` is what was read there,
    or None when the question was never asked (``asked`` is then False). ``expected`` is the argument of the operator
    and ``negated`` tells that the condition wanted the opposite. ``holds`` is the truth of this single test.
    """

    path: str
    value: Value | None
    operator: str
    expected: object = None
    negated: bool = False
    holds: bool = True
    asked: bool = True


class Verdict(NamedTuple):
    """A truth value with the answers that made it so and the open questions that could still change it."""

    truth: Kleene
    because: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Weigh verdicts that must all hold: the weakest wins, and the first NO is the whole reason."""
    because: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    truth = Kleene.YES
    for verdict in verdicts:
        if verdict.truth is Kleene.NO:
            return verdict
        if verdict.truth is Kleene.UNKNOWN:
            truth = Kleene.UNKNOWN
            missing = joined(missing, verdict.missing)
        because = joined(because, verdict.because)
    return Verdict(truth, because, missing)


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Weigh verdicts of which one is enough: the strongest wins, and only the strongest explain it."""
    truth, because, missing = Kleene.NO, tuple[Evidence, ...](), tuple[str, ...]()
    for verdict in verdicts:
        if verdict.truth > truth:
            truth, because, missing = verdict
        elif verdict.truth is truth:
            because = joined(because, verdict.because)
            missing = joined(missing, verdict.missing)
    return Verdict(truth, because, missing)


T = TypeVar("T")


def joined(one: tuple[T, ...], other: tuple[T, ...]) -> tuple[T, ...]:
    """Put two series behind each other, each thing once."""
    if not one or not other:
        return one or other
    return tuple(dict.fromkeys(one + other))
