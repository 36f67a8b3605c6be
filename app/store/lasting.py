"""What lasts for a while: it ends by the clock, and it ends when that clock turns out to have been ahead.

A link, a step or a code that was made while the clock was ahead would otherwise work until that moment comes again.
Whoever loses one asks for another. A step back that is shorter than the whole ends nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col


def lasts(until: datetime, now: datetime, whole: timedelta) -> bool:
    """Tell whether something still lasts that was to last `whole` when it was made."""
    return now < until < now + 2 * whole


def lasting(until: Any, now: datetime, whole: timedelta) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Say the same of a column."""
    return col(until) > now, col(until) < now + 2 * whole


def lately(at: Any, now: datetime, within: timedelta) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Say that a moment lies within a while before now. What lies further ahead than that counts no longer."""
    return col(at) > now - within, col(at) < now + within
