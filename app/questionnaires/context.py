"""The case a questionnaire is filled in for: which authority, which office, which portfolio, under which law.

The context is not asked of the candidate; the clerk sets it when the case is made. Conditions read it as
`context.tier`, `context.portfolio` and so on; a part that is not known yet keeps a condition open.
"""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Literal


class Tier(StrEnum):
    """The four kinds of authority the product serves."""

    MUNICIPALITY = "municipality"
    PROVINCE = "province"
    WATER_BOARD = "water_board"
    PUBLIC_BODY = "public_body"


class Office(StrEnum):
    """The office somebody is a candidate for; every tier has exactly one."""

    WETHOUDER = "wethouder"
    GEDEPUTEERDE = "gedeputeerde"
    DB_LID = "db_lid"
    EILANDGEDEPUTEERDE = "eilandgedeputeerde"


OFFICE_OF_TIER = {
    Tier.MUNICIPALITY: Office.WETHOUDER,
    Tier.PROVINCE: Office.GEDEPUTEERDE,
    Tier.WATER_BOARD: Office.DB_LID,
    Tier.PUBLIC_BODY: Office.EILANDGEDEPUTEERDE,
}
"""The office that belongs to each tier."""


class LegalFrame(StrEnum):
    """Under which law the case is looked at: the law in force, or bill 36892 as if it were law already."""

    IN_FORCE = "in_force"
    BILL_36892 = "bill_36892"


class AskedScope(StrEnum):
    """How far the questionnaire goes: only what the law asks, or also what good practice asks."""

    STATUTORY = "statutory"
    PRACTICE = "practice"


YesOrNo = Literal["yes", "no"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContext:
    """Everything about a case that is known without asking the candidate. `None` means: not known yet.

    `as_of` is the day the case is looked at. It decides which rules are valid; nothing in the core reads a clock.
    """

    tier: Tier
    office: Office
    as_of: date
    full_time: YesOrNo | None = None
    portfolio: tuple[str, ...] | None = None
    replacement_portfolio: tuple[str, ...] | None = None
    appointment_date: date | None = None
    legal_frame: LegalFrame = LegalFrame.IN_FORCE
    reappointment: YesOrNo | None = None
    scope: AskedScope = AskedScope.PRACTICE
    verification: YesOrNo = "yes"
    """Whether reviewers have begun to check the answers; before that their own questions are not asked."""
    volunteered: tuple[str, ...] = ()
    """Sections about which the candidate chose to tell more than the case asks (`asks_by_law_only`)."""

    @property
    def asks_by_law_only(self) -> bool:
        """Whether questions of good practice are left out, unless the candidate volunteers them.

        So it is when the organisation chose the narrow scope, and always under bill 36892: it limits what may be looked
        at to the subjects it names.
        """
        return self.scope is AskedScope.STATUTORY or self.legal_frame is LegalFrame.BILL_36892

    def to_jsonable(self) -> dict[str, str | list[str] | None]:
        """Give the context as plain JSON values, one per field, so that it can be stored and shown.

        Sections are only named when something was volunteered: a case in which nothing was keeps the digest it had.
        """
        plain = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        if not self.volunteered:
            del plain["volunteered"]
        return plain

    @classmethod
    def from_jsonable(cls, stored: dict[str, str | list[str] | None]) -> "CaseContext":
        """Read back what `to_jsonable` gave. Anything else is a bug and raises ValueError, KeyError or TypeError."""
        given = dict(stored)
        return cls(
            tier=Tier(_text(given["tier"])),
            office=Office(_text(given["office"])),
            as_of=date.fromisoformat(_text(given["as_of"])),
            full_time=_yes_or_no(given.get("full_time")),
            portfolio=_fields(given.get("portfolio")),
            replacement_portfolio=_fields(given.get("replacement_portfolio")),
            appointment_date=_day(given.get("appointment_date")),
            legal_frame=LegalFrame(_text(given.get("legal_frame") or LegalFrame.IN_FORCE)),
            reappointment=_yes_or_no(given.get("reappointment")),
            scope=AskedScope(_text(given.get("scope") or AskedScope.PRACTICE)),
            verification=_yes_or_no(given.get("verification")) or "yes",
            volunteered=_fields(given.get("volunteered")) or (),
        )

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON: the same context always has the same digest."""
        canonical = json.dumps(self.to_jsonable(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: object) -> str | list[str] | None:
    if value is None:
        return None
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(value: str | list[str] | None) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {value!r}")
    return value


def _day(value: str | list[str] | None) -> date | None:
    return None if value is None else date.fromisoformat(_text(value))


def _fields(value: str | list[str] | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        raise TypeError(f"expected a list, got {value!r}")
    return tuple(value)


def _yes_or_no(value: str | list[str] | None) -> YesOrNo | None:
    match value:
        case None | "yes" | "no":
            return value
        case _:
            raise ValueError(f"expected yes or no, got {value!r}")
