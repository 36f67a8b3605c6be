"""Questions as published records, made from the questionnaire that new cases get."""

from collections.abc import Iterable, Mapping
from functools import cache

from app.conditions.prose import describe
from app.errors import NotFound
from app.questionnaires.kinds import Basis, Choice, Choices, MoneyBand, Party, Question
from app.questionnaires.model import Section
from app.risk_rules.rulebook import RuleBook
from app.risk_rules.sources import LegalBasis, SourceKind, citation, link
from app.usecases import library
from app.usecases.publishing.records import (
    AuthorityKind,
    Proposal,
    PublishedNorm,
    PublishedOption,
    PublishedQuestion,
    named,
)
from app.usecases.publishing.rules import bill, kinds_of, line_of, rules

_OWN_LAW: Mapping[str, AuthorityKind] = {
    "GW": "municipality",
    "PW": "province",
    "WsW": "water_board",
    "WolBES": "public_body",
}
"""The four organic laws, each for one kind of authority."""


@cache
def questions() -> Mapping[str, PublishedQuestion]:
    """Give every question by id, in reading order: a list comes right before its questions."""
    asked = library.newest()
    book = library.rulebook(asked)
    return {one.id: _record(one, asked.section_of[one.id], book) for one in asked.questions.values()}


def question(question_id: str) -> PublishedQuestion:
    """Give one question. Raises NotFound when this release has no such question."""
    found = questions().get(question_id)
    if found is None:
        raise NotFound(f"no question {question_id!r}")
    return found


def digest() -> str:
    """Give the SHA-256 of the whole questionnaire."""
    return library.newest().digest


def name() -> str:
    """Give the name of the questionnaire with its version: kandidaat-bestuurder.v1."""
    asked = library.newest()
    return f"{asked.id}.v{asked.version}"


def sections() -> Mapping[str, str]:
    """Give the title of every section by id, in reading order."""
    return {one.id: one.title for one in library.newest().sections}


@cache
def _readers() -> Mapping[str, tuple[str, ...]]:
    """Give by question the rules that read it."""
    found: dict[str, tuple[str, ...]] = {}
    for rule in rules().values():
        for path in rule.reads:
            found[path] = (*found.get(path, ()), rule.id)
    return found


def _record(asked: Question, section: Section, book: RuleBook) -> PublishedQuestion:
    return named(
        PublishedQuestion(
            id=asked.id,
            version="",
            label=asked.label,
            help=asked.help,
            why=asked.why,
            kind=asked.kind,
            section=section.id,
            section_title=section.title,
            respondent=section.respondent.value,
            group=asked.group or "",
            options=_options(asked),
            norms=tuple(_norms(asked, book)),
            scope=asked.scope.value,
            proposal=_proposal(asked, book),
            authorities=kinds_of(tuple(str(tier) for tier in asked.tiers)),
            asked_when=None if asked.relevant_when is None else line_of(describe(asked.relevant_when, book.vocabulary)),
            sources=tuple(one.value for one in asked.source),
            readers=tuple(one.value for one in asked.readers),
            retention=asked.retention.value,
            openness=asked.openness.value,
            openness_ground=asked.openness_ground,
            oral=asked.oral,
            read_by=_readers().get(asked.id, ()),
        )
    )


def _options(asked: Question) -> tuple[PublishedOption, ...]:
    if not isinstance(asked, Choice | Choices | MoneyBand | Party):
        return ()
    return tuple(
        PublishedOption(
            id=one.id, label=one.label, help=one.help, authorities=kinds_of(tuple(str(tier) for tier in one.tiers))
        )
        for one in asked.options
    )


def _norms(asked: Question, book: RuleBook) -> Iterable[PublishedNorm]:
    for basis in asked.basis:
        if basis.source is None:
            yield _practice(asked, basis)
        elif basis.source in book.sources:
            yield _law(asked, basis, book)


def _law(asked: Question, basis: Basis, book: RuleBook) -> PublishedNorm:
    source = basis.source or ""
    cited = LegalBasis(
        source=source,
        article=basis.article or "",
        lid=(str(basis.lid),) if basis.lid else (),
        onderdeel=basis.onderdeel or "",
        sub=basis.sub or "",
    )
    own = (_OWN_LAW[source],) if source in _OWN_LAW else ()
    tiers = tuple(str(tier) for tier in basis.tiers or asked.tiers)
    return PublishedNorm(
        text=citation(cited, book.sources),
        url=link(cited, book.sources),
        about=book.sources[source].articles.get(cited.article, ""),
        note=basis.note or "",
        authorities=kinds_of(own or tiers),
    )


def _practice(asked: Question, basis: Basis) -> PublishedNorm:
    tiers = tuple(str(tier) for tier in basis.tiers or asked.tiers)
    return PublishedNorm(
        text=f"Gebruikelijke vraag bij risicoanalyses ({basis.practice})",
        url="",
        note=basis.note or "",
        authorities=kinds_of(tiers),
    )


def _proposal(asked: Question, book: RuleBook) -> Proposal | None:
    """Name the bill a question rests on when no law asks it."""
    named_sources = [book.sources[one.source] for one in asked.basis if one.source and one.source in book.sources]
    if any(one.kind is SourceKind.LAW for one in named_sources):
        return None
    return next((bill(book, one.key) for one in named_sources if one.kind is SourceKind.BILL), None)
