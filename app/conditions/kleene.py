"""Three-valued truth that carries its reasons.

Strong Kleene logic: *unknown* means "a blank may still decide this either way". It is sound by construction: whatever
is filled in later, YES stays YES and NO stays NO (Kleene, Introduction to Metamathematics, 1952, section 64).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from app.conditions.facts import Value


class Kleene(IntEnum):
    """NO < UNKNOWN < YES, so that *all* is the minimum and *any* the maximum."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __invert__(self) -> "Kleene":
        """Not: turns NO and YES around and leaves UNKNOWN alone."""
        return Kleene(2 - int(self))


@dataclass(frozen=True, slots=True)
class Evidence:
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """A truth value with the answers that made it so and the open questions that could still change it."""

    truth: Kleene
    because: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Weigh verdicts that must all hold: the weakest wins, and the first NO is the whole reason."""
    because: dict[Evidence, None] = {}
    missing: dict[str, None] = {}
    truth = Kleene.YES
    for verdict in verdicts:
        if verdict.truth is Kleene.NO:
            return verdict
        truth = min(truth, verdict.truth)
        because.update(dict.fromkeys(verdict.because))
        missing.update(dict.fromkeys(verdict.missing))
    return Verdict(truth, tuple(because), tuple(missing))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Weigh verdicts of which one is enough: the strongest wins, and only the strongest explain it."""
    seen = list(verdicts)
    truth = max((verdict.truth for verdict in seen), default=Kleene.NO)
    winners = [verdict for verdict in seen if verdict.truth is truth]
    because = dict.fromkeys(evidence for verdict in winners for evidence in verdict.because)
    missing = dict.fromkeys(path for verdict in winners for path in verdict.missing)
    return Verdict(truth, tuple(because), tuple(missing))
