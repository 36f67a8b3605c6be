"""What a rule is. Values only: loading, weighing and explaining live next door.

A rule never changes once it is published: it gets ``valid_to`` and a successor. Its id is stable for ever, because
findings in old dossiers point to it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any, Final

from app.conditions.checking import Vocabulary
from app.conditions.tree import NOWHERE, Node, Position, canonical
from app.errors import NotFound, Problem
from app.risk_rules.measures import Measure
from app.risk_rules.sources import LegalBasis, LegalSource


class Severity(IntEnum):
    """How heavy a flag weighs by itself (practice catalogue, section D). Never added up: people weigh."""

    RECORDED = 0
    ATTENTION = 1
    NEEDS_MEASURE = 2
    BEFORE_APPOINTMENT = 3
    LEGAL_BAR = 4


class Frame(StrEnum):
    """On what ground a rule stands. Bill 36892 is a proposal and only applies when a case says so."""

    IN_FORCE = "in_force"
    BILL = "bill_36892"
    CODE_OF_CONDUCT = "code_of_conduct"
    PRACTICE = "practice"


class RuleKind(StrEnum):
    """How a rule binds: a norm without weighing, a norm that people must weigh, a duty, or something to be aware of."""

    HARD_NORM = "hard_norm"
    OPEN_NORM = "open_norm"
    DUTY = "duty"
    ATTENTION = "attention"


class Outcome(StrEnum):
    """What a rule says about one thing: it holds, it may hold, or it does not."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A circumstance that makes a flag weigh more or less: applied when certain, named when possible."""

    when: Node
    by: int
    because: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer decided about an open norm for one thing: it applies, or it does not; and why, for readers."""

    rule: str
    item: str | None
    applies: bool
    motivation: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A case that shows what the rule says, as written by its author; ``context`` and ``answers`` still raw.

    ``basis`` names the places with a condition that should be cited (`LegalBasis.place`); None when it does not matter.
    """

    why: str
    expect: Outcome
    item: str | None = None
    severity: int | None = None
    basis: tuple[str, ...] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern in the facts that somebody must look at.

    ``title`` names the subject and asserts nothing: candidate, reviewer and council read it, also where the rule did not
    fire. ``council`` says to anybody in the council why the point counts: about the candidate, never to the candidate.
    Both hold nothing the candidate typed. ``flag`` is the assertive text, only for a certain outcome; ``ask`` is shown
    while the outcome is possible. These two may hold placeholders (``{companies.name}``, ``{context.portfolio}``, and the
    words of `app.questionnaires.wording`).
    """

    id: str
    title: str
    subject: str
    severity: Severity
    frame: Frame
    kind: RuleKind
    tiers: tuple[str, ...]
    basis: tuple[LegalBasis, ...]
    when: Node
    flag: str
    ask: str
    council: str
    consequence: str = ""
    advice: str = ""
    measures: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    catalogue: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    interpretation: str = ""
    exempting_authority: Mapping[str, str] = field(default_factory=dict)
    for_each: str | None = None
    adjust: tuple[Adjustment, ...] = ()
    question_for_reviewer: str = ""
    considerations: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    position: Position = NOWHERE

    def applies_to(self, *, tier: str, legal_frame: str, as_of: date) -> bool:
        """Tell whether the rule exists for this authority, under this law, on this day."""
        if tier not in self.tiers or (self.frame is Frame.BILL and legal_frame != Frame.BILL):
            return False
        if self.valid_from is not None and as_of < self.valid_from:
            return False
        return self.valid_to is None or as_of <= self.valid_to

    def basis_for(self, tier: str) -> tuple[LegalBasis, ...]:
        """Give every place that can ground this rule for one kind of authority; `grounds` gives those of an outcome."""
        return tuple(basis for basis in self.basis if not basis.tiers or tier in basis.tiers)


def conditions(rule: Rule) -> tuple[Node, ...]:
    """Give every condition of a rule: of the rule itself, of its adjustments, and of the places it rests on."""
    placed = (basis.when for basis in rule.basis if basis.when is not None)
    return (rule.when, *(adjustment.when for adjustment in rule.adjust), *placed)


@dataclass(frozen=True, slots=True)
class Subject:
    """A heading that flags are grouped under."""

    id: str
    title: str


class About(StrEnum):
    """What makes several flags be about the same thing."""

    ITEM = "item"
    POLICY_FIELD = "policy_field"


@dataclass(frozen=True, slots=True)
class Combination:
    """Several certain flags about one thing weigh more together: at least ``count`` of at least ``severity``."""

    id: str
    title: str
    about: About
    count: int
    severity: Severity
    becomes: Severity
    flag: str
    advice: str = ""
    measures: tuple[str, ...] = ()
    basis: tuple[LegalBasis, ...] = ()
    catalogue: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """All rules with their sources, subjects and measures, checked against one questionnaire.

    ``warnings`` are for authors: nothing is wrong, but somebody should look. ``code`` names the code of conduct whose
    local rules are in the book, "" when there are none.
    """

    rules: tuple[Rule, ...]
    subjects: Mapping[str, Subject]
    sources: Mapping[str, LegalSource]
    measures: Mapping[str, Measure]
    vocabulary: Vocabulary
    combinations: tuple[Combination, ...] = ()
    warnings: tuple[Problem, ...] = ()
    code: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Every rule by its id."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of every rule in the order of the book, by id."""
        return {rule.id: place for place, rule in enumerate(self.rules)}

    def rule(self, rule_id: str) -> Rule:
        """Find a rule by id; raises NotFound."""
        try:
            return self.by_id[rule_id]
        except KeyError:
            raise NotFound(f"no rule {rule_id!r}") from None

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that decides an outcome or a text; examples and positions do not count."""
        parts = (self.rules, sorted(self.subjects), self.sources, self.measures, self.combinations)
        written = json.dumps([_plain(part) for part in parts], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(written.encode()).hexdigest()

    def applicable(self, *, tier: str, legal_frame: str, as_of: date) -> tuple[Rule, ...]:
        """Give the rules that exist for this authority, under this law, on this day, in order."""
        return tuple(rule for rule in self.rules if rule.applies_to(tier=tier, legal_frame=legal_frame, as_of=as_of))


_NODES: Final = Node.__args__
_UNCOUNTED: Final = frozenset({"examples", "position", "line"})


def _plain(value: object) -> object:
    """Write values as JSON: the same for equal rulebooks, whatever file they came from."""
    if isinstance(value, _NODES):
        return canonical(value)
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value) if part.name not in _UNCOUNTED}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(part) for part in value]
    return value
