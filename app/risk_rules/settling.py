"""What would settle a possible flag: the smallest set of open questions that decides it, whatever the answers are.

A set settles a flag when every way of answering it makes the outcome certain or none. The set found is the smallest there
is. That is shown from two sides. An answering of other questions under which the flag stays open proves that at least
one of the questions still missing *there* belongs to every set that settles (a `Witness`); no smaller set holds one of
each witness. And the set itself is tried with every sort of answer there is. So this is the hitting-set duality of
minimal and maximal sets (Reiter, "A theory of diagnosis from first principles", 1987).

A list counts as one question: to answer it is to list what there is, with everything asked about each thing. A question
that only comes up after another answer counts as answered when it turns out not to be asked. What a person must judge is
no question: no answer settles that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from app.conditions.evaluate import evaluate
from app.conditions.facts import CONTEXT_PREFIX, Binding
from app.conditions.kleene import Kleene, Verdict
from app.conditions.operators import Kind
from app.conditions.tree import Count, Node, walk
from app.questionnaires.answers import AnswerPath
from app.questionnaires.supposing import Supposed
from app.risk_rules.assess import RuleOutcome, judgement_path
from app.risk_rules.behind import conditions_behind
from app.risk_rules.rulebook import Outcome, Rule, RuleBook, RuleKind
from app.risk_rules.still_open import can_change, far_reaching
from app.risk_rules.telling_values import TellingValues

_MOST_STATES: Final = 1_000
"""So many situations are tried for one flag; beyond that the answer is a set that settles, and perhaps not the smallest."""


@dataclass(frozen=True, slots=True)
class Settling:
    """What decides one possible flag, as paths in the order of the questionnaire.

    `now` can be answered at once; `later` only comes up after some of those answers, and need not come up. `case_facts`
    (``context.portfolio``) are set by the organisation. `judgement` is the path of what a reviewer must weigh besides, or
    "". Not `exact`: everything listed together settles it, and perhaps less would do.
    """

    now: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    case_facts: tuple[str, ...] = ()
    judgement: str = ""
    exact: bool = True

    @property
    def paths(self) -> tuple[str, ...]:
        """Everything that has to be answered."""
        return (*self.now, *self.later, *self.case_facts)


@dataclass(frozen=True, slots=True)
class Witness:
    """A case in which a flag is still open, and what is missing there: each of `missing` settles it there, all else not.

    So every set of questions that settles the flag holds at least one of `missing`.
    """

    case: Supposed
    missing: frozenset[str]


def settling(rulebook: RuleBook, case: Supposed, outcome: RuleOutcome) -> Settling:
    """Find what would settle one outcome of `assess` on this case; nothing for what is settled already."""
    if outcome.outcome is not Outcome.POSSIBLE:
        return Settling()
    search = Search(rulebook, case, outcome)
    exact = True
    try:
        found = search.smallest()
    except TooManyError:
        found, exact = (
            can_change(outcome, far_reaching(case), weight=False) - {judgement_path(*outcome.flag_key)},
            False,
        )
    return _arranged(case, outcome, found, exact=exact and search.every)


def _arranged(case: Supposed, outcome: RuleOutcome, found: frozenset[str], *, exact: bool) -> Settling:
    paths = case.in_reading_order(found)
    asked = {str(path) for path in case.survey.asked}
    open_norm = outcome.rule.kind is RuleKind.OPEN_NORM
    judgement = judgement_path(outcome.rule.id, outcome.item)
    questions = [path for path in paths if not path.startswith(CONTEXT_PREFIX)]
    return Settling(
        now=tuple(path for path in questions if path in asked),
        later=tuple(path for path in questions if path not in asked),
        case_facts=tuple(path for path in paths if path.startswith(CONTEXT_PREFIX)),
        judgement=judgement if open_norm and (judgement in outcome.missing or outcome.further) else "",
        exact=exact,
    )


class TooManyError(Exception):
    """More situations than are worth trying."""


@dataclass(slots=True)
class _State:
    """A supposed case, and the open questions that keep the flag open in it; none when it is settled.

    `tried` holds by question what comes of answering it: what was worked out, and where more comes from.
    """

    case: Supposed
    missing: tuple[str, ...]
    tried: dict[str, tuple[list["_State"], Iterator["_State"]]] = field(default_factory=dict)


class Search:
    """The search for what settles one outcome. `witnesses` prove afterwards that nothing smaller does."""

    def __init__(self, rulebook: RuleBook, case: Supposed, outcome: RuleOutcome) -> None:
        self._book = rulebook
        self._rule = outcome.rule
        self._item = outcome.item
        nodes = list(conditions_behind(outcome.rule, rulebook, case))
        self._telling = TellingValues(nodes)
        self._most_items = _items_that_matter(outcome.rule, nodes)
        self._listed = {group: {item.id for item in facts.listed} for group, facts in case.facts.groups.items()}
        self._states = 0
        self.every = True
        self.witnesses: list[Witness] = []
        self._start = self._state(case)

    def smallest(self) -> frozenset[str]:
        """Give the smallest set that settles the flag. Raises `TooManyError` when that takes too long to find."""
        chosen = frozenset[str]()
        while (found := self._open_under(self._start, chosen)) is not None:
            self.witnesses.append(self._widened(found, chosen))
            chosen = self._smallest_that_hits_all()
        return chosen

    def _open_under(self, state: _State, asked: frozenset[str]) -> _State | None:
        """Give a way of answering what is ``asked`` that leaves the flag open; None when there is no such way."""
        if not state.missing:
            return None
        path = next((path for path in state.missing if self._belongs(path, asked)), None)
        if path is None:
            return state
        for answered in self._answers(state, path):
            found = self._open_under(answered, asked)
            if found is not None:
                return found
        return None

    def _widened(self, state: _State, asked: frozenset[str]) -> Witness:
        """Answer as much more as can be answered while the flag stays open."""
        refused: set[str] = set()
        while True:
            path = next((path for path in state.missing if path not in refused), None)
            if path is None:
                return Witness(state.case, frozenset(state.missing))
            found = self._open_under(state, asked | {path})
            if found is None:
                refused.add(path)  # and stays so: what settles it here settles it wherever more is known
            else:
                state, asked = found, asked | {path}

    def _smallest_that_hits_all(self) -> frozenset[str]:
        """Give a smallest set that holds one of what is missing at every witness."""
        missing = [witness.missing for witness in self.witnesses]
        sure = frozenset(path for one in missing if len(one) == 1 for path in one)
        left = [one for one in missing if not one & sure]
        among = self._start.case.in_reading_order(frozenset().union(*left))
        sets = (set(some) for size in range(len(among) + 1) for some in combinations(among, size))
        # found at the latest in all of them: every witness misses something
        return sure | next(some for some in sets if all(one & some for one in left))

    def _belongs(self, path: str, asked: frozenset[str]) -> bool:
        """Tell whether a path is answered along: it is asked, or about a thing that is new on a list that is asked."""
        if path in asked:
            return True
        if path.startswith(CONTEXT_PREFIX):
            return False
        at = AnswerPath.parse(path)
        return at.item is not None and at.group in asked and at.item not in self._listed.get(at.group, ())

    def _answers(self, state: _State, path: str) -> Iterator[_State]:
        """Give what comes of every sort of answer to one open question; nothing is worked out twice."""
        known, more = state.tried.setdefault(path, ([], self._answered(state, path)))
        yield from known
        for answered in more:
            known.append(answered)
            yield answered

    def _answered(self, state: _State, path: str) -> Iterator[_State]:
        kind = self._book.vocabulary.find(path) if path.startswith(CONTEXT_PREFIX) else None
        question = path if kind is not None else AnswerPath.parse(path).question
        found = kind or self._book.vocabulary.questions[question]
        if found.kind is Kind.GROUP:
            yield from map(self._state, self._lists(state.case, path))
            return
        values, every = self._telling.of(path, found.kind, state.case)
        self.every = self.every and every
        for value in values:
            yield self._state(state.case.answering(path, value))

    def _lists(self, case: Supposed, group: str) -> Iterator[Supposed]:
        """Complete a list: with what is there, and with one or a few things more."""
        started = case.said_to_have(group)
        stored = case.answers.items(group)
        if not started:
            yield case.without(group)
        for more in range(0 if stored else 1, self._most_items.get(group, 1) + 1):
            yield case.completing(group, more)

    def _state(self, case: Supposed) -> _State:
        self._states += 1
        if self._states > _MOST_STATES:
            raise TooManyError
        missing: dict[str, None] = {}
        for verdict in self._verdicts(case):
            if verdict.truth is Kleene.UNKNOWN:
                missing.update(dict.fromkeys(verdict.missing))
        return _State(case, tuple(missing))

    def _verdicts(self, case: Supposed) -> Iterator[Verdict]:
        """Weigh the rule about the thing itself; for things that may still be added, about every one that is new."""
        group, facts = self._rule.for_each, case.facts
        if group is None:
            yield evaluate(self._rule.when, facts)
            return
        found = facts.group(group)
        if self._item is not None:
            item = facts.item(group, self._item)
            yield evaluate(self._rule.when, facts, Binding(group, item, found))
            return
        for item in found.listed:
            if item.id not in self._listed.get(group, ()):
                yield evaluate(self._rule.when, facts, Binding(group, item, found))
        if found.may_grow:
            verdict = evaluate(self._rule.when, facts, Binding(group, None, found))
            # would hold for everything that may be added, but there may be nothing
            yield verdict if verdict.truth is not Kleene.YES else Verdict(Kleene.UNKNOWN, (), found.open_because)


def _items_that_matter(rule: Rule, nodes: Iterable[Node]) -> dict[str, int]:
    """Say for every list how many things more can make a difference: one, or as many as are counted."""
    most: dict[str, int] = {} if rule.for_each is None else {rule.for_each: 1}
    for count in (one for node in nodes for one in walk(node) if isinstance(one, Count)):
        bound = max(count.at_least or 0, 0 if count.at_most is None else count.at_most + 1)
        most[count.group] = most.get(count.group, 0) + max(bound, 1)
    return most
