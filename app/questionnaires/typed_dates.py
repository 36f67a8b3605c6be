"""Dates as people type them in Dutch: 12-3-2026, 12 maart 2026, maart 2024, 3/2024, 2019."""

import re
from typing import Final

from app.conditions.dates import PartialDate

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb febr",
            "maart mrt maa",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sep sept",
            "oktober okt oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_SEPARATORS = re.compile(r"[\s./,\-–—]+")
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SMALL = re.compile(r"\d{1,2}", re.ASCII)

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100
"""Years outside this range are typing mistakes; nobody who fills this in was active then. Our own choice."""


class NoSuchDayError(ValueError):
    """It reads as a date, but that day or year cannot be meant. The message says so in Dutch."""


def read_date(text: str) -> PartialDate | None:
    """Read a typed date; `None` when it does not look like one.

    Raises NoSuchDayError for 30 February and for a year nobody can mean. A year is always four digits: with two it is
    anybody's guess which century is meant.
    """
    words = [word for word in _SEPARATORS.split(text.strip().lower()) if word]
    if words and _YEAR.fullmatch(words[0]) and len(words) > 1:
        words.reverse()  # 2026-03-12
    match [_number(word) for word in words]:
        case [int(year)] if _is_year(words[0]):
            return _made(year, None, None)
        case [int(month), int(year)] if _is_year(words[1]):
            return _made(year, month, None)
        case [int(day), int(month), int(year)] if _is_year(words[2]) and words[0] not in _MONTHS:
            return _made(year, month, day)
        case _:
            return None


def _number(word: str) -> int | None:
    if word in _MONTHS:
        return _MONTHS[word]
    return int(word) if _YEAR.fullmatch(word) or _SMALL.fullmatch(word) else None


def _is_year(word: str) -> bool:
    return _YEAR.fullmatch(word) is not None


def _made(year: int, month: int | None, day: int | None) -> PartialDate:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise NoSuchDayError(f"Het jaar {year} kan niet kloppen.")
    try:
        return PartialDate(year, month, day)
    except ValueError:
        raise NoSuchDayError("Deze datum bestaat niet.") from None
