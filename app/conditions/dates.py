"""Dates a person may know only in part, and calendar arithmetic on them.

A date is an interval: "March 2024" is every day of that month. A comparison is certain only when every day in the
interval agrees. Periods are calendar years, months and days, never hours; a month end is kept inside its month
(31 May minus three months is the last day of February).
"""

import calendar
import re
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import NamedTuple, Self

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_MONTHS = 12


class Interval(NamedTuple):
    """All days from ``first`` up to and including ``last``."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year. Raises ValueError for what is not on the calendar (also: a day without a month).

    ``first`` and ``last`` are the earliest and the latest day this can be.
    """

    year: int
    month: int | None = None
    day: int | None = None
    first: date = field(init=False, compare=False, repr=False)
    last: date = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs a month")
        month = self.month or _MONTHS
        last_day = self.day or calendar.monthrange(self.year, month)[1]
        # worked out once, because every rule on dates asks for them
        object.__setattr__(self, "first", date(self.year, self.month or 1, self.day or 1))
        object.__setattr__(self, "last", date(self.year, month, last_day))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2026-03-12``, ``2026-03`` or ``2026``; raises ValueError for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"not a date: {text!r}")
        year, month, day = found.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def of(cls, day: date) -> Self:
        """Give the full date of a calendar day."""
        return cls(day.year, day.month, day.day)

    @property
    def interval(self) -> Interval:
        """Every day this can be."""
        return Interval(self.first, self.last)

    def __str__(self) -> str:
        text = f"{self.year:04}"
        if self.month is not None:
            text += f"-{self.month:02}"
        if self.day is not None:
            text += f"-{self.day:02}"
        return text


def shift(day: date, *, years: int = 0, months: int = 0, days: int = 0) -> date:
    """Move a day along the calendar: first years and months (kept inside the month), then days.

    Moving past the end of the calendar gives its last day, so that no comparison ever fails on a far date.
    """
    count = (day.year + years) * _MONTHS + day.month - 1 + months
    year, month = divmod(count, _MONTHS)
    if year < MINYEAR:
        return date.min
    if year > MAXYEAR:
        return date.max
    length = calendar.monthrange(year, month + 1)[1]
    moved = date(year, month + 1, min(day.day, length))
    try:
        return moved + timedelta(days=days)
    except OverflowError:
        return date.min if days < 0 else date.max
