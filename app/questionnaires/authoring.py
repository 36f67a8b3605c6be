"""The files of one questionnaire as their author wrote them: what could be read, what could not, and where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.conditions.checking import Vocabulary
from app.conditions.tree import Position
from app.conditions.yaml_source import Listed, Mapped, Source, load
from app.errors import Problem
from app.questionnaires.kinds import Option, Question, YesNo
from app.questionnaires.model import Questionnaire, Respondent, Section, TalkingPoint, Term
from app.questionnaires.reading import INHERITED, build, listed, read_question, repeated_options
from app.questionnaires.vocabulary import vocabulary_with_holes

_INDEX_WORDS = ("id", "version", "language", "title", "intro", "defaults", "sections", "option_lists", "glossary")

_OF_NO_CONSEQUENCE = {
    "basis": ({"practice": "C0"},),
    "scope": "W",
    "source": ("candidate",),
    "readers": ("clerk",),
    "retention": "answers",
    "openness": "confidential",
    "openness_ground": "unknown",
    "oral": True,
}
"""Stands in for defaults that could not be read, so that not every question misses them."""


@dataclass(slots=True)
class Author:
    """The reading of one questionnaire: its files, and what was found in them.

    A mistake is noted and stepped over: what stands around it is read all the same. `whole` turns False when a part is
    missing of which not even the names of the questions are known.
    """

    path: Path
    sources: list[Source] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    written: dict[str, Mapped] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    lists: dict[str, tuple[Any, ...] | None] = field(default_factory=dict)
    terms: frozenset[str] | None = frozenset()
    """The words of the glossary, also of terms that are not in order; `None` when it could not be read."""
    whole: bool = True

    @property
    def problems(self) -> list[Problem]:
        """Everything that was found wrong so far, file by file."""
        return [problem for source in self.sources for problem in source.problems]

    def source_at(self, place: Position) -> Source:
        """Give the file a place lies in."""
        return next(source for source in self.sources if source.name == place.file)

    def source_of(self, question_id: str) -> Source:
        """Give the file a question stands in."""
        return self.source_at(self.positions[question_id])

    def vocabulary(self, questionnaire: Questionnaire | None) -> Vocabulary:
        """Give what conditions may name, with the holes that were left."""
        unread = self.positions.keys() - (questionnaire.questions.keys() if questionnaire else set())
        return vocabulary_with_holes(
            questionnaire,
            frozenset(unread),
            whole=self.whole and questionnaire is not None,
            policy_fields_read=self.lists.get("policy_fields", ()) is not None and questionnaire is not None,
        )

    def read(self) -> Questionnaire | None:
        """Read all files. Gives what could be made of them, or `None` when not one section could be read."""
        index, source = self._open(self.path / "index.yaml" if self.path.is_dir() else self.path)
        if not isinstance(index, Mapped):
            if not source.problems:
                source.problem(0, "a questionnaire is a mapping", "begin with `id: ...`")
            return None
        for key in index:
            if key not in _INDEX_WORDS:
                source.unknown(index.lines[key], "part of a questionnaire:", key, _INDEX_WORDS)
        self.lists = {name: self._option_list(name, raw, source) for name, raw in _entries(index, "option_lists")}
        fields = tuple(Option.model_validate(raw) for raw in self.lists.get("policy_fields") or ())
        defaults = self._defaults(index, source)
        sections = tuple(self._section(raw, found, defaults) for raw, found in self._section_sources(index, source))
        content = {key: index[key] for key in ("id", "version", "title", "intro") if key in index}
        content |= {"sections": sections, "glossary": self._glossary(index, source), "policy_fields": fields}
        if not sections:
            return None  # why there are none was said
        made = build(Questionnaire, content, index, source, "questionnaire")
        return made or Questionnaire.model_construct(**_standing_in(content, id="x", version=0, title=""))

    def _open(self, path: Path) -> tuple[Any, Source]:
        content, source = load(path, f"{path.parent.name}/{path.name}")
        self.sources.append(source)
        return content, source

    def _section_sources(self, index: Mapped, source: Source) -> Iterator[tuple[Mapped, Source]]:
        sections = index.get("sections")
        if not isinstance(sections, Listed) or not sections:
            source.problem(index.lines.get("sections", index.line), "there are no `sections`", "list them in order")
            return
        for path in sorted(self.path.glob("*.yaml")) if self.path.is_dir() else ():
            if path.stem not in {*map(str, sections), "index", "glossary"}:
                line = index.lines["sections"]
                source.problem(
                    line, f"no section is called {path.stem}, so {path.name} is not read", "add it to the list"
                )
                self.whole = False
        for line, named in zip(sections.lines, sections, strict=True):
            if isinstance(named, Mapped):
                yield named, source
                continue
            path = self.path / f"{named}.yaml"
            if not self.path.is_dir() or not path.is_file():
                source.problem(line, f"there is no file {named}.yaml for this section", "add it, or take the name out")
                self.whole = False
                continue
            content, own = self._open(path)
            if isinstance(content, Mapped):
                yield content, own
                continue
            self.whole = False
            if not own.problems:
                own.problem(0, "a section is a mapping", "begin with `id: ...`")

    def _option_list(self, name: str, raw: object, source: Source) -> tuple[Any, ...] | None:
        """Read a list of options that questions name; `None` when not everything in it could be read."""
        if not isinstance(raw, Listed):
            source.problem(0, f"the list of options {name!r} is not a list", "write `- {id: ..., label: ...}` lines")
            return None
        repeated_options(raw, name, source, raw.line)
        read = [build(Option, one, one, source, name) if isinstance(one, Mapped) else None for one in raw]
        for line, one in zip(raw.lines, raw, strict=True):
            if not isinstance(one, Mapped):
                source.problem(line, f"an option of {name} is a mapping, not {one!r}", "write {id: ..., label: ...}")
        return None if None in read else tuple(raw)

    def _defaults(self, raw: Mapped, source: Source) -> Mapping[str, Any]:
        found = raw.get("defaults")
        if found is None:
            return {}
        if not isinstance(found, Mapped):
            source.problem(
                raw.lines["defaults"], f"`defaults` is a mapping, not {found!r}", "write `scope: W` below it"
            )
            return _OF_NO_CONSEQUENCE
        for key in found:
            if key not in INHERITED:
                source.unknown(found.lines[key], "part of `defaults`:", key, INHERITED)
        # a mistake here is one mistake, and the questions that inherit it have their own say
        return {key: value if _fits(key, value, found, source) else _OF_NO_CONSEQUENCE[key]
                for key, value in found.items() if key in INHERITED}  # fmt: skip

    def _section(self, raw: Mapped, source: Source, defaults: Mapping[str, Any]) -> Section:
        name = str(raw.get("id", "?"))
        own = self._defaults(raw, source)
        # what reviewers record themselves needs no conversation
        spoken = {} if raw.get("respondent", Respondent.CANDIDATE) == Respondent.CANDIDATE else {"oral": False}
        questions: list[Question] = []
        for line, written in listed(raw, "questions", source):
            self._place(written, source, line)
            question = read_question(written, source, (own, spoken, defaults), self.lists, line=line)
            if question is not None:
                questions.append(question)
        if "questions" in raw and not isinstance(raw["questions"], Listed):
            self.whole = False
        written_points = listed(raw, "talking_points", source)
        points = [build(TalkingPoint, point, point, source, name) for _, point in written_points]
        content = {key: value for key, value in raw.items() if key != "defaults"}
        content |= {"questions": tuple(questions), "talking_points": tuple(point for point in points if point)}
        made = build(Section, content, raw, source, name)
        return made or Section.model_construct(**_standing_in(content, id=name, theme="", title=""))

    def _place(self, raw: object, source: Source, line: int, group: str = "") -> None:
        """Remember where a question stands; two of the same id are a problem at the second."""
        if not isinstance(raw, Mapped) or "id" not in raw:
            self.whole = False
            return
        full = f"{group}{raw['id']}"
        if full in self.positions:
            first = self.positions[full]
            source.problem(line, f"there is a question {full!r} already ({first.file}:{first.line})", "rename this one")
            self.twice.add(full)
        else:
            self.positions[full] = Position(source.name, line)
            self.written[full] = raw
        if isinstance(raw.get("questions"), Listed):
            for at, inner in listed(raw, "questions", source):
                self._place(inner, source, at, f"{full}.")

    def _glossary(self, index: Mapped, source: Source) -> tuple[Term, ...]:
        raw: object = index.get("glossary")
        path = self.path / "glossary.yaml"
        if self.path.is_dir() and path.is_file():
            raw, source = self._open(path)
        if isinstance(raw, Mapped):
            raw = raw.get("terms")
        if raw is None and not source.problems:
            return ()
        if not isinstance(raw, Listed):
            self.terms = None
            if not source.problems:
                source.problem(0, "the glossary is a list of terms", "write `terms:` with `- id: ...` lines below it")
            return ()
        self.terms = frozenset(str(entry.get("id")) for entry in raw if isinstance(entry, Mapped))
        read = [build(Term, entry, entry, source, "glossary") for entry in raw]
        return tuple(term for term in read if term is not None)


def _fits(key: str, value: object, defaults: Mapped, source: Source) -> bool:
    """Tell whether a question could inherit this; what is wrong with it is noted."""
    question = {"id": "any", "label": "any", "why": "any", "kind": "yes_no", **_OF_NO_CONSEQUENCE, key: value}
    return build(YesNo, question, defaults, source, "defaults") is not None


def _standing_in(content: Mapping[str, Any], **missing: Any) -> dict[str, Any]:
    """Give the parts that are of the right type whatever else was wrong, filled up with what is missing."""
    return missing | {key: part for key, part in content.items() if isinstance(part, str | tuple)}


def _entries(raw: Mapped, key: str) -> Iterator[tuple[str, Any]]:
    below = raw.get(key)
    return iter(below.items()) if isinstance(below, Mapped) else iter(())
