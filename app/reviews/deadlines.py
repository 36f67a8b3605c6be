"""Dates counted back from the planned date of appointment.

Only two figures come from law: a VOG is at most three months old at the appointment (art. 36a lid 2 Gemeentewet and
parallels), and the minister decides on a VOG within four weeks, or eight when a refusal is intended (art. 37 Wet
justitiële en strafvorderlijke gegevens). All other offsets are working agreements: settings of the organisation.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from app.reviews.lifecycle import Role

VOG_MAX_AGE_MONTHS = 3
"""Art. 36a lid 2 Gemeentewet (BWBR0005416, 2026-10-01): not older than three months at the appointment."""

VOG_DECISION_WEEKS = 8
"""Art. 37 Wjsg (BWBR0014194, 2026-09-01): eight weeks when the minister intends to refuse, four otherwise."""


@dataclass(frozen=True, slots=True)
class Offsets:
    """How many days before the appointment each step should be done; working agreements, not law."""

    invite: int = 42
    answers: int = 28
    review: int = 18
    hearing_opens: int = 17
    hearing_closes: int = 10
    council_papers: int = 7
    vog_margin: int = 7


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date: what must be done, by whom, when at the latest (or earliest, when ``earliest`` is true), and why."""

    id: str
    title: str
    owner: Role
    on: date
    why: str
    earliest: bool = False
    late: bool = False


def months_before(day: date, months: int) -> date:
    """The same day ``months`` calendar months earlier, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def count_back(appointment: date, offsets: Offsets, *, today: date) -> tuple[Deadline, ...]:
    """Every date that follows from ``appointment``, in order of time.

    ``late`` says that a latest date already lies before ``today``: the page then shows what can still be done.
    """

    def before(days: int) -> date:
        return appointment - timedelta(days=days)

    rows = (
        Deadline(
            "vog_request",
            "VOG aanvragen",
            Role.CANDIDATE,
            before(VOG_DECISION_WEEKS * 7 + offsets.vog_margin),
            "De minister beslist binnen vier weken, of acht weken als een weigering dreigt (art. 37 Wjsg).",
        ),
        Deadline(
            "vog_earliest",
            "VOG niet eerder afgegeven dan",
            Role.CANDIDATE,
            months_before(appointment, VOG_MAX_AGE_MONTHS),
            "Bij de benoeming is de VOG niet ouder dan drie maanden.",
            earliest=True,
        ),
        Deadline(
            "invite", "Kandidaat uitnodigen", Role.CLERK, before(offsets.invite), "De kandidaat heeft tijd nodig."
        ),
        Deadline(
            "answers", "Vragenlijst indienen", Role.CANDIDATE, before(offsets.answers), "Daarna begint de beoordeling."
        ),
        Deadline("review", "Beoordeling klaar", Role.ANALYST, before(offsets.review), "Daarna volgt het wederhoor."),
        Deadline(
            "hearing_opens",
            "Conceptrapport naar de kandidaat",
            Role.ANALYST,
            before(offsets.hearing_opens),
            "De kandidaat krijgt een redelijke termijn om te reageren.",
        ),
        Deadline(
            "hearing_closes",
            "Reactie van de kandidaat",
            Role.CANDIDATE,
            before(offsets.hearing_closes),
            "Hoor en wederhoor.",
        ),
        Deadline(
            "council_papers",
            "Raadsversie verzenden",
            Role.CLERK,
            before(offsets.council_papers),
            "De raad leest vooraf.",
        ),
        Deadline("appointment", "Benoeming", Role.CLERK, appointment, "De raad beslist in een openbare vergadering."),
    )
    dated = (
        Deadline(row.id, row.title, row.owner, row.on, row.why, row.earliest, late=not row.earliest and row.on < today)
        for row in rows
    )
    return tuple(sorted(dated, key=lambda row: (row.on, row.id)))
