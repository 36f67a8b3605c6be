"""What any answer must keep to, whatever way it comes in.

The sizes are our own choice: a line that fits a table cell, and about a page for a long text.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from app.conditions.dates import PartialDate

LENGTH: Final = {"text": 500, "long_text": 5_000}
"""Most characters per kind of text."""

NOTE_LENGTH: Final = 1_000
"""Most characters in a remark beside an answer, and in the interest of a relation."""

CENT: Final = Decimal("0.01")
"""The precision of a percentage."""

WHOLE: Final = Decimal(100)
"""The highest percentage."""

EXCLUSIVE: Final = "none"
"""The option that goes with no other."""

_ITEM_ID = re.compile(r"[a-z0-9]{1,12}")
# line ends, tabs, and the joiners that some scripts and emoji are written with
_KEPT_CONTROLS = {"\n", "\t", "\u200c", "\u200d"}
_KEPT_ON_SCREEN = _KEPT_CONTROLS | {"\r"}
_INVISIBLE = {"Cc", "Cf", "Cs"}
_TOO_MANY_BLANK_LINES = re.compile(r"\n{3,}")


def visible(text: str) -> str:
    """Give the text without what cannot be seen and could mislead: control characters, marks that turn its direction.

    Everything else stays as it was typed, line ends included: this is how a text goes back to who typed it.
    """
    if text.isprintable():
        return text
    return "".join(sign for sign in text if sign in _KEPT_ON_SCREEN or unicodedata.category(sign) not in _INVISIBLE)


def clean(text: str) -> str:
    """Give the text as it is stored: composed (NFC), line ends as LF, nothing invisible that could mislead a reader.

    Cleaning twice gives the same as cleaning once, and the result can always be encoded as UTF-8.
    """
    # JSON may write an emoji as two halves; together they are one character, alone they are nothing
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _TOO_MANY_BLANK_LINES.sub("\n\n", visible(text))).strip()


def is_item_id(text: str) -> bool:
    """Tell whether this can be the id of an item in a group."""
    return _ITEM_ID.fullmatch(text) is not None


def precise_enough(date: PartialDate, precision: str) -> bool:
    """Tell whether a date is known to the day, the month or the year."""
    return not (precision == "day" and date.day is None) and not (precision == "month" and date.month is None)
