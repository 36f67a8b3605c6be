"""`/regels/eigen`: the rules that organisations have of their own, from their codes of conduct. No sign-in."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app import __version__
from app.usecases.publishing import local
from app.usecases.publishing.local import LocalCode, LocalRule
from app.usecases.publishing.records import (
    PublishedCode,
    PublishedCodes,
    PublishedRule,
    PublishedRuleFile,
    PublishedRules,
    PublishedSource,
    in_words_of,
)
from app.web.deps import Db
from app.web.pages import Page, render
from app.web.public.published_mapping import rule_page
from app.web.public.published_pages import RulePage
from app.web.public.words import AUTHORITY_LABELS
from app.web.shells import door

router = APIRouter(prefix="/regels/eigen", include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLine:
    """An organisation with rules of its own."""

    organisation: str
    href: str
    code: str
    rules: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage(Page):
    """Every organisation with rules of its own."""

    template: ClassVar[str] = "pages/public/local_codes.html"
    codes: tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalLine:
    """A rule of a code in the list."""

    id: str
    title: str
    href: str
    severity: int
    norm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage(Page):
    """The own rules of one organisation. `counts` is false when no case is weighed with them now."""

    template: ClassVar[str] = "pages/public/local_code.html"
    organisation: str
    authority: str
    code: str
    adopted: date | None
    href: str
    counts: bool
    dropped: bool
    lines: tuple[LocalLine, ...]
    json: str


def path_of(organisation_id: str, rule_id: str = "") -> str:
    """Give the address of the own rules of an organisation, or of one of them."""
    start = f"/regels/eigen/{quote(organisation_id, safe='')}"
    return f"{start}/{quote(rule_id, safe='')}" if rule_id else start


@router.get("")
def all_codes(request: Request, db: Db) -> Response:
    """List the organisations that have rules of their own."""
    lines = (
        CodeLine(
            organisation=one.organisation,
            href=path_of(one.organisation_id),
            code=one.pack.code,
            rules=len(one.pack.rules),
        )
        for one in local.offered(db)
    )
    return render(CodesPage(shell=door(request), codes=tuple(lines)))


@router.get(".json")
def codes_as_json(db: Db) -> Response:
    """Give the organisations that have rules of their own as JSON."""
    found = (
        PublishedCode(
            id=one.organisation_id,
            organisation=one.organisation,
            authority=one.tier.value,
            code=one.pack.code,
            adopted=one.pack.adopted,
            url=one.pack.url,
            rules=tuple(rule.id for rule in one.pack.rules),
        )
        for one in local.offered(db)
    )
    return _json(PublishedCodes(release=__version__, codes=tuple(found)))


@router.get("/{organisation_id}.json")
def code_as_json(db: Db, organisation_id: str) -> Response:
    """Give the own rules of one organisation as JSON."""
    owner = local.code_of(db, organisation_id)
    return _json(
        PublishedRules(
            release=owner.pack.release,
            digest=owner.digest,
            authority=owner.tier.value,
            rules=tuple(in_words_of(one, owner.tier) for one in owner.pack.rules) if owner.counts else (),
            sources=(
                PublishedSource(
                    key="code", title=owner.pack.code, bwb="", consolidated=owner.pack.adopted, url=owner.pack.url
                ),
            ),
            organisation=owner.organisation,
        )
    )


@router.get("/{organisation_id}")
def one_code(request: Request, db: Db, organisation_id: str) -> Response:
    """Show the own rules of one organisation."""
    owner = local.code_of(db, organisation_id)
    page = CodePage(
        shell=door(request),
        organisation=owner.organisation,
        authority=AUTHORITY_LABELS[owner.tier],
        code=owner.pack.code,
        adopted=owner.pack.adopted,
        href=owner.pack.url,
        counts=owner.counts,
        dropped=not owner.digest,
        lines=tuple(_line(owner, one) for one in owner.pack.rules),
        json=f"{path_of(owner.organisation_id)}.json",
    )
    return render(page)


@router.get("/{organisation_id}/{rule_id}.json")
def local_rule_as_json(db: Db, organisation_id: str, rule_id: str, versie: str = "") -> Response:
    """Give one rule of a code as JSON, now or in an older version."""
    found = local.rule_of(db, organisation_id, rule_id.upper(), versie)
    return _json(
        PublishedRuleFile(
            authority=found.owner.tier.value,
            rule=in_words_of(found.record, found.owner.tier),
            current=found.current,
            history=found.history,
            organisation=found.owner.organisation,
        )
    )


@router.get("/{organisation_id}/{rule_id}")
def one_local_rule(request: Request, db: Db, organisation_id: str, rule_id: str) -> Response:
    """Show one rule of a code as it is now; one that is gone as it was."""
    return render(_page(request, local.rule_of(db, organisation_id, rule_id.upper())))


@router.get("/{organisation_id}/{rule_id}/v/{version}")
def one_version_of_a_local_rule(request: Request, db: Db, organisation_id: str, rule_id: str, version: str) -> Response:
    """Show one version of a rule of a code: this address keeps its content for ever."""
    return render(_page(request, local.rule_of(db, organisation_id, rule_id.upper(), version)))


def _page(request: Request, found: LocalRule) -> RulePage:
    owner, rule = found.owner, in_words_of(found.record, found.owner.tier)
    path = path_of(owner.organisation_id, rule.id)
    # The same page as a rule of the product has, with the addresses of this one and without those of other authorities.
    page = rule_page(door(request), rule, owner.tier, found.history, current=found.current)
    return replace(
        page,
        owner=owner.organisation,
        ground_meaning=f"De regel rust op de gedragscode van {owner.organisation}. Hij telt alleen daar.",
        current_href=path if owner.counts and any(one.id == rule.id for one in owner.pack.rules) else "",
        permanent=f"{path}/v/{rule.version}",
        json=f"{path}.json" if found.current else f"{path}.json?versie={rule.version}",
        back=path_of(owner.organisation_id),
        authorities=(),
        history=tuple(replace(one, href=f"{path}/v/{one.version}") for one in page.history),
    )


def _line(owner: LocalCode, rule: PublishedRule) -> LocalLine:
    worded = in_words_of(rule, owner.tier)
    return LocalLine(
        id=rule.id,
        title=worded.title,
        href=path_of(owner.organisation_id, rule.id),
        severity=rule.severity,
        norm=", ".join(norm.text for norm in worded.norms),
    )


def _json(content: BaseModel) -> Response:
    return Response(content.model_dump_json(), media_type="application/json")
