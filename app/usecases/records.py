"""What reviewers put on record besides flags: sources, subjects that were talked about, measures, corrections."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.questionnaires.kinds import Source
from app.reviews.decisions import FlagKey, Openness
from app.store import reviews
from app.store.rows import CaseRow
from app.usecases.assessing import CaseReading

SOURCE_TITLES: dict[Source, str] = {
    Source.CANDIDATE: "De kandidaat",
    Source.ORGANISATION_RECORDS: "Gegevens van de eigen organisatie",
    Source.TRADE_REGISTER: "Handelsregister",
    Source.LAND_REGISTER: "Kadaster",
    Source.PUBLIC_MEDIA: "Openbare media",
    Source.OTHER_PUBLIC: "Andere openbare bron",
}
"""The kinds of source that are permitted; there is no other."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source that was consulted."""

    source: Source
    title: str
    subject: str
    found: str
    consulted_on: date
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TalkingPointLine:
    """A subject to talk about, and never to write down."""

    id: str
    title: str
    hint: str
    section_title: str


@dataclass(frozen=True, slots=True)
class DiscussedLine:
    """That a subject was talked about."""

    talking_point: str
    discussed_on: date
    by_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeasure:
    """A measure to agree on. `kind` is an id of the library; `flags` are the flags it answers."""

    kind: str
    flags: tuple[FlagKey, ...]
    owner: str
    terms: str
    evidence: str = ""
    due: date | None = None
    openness: Openness = Openness.CONFIDENTIAL
    review_on: date | None = None
    before_appointment: bool = False


def sources_of(db: Session, case: CaseRow) -> tuple[SourceLine, ...]:
    """Give the sources that were consulted, in order."""
    return tuple(
        SourceLine(
            Source(row.source),
            SOURCE_TITLES[Source(row.source)],
            row.subject,
            row.found,
            row.consulted_on,
            row.by_name,
            row.at,
        )
        for row in reviews.sources(db, case)
    )


def discussed_of(db: Session, case: CaseRow) -> tuple[DiscussedLine, ...]:
    """Give which subjects were talked about."""
    return tuple(DiscussedLine(row.talking_point, row.discussed_on, row.by_name) for row in reviews.discussed(db, case))


def talking_points(reading: CaseReading) -> tuple[TalkingPointLine, ...]:
    """Give the subjects that are only ever talked about."""
    return tuple(
        TalkingPointLine(point.id, point.title, point.hint, section.title)
        for section in reading.worded.sections
        for point in section.talking_points
    )
