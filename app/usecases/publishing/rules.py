"""Rules as published records, made from the rulebook that cases are weighed with."""

import re
from collections.abc import Mapping
from functools import cache

from app.conditions.prose import Sentence, describe, name_of
from app.conditions.tree import reads
from app.errors import NotFound
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import CaseContext, Tier
from app.questionnaires.model import Questionnaire
from app.questionnaires.relevance import context_values
from app.questionnaires.showing import show
from app.questionnaires.wording import fill
from app.risk_rules import explain
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import Example, Rule, RuleBook, conditions
from app.risk_rules.sources import LegalBasis, SourceKind, Status, citation, link
from app.risk_rules.testing import example_context
from app.usecases import library
from app.usecases.publishing.records import (
    ALL_KINDS,
    AuthorityKind,
    Line,
    Proposal,
    PublishedExample,
    PublishedMeasure,
    PublishedNorm,
    PublishedRule,
    PublishedSource,
    Told,
    Weight,
    named,
)

_BLANK = re.compile(r"\{([^{}]*)\}")


@cache
def rules() -> Mapping[str, PublishedRule]:
    """Give every rule by id, in the order of the rulebook, without examples."""
    book = library.rulebook(library.newest())
    return {rule.id: record_of(rule, book) for rule in book.rules}


def rule_with_examples(rule_id: str) -> PublishedRule:
    """Give one rule with its examples. Raises NotFound when this release has no such rule."""
    found = rules().get(rule_id)
    if found is None:
        raise NotFound(f"no rule {rule_id!r}")
    return found.model_copy(update={"examples": _examples(rule_id)})


@cache
def sources() -> tuple[PublishedSource, ...]:
    """Give the register of laws, bills and practice."""
    return tuple(
        PublishedSource(key=one.key, title=one.law, bwb=one.bwb, consolidated=one.consolidated, url=one.url)
        for one in library.rulebook(library.newest()).sources.values()
    )


def digest() -> str:
    """Give the SHA-256 of the whole rulebook."""
    return library.rulebook(library.newest()).digest


def subjects() -> Mapping[str, str]:
    """Give the title of every subject by id, in the order in which people read them."""
    return {one.id: one.title for one in library.rulebook(library.newest()).subjects.values()}


def kinds_of(tiers: tuple[str, ...]) -> tuple[AuthorityKind, ...]:
    """Name kinds of authority in their fixed order; none named means all of them."""
    return tuple(kind for kind in ALL_KINDS if not tiers or kind in tiers)


def line_of(sentence: Sentence) -> Line:
    """Write a sentence with the lines below it."""
    return Line(text=sentence.text, parts=tuple(line_of(part) for part in sentence.parts))


def bill(book: RuleBook, key: str) -> Proposal | None:
    """Describe a bill; `None` for a source that is no bill."""
    found = book.sources.get(key)
    if found is None or found.kind is not SourceKind.BILL:
        return None
    return Proposal(
        title=found.law,
        dossier=found.dossier,
        submitted=found.submitted,
        status=found.status,
        status_verified=found.status_verified,
        note=found.note,
    )


def record_of(rule: Rule, book: RuleBook) -> PublishedRule:
    """Write one rule as a record, without its examples."""
    bills = (bill(book, basis.source) for basis in rule.basis)
    return named(
        PublishedRule(
            id=rule.id,
            version="",
            title=rule.title,
            subject=rule.subject,
            subject_title=book.subjects[rule.subject].title,
            severity=int(rule.severity),
            kind=rule.kind.value,
            ground=rule.frame.value,
            proposal=next((one for one in bills if one is not None), None)
            if rule.frame.value == "bill_36892"
            else None,
            authorities=kinds_of(rule.tiers),
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            condition=line_of(explain.rule_prose(rule, book.vocabulary)),
            norms=tuple(_norm(basis, rule, book) for basis in rule.basis),
            interpretation=rule.interpretation,
            exempting_authority={
                kind: rule.exempting_authority[kind] for kind in ALL_KINDS if kind in rule.exempting_authority
            },
            when_certain=_with_blanks(rule.flag, book),
            while_open=_with_blanks(rule.ask, book),
            question_for_reviewer=_with_blanks(rule.question_for_reviewer, book),
            considerations=tuple(_with_blanks(one, book) for one in rule.considerations),
            council=_with_blanks(rule.council, book),
            consequence=_with_blanks(rule.consequence, book),
            advice=_with_blanks(rule.advice, book),
            measures=tuple(
                PublishedMeasure(id=one.id, title=one.title, what=one.what)
                for one in (book.measures[name] for name in rule.measures)
            ),
            weighs=tuple(Weight(by=one.by, because=_with_blanks(one.because, book)) for one in rule.adjust),
            reads=_questions_of(rule, book),
            catalogue=rule.catalogue,
            statements=rule.statements,
        )
    )


def _with_blanks(text: str, book: RuleBook) -> str:
    """Write what an answer fills in as the name of its question, between square brackets."""

    def say(path: str) -> str:
        found = book.vocabulary.find(path)
        return f"[{found.label.rstrip('?.:')}]" if found is not None and found.label else "{" + path + "}"

    return _BLANK.sub(lambda found: say(found[1]), text)


def _questions_of(rule: Rule, book: RuleBook) -> tuple[str, ...]:
    read = {path for condition in conditions(rule) for path in reads(condition)}
    read |= {rule.for_each} if rule.for_each else set()
    return tuple(path for path in book.vocabulary.questions if path in read)


def _norm(basis: LegalBasis, rule: Rule, book: RuleBook) -> PublishedNorm:
    return PublishedNorm(
        text=citation(basis, book.sources),
        url=link(basis, book.sources),
        about=book.sources[basis.source].articles.get(basis.article, ""),
        interpretation=basis.status is Status.INTERPRETATION,
        note=basis.note,
        when="" if basis.when is None else str(describe(basis.when, book.vocabulary)),
        authorities=kinds_of(basis.tiers or rule.tiers),
    )


@cache
def _as_written(file: str) -> RuleBook:
    """Read one file of rules with the examples: what a server weighs with does without them."""
    return load_rulebook(library.newest(), only=[file])


@cache
def _examples(rule_id: str) -> tuple[PublishedExample, ...]:
    questionnaire = library.newest()
    book = _as_written(library.rulebook(questionnaire).rule(rule_id).position.file)
    return examples_of(book.rule(rule_id), questionnaire, book)


def examples_of(rule: Rule, questionnaire: Questionnaire, book: RuleBook) -> tuple[PublishedExample, ...]:
    """Write the examples of a rule in words."""
    return tuple(_example(rule, one, questionnaire, book) for one in rule.examples)


def _example(rule: Rule, example: Example, questionnaire: Questionnaire, book: RuleBook) -> PublishedExample:
    context = example_context(rule, example.context)
    answers = read_answers(questionnaire, example.answers)
    facts = [_fact(name, context, book) for name in example.context if name not in {"tier", "office", "as_of"}]
    told = (
        Told(
            question=_named(questionnaire, path.question, path.item, context.tier),
            answer=fill(show(questionnaire.question(path.question), answer, context.tier), context.tier),
        )
        for path, answer in answers
        if path.question not in questionnaire.groups or not answers.items(path.question)
    )
    return PublishedExample(
        why=fill(example.why, context.tier),
        authority=context.tier.value,
        outcome=example.expect.value,
        facts=(*facts, *told),
    )


def _named(questionnaire: Questionnaire, question_id: str, item: str | None, tier: Tier) -> str:
    question = questionnaire.question(question_id)
    label = fill(question.label, tier)
    return f"{label} ({questionnaire.groups[question.group].item_noun})" if item and question.group else label


def _fact(name: str, context: CaseContext, book: RuleBook) -> Told:
    path = f"context.{name}"
    label = name_of(path, book.vocabulary)
    value = explain.value_text(context_values(context).get(name), book.vocabulary.find(path))
    return Told(question=fill(f"{label[0].upper()}{label[1:]}", context.tier), answer=fill(value, context.tier))
