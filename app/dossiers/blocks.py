"""The parts of a document before it has a file format.

A block knows what it says, never how it looks. The same tuple of blocks is rendered to Word and to the HTML preview,
so the screen and the file cannot disagree. ``name`` is what templates and renderers dispatch on.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text inside a line. ``href`` makes it a link to a web address."""

    text: str
    strong: bool = False
    href: str = ""


Line = str | tuple[Span, ...]
"""Plain text, or spans when a part is strong or a link."""


def spans(line: Line) -> tuple[Span, ...]:
    """``line`` as spans, whatever form it has."""
    return (Span(line),) if isinstance(line, str) else line


def plain(line: Line) -> str:
    """The text of ``line`` without emphasis or links."""
    return line if isinstance(line, str) else "".join(span.text for span in line)


@dataclass(frozen=True, slots=True)
class Cover:
    """The top of the first page: what document this is, about whom, and the facts a reader needs at once."""

    name: ClassVar[str] = "cover"
    kicker: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents of the level-1 headings that follow."""

    name: ClassVar[str] = "contents"
    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading. Level 1 headings carry ``number``; ``anchor`` is unique in a document."""

    name: ClassVar[str] = "heading"
    text: str
    level: Literal[1, 2, 3]
    number: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph. ``tone`` is ``lead`` for an opening line, ``note`` for small print."""

    name: ClassVar[str] = "prose"
    line: Line
    tone: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    name: ClassVar[str] = "bullets"
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value pairs, rendered as a two-column table with row headers."""

    name: ClassVar[str] = "facts"
    caption: str
    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row. ``widths`` are parts of the text width; every row has as many cells as columns."""

    name: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Callout:
    """A framed remark that must not be missed."""

    name: ClassVar[str] = "callout"
    title: str
    lines: tuple[Line, ...]
    tone: Literal["plain", "strong"] = "plain"


@dataclass(frozen=True, slots=True)
class Card:
    """One attention point: a title, a status in words, and labelled parts."""

    name: ClassVar[str] = "card"
    title: str
    status: str
    parts: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign: who, in what capacity."""

    name: ClassVar[str] = "signatures"
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page when printed."""

    name: ClassVar[str] = "page_break"


Block = Cover | Contents | Heading | Prose | Bullets | Facts | Table | Callout | Card | Signatures | PageBreak


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole document: properties for the file and the blocks in reading order.

    ``title``, ``subject`` and ``author`` become document properties; ``footer`` stands on every page; ``made_on`` is
    an ISO date and the only time in the file; ``draft`` puts the word CONCEPT in the header.
    """

    kind: str
    title: str
    subject: str
    author: str
    footer: str
    made_on: str
    blocks: tuple[Block, ...]
    draft: bool = False

    def headings(self) -> tuple[Heading, ...]:
        """The level-1 headings, for a table of contents."""
        return tuple(block for block in self.blocks if isinstance(block, Heading) and block.level == 1)

    def in_place(self) -> Iterator[tuple[Block | None, Block]]:
        """Every block with the one that it stands right below; nothing for the first."""
        return zip((None, *self.blocks), self.blocks, strict=False)

    def texts(self) -> Iterator[str]:
        """Every piece of text in the document, properties included; what leak tests read."""
        yield from (self.title, self.subject, self.author, self.footer)
        for block in self.blocks:
            yield from _texts(block)


def says_the_same(above: Block | None, block: Facts | Table) -> bool:
    """Tell whether a caption only repeats the heading right above: then it is for screen readers alone."""
    return isinstance(above, Heading) and above.text == block.caption


def _texts(block: Block) -> Iterator[str]:  # noqa: C901 - one arm per block kind is the point
    match block:
        case Cover():
            yield from (block.kicker, block.title, block.subtitle, block.mark)
            yield from (part for fact in block.facts for part in fact)
        case Contents():
            yield block.title
        case Heading():
            yield block.text
        case Prose():
            yield plain(block.line)
        case Bullets():
            yield from (plain(line) for line in block.lines)
        case Facts():
            yield block.caption
            yield from (part for label, value in block.rows for part in (label, plain(value)))
        case Table():
            yield block.caption
            yield from block.columns
            yield from (plain(cell) for row in block.rows for cell in row)
        case Callout():
            yield block.title
            yield from (plain(line) for line in block.lines)
        case Card():
            yield from (block.title, block.status)
            yield from (part for label, value in block.parts for part in (label, plain(value)))
        case Signatures():
            yield from (part for place in block.places for part in place)
        case PageBreak():
            return
