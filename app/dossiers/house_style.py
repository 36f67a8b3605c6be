"""The names a house style must define, and the neutral house style that ships with the product.

A house style is a Word file without text: page size, margins, language, styles. Another organisation's house style
is another file with the same style names; ``missing_styles`` tells which are not there.
"""

import io
import zipfile
from functools import cache
from pathlib import Path

from app.errors import Problem

STYLE_NAMES: tuple[str, ...] = (
    "Normal",
    "Title",
    "Subtitle",
    "Kicker",
    "Lead",
    "Note",
    "Heading 1",
    "Heading 2",
    "Heading 3",
    "List Bullet",
    "Contents Title",
    "Contents Line",
    "Callout Title",
    "Callout Text",
    "Card Title",
    "Card Status",
    "Card Label",
    "Card Text",
    "Table Caption",
    "Table Head",
    "Table Text",
    "Header",
    "Footer",
    "Hyperlink",
    "Dossier Table",
    "Dossier Facts",
)
"""Every style the renderer uses, by the name an author sees in Word."""

UNPACKED = 20_000_000
"""Bytes that a house style may hold when unpacked. More is a mistake, or a file made to fill a memory."""

_FILE = Path(__file__).with_name("house_style.docx")


@cache
def neutral() -> bytes:
    """The bytes of the neutral house style."""
    return _FILE.read_bytes()


def missing_styles(house_style: bytes) -> tuple[str, ...]:
    """The style names a house style lacks, in the order of ``STYLE_NAMES``; empty when it can be used."""
    import docx  # noqa: PLC0415 - reading the file needs no library, and every start reads this module

    present = {style.name for style in docx.Document(io.BytesIO(house_style)).styles}
    return tuple(name for name in STYLE_NAMES if name not in present)


def problems_with(house_style: bytes, name: str) -> tuple[Problem, ...]:
    """Everything that keeps a file from being a house style; ``name`` is what the file is called in the messages.

    Besides its styles, a file that fetches something from elsewhere or carries a macro is refused: every document
    made with it would do the same at whoever opens it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(house_style)) as package:
            if sum(entry.file_size for entry in package.infolist()) > UNPACKED:
                return (Problem(name, 0, "unpacked it is too large", f"at most {UNPACKED} bytes"),)
            names = package.namelist()
            relations = [package.read(part) for part in names if part.endswith(".rels")]
        lacking = missing_styles(house_style)
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError):
        return (Problem(name, 0, "this is not a Word document", "save it in Word as .docx"),)
    problems = [Problem(name, 0, f"style '{style}' is missing", "add it in Word") for style in lacking]
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        problems.append(Problem(name, 0, "it carries a macro", "save it in Word as .docx, without macros"))
    if any(b'TargetMode="External"' in relation for relation in relations):
        remedy = "in Word, embed the pictures, remove links, and attach the template Normal"
        problems.append(Problem(name, 0, "it refers to something outside the file", remedy))
    return tuple(problems)
