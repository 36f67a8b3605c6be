"""How long a case is kept: what a policy says, and what follows from it for one case.

No figure here comes from law: bill 36892 names no term, and the selection list that an authority adopted decides. So the
policy is data of the organisation, and without one nothing is computed. The clock starts at an outcome, never at the
moment somebody last worked on the case.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTHS_LIMIT = 1200
"""A hundred years; a longer term is a slip of the pen. What must stay for good says so (`months` is `None`)."""
WARN_DAYS_LIMIT = 999
"""The earliest moment that somebody can be warned, in days before the day itself: some three years."""

LIST_LENGTH = 200
"""Most characters in the name of a selection list."""
CATEGORY_LENGTH = 40
"""Most characters in the number of a line of that list."""


class End(StrEnum):
    """How a candidacy ended. The values are stored; never rename one."""

    APPOINTED = "appointed"
    NOT_APPOINTED = "not_appointed"
    WITHDRAWN = "withdrawn"


class Kept(StrEnum):
    """What a term is about. The values are stored; never rename one."""

    CASE = "case"
    """Everything sealed with the key of the case: answers, flags, review, notes, mail, the candidate's own copies."""
    COUNCIL_VERSION = "council_version"
    """The documents as the council received them."""


class Start(StrEnum):
    """When the clock of a term starts. The values are stored; never rename one."""

    OUTCOME = "outcome"
    END_OF_OFFICE = "end_of_office"


class Choice(StrEnum):
    """What somebody who withdraws may ask for, within the policy. The values are stored; never rename one."""

    DESTROY = "destroy"
    RECEIVE = "receive"


class Standing(StrEnum):
    """Where a term stands today."""

    FOREVER = "forever"
    WAITING = "waiting"
    """The clock starts at the end of the office, and that day is not known."""
    HELD = "held"
    RUNNING = "running"
    NEAR = "near"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a policy. `months` counts whole calendar months from `start`; `None` keeps it for good.

    `category` is the number of this line in the selection list, as the organisation writes it.
    """

    end: End
    kept: Kept
    months: int | None
    start: Start = Start.OUTCOME
    category: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an organisation decided about keeping. `selection_list` is the name of the list it follows."""

    selection_list: str
    terms: tuple[Term, ...]
    warn_days: int = 30
    choices: frozenset[Choice] = frozenset(Choice)

    def term(self, end: End, kept: Kept) -> Term | None:
        """The line for an outcome and a kind of record; `None` when the policy has none."""
        return next((one for one in self.terms if one.end is end and one.kept is kept), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How and when a candidacy ended, and the last day in office once that is known."""

    end: End
    on: date
    end_of_office: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What follows for one kind of record of one case.

    `on` is the first day on which it may be destroyed; `None` while `standing` is `FOREVER` or `WAITING`.
    """

    kept: Kept
    standing: Standing
    on: date | None
    term: Term


def problems(policy: Policy) -> tuple[str, ...]:
    """Everything that keeps a policy from being used, one Dutch sentence each. Empty: it is complete."""
    return tuple(_problems(policy))


def clocks(
    policy: Policy, outcome: Outcome, today: date, *, extended_to: date | None = None, held: bool = False
) -> tuple[Clock, ...]:
    """What must happen with a case and when, one line for each kind of record the policy names.

    An extension moves a date later, never earlier. While a case is held nothing of it is due.
    """
    return tuple(
        _clock(term, policy.warn_days, outcome, today, extended_to, held=held)
        for kept in Kept
        if (term := policy.term(outcome.end, kept)) is not None
    )


def months_after(day: date, months: int) -> date:
    """The same day `months` calendar months later, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _clock(term: Term, warn_days: int, outcome: Outcome, today: date, extended_to: date | None, *, held: bool) -> Clock:
    if term.months is None:
        return Clock(term.kept, Standing.FOREVER, None, term)
    begins = outcome.on if term.start is Start.OUTCOME else outcome.end_of_office
    if begins is None:
        return Clock(term.kept, Standing.WAITING, None, term)
    on = months_after(begins, term.months)
    if extended_to is not None:
        on = max(on, extended_to)
    if held:
        standing = Standing.HELD
    elif on <= today:
        standing = Standing.DUE
    elif on - timedelta(days=warn_days) <= today:
        standing = Standing.NEAR
    else:
        standing = Standing.RUNNING
    return Clock(term.kept, standing, on, term)


def _problems(policy: Policy) -> Iterator[str]:
    if not policy.selection_list.strip():
        yield "Vul in welke selectielijst u volgt."
    if len(policy.selection_list) > LIST_LENGTH:
        yield f"De naam van de selectielijst is te lang. Maak hem hoogstens {LIST_LENGTH} tekens."
    if not 0 <= policy.warn_days <= WARN_DAYS_LIMIT:
        yield f"Het aantal dagen voor de waarschuwing is een getal van 0 tot en met {WARN_DAYS_LIMIT}."
    for end in End:
        for kept in Kept:
            count = sum(one.end is end and one.kept is kept for one in policy.terms)
            if count != 1:
                yield f"Geef precies één termijn voor '{KEPT_TITLES[kept]}' bij '{END_TITLES[end]}'."
    for one in policy.terms:
        yield from _term_problems(one)


def _term_problems(one: Term) -> Iterator[str]:
    if one.months is not None and not 0 <= one.months <= MONTHS_LIMIT:
        yield f"Een termijn is een aantal maanden van 0 tot en met {MONTHS_LIMIT}, of blijvend."
    if len(one.category) > CATEGORY_LENGTH:
        yield f"Het nummer in de selectielijst is te lang. Maak het hoogstens {CATEGORY_LENGTH} tekens."
    if one.start is Start.END_OF_OFFICE and one.end is not End.APPOINTED:
        yield f"Alleen bij '{END_TITLES[End.APPOINTED]}' kan een termijn ingaan als het ambt eindigt."


END_TITLES: dict[End, str] = {
    End.APPOINTED: "benoemd",
    End.NOT_APPOINTED: "niet benoemd",
    End.WITHDRAWN: "teruggetrokken",
}
"""What a user reads for each outcome."""

KEPT_TITLES: dict[Kept, str] = {
    Kept.CASE: "antwoorden en beoordeling",
    Kept.COUNCIL_VERSION: "stukken voor de raad",
}
"""What a user reads for each kind of record."""


def term_in_words(term: Term) -> str:
    """A term as a reader meets it, such as "12 maanden na de uitkomst"."""
    if term.months is None:
        return "blijvend"
    after = "de uitkomst" if term.start is Start.OUTCOME else "het einde van het ambt"
    if term.months == 0:
        return f"direct na {after}"
    return f"{term.months} {'maand' if term.months == 1 else 'maanden'} na {after}"
