"""The registers that rules refer to: sources, subjects and measures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.conditions.fields import top_list
from app.conditions.yaml_source import load
from app.errors import Problem
from app.risk_rules.measures import Measure, load_measures
from app.risk_rules.rulebook import Subject
from app.risk_rules.sources import LegalSource, load_sources


@dataclass(frozen=True, slots=True)
class Registers:
    """What rules may refer to, and everything that was wrong with it.

    ``unread`` names the registers of which a part could not be read: what a rule refers to may stand in that part.
    """

    sources: Mapping[str, LegalSource]
    subjects: Mapping[str, Subject]
    measures: Mapping[str, Measure]
    problems: tuple[Problem, ...] = field(default=())
    unread: frozenset[str] = frozenset()


def load_registers(folder: Path) -> Registers:
    """Read sources.yaml, subjects.yaml and measures.yaml."""
    sources, problems = load_sources(folder / "sources.yaml")
    measures, more = load_measures(folder / "measures.yaml")
    content, source = load(folder / "subjects.yaml")
    subjects: dict[str, Subject] = {}
    for entry in top_list(content, "subjects", source, "a subject"):
        subject = Subject(entry.text("id"), entry.text("title"))
        entry.finish()
        if subject.id in subjects:
            source.problem(entry.line, f"subject {subject.id!r} exists already", "remove one")
        subjects[subject.id] = subject
    read: dict[str, tuple[Mapping[str, object], list[Problem]]] = {
        "sources": (sources, problems),
        "measures": (measures, more),
        "subjects": (subjects, source.problems),
    }
    unread = {name for name, (entries, wrong) in read.items() if wrong and (not entries or "" in entries)}
    return Registers(sources, subjects, measures, (*problems, *more, *source.problems), frozenset(unread))
