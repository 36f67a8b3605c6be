"""The library of measures: what can be agreed to resolve or contain a risk (practice catalogue, D1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.conditions.fields import top_list
from app.conditions.yaml_source import load
from app.errors import Problem


class Owner(StrEnum):
    """Who sees to a measure."""

    CANDIDATE = "candidate"
    PRINCIPAL = "principal"
    CLERK = "clerk"


class MeasureOpenness(StrEnum):
    """Whether the council version may name a measure by default."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measure, with the defaults that people start from. Texts are Dutch, fit to show."""

    id: str
    number: int
    title: str
    what: str
    owner: Owner
    before_appointment: bool
    term: str
    evidence: str
    openness: MeasureOpenness
    review_months: int | None
    follow_up: str


def load_measures(path: Path) -> tuple[Mapping[str, Measure], list[Problem]]:
    """Read measures.yaml. Gives the measures by id, and everything that is wrong with the file."""
    content, source = load(path)
    found: dict[str, Measure] = {}
    for entry in top_list(content, "measures", source, "a measure"):
        measure = Measure(
            id=entry.text("id"),
            number=entry.whole("number"),
            title=entry.text("title"),
            what=entry.text("what"),
            owner=entry.one_of("owner", Owner),
            before_appointment=entry.flag("before_appointment"),
            term=entry.text("term"),
            evidence=entry.text("evidence"),
            openness=entry.one_of("openness", MeasureOpenness),
            review_months=entry.whole("review_months") if entry.has("review_months") else None,
            follow_up=entry.text("follow_up", required=False),
        )
        entry.raw("review_months")
        entry.finish()
        if measure.id in found:
            source.problem(entry.line, f"measure {measure.id!r} exists already", "give it an id of its own")
        found[measure.id] = measure
    return found, source.problems
