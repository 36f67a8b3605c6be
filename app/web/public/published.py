"""`/regels` and `/vragen`: everything the product asks and weighs, for anybody, as pages and as JSON. No sign-in."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app import __version__
from app.errors import NotFound
from app.questionnaires.context import Tier
from app.questionnaires.kinds import Scope
from app.questionnaires.wording import fill
from app.reviews.decisions import SEVERITY_TITLES
from app.usecases.publishing import questions as published_questions
from app.usecases.publishing import rules as published_rules
from app.usecases.publishing import versions
from app.usecases.publishing.records import (
    Line,
    PublishedQuestion,
    PublishedQuestionFile,
    PublishedQuestions,
    PublishedRule,
    PublishedRuleFile,
    PublishedRules,
    in_words_of,
)
from app.web.cases.views import OptionView, RowView
from app.web.pages import render
from app.web.public.published_mapping import (
    address,
    question_page,
    question_path,
    rule_page,
    rule_path,
    severity_options,
)
from app.web.public.published_pages import (
    QuestionGroup,
    QuestionLine,
    QuestionsPage,
    RuleGroup,
    RuleLine,
    RulesPage,
)
from app.web.public.words import AUTHORITIES, AUTHORITY_LABELS, GROUNDS, KINDS, SEVERITIES
from app.web.shells import door

router = APIRouter(include_in_schema=False)

_AUTHORITIES = tuple(OptionView(id=slug, label=AUTHORITY_LABELS[tier]) for slug, tier in AUTHORITIES.items())
_GROUNDS = {slug: ground for ground, (slug, _, _) in GROUNDS.items()}


@router.get("/regels")
def all_rules(
    request: Request, voor: str = "", q: str = "", onderwerp: str = "", zwaarte: str = "", grond: str = ""
) -> Response:
    """List the rules for one kind of authority, as far as they fit the filter."""
    tier = _tier(voor)
    there = [one for one in published_rules.rules().values() if tier.value in one.authorities]
    chosen = [
        one
        for one in there
        if (not onderwerp or one.subject == onderwerp)
        and (not zwaarte or str(one.severity) == zwaarte)
        and (not grond or one.ground == _GROUNDS.get(grond))
        and _holds(q, _words_of_rule(one, tier))
    ]
    subjects = {key: fill(title, tier) for key, title in published_rules.subjects().items()}
    page = RulesPage(
        shell=door(request),
        total=len(there),
        found=len(chosen),
        groups=tuple(
            RuleGroup(id=key, title=title, lines=tuple(_rule_line(one, tier) for one in chosen if one.subject == key))
            for key, title in subjects.items()
            if any(one.subject == key for one in chosen)
        ),
        authority=_slug(tier),
        authorities=_AUTHORITIES,
        words=q,
        subject=onderwerp,
        subjects=tuple(
            OptionView(id=key, label=title)
            for key, title in subjects.items()
            if any(one.subject == key for one in there)
        ),
        severity=zwaarte,
        severities=severity_options(),
        ground=grond,
        grounds=tuple(OptionView(id=slug, label=label) for slug, label, _ in GROUNDS.values()),
        json=address("/regels.json", tier),
        explained=_explained(),
    )
    return render(page)


@router.get("/regels.json")
def rules_as_json(voor: str = "") -> Response:
    """Give every rule for one kind of authority as JSON."""
    tier = _tier(voor)
    found = (one for one in published_rules.rules().values() if tier.value in one.authorities)
    return _json(
        PublishedRules(
            release=__version__,
            digest=published_rules.digest(),
            authority=tier.value,
            rules=tuple(in_words_of(one, tier) for one in found),
            sources=published_rules.sources(),
        )
    )


@router.get("/regels/{rule_id}.json")
def rule_as_json(rule_id: str, voor: str = "", versie: str = "") -> Response:
    """Give one rule as JSON, now or in an older version."""
    rule_id = rule_id.upper()
    rule, current = versions.rule_at(rule_id, versie or _rule_now(rule_id).version)
    tier = _tier(voor, rule.authorities)
    return _json(
        PublishedRuleFile(
            authority=tier.value,
            rule=in_words_of(rule, tier),
            current=current,
            history=versions.history_of_rule(rule_id),
        )
    )


@router.get("/regels/{rule_id}")
def one_rule(request: Request, rule_id: str, voor: str = "") -> Response:
    """Show one rule as it is now."""
    return _shown_rule(request, rule_id.upper(), "", voor)


@router.get("/regels/{rule_id}/v/{version}")
def one_version_of_a_rule(request: Request, rule_id: str, version: str, voor: str = "") -> Response:
    """Show one version of a rule: this address keeps its content for ever."""
    return _shown_rule(request, rule_id.upper(), version, voor)


@router.get("/vragen")
def all_questions(request: Request, voor: str = "", q: str = "", onderdeel: str = "") -> Response:
    """List the questions for one kind of authority, as far as they fit the filter."""
    tier = _tier(voor)
    there = [one for one in published_questions.questions().values() if tier.value in one.authorities]
    chosen = [
        one for one in there if (not onderdeel or one.section == onderdeel) and _holds(q, _words_of_question(one, tier))
    ]
    sections = {key: fill(title, tier) for key, title in published_questions.sections().items()}
    page = QuestionsPage(
        shell=door(request),
        total=len(there),
        found=len(chosen),
        groups=tuple(
            QuestionGroup(
                id=key, title=title, lines=tuple(_question_line(one, tier) for one in chosen if one.section == key)
            )
            for key, title in sections.items()
            if any(one.section == key for one in chosen)
        ),
        authority=_slug(tier),
        authorities=_AUTHORITIES,
        words=q,
        section=onderdeel,
        sections=tuple(OptionView(id=key, label=title) for key, title in sections.items()),
        json=address("/vragen.json", tier),
    )
    return render(page)


@router.get("/vragen.json")
def questions_as_json(voor: str = "") -> Response:
    """Give every question for one kind of authority as JSON."""
    tier = _tier(voor)
    found = (one for one in published_questions.questions().values() if tier.value in one.authorities)
    return _json(
        PublishedQuestions(
            release=__version__,
            questionnaire=published_questions.name(),
            digest=published_questions.digest(),
            authority=tier.value,
            questions=tuple(in_words_of(one, tier) for one in found),
        )
    )


@router.get("/vragen/{question_id}.json")
def question_as_json(question_id: str, voor: str = "", versie: str = "") -> Response:
    """Give one question as JSON, now or in an older version."""
    asked, current = versions.question_at(question_id, versie or published_questions.question(question_id).version)
    tier = _tier(voor, asked.authorities)
    return _json(
        PublishedQuestionFile(
            authority=tier.value,
            question=in_words_of(asked, tier),
            current=current,
            history=versions.history_of_question(question_id),
        )
    )


@router.get("/vragen/{question_id}")
def one_question(request: Request, question_id: str, voor: str = "") -> Response:
    """Show one question as it is now."""
    return _shown_question(request, question_id, published_questions.question(question_id).version, voor)


@router.get("/vragen/{question_id}/v/{version}")
def one_version_of_a_question(request: Request, question_id: str, version: str, voor: str = "") -> Response:
    """Show one version of a question: this address keeps its content for ever."""
    return _shown_question(request, question_id, version, voor)


def _shown_rule(request: Request, rule_id: str, version: str, authority: str) -> Response:
    rule, current = versions.rule_at(rule_id, version or _rule_now(rule_id).version)
    tier = _tier(authority, rule.authorities)
    history = versions.history_of_rule(rule_id)
    return render(rule_page(door(request), in_words_of(rule, tier), tier, history, current=current))


def _shown_question(request: Request, question_id: str, version: str, authority: str) -> Response:
    asked, current = versions.question_at(question_id, version)
    tier = _tier(authority, asked.authorities)
    history = versions.history_of_question(question_id)
    return render(question_page(door(request), in_words_of(asked, tier), tier, history, current=current))


def _rule_now(rule_id: str) -> PublishedRule:
    found = published_rules.rules().get(rule_id)
    if found is None:
        raise NotFound(f"no rule {rule_id!r}")
    return found


def _tier(slug: str, authorities: Iterable[str] = ()) -> Tier:
    """Read the kind of authority of an address; of a thing that does not exist there, the first that has it."""
    wanted = AUTHORITIES.get(slug, Tier.MUNICIPALITY)
    there = [one for one in Tier if one.value in set(authorities)]
    return wanted if not there or wanted in there else there[0]


def _slug(tier: Tier) -> str:
    return next(slug for slug, one in AUTHORITIES.items() if one is tier)


def _rule_line(rule: PublishedRule, tier: Tier) -> RuleLine:
    return RuleLine(
        id=rule.id,
        title=fill(rule.title, tier),
        href=address(rule_path(rule.id), tier),
        severity=rule.severity,
        ground=GROUNDS[rule.ground][1],
        proposal=rule.proposal is not None,
    )


def _question_line(asked: PublishedQuestion, tier: Tier) -> QuestionLine:
    return QuestionLine(
        id=asked.id,
        label=fill(asked.label, tier),
        href=address(question_path(asked.id), tier),
        within=bool(asked.group),
        proposal=asked.proposal is not None,
        free=asked.scope == Scope.PRACTICE.value,
    )


def _holds(words: str, text: str) -> bool:
    """Tell whether every word that was looked for occurs."""
    return all(word in text for word in words.casefold().split())


def _words_of_rule(rule: PublishedRule, tier: Tier) -> str:
    norms = (one.text for one in rule.norms if tier.value in one.authorities)
    texts = (
        rule.id, rule.title, rule.subject_title, *_lines(rule.condition), *norms, rule.interpretation,
        rule.when_certain, rule.while_open, rule.council, rule.consequence, rule.advice, *rule.catalogue,
    )  # fmt: skip
    return fill(" ".join(texts), tier).casefold()


def _words_of_question(asked: PublishedQuestion, tier: Tier) -> str:
    norms = (one.text for one in asked.norms if tier.value in one.authorities)
    texts = (asked.id, asked.label, asked.help, asked.why, *norms, *(one.label for one in asked.options))
    return fill(" ".join(texts), tier).casefold()


def _lines(line: Line) -> Iterable[str]:
    yield line.text
    for part in line.parts:
        yield from _lines(part)


def _explained() -> tuple[RowView, ...]:
    weights = (RowView(label=SEVERITY_TITLES[level], value=meaning) for level, meaning in SEVERITIES.items())
    kinds = (RowView(label=name, value=meaning) for name, meaning in KINDS.values())
    grounds = (RowView(label=name, value=meaning) for _, name, meaning in GROUNDS.values())
    return (*weights, *kinds, *grounds)


def _json(content: BaseModel) -> Response:
    return Response(content.model_dump_json(), media_type="application/json")
