"""Blocks to Word.

The body is written as one WordprocessingML text and parsed once: python-docx's cell-by-cell interface costs tens of
times more on long tables. python-docx opens the house style, owns relationships, header, footer and properties, and
saves. The package is then re-zipped with fixed times, so the same dossier always gives the same bytes.

What Word and screen readers need is set here: header rows repeat and are marked, every table has a caption and a
description, headings are real headings with bookmarks, links have targets, the language is the house style's.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu
from docx.styles.style import BaseStyle

from app.dossiers import blocks as b
from app.dossiers.house_style import STYLE_NAMES, missing_styles, neutral
from app.errors import Broken, Problem

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_FRAME = "0B4F5C"
_WASH = "F2F7F8"


def render_docx(dossier: b.Dossier, house_style: bytes | None = None) -> bytes:
    """``dossier`` as a Word file in ``house_style`` (the neutral one when not given).

    The same arguments always give the same bytes. Raises ``Broken`` when the house style lacks a style.
    """
    source = house_style if house_style is not None else neutral()
    document = docx.Document(io.BytesIO(source))
    by_name: dict[str, BaseStyle] = {str(style.name): style for style in document.styles}
    if not by_name.keys() >= set(STYLE_NAMES):
        lacking = missing_styles(source)
        raise Broken(
            [Problem("house_style.docx", 0, f"style '{name}' is missing", "add it in Word") for name in lacking]
        )
    writer = _Writer(
        document, {name: by_name[name].style_id for name in STYLE_NAMES}, _text_width(document), dossier.headings()
    )
    xml = "".join(writer.block(block, above) for above, block in dossier.in_place())
    body = document.element.body
    for child in list(body):  # a house style has no text of its own, but Word always leaves an empty paragraph
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    parsed = parse_xml(f"<w:body {nsdecls('w', 'r')}>{xml}</w:body>")
    for element in list(parsed):
        body.insert(len(body) - 1, element)
    _margins(document, dossier, writer)
    _properties(document, dossier)
    raw = io.BytesIO()
    document.save(raw)
    return _fixed(raw.getvalue())


def clean(text: str) -> str:
    """``text`` without the characters that XML 1.0 cannot hold."""
    return _UNPRINTABLE.sub("", text)


@dataclass(slots=True)
class _Writer:
    """Writes blocks as XML text; numbers bookmarks and remembers link relationships."""

    document: Document
    style: dict[str, str]
    text_width: int
    headings: tuple[b.Heading, ...]
    links: dict[str, str] = field(default_factory=dict)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def block(self, block: b.Block, above: b.Block | None) -> str:  # noqa: C901, PLR0911 - one arm per block kind is the point
        match block:
            case b.Cover():
                return self.cover(block)
            case b.Contents():
                return self.contents(block)
            case b.Heading():
                return self.heading(block)
            case b.Prose():
                name = {"body": "Normal", "lead": "Lead", "note": "Note"}[block.tone]
                return self.paragraph(name, block.line)
            case b.Bullets():
                return "".join(self.paragraph("List Bullet", line) for line in block.lines)
            case b.Facts():
                return self.facts(block, visible_caption=not b.says_the_same(above, block))
            case b.Table():
                return self.table(block, visible_caption=not b.says_the_same(above, block))
            case b.Callout():
                return self.callout(block)
            case b.Card():
                return self.card(block)
            case b.Signatures():
                return self.signatures(block)
            case b.PageBreak():
                return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'

    # ── text ──

    def run(self, span: b.Span) -> str:
        """One run; a link becomes a hyperlink with its own relationship."""
        properties = "<w:b/>" if span.strong else ""
        if span.href:
            relation = self.links.get(span.href) or self.document.part.relate_to(
                span.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
            self.links[span.href] = relation
            # The schema wants rStyle before b.
            properties = f'<w:rStyle w:val="{self.style["Hyperlink"]}"/>{properties}'
            return f'<w:hyperlink r:id="{relation}" w:history="1">{_run(span.text, properties)}</w:hyperlink>'
        return _run(span.text, properties)

    def paragraph(self, style: str, line: b.Line, properties: str = "") -> str:
        """One paragraph in ``style``."""
        runs = "".join(self.run(span) for span in b.spans(line))
        return f'<w:p><w:pPr><w:pStyle w:val="{self.style[style]}"/>{properties}</w:pPr>{runs}</w:p>'

    def heading(self, block: b.Heading) -> str:
        text = f"{block.number}  {block.text}" if block.number else block.text
        mark = str(next(self.ids))
        name = quoteattr(block.anchor or f"kop{mark}")
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{self.style[f"Heading {block.level}"]}"/></w:pPr>'
            f'<w:bookmarkStart w:id="{mark}" w:name={name}/>{_run(text)}<w:bookmarkEnd w:id="{mark}"/></w:p>'
        )

    def cover(self, block: b.Cover) -> str:
        lines = [self.paragraph("Kicker", block.kicker), self.paragraph("Title", block.title)]
        lines.append(self.paragraph("Subtitle", block.subtitle))
        if block.mark:
            lines.append(self.frame(self.paragraph("Callout Title", block.mark)))
        lines.append(self.facts(b.Facts("Gegevens van dit document", tuple(block.facts)), visible_caption=False))
        return "".join(lines)

    def contents(self, block: b.Contents) -> str:
        """A real table-of-contents field, filled in, with a link to each heading and no page numbers to go stale."""
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\n \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        lines = [self.paragraph("Contents Title", block.title)]
        last = len(self.headings) - 1
        for index, heading in enumerate(self.headings):
            text = f"{heading.number}  {heading.text}" if heading.number else heading.text
            link = f'<w:hyperlink w:anchor={quoteattr(heading.anchor)} w:history="1">{_run(text)}</w:hyperlink>'
            content = (begin if index == 0 else "") + link + (end if index == last else "")
            lines.append(f'<w:p><w:pPr><w:pStyle w:val="{self.style["Contents Line"]}"/></w:pPr>{content}</w:p>')
        return "".join(lines)

    # ── tables ──

    def grid(self, style: str, caption: str, widths: tuple[int, ...], rows: str, look: str) -> str:
        """A table of fixed column widths with a caption and description for screen readers."""
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        text = quoteattr(clean(caption))
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.style[style]}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook {look}/><w:tblCaption w:val={text}/><w:tblDescription w:val={text}/></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>{_GAP}"
        )

    def cell(self, style: str, line: b.Line, width: int) -> str:
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{self.paragraph(style, line)}</w:tc>'

    def table(self, block: b.Table, *, visible_caption: bool) -> str:
        widths = _shares(self.text_width, block.widths or (1,) * len(block.columns))
        cells = "".join(self.cell("Table Head", text, width) for text, width in zip(block.columns, widths, strict=True))
        head = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"
        rows = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(self.cell("Table Text", text, width) for text, width in zip(row, widths, strict=True))
            + "</w:tr>"
            for row in block.rows
        )
        look = (
            'w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
        )
        caption = self.paragraph("Table Caption", block.caption) if visible_caption else ""
        return caption + self.grid("Dossier Table", block.caption, widths, head + rows, look)

    def facts(self, block: b.Facts, *, visible_caption: bool = True) -> str:
        widths = _shares(self.text_width, (3, 7))
        rows = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + self.cell("Table Head", label, widths[0])
            + self.cell("Table Text", value, widths[1])
            + "</w:tr>"
            for label, value in block.rows
        )
        look = (
            'w:val="0080" w:firstRow="0" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"'
        )
        caption = self.paragraph("Table Caption", block.caption) if visible_caption else ""
        return caption + self.grid("Dossier Facts", block.caption, widths, rows, look)

    # ── frames ──

    def frame(self, *paragraphs: str, strong: bool = False) -> str:
        """Paragraphs with a rule on the left and a light ground: plain paragraphs, so reading order stays simple."""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{_WASH}"/>' if strong else ""
        # The schema wants keepNext before pBdr, shd and ind.
        borders = f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="10" w:color="{_FRAME}"/></w:pBdr>{shade}<w:ind w:left="240"/>'
        return "".join(text.replace("</w:pPr>", borders + "</w:pPr>", 1) for text in paragraphs)

    def callout(self, block: b.Callout) -> str:
        lines = [self.paragraph("Callout Title", block.title)]
        lines += [self.paragraph("Callout Text", line) for line in block.lines]
        return self.frame(*lines, strong=block.tone == "strong") + _GAP

    def card(self, block: b.Card) -> str:
        lines = [self.paragraph("Card Title", block.title), self.paragraph("Card Status", block.status)]
        for label, value in block.parts:
            lines += [self.paragraph("Card Label", label), self.paragraph("Card Text", value)]
        # A card stays on one page: every paragraph but the last holds on to the next one.
        *held, last = lines
        return self.frame(*(text.replace("</w:pPr>", "<w:keepNext/></w:pPr>", 1) for text in held), last) + _GAP

    def signatures(self, block: b.Signatures) -> str:
        widths = _shares(self.text_width, (1,) * len(block.places))
        line = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="52606D"/></w:pBdr><w:spacing w:before="900"/>'
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            + self.paragraph("Table Text", "", line)
            + self.paragraph("Table Head", who)
            + self.paragraph("Table Text", role)
            + "</w:tc>"
            for (who, role), width in zip(block.places, widths, strict=True)
        )
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        caption = '<w:tblCaption w:val="Ondertekening"/><w:tblDescription w:val="Plaats voor de handtekeningen"/>'
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            f'<w:tblCellMar><w:right w:w="400" w:type="dxa"/></w:tblCellMar>{caption}</w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>{_GAP}"
        )


_GAP = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
"""A thin empty paragraph: Word joins neighbouring tables and frames without one."""


def _run(text: str, properties: str = "") -> str:
    wrapped = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = clean(text).split("\n")
    inner = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return f"<w:r>{wrapped}{inner}</w:r>"


def _text_width(document: Document) -> int:
    """Width of the text column of the first section, in twentieths of a point."""
    section = document.sections[0]
    edges = (section.page_width, section.left_margin, section.right_margin)
    page, left, right = (Emu(edge or 0).pt for edge in edges)
    return int((page - left - right) * 20)


def _shares(text_width: int, parts: tuple[int, ...]) -> tuple[int, ...]:
    """``parts`` scaled to the text width, without losing a twip."""
    total = sum(parts)
    widths = [text_width * part // total for part in parts]
    widths[-1] += text_width - sum(widths)
    return tuple(widths)


def _margins(document: Document, dossier: b.Dossier, writer: _Writer) -> None:
    """Header and footer of the only section: who and what on top, footer line and page numbers below."""
    section = document.sections[0]
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{writer.text_width}"/></w:tabs>'
    mark = "CONCEPT" if dossier.draft else dossier.subject
    number = _field("PAGE") + _run(" van ") + _field("NUMPAGES")
    rows = (
        (section.header, "Header", _run(dossier.author), _run(mark, "<w:b/>" if dossier.draft else "")),
        (section.footer, "Footer", _run(dossier.footer), _run("Pagina ") + number),
    )
    for part, style, left, right in rows:
        part.is_linked_to_previous = False
        root = part._element  # noqa: SLF001 - python-docx has no public way to write fields
        for paragraph in root.findall(qn("w:p")):
            root.remove(paragraph)
        root.append(
            parse_xml(
                f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="{writer.style[style]}"/>{tab}</w:pPr>'
                f"{left}<w:r><w:tab/></w:r>{right}</w:p>"
            )
        )


def _field(code: str) -> str:
    """A live field such as PAGE, with 1 as the value shown by readers that do not compute fields."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _properties(document: Document, dossier: b.Dossier) -> None:
    """Title, subject, author and language; the date the document was made is the only time in the file."""
    made = datetime.fromisoformat(dossier.made_on).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    core = document.core_properties
    core.title, core.subject, core.author = clean(dossier.title), clean(dossier.subject), clean(dossier.author)
    core.last_modified_by, core.language, core.keywords, core.comments = clean(dossier.author), "nl-NL", "", ""
    core.created = core.modified = made.replace(tzinfo=None)
    core.last_printed = made.replace(tzinfo=None)
    core.revision = 1


def _fixed(data: bytes) -> bytes:
    """The same package with sorted names and fixed times."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            new.writestr(zipfile.ZipInfo(name, _EPOCH), old.read(name), zipfile.ZIP_DEFLATED, 6)
    return target.getvalue()
