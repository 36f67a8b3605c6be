"""The kinds of question, as values that never change. The list is closed; the discriminator is `kind`.

Every question says why it is asked, on what ground, from which sources the answer may come, who may read it, how long
it is kept and how public it is. Loading refuses a question that does not.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SkipValidation, StringConstraints, model_validator

from app.conditions.operators import MONEY_BANDS
from app.conditions.tree import Node
from app.questionnaires.context import Tier

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
"""What an author may call a question, option or section: it stands in stored answers for ever."""

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Scope(StrEnum):
    """On what footing something is asked."""

    STATUTORY = "W"
    PRACTICE = "P"
    ORAL_ONLY = "G"


class Source(StrEnum):
    """Where an answer may come from, or may be checked. Closed, because the law limits the sources."""

    CANDIDATE = "candidate"
    ORGANISATION_RECORDS = "organisation_records"
    TRADE_REGISTER = "trade_register"
    LAND_REGISTER = "land_register"
    PUBLIC_MEDIA = "public_media"
    OTHER_PUBLIC = "other_public"


class Reader(StrEnum):
    """Who may read an answer besides the candidate."""

    CLERK = "clerk"
    PRINCIPAL = "principal"
    ANALYST = "analyst"
    AUDITOR = "auditor"


class Retention(StrEnum):
    """What decides how long an answer is kept; the periods themselves are settings of the organisation."""

    ANSWERS = "answers"
    VERIFICATION = "verification"
    CONCLUSIONS = "conclusions"
    REGISTER = "register"


class Openness(StrEnum):
    """Who may see the answer in a document, from closed to open."""

    CONFIDENTIAL = "confidential"
    COUNCIL = "council"
    PUBLIC = "public"


class ReviewerUse(StrEnum):
    """What an answer is for when no rule reads it."""

    DOSSIER = "dossier"
    HEARING = "hearing"
    VERIFICATION = "verification"


class Frozen(BaseModel):
    """A value: cannot be changed, and refuses words it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


BILL = "bill_36892"
"""The bill has no settled numbering yet, so it is cited as a whole."""


class Basis(Frozen):
    """Why a question may be asked: an article of law (`source` and `article`) or a row of the practice catalogue."""

    source: str | None = None
    article: str | None = None
    lid: int | str | None = None
    onderdeel: str | None = None
    sub: str | None = None
    practice: str | None = None
    tiers: tuple[Tier, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _names_law_or_practice(self) -> Self:
        if (self.source is None) == (self.practice is None):
            raise ValueError(
                "a basis names either a law (`source` and `article`) or the practice catalogue (`practice`)"
            )
        if self.source not in {None, BILL} and self.article is None:
            raise ValueError("a basis in law names its `article`")
        return self


class Option(Frozen):
    """One of the answers to choose from. `tiers` empty: offered everywhere."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,59}$")]
    label: Sentence
    help: str = ""
    tiers: tuple[Tier, ...] = ()

    def offered_at(self, tier: Tier) -> bool:
        """Tell whether this option exists for an authority of this tier."""
        return not self.tiers or tier in self.tiers


class Asked(Frozen):
    """What all kinds of question have in common. `id` is the full id: `vog_status` or `companies.share_pct`."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}(\.[a-z][a-z0-9_]{1,59})?$")]
    label: Sentence
    help: str = ""
    """Extra explanation, shown on demand."""
    why: Sentence
    """The purpose, in the words the candidate reads."""
    basis: Annotated[tuple[Basis, ...], Field(min_length=1)]
    scope: Scope
    source: Annotated[tuple[Source, ...], Field(min_length=1)]
    readers: Annotated[tuple[Reader, ...], Field(min_length=1)]
    retention: Retention
    openness: Openness
    openness_ground: Sentence
    relevant_when: SkipValidation[Node] | None = None
    """Only asked when this holds; `None`: always."""
    tiers: tuple[Tier, ...] = ()
    """Only asked at these tiers; empty: at all of them."""
    used_by: tuple[ReviewerUse, ...] = ()
    oral: bool = True
    """May be discussed in person instead of answered in writing."""
    terms: tuple[Identifier, ...] = ()
    """Words the glossary explains beside this question."""

    @property
    def group(self) -> str | None:
        """The id of the group this question belongs to, or `None` at the top level."""
        return self.id.rpartition(".")[0] or None

    @property
    def field(self) -> str:
        """The id as its group calls it: `share_pct` for `companies.share_pct`."""
        return self.id.rpartition(".")[2]


class YesNo(Asked):
    """Yes or no; stored as `yes` and `no`."""

    kind: Literal["yes_no"]


class Choice(Asked):
    """Exactly one of the options; stored as its id."""

    kind: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]


class Choices(Asked):
    """One or more of the options; stored as ids in the order of the options. `none`, when offered, excludes the rest."""

    kind: Literal["choices"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]


class Text(Asked):
    """A line of text (`text`, 500 characters) or a few paragraphs (`long_text`, 5,000 characters)."""

    kind: Literal["text", "long_text"]


class Number(Asked):
    """A whole number. `unit` is shown behind it: "uur per maand"."""

    kind: Literal["number"]
    minimum: int = 0
    maximum: int = 1_000_000
    unit: str = ""


class Percentage(Asked):
    """A percentage from 0 to 100 with at most two decimals."""

    kind: Literal["percentage"]


_BAND_LABELS = {
    "none": "Geen bedrag",
    "lt_1000": "Minder dan € 1.000",
    "1000_5000": "€ 1.000 tot € 5.000",
    "5000_25000": "€ 5.000 tot € 25.000",
    "25000_100000": "€ 25.000 tot € 100.000",
    "gt_100000": "€ 100.000 of meer",
}

BANDS = tuple(Option(id=band.id, label=_BAND_LABELS[band.id]) for band in MONEY_BANDS)
"""The bands of money the conditions know, in rising order, as a candidate reads them."""

RELATIONS = (
    Option(id="partner", label="Partner"),
    Option(id="child", label="Kind"),
    Option(id="parent", label="Ouder"),
    Option(id="sibling", label="Broer of zus"),
    Option(id="in_law", label="Familie van de partner"),
    Option(id="other_family", label="Ander familielid"),
    Option(id="friend", label="Vriend of vriendin"),
    Option(id="business", label="Zakelijke relatie"),
    Option(id="other", label="Iemand anders"),
)
"""How somebody stands to the candidate: as much as a reviewer needs, and no name."""


class MoneyBand(Asked):
    """An amount, only ever as one of the bands of `BANDS`: nobody needs the exact sum."""

    kind: Literal["money_band"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)] = BANDS


class Date(Asked):
    """A day, a month or a year: whatever the person knows. With `precision: day` only a whole date will do."""

    kind: Literal["date"]
    precision: Literal["day", "month", "year"] = "year"


class Party(Asked):
    """Somebody else, only by their relation to the candidate and what their interest is. Never a name."""

    kind: Literal["party"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)] = RELATIONS


Single = YesNo | Choice | Choices | Text | Number | Percentage | MoneyBand | Date | Party
"""A question that holds one value: at the top level, or about one item of a group."""


class Group(Asked):
    """A list of things of one sort: companies, relatives. First asked is whether there are any.

    `item_title` is a template over the fields ("Onderneming: {name}"); `item_noun` names one item in running text.
    """

    kind: Literal["group"]
    item_title: Sentence
    item_noun: Sentence
    questions: Annotated[tuple[Annotated[Single, Field(discriminator="kind")], ...], Field(min_length=1)]
    max_items: int = 30


Question = Single | Group
"""Any question that can stand in a section."""
