"""Outcomes and rules in Dutch, made from the values themselves.

The flag text of a rule asserts something, so it is only ever used for a certain outcome; a possible one asks.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from app.conditions.checking import FieldType, Vocabulary
from app.conditions.dates import PartialDate
from app.conditions.facts import Binding, Facts, Party, Value
from app.conditions.kleene import Evidence
from app.conditions.operators import Kind
from app.conditions.prose import Sentence, amount_text, date_text, describe, listing, name_of, option_label
from app.questionnaires.context import Tier
from app.questionnaires.wording import PLACEHOLDERS, fill
from app.risk_rules.assess import RuleOutcome
from app.risk_rules.grounds import grounds
from app.risk_rules.rulebook import Outcome, Rule, RuleBook
from app.risk_rules.sources import LegalBasis, Status, citation, link

NOT_ANSWERED = "geen antwoord gegeven"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ITEM = re.compile(r"([a-z0-9_]+)\[([a-z0-9]+)\](?:\.([a-z0-9_]+))?", re.ASCII)
_JUDGED = {"applies": "de norm is van toepassing", "does_not_apply": "de norm is niet van toepassing"}


@dataclass(frozen=True, slots=True)
class Quote:
    """An answer (or fact of the case) that carries an outcome: the question, and what was answered."""

    path: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Norm:
    """One place in the law or in practice, ready to print. ``interpretation``: the reading of it is ours.

    ``when`` says for what the place counts, where a rule is explained and not an outcome; "" for everything.
    """

    text: str
    url: str
    about: str
    interpretation: bool
    note: str
    when: str = ""


def flag_text(outcome: RuleOutcome, facts: Facts, vocabulary: Vocabulary | None = None) -> str:
    """Give the text to show: assertive when certain, a question when possible, the title when it did not hold."""
    match outcome.outcome:
        case Outcome.CERTAIN:
            template = outcome.rule.flag
        case Outcome.POSSIBLE:
            template = outcome.rule.question_for_reviewer if outcome.awaiting_judgement else outcome.rule.ask
        case Outcome.NONE:
            template = outcome.rule.title
    return filled(template, outcome, facts, vocabulary)


def filled(template: str, outcome: RuleOutcome, facts: Facts, vocabulary: Vocabulary | None = None) -> str:
    """Fill in one text of the rule: answers of the item in hand, facts of the case, and the words of its tier.

    With the vocabulary options read as their labels, and an item without a name is called by its noun.
    """
    rule = outcome.rule
    item = None if rule.for_each is None or outcome.item is None else facts.item(rule.for_each, outcome.item)
    bound = Binding(rule.for_each, item, facts.group(rule.for_each)) if rule.for_each and item else None

    def say(found: re.Match[str]) -> str:
        path = found[1]
        if path.lower() in PLACEHOLDERS:
            return found[0]
        value = facts.read(path, bound)
        if not isinstance(value, str | int | Decimal | tuple | PartialDate | Party) or value == "":
            name = _nameless(rule, bound, vocabulary)
            return name.capitalize() if found.start() == 0 else name
        return value_text(value, None if vocabulary is None else vocabulary.find(path))

    tier = facts.context.get("tier")
    # the words of the tier first: what somebody typed must never be taken for a placeholder
    worded = fill(template, Tier(tier)) if isinstance(tier, str) else template
    return _PLACEHOLDER.sub(say, worded)


def _nameless(rule: Rule, bound: Binding | None, vocabulary: Vocabulary | None) -> str:
    """Call an item nobody named yet "onderneming 2", and one that may still be added "een onderneming"."""
    group = None if vocabulary is None or rule.for_each is None else vocabulary.questions[rule.for_each]
    if group is None or not group.noun:
        return "…"
    if bound is None or bound.item is None:
        return f"een {group.noun}"
    return f"{group.noun} {[item.id for item in bound.facts.listed].index(bound.item.id) + 1}"


def value_text(value: Value | None, kind: FieldType | None = None) -> str:
    """Write a value as people read it. Without its type, options are written as their ids."""
    match value:
        case None:
            return NOT_ANSWERED
        case PartialDate():
            return date_text(value)
        case Party(relation, interest):
            who = option_label(relation, kind)
            return f"{who}: {interest}" if interest else who
        case tuple():
            return listing([option_label(option, kind) for option in value], "en")
        case str():
            is_free = kind is not None and kind.kind in {Kind.TEXT, Kind.LONG_TEXT}
            return value if is_free else option_label(value, kind)
        case _:
            return amount_text(value, kind)


def quote(evidence: Evidence, rulebook: RuleBook, facts: Facts) -> Quote:
    """Quote the answer behind one piece of evidence, with its question."""
    if evidence.path.startswith("judgement("):
        return Quote(evidence.path, "Oordeel van de beoordelaar", _JUDGED[str(evidence.value)])
    path = question_id(evidence.path)
    kind = rulebook.vocabulary.find(path)
    question = _worded(name_of(path, rulebook.vocabulary).strip("«»"), facts)
    if not evidence.asked:
        answer = "niet gevraagd: niet van toepassing"
    elif evidence.operator == "count":
        answer = f"{evidence.value} die hieraan voldoen"
    else:
        answer = value_text(evidence.value, kind)
    return Quote(evidence.path, question, _worded(answer, facts))


def open_question(path: str, rulebook: RuleBook, facts: Facts) -> Quote:
    """Name an open question (an entry of ``missing``) as people know it."""
    if path.startswith("judgement("):
        return Quote(path, "Oordeel van de beoordelaar", NOT_ANSWERED)
    question = _worded(name_of(question_id(path), rulebook.vocabulary).strip("«»"), facts)
    return Quote(path, question, NOT_ANSWERED)


def question_id(path: str) -> str:
    """Take the item out of a path: ``companies[co1].share_pct`` is question ``companies.share_pct``."""
    found = _ITEM.fullmatch(path)
    if found is None:
        return path
    group, _, name = found.groups()
    return f"{group}.{name}" if name else group


def rule_prose(rule: Rule, vocabulary: Vocabulary, tier: Tier | None = None) -> Sentence:
    """Say in Dutch when a rule fires, from the tree that is evaluated."""
    told = describe(rule.when, vocabulary)
    if rule.for_each is not None:
        head = f"Voor elk onderdeel van {name_of(rule.for_each, vocabulary)} geldt dit signaal als "
    else:
        head = "Dit signaal geldt als "
    sentence = Sentence(head + told.text, told.parts)
    return sentence if tier is None else _in_words_of(sentence, tier)


def norms(rule: Rule, rulebook: RuleBook, tier: str) -> tuple[Norm, ...]:
    """Cite everything that grounds a rule for one kind of authority, each place with its condition."""
    return tuple(_norm(basis, rulebook, tier) for basis in rule.basis_for(tier))


def norms_of(outcome: RuleOutcome, rulebook: RuleBook, facts: Facts) -> tuple[Norm, ...]:
    """Cite what grounds one outcome: only the places that fit the facts at hand."""
    tier = str(facts.context["tier"])
    return tuple(_norm(replace(basis, when=None), rulebook, tier) for basis in grounds(outcome, facts, tier))


def _norm(basis: LegalBasis, rulebook: RuleBook, tier: str) -> Norm:
    told = "" if basis.when is None else str(describe(basis.when, rulebook.vocabulary))
    return Norm(
        text=citation(basis, rulebook.sources),
        url=link(basis, rulebook.sources),
        about=rulebook.sources[basis.source].articles.get(basis.article, ""),
        interpretation=basis.status is Status.INTERPRETATION,
        note=basis.note,
        when=fill(told, Tier(tier)),
    )


def _in_words_of(sentence: Sentence, tier: Tier) -> Sentence:
    return Sentence(fill(sentence.text, tier), tuple(_in_words_of(part, tier) for part in sentence.parts))


def _worded(text: str, facts: Facts) -> str:
    tier = facts.context.get("tier")
    return fill(text, Tier(tier)) if isinstance(tier, str) else text
