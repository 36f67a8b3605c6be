"""The register of legal sources, and how one place in a source is cited in Dutch."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.conditions.fields import Fields, top_list
from app.conditions.tree import Node
from app.conditions.yaml_source import did_you_mean, load
from app.errors import Problem


class SourceKind(StrEnum):
    """What sort of source it is; only ``law`` binds. ``code`` is the code of conduct of one authority: see `packs`."""

    LAW = "law"
    BILL = "bill"
    PRACTICE = "practice"
    CODE = "code"


class Status(StrEnum):
    """Whether the text says it in so many words, or the reading of it is ours."""

    LAW = "law"
    INTERPRETATION = "interpretation"


@dataclass(frozen=True, slots=True)
class LegalSource:
    """A law, a bill or the practice, as the rules were checked against it.

    ``consolidated`` is the date of that text; ``articles`` says in our own words what the cited articles are about.
    ``changes`` says what a bill announces, in our own words, also where no rule can follow from it.
    """

    key: str
    kind: SourceKind
    law: str
    short: str = ""
    bwb: str = ""
    consolidated: date | None = None
    url: str = ""
    articles: Mapping[str, str] = field(default_factory=dict)
    dossier: str = ""
    submitted: date | None = None
    status: str = ""
    status_verified: bool = True
    note: str = ""
    changes: tuple[str, ...] = ()

    @property
    def standing(self) -> str:
        """How a bill stands, as far as it is known: what was not found in a primary source does not read as certain."""
        return self.status if self.status_verified else f"voor zover bekend {self.status}"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One place that grounds a rule. ``ref`` is the row of the practice catalogue, for practice only.

    ``when``: the place counts only for what this condition fits, such as one letter of a list; None for everything.
    """

    source: str
    article: str = ""
    lid: tuple[str, ...] = ()
    onderdeel: str = ""
    sub: str = ""
    ref: str = ""
    note: str = ""
    tiers: tuple[str, ...] = ()
    status: Status = Status.LAW
    when: Node | None = None

    @property
    def place(self) -> str:
        """Name the place in short, as the examples of a rule do: "GW 15 lid 1 d 6"."""
        leden = f"lid {' en '.join(self.lid)}" if self.lid else ""
        return " ".join(part for part in (self.source, self.article, leden, self.onderdeel, self.sub, self.ref) if part)


_ORDINALS: Final = (
    *("", "eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende"),
    *("elfde", "twaalfde", "dertiende", "veertiende", "vijftiende", "zestiende", "zeventiende", "achttiende"),
    *("negentiende", "twintigste"),
)
_LID: Final = re.compile(r"[1-9]\d?[a-z]?", re.ASCII)
_LETTERS: Final = re.compile(r"[a-z]{1,2}", re.ASCII)


def citation(basis: LegalBasis, sources: Mapping[str, LegalSource]) -> str:
    """Cite a place the Dutch way: "art. 15, eerste lid, onderdeel d, onder 2°, Gemeentewet".

    A bill says that it is a proposal, under which number it is known and how it stands: no page can forget that.
    """
    source = sources[basis.source]
    named = source.law
    if source.kind is SourceKind.BILL:
        named = f"{source.law} (voorstel, Kamerstukken {source.dossier}, {source.standing})"
    if not basis.article:
        return f"{named} ({basis.ref})" if basis.ref else named
    parts = [f"art. {basis.article}"]
    if basis.lid:
        leden = [_ordinal(lid) for lid in basis.lid]
        parts.append(f"{' en '.join([', '.join(leden[:-1]), leden[-1]] if len(leden) > 1 else leden)} lid")
    if basis.onderdeel:
        parts.append(f"onderdeel {basis.onderdeel}")
    if basis.sub:
        parts.append(f"onder {basis.sub}°" if basis.sub.isdigit() else f"onder {basis.sub}")
    return ", ".join([*parts, named])


def _ordinal(lid: str) -> str:
    return _ORDINALS[int(lid)] if lid.isdigit() and int(lid) < len(_ORDINALS) else lid


def link(basis: LegalBasis, sources: Mapping[str, LegalSource]) -> str:
    """Give the address of the cited article in the national database of regulations; "" when there is none."""
    source = sources[basis.source]
    if not source.url or not basis.article:
        return source.url
    return article_link(source, basis.article)


def article_link(source: LegalSource, article: str) -> str:
    """Give the address of one article in the text the rules were checked against; "" without such a text."""
    return f"{source.url}#Artikel{article.replace(' ', '_')}" if source.url else ""


def wrong_places(basis: LegalBasis, sources: Mapping[str, LegalSource]) -> Iterator[tuple[str, str, str]]:
    """Say what of a place is not in the register: the field, what is wrong with it, and what to do.

    A law can only be cited by an article that stands there with a description, so that a slip never becomes a citation.
    """
    source = sources.get(basis.source)
    if source is None:
        yield "source", f"unknown source {basis.source!r}", did_you_mean(basis.source, sources)
        return
    if source.kind is SourceKind.LAW and not basis.article:
        yield "source", f"a basis in {basis.source} names its article", "add article: …"
    elif basis.article and source.kind is not SourceKind.PRACTICE and basis.article not in source.articles:
        meant = did_you_mean(basis.article, source.articles)
        yield "article", f"unknown article of {basis.source} {basis.article!r}", meant
    for lid in basis.lid:
        if not _LID.fullmatch(lid):
            yield "lid", f"{lid!r} is no number of a lid", "write lid: 1, or lid: [1, 2]"
    if basis.onderdeel and not _LETTERS.fullmatch(basis.onderdeel):
        yield "onderdeel", f"{basis.onderdeel!r} is no letter of an onderdeel", "write onderdeel: d"


def load_sources(path: Path) -> tuple[Mapping[str, LegalSource], list[Problem]]:
    """Read sources.yaml. Gives the sources by key, and everything that is wrong with the file."""
    content, source = load(path)
    found: dict[str, LegalSource] = {}
    for entry in top_list(content, "sources", source, "a source"):
        one = _source(entry)
        if one.kind is SourceKind.CODE:
            source.problem(entry.at("kind"), "a code of conduct is local", "write it as a pack of local rules")
        if one.key in found:
            source.problem(entry.line, f"source {one.key!r} exists already", "give it a key of its own")
        found[one.key] = one
    return found, source.problems


def _source(entry: Fields) -> LegalSource:
    kind = entry.one_of("kind", SourceKind)
    law = kind is SourceKind.LAW
    one = LegalSource(
        key=entry.text("key"),
        kind=kind,
        law=entry.text("law"),
        short=entry.text("short", required=False),
        bwb=entry.text("bwb", required=law),
        consolidated=entry.day("consolidated", required=law),
        url=entry.text("url", required=law),
        articles={str(article): str(about) for article, about in entry.mapping_of("articles").items()},
        dossier=entry.text("dossier", required=kind is SourceKind.BILL),
        submitted=entry.day("submitted"),
        status=entry.text("status", required=kind is SourceKind.BILL),
        status_verified=entry.flag("status_verified", default=True),
        note=entry.text("note", required=False),
        changes=entry.texts("changes"),
    )
    entry.finish()
    return one


def read_basis(
    entry: Fields,
    sources: Mapping[str, LegalSource],
    tiers: tuple[str, ...],
    when: Node | None = None,
    *,
    whole: bool = True,
) -> LegalBasis:
    """Read one ``basis`` entry of a rule. Articles must stand in the register, so that no citation can be a slip.

    ``when`` is its condition, already read. Without the whole register other sources are let be.
    """
    key = entry.text("source")
    basis = LegalBasis(
        source=key,
        article=entry.text("article", required=False),
        lid=entry.texts("lid")
        if isinstance(entry.mapping.get("lid"), list)
        else _one(entry.text("lid", required=False)),
        onderdeel=entry.text("onderdeel", required=False),
        sub=entry.text("sub", required=False),
        ref=entry.text("ref", required=False),
        note=entry.text("note", required=False),
        tiers=entry.some_of("tiers", tiers),
        status=entry.one_of("status", Status, Status.LAW),
        when=when,
    )
    entry.finish()
    if key in sources or (key and whole):
        for field_name, message, remedy in wrong_places(basis, sources):
            entry.source.problem(entry.at(field_name), message, remedy)
    return basis


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
