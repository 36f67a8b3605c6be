"""The names a house style must define, and the neutral house style that ships with the product.

A house style is a Word file without text: page size, margins, language, styles. Another organisation's house style
is another file with the same style names; ``missing_styles`` tells which are not there.
"""

import io
from functools import cache
from pathlib import Path

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
