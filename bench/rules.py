"""P1, P2 and P3: the rulebook as we weigh it, against the same sixty rules written by hand as plain functions.

    python -m bench.rules

Ours and the hand-written rules take turns in one process (A B A B …) over the worked candidates for a gemeente; only
the ratio travels to another machine. Before anything is timed both must say the same, with the same reasons, on these
dossiers and on many copies with blanks in them. If somebody changed one of the sixty rules, change its function too.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from app.cli.case_file import read_case
from app.conditions.facts import Facts, GroupState
from app.conditions.kleene import Verdict
from app.questionnaires.answers import Answers
from app.questionnaires.context import CaseContext
from app.questionnaires.loading import newest
from app.questionnaires.relevance import facts as facts_of
from app.risk_rules.assess import FlagKey
from app.risk_rules.compiled import CompiledBook, Fired, compile_rulebook
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import RuleKind
from bench.handwritten import acts, interests, office, positions
from bench.handwritten.fired import WHY
from bench.handwritten.plain import Further, Its

CANDIDATES = Path(__file__).parent.parent / "tests" / "assess"
MODULES = (office, positions, acts, interests)
ABOUT_THE_CASE = {rule: function for module in MODULES for rule, function in module.ABOUT_THE_CASE.items()}
GROUPS = tuple(dict.fromkeys(group for module in MODULES for group in module.ABOUT_ITEMS))
ABOUT_ITEMS = {
    group: {rule: function for module in MODULES for rule, function in module.ABOUT_ITEMS.get(group, {}).items()}
    for group in GROUPS
}
RULES = (*ABOUT_THE_CASE, *(rule for rules in ABOUT_ITEMS.values() for rule in rules))
CHANGED = "companies[co1].share_pct"


@dataclass(frozen=True)
class Dossier:
    """One case, and the same case at an earlier moment."""

    context: CaseContext
    answers: Answers
    facts: Facts


@dataclass(frozen=True)
class Figure:
    """One ratio: medians of both, and the smallest and largest ratio of any turn."""

    name: str
    ours: float
    limit: float
    ratio: float
    low: float
    high: float
    first_step: float
    goal: float

    def __str__(self) -> str:
        times = f"ours {self.ours:8.1f} µs   by hand {self.limit:8.1f} µs"
        spread = f"{self.ratio:5.2f} ({self.low:.2f}–{self.high:.2f})"
        return f"{self.name:42} {times}   ratio {spread}   first step ≤ {self.first_step}, goal ≤ {self.goal}"


def by_hand(facts: Facts, open_norms: frozenset[str]) -> Fired:
    """Weigh the hand-written rules."""
    fired: Fired = {}
    for rule, weigh in ABOUT_THE_CASE.items():
        truth = weigh(facts)
        if truth:
            fired[rule, None] = truth
    for group, rules in ABOUT_ITEMS.items():
        _about_items(facts, group, rules, fired)
    for key in fired:
        if key[0] in open_norms:
            fired[key] = 1
    return fired


def _about_items(facts: Facts, group: str, rules: Mapping[str, Callable[[Facts, Its], int]], fired: Fired) -> None:
    found = facts.groups[group]
    if found.state is GroupState.NONE or found.state is GroupState.NOT_ASKED:
        return
    for item in found.items:
        for rule, weigh in rules.items():
            truth = weigh(facts, item.readings)
            if truth:
                fired[rule, item.id] = truth
    if found.state is not GroupState.CLOSED:
        further = Further(found.further)
        fired.update({(rule, None): 1 for rule, weigh in rules.items() if weigh(facts, further)})


def by_hand_with_reasons(facts: Facts, open_norms: frozenset[str]) -> dict[FlagKey, Verdict]:
    """Weigh the hand-written rules and say why those fired that did."""
    reasons = {}
    groups = {rule: group for group, rules in ABOUT_ITEMS.items() for rule in rules}
    for rule, item in by_hand(facts, open_norms):
        found = facts.item(groups[rule], item) if item is not None else None
        readings = {} if found is None else found.readings
        reasons[rule, item] = WHY[rule](facts, readings, f"{groups.get(rule)}[{item}]")
    return reasons


def dossiers() -> Iterator[Dossier]:
    """The worked candidates for a gemeente."""
    questionnaire = newest()
    for path in sorted(CANDIDATES.glob("*.yaml")):
        case = read_case(path, date(2026, 11, 23))
        if case.context.tier == "municipality":
            yield Dossier(case.context, case.answers, facts_of(questionnaire, case.answers, case.context))


def with_blanks(dossier: Dossier, chance: random.Random) -> Facts:
    """The same case at an earlier moment: some answers are not there yet."""
    answers = dossier.answers
    for path in [path for path, _ in answers if chance.random() < 0.2]:  # noqa: PLR2004 - one in five
        answers = answers.clear(path)
    context = dossier.context if chance.random() < 0.5 else replace(dossier.context, portfolio=None)  # noqa: PLR2004
    return facts_of(newest(), answers, context)


def check(book: CompiledBook, cases: Iterable[Dossier], open_norms: frozenset[str]) -> int:
    """Hold both against each other; gives the number of dossiers. Stops the benchmark when they differ."""
    chance = random.Random(36892)  # noqa: S311 - the same blanks every time, nothing secret
    seen = 0
    for dossier in cases:
        for facts in (dossier.facts, *(with_blanks(dossier, chance) for _ in range(40))):
            ours, theirs = book.verdicts(facts), by_hand(facts, open_norms)
            differ = sorted(
                {
                    rule
                    for rule, item in ours.keys() | theirs.keys()
                    if ours.get((rule, item)) != theirs.get((rule, item))
                }
            )
            assert not differ, f"change the hand-written functions too, these rules say something else now: {differ}"
            seen += 1
        reasons = by_hand_with_reasons(dossier.facts, open_norms)
        for outcome in book.explain(book.verdicts(dossier.facts), dossier.facts):
            mine = reasons[outcome.flag_key]
            assert set(mine.because) == set(outcome.because), outcome.flag_key
            assert set(mine.missing) == {path for path in outcome.missing if not path.startswith("judgement(")}
    return seen


def turns(name: str, ours: Callable[[], object], limit: Callable[[], object], first_step: float, goal: float) -> Figure:
    """Time both in turn, in turns short enough to meet the same noise."""
    seconds: list[tuple[float, float]] = []
    for _ in range(201):
        pair = []
        for work in (ours, limit):
            start = time.perf_counter()
            for _ in range(3):
                work()
            pair.append((time.perf_counter() - start) / 3)
        seconds.append((pair[0], pair[1]))
    ratios = [mine / theirs for mine, theirs in seconds]
    mine, theirs = (statistics.median(column) * 1e6 for column in zip(*seconds, strict=True))
    return Figure(name, mine, theirs, statistics.median(ratios), min(ratios), max(ratios), first_step, goal)


def figures() -> Iterator[Figure]:
    """Check that both say the same, then give the three ratios, per dossier on average."""
    whole = load_rulebook(newest())
    book = compile_rulebook(replace(whole, rules=tuple(rule for rule in whole.rules if rule.id in RULES)))
    open_norms = frozenset(rule.id for rule in book.rulebook.rules if rule.kind is RuleKind.OPEN_NORM)
    cases = list(dossiers())
    count = check(book, cases, open_norms)
    print(f"{len(RULES)} rules, {len(cases)} dossiers; both say the same on {count} dossiers with and without blanks")
    earlier = {id(dossier.facts): book.verdicts(dossier.facts) for dossier in cases}

    def each(work: Callable[[Facts], object]) -> Callable[[], object]:
        def run() -> None:
            for dossier in cases:
                work(dossier.facts)

        return run

    hand = each(lambda facts: by_hand(facts, open_norms))
    hand_reasons = each(lambda facts: by_hand_with_reasons(facts, open_norms))
    reasons = each(lambda facts: book.explain(book.verdicts(facts), facts))
    again = each(lambda facts: book.reassess(earlier[id(facts)], facts, CHANGED))
    for figure in (
        turns("P1 verdicts of the whole rulebook", each(book.verdicts), hand, 1.7, 0.6),
        turns("P2 with reasons for what fired", reasons, hand_reasons, 2, 0.7),
        turns("P3 one answer changed", again, hand, 1, 0.2),
    ):
        yield replace(figure, ours=figure.ours / len(cases), limit=figure.limit / len(cases))


if __name__ == "__main__":
    sys.stdout.writelines(f"{figure}\n" for figure in figures())
