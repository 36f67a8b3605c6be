"""Dates counted from the planned date of appointment: back for what comes before it, on for what the law asks after it.

From law come how old a VOG may be, how long a decision on one takes and that the appointment is decided in the open; and, after the appointment, the days to accept
it, the oath, and on the islands the declaration of assets. Each of these carries its article. All other offsets are
working agreements: settings of the organisation.

What the law counts from something that has not happened yet is never made up: such a date is given for the planned day
and says so (``moment``), or there is no date and the words stand alone. No term is made longer for a weekend or a holiday,
so a last day is never told too late.
"""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.risk_rules.sources import LegalBasis

VOG_MAX_AGE_MONTHS = 3
"""Art. 36a lid 2 Gemeentewet (BWBR0005416, 2026-10-01): not older than three months at the appointment."""

VOG_DECISION_WEEKS = 8
"""Art. 37 Wjsg (BWBR0014194, 2026-09-01): eight weeks when the minister intends to refuse, four otherwise."""

ACCEPT_DAYS = 10
"""Art. 40 Gemeentewet and parallels: the tenth day after the notice of the appointment. Not in the Waterschapswet."""

ASSETS_DAYS = 30
"""Art. 49 lid 1 WolBES: within thirty days of accepting the appointment, and again within thirty days of dismissal."""

_VOG: Final = MappingProxyType(
    {
        Tier.MUNICIPALITY: LegalBasis("GW", "36a", ("2",)),
        Tier.PROVINCE: LegalBasis("PW", "35b", ("2",)),
        Tier.WATER_BOARD: LegalBasis("WsW", "41", ("1",)),
        Tier.PUBLIC_BODY: LegalBasis("WolBES", "39", ("2",)),
    }
)
_IN_THE_OPEN: Final = MappingProxyType(
    {
        Tier.MUNICIPALITY: LegalBasis("GW", "24", onderdeel="d"),
        Tier.PROVINCE: LegalBasis("PW", "24", onderdeel="d"),
        Tier.WATER_BOARD: LegalBasis("WsW", "36", onderdeel="d"),
        Tier.PUBLIC_BODY: LegalBasis("WolBES", "25", ("1",), "d"),
    }
)
_ACCEPT: Final = MappingProxyType(
    {
        Tier.MUNICIPALITY: LegalBasis("GW", "40"),
        Tier.PROVINCE: LegalBasis("PW", "39"),
        Tier.PUBLIC_BODY: LegalBasis("WolBES", "45"),
    }
)
_TAKES_EFFECT: Final = MappingProxyType(
    {
        Tier.MUNICIPALITY: LegalBasis("GW", "38"),
        Tier.PROVINCE: LegalBasis("PW", "37"),
        Tier.PUBLIC_BODY: LegalBasis("WolBES", "43"),
    }
)
_OATH: Final = MappingProxyType(
    {
        Tier.MUNICIPALITY: LegalBasis("GW", "41a", ("1",)),
        Tier.PROVINCE: LegalBasis("PW", "40a", ("1",)),
        Tier.WATER_BOARD: LegalBasis("WsW", "34", ("1",)),
        Tier.PUBLIC_BODY: LegalBasis("WolBES", "47", ("1",)),
    }
)
_ASSETS: Final = LegalBasis("WolBES", "49", ("1",))


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


MOST_DAYS = 365
"""No working agreement lies further before an appointment: a year."""

_IN_TURN: Final = ("invite", "answers", "review", "hearing_opens", "hearing_closes", "council_papers")


def out_of_turn(offsets: Offsets) -> tuple[str, str] | None:
    """Give the first two steps of which the later one is planned first; `None` when all are in turn.

    Steps may share a day, but for the hearing: who reacts needs time between the concept report and the last day.
    """
    for before, after in pairwise(_IN_TURN):
        days = getattr(offsets, before) - getattr(offsets, after)
        if days < 0 or (days == 0 and before == "hearing_opens"):
            return before, after
    return None


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date: what must be done, by whom, when at the latest (or earliest, when ``earliest`` is true), and why.

    ``moment`` says in words what the date hangs on; ``on`` is None while that alone is known. ``basis`` is the article the
    date follows from; None for a working agreement.
    """

    id: str
    title: str
    owner: Role
    on: date | None
    why: str
    earliest: bool = False
    late: bool = False
    moment: str = ""
    basis: LegalBasis | None = None


def months_before(day: date, months: int) -> date:
    """The same day ``months`` calendar months earlier, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def count_back(appointment: date, offsets: Offsets, *, today: date, tier: Tier) -> tuple[Deadline, ...]:
    """Every date that follows from ``appointment`` at an authority of this tier, in order of time; without a date last.

    ``late`` says that a latest date already lies before ``today``: the page then shows what can still be done.
    """
    rows = (*_before(appointment, offsets, tier), *_after(appointment, tier))
    dated = (
        replace(row, late=row.on is not None and not row.earliest and row.on < today)
        for row in sorted(rows, key=lambda row: (row.on or date.max, row.id))
    )
    return tuple(dated)


def _before(appointment: date, offsets: Offsets, tier: Tier) -> tuple[Deadline, ...]:
    def before(days: int) -> date:
        return appointment - timedelta(days=days)

    vog_request = Deadline(
        "vog_request",
        "VOG aanvragen",
        Role.CANDIDATE,
        before(VOG_DECISION_WEEKS * 7 + offsets.vog_margin),
        "De minister beslist binnen vier weken, of acht weken als een weigering dreigt.",
        basis=LegalBasis("Wjsg", "37"),
    )
    if tier is Tier.PUBLIC_BODY:
        why = "De gezaghebber geeft de VOG. Een termijn vonden wij niet in de wet: wij houden acht weken aan."
        vog_request = replace(vog_request, why=why, basis=LegalBasis("VOG-BES", "16"))
    return (
        vog_request,
        Deadline(
            "vog_earliest",
            "VOG niet eerder afgegeven dan",
            Role.CANDIDATE,
            months_before(appointment, VOG_MAX_AGE_MONTHS),
            "Bij de benoeming is de VOG niet ouder dan drie maanden.",
            earliest=True,
            basis=_VOG[tier],
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
            "Wie beslist, leest vooraf.",
        ),
        Deadline(
            "appointment",
            "Benoeming",
            Role.CLERK,
            appointment,
            "Over de benoeming wordt alleen in een openbare vergadering gesproken en beslist.",
            basis=_IN_THE_OPEN[tier],
        ),
    )


def _after(appointment: date, tier: Tier) -> tuple[Deadline, ...]:
    """Give what the law of this tier asks of whoever is appointed. Nothing of it can be told as certain beforehand."""
    rows = [
        Deadline(
            "oath",
            "Eed of belofte afleggen",
            Role.CANDIDATE,
            None,
            "Wie is benoemd, zweert of belooft drie dingen. Niets te hebben gegeven om benoemd te worden. Niets aan te "
            "nemen om iets te doen of te laten. En trouw te zijn aan de Grondwet, de wet en de plichten van het ambt."
            + (
                " Wie al in het algemeen bestuur zit, heeft dit daar gedaan, zo lezen wij de wet."
                if tier is Tier.WATER_BOARD
                else ""
            ),
            moment="vóór het werk in het ambt begint",
            basis=_OATH[tier],
        )
    ]
    if tier in _ACCEPT:
        rows += [
            Deadline(
                "accept",
                "Benoeming aannemen",
                Role.CANDIDATE,
                appointment + timedelta(days=ACCEPT_DAYS),
                "Uiterlijk op de tiende dag na dat bericht. Wie niets laat weten, neemt niet aan.",
                moment="als het bericht komt op de dag van de benoeming",
                basis=_ACCEPT[tier],
            ),
            Deadline(
                "takes_effect",
                "Benoeming gaat in",
                Role.CANDIDATE,
                None,
                "Vanaf dan gelden de regels van het ambt.",
                moment="zodra ten minste de helft van de bestuurders heeft aangenomen, of later bij latere aanneming",
                basis=_TAKES_EFFECT[tier],
            ),
        ]
    if tier is Tier.PUBLIC_BODY:
        rows += [
            Deadline(
                "asset_declaration",
                "Verklaring over vermogen en belangen",
                Role.CANDIDATE,
                appointment + timedelta(days=ASSETS_DAYS),
                "Binnen 30 dagen na de aanneming van de benoeming, bij de Rijksvertegenwoordiger.",
                moment="als de benoeming op de geplande dag wordt aangenomen",
                basis=_ASSETS,
            ),
            Deadline(
                "asset_declaration_after",
                "Nieuwe verklaring over vermogen en belangen",
                Role.CANDIDATE,
                None,
                "De Rijksvertegenwoordiger krijgt de verklaring ook aan het eind van het ambt.",
                moment="binnen 30 dagen na het ontslag",
                basis=_ASSETS,
            ),
        ]
    return tuple(rows)
