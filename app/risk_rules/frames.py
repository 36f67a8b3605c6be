"""Two frames side by side: what the law in force says today, and what bill 36892 would add to it.

A bill adds rules; it takes none away before it is law. Once it is law this is no difference any more: its rules are then
rules of the law in force, from the day they became so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.questionnaires.context import Tier
from app.questionnaires.kinds import Question
from app.questionnaires.model import Questionnaire
from app.questionnaires.wording import fill
from app.risk_rules.explain import Norm, norms
from app.risk_rules.rulebook import Frame, Rule, RuleBook
from app.risk_rules.sources import LegalSource, SourceKind


class Change(StrEnum):
    """What a bill does to one rule."""

    ADDED = "added"
    ENDED = "ended"
    SAME = "same"


CHANGE_TITLES = {
    Change.ADDED: "komt erbij onder het voorstel",
    Change.ENDED: "vervalt onder het voorstel",
    Change.SAME: "blijft gelijk",
}
"""What a user reads for each change."""


@dataclass(frozen=True, slots=True)
class RuleCompared:
    """One rule under both frames, in the words of one kind of authority.

    ``norms`` is on what it rests in the frame where it exists. ``beside`` names the rules that look at the same pattern
    today, so that a reader sees what already happens: those with a row of the practice catalogue in common.
    """

    rule: Rule
    title: str
    change: Change
    norms: tuple[Norm, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between the law of a day and the same law with the bill, for one kind of authority.

    ``questions`` are the questions that rest on the bill, all or in part: under a statutory scope they are asked because
    of it. ``proposal`` is the bill as the register knows it, None when no bill is known: then nothing can differ.
    """

    tier: Tier
    as_of: date
    proposal: LegalSource | None
    rules: tuple[RuleCompared, ...]
    questions: tuple[str, ...]

    @property
    def differing(self) -> tuple[RuleCompared, ...]:
        """The rules that exist in only one of the frames."""
        return tuple(one for one in self.rules if one.change is not Change.SAME)


def compare(
    rulebook: RuleBook, questionnaire: Questionnaire, tier: Tier, as_of: date, rules: Iterable[str] | None = None
) -> Comparison:
    """Hold both frames beside each other on one day. ``rules`` limits it to these ids; rules that exist in neither are left out."""
    wanted = None if rules is None else set(rules)
    found = []
    for rule in rulebook.rules:
        if wanted is not None and rule.id not in wanted:
            continue
        change = _change(rule, tier, as_of)
        if change is not None:
            beside = () if change is Change.SAME else _beside(rule, rulebook, tier, as_of)
            found.append(RuleCompared(rule, fill(rule.title, tier), change, norms(rule, rulebook, tier), beside))
    proposal = proposal_of(rulebook)
    asked = [] if proposal is None else [one.id for one in questionnaire.questions.values() if rests_on(one, proposal)]
    return Comparison(tier, as_of, proposal, tuple(found), tuple(asked))


def proposal_of(rulebook: RuleBook) -> LegalSource | None:
    """Give the bill of the register: what it announces, its dossier and how it stands. None when there is none."""
    return next((source for source in rulebook.sources.values() if source.kind is SourceKind.BILL), None)


def rests_on(question: Question, source: LegalSource) -> bool:
    """Tell whether a question names this source among its grounds."""
    return any(basis.source == source.key for basis in question.basis)


def _change(rule: Rule, tier: Tier, as_of: date) -> Change | None:
    today = rule.applies_to(tier=tier, legal_frame=Frame.IN_FORCE, as_of=as_of)
    proposed = rule.applies_to(tier=tier, legal_frame=Frame.BILL, as_of=as_of)
    match today, proposed:
        case True, True:
            return Change.SAME
        case False, True:
            return Change.ADDED
        case True, False:
            return Change.ENDED
        case _:
            return None


def _beside(rule: Rule, rulebook: RuleBook, tier: Tier, as_of: date) -> tuple[str, ...]:
    rows = set(rule.catalogue)
    today = rulebook.applicable(tier=tier, legal_frame=Frame.IN_FORCE, as_of=as_of)
    return tuple(other.id for other in today if other is not rule and rows & set(other.catalogue))
