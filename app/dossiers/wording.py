"""Small Dutch: dates, lists, plurals."""

from collections.abc import Sequence
from datetime import date

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip

_NUMBERS = ("geen", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf")


def dutch_date(day: date | None) -> str:
    """``12 januari 2027``; empty when there is no date."""
    return "" if day is None else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dutch_list(parts: Sequence[str]) -> str:
    """``a, b en c``."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} en {parts[-1]}"


def plural(count: int, one: str, many: str) -> str:
    """``één punt``, ``drie punten``, ``14 punten``: numbers to twelve in words."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {one if count == 1 else many}"


def sentence(text: str) -> str:
    """``text`` with a capital at the start."""
    return text[:1].upper() + text[1:]
