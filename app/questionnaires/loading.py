"""From YAML to a questionnaire, with everything that is wrong reported at once.

A questionnaire is a folder with `index.yaml`, one file per section and `glossary.yaml`; or one file that holds all of
it. The index says how that is read; docs/how-to/write-a-question.md explains it to authors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from app.conditions.checking import check
from app.conditions.tree import Position, reads
from app.conditions.yaml_source import Listed, Mapped, Source, did_you_mean, load
from app.errors import Broken, Problem
from app.questionnaires.kinds import Option, Question
from app.questionnaires.model import Questionnaire, Respondent, Section, TalkingPoint, Term
from app.questionnaires.order import CircularError, asking_order
from app.questionnaires.placeholders import strange_words
from app.questionnaires.reachability import unreachable
from app.questionnaires.reading import build, read_question
from app.questionnaires.vocabulary import vocabulary_of
from app.questionnaires.wording import PLACEHOLDERS

LIBRARY = Path(__file__).parent / "library"
"""The questionnaires that come with the product."""

_INDEX_WORDS = ("id", "version", "language", "title", "intro", "defaults", "sections", "option_lists", "glossary")


@dataclass(frozen=True, slots=True)
class Reading:
    """A questionnaire, and where each question was written (by full id), so that later problems can be placed too."""

    questionnaire: Questionnaire
    positions: Mapping[str, Position]


def load_questionnaire(path: Path) -> Questionnaire:
    """Read a questionnaire from a folder or a file. Raises Broken with everything that is wrong."""
    return read_questionnaire(path).questionnaire


def read_questionnaire(path: Path) -> Reading:
    """Read a questionnaire and where its questions stand. Raises Broken with everything that is wrong."""
    author = _Author(path)
    questionnaire = author.read()
    if questionnaire is None or author.problems:
        raise Broken(author.problems or [Problem(path.name, 0, "there is no questionnaire here", "add index.yaml")])
    return Reading(questionnaire, author.positions)


@cache
def library() -> Mapping[tuple[str, int], Questionnaire]:
    """Give every questionnaire that comes with the product, by id and version. Raises Broken when one is."""
    found = [load_questionnaire(index.parent) for index in sorted(LIBRARY.glob("*/index.yaml"))]
    return {(questionnaire.id, questionnaire.version): questionnaire for questionnaire in found}


def newest(questionnaire_id: str = "kandidaat-bestuurder") -> Questionnaire:
    """Give the newest version of a questionnaire of the library; raises KeyError when there is none."""
    return library()[questionnaire_id, max(version for name, version in library() if name == questionnaire_id)]


@dataclass(slots=True)
class _Author:
    """The reading of one questionnaire: its files, and what was found in them."""

    path: Path
    sources: list[Source] = field(default_factory=list)
    positions: dict[str, Position] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)

    @property
    def problems(self) -> list[Problem]:
        return [problem for source in self.sources for problem in source.problems]

    def read(self) -> Questionnaire | None:
        index, source = self._open(self.path / "index.yaml" if self.path.is_dir() else self.path)
        if not isinstance(index, Mapped):
            if not source.problems:
                source.problem(0, "a questionnaire is a mapping", "begin with `id: ...`")
            return None
        for key in index:
            if key not in _INDEX_WORDS:
                source.unknown(index.lines[key], "part of a questionnaire:", key, _INDEX_WORDS)
        self.lists = {name: self._option_list(name, raw, source) for name, raw in _entries(index, "option_lists")}
        defaults = index.get("defaults") or {}
        read = [self._section(raw, found, defaults) for raw, found in self._section_sources(index, source)]
        sections = [section for section in read if section is not None]
        glossary = self._glossary(index, source)
        content = {key: index[key] for key in ("id", "version", "title", "intro") if key in index}
        content |= {"sections": tuple(sections), "glossary": glossary, "policy_fields": self._policy_fields(source)}
        if self.problems and (not sections or len(read) < len(index["sections"])):
            # a whole file is missing: every condition about its questions would be called wrong
            return None
        questionnaire = build(Questionnaire, content, index, source, "questionnaire")
        if questionnaire is not None:
            self._check(questionnaire, glossary_read=not self.problems)
        return questionnaire

    def _open(self, path: Path) -> tuple[Any, Source]:
        content, source = load(path, f"{path.parent.name}/{path.name}")
        self.sources.append(source)
        return content, source

    def _section_sources(self, index: Mapped, source: Source) -> Iterator[tuple[Mapped, Source]]:
        sections = index.get("sections")
        if not isinstance(sections, Listed) or not sections:
            source.problem(index.lines.get("sections", index.line), "there are no `sections`", "list them in order")
            return
        for line, named in zip(sections.lines, sections, strict=True):
            if isinstance(named, Mapped):
                yield named, source
                continue
            path = self.path / f"{named}.yaml"
            if not self.path.is_dir() or not path.is_file():
                source.problem(line, f"there is no file {named}.yaml for this section", "add it, or take the name out")
                continue
            content, own = self._open(path)
            if isinstance(content, Mapped):
                yield content, own
            elif not own.problems:
                own.problem(0, "a section is a mapping", "begin with `id: ...`")

    def _option_list(self, name: str, raw: object, source: Source) -> object:
        if not isinstance(raw, Listed):
            source.problem(0, f"the list of options {name!r} is not a list", "write `- {id: ..., label: ...}` lines")
            return ()
        return tuple(raw)

    def _policy_fields(self, source: Source) -> tuple[Option, ...]:
        read = [build(Option, raw, raw, source, "policy_fields") for raw in self.lists.get("policy_fields", ())]
        return tuple(option for option in read if option is not None)

    def _section(self, raw: Mapped, source: Source, defaults: Mapping[str, Any]) -> Section | None:
        name = str(raw.get("id", "?"))
        own = raw.get("defaults") or {}
        # what reviewers record themselves needs no conversation
        spoken = {} if raw.get("respondent", Respondent.CANDIDATE) == Respondent.CANDIDATE else {"oral": False}
        levels = [own, {**defaults, **spoken}]
        questions: list[Question] = []
        for line, written in _listed(raw, "questions"):
            self._place(written, source, line)
            question = read_question(written, source, levels, self.lists)
            if question is not None:
                questions.append(question)
        points = [build(TalkingPoint, point, point, source, name) for _, point in _listed(raw, "talking_points")]
        content = {key: value for key, value in raw.items() if key != "defaults"}
        content |= {"questions": tuple(questions), "talking_points": tuple(point for point in points if point)}
        return build(Section, content, raw, source, name)

    def _place(self, raw: object, source: Source, line: int, group: str = "") -> None:
        """Remember where a question stands; two of the same id are a problem at the second."""
        if not isinstance(raw, Mapped) or "id" not in raw:
            return
        full = f"{group}{raw['id']}"
        if full in self.positions:
            first = self.positions[full]
            source.problem(line, f"there is a question {full!r} already ({first.file}:{first.line})", "rename this one")
        else:
            self.positions[full] = Position(source.name, line)
        for at, inner in _listed(raw, "questions"):
            self._place(inner, source, at, f"{full}.")

    def _glossary(self, index: Mapped, source: Source) -> tuple[Term, ...]:
        raw: object = index.get("glossary")
        path = self.path / "glossary.yaml"
        if self.path.is_dir() and path.is_file():
            raw, source = self._open(path)
        if isinstance(raw, Mapped):
            raw = raw.get("terms")
        if not isinstance(raw, Listed):
            return ()
        read = [build(Term, entry, entry, source, "glossary") for entry in raw if isinstance(entry, Mapped)]
        return tuple(term for term in read if term is not None)

    def _check(self, questionnaire: Questionnaire, *, glossary_read: bool) -> None:
        """Look at the whole: conditions that fit, an order that exists, words that are explained.

        Also of a questionnaire with problems, so that one run tells all. A condition about a question that stands there
        but could not be read waits: nothing is known of that question yet.
        """
        vocabulary = vocabulary_of(questionnaire)
        unread = self.positions.keys() - questionnaire.questions.keys()
        for question in questionnaire.questions.values():
            if question.relevant_when is not None and reads(question.relevant_when).isdisjoint(unread):
                check(question.relevant_when, vocabulary, self._source_of(question), question.group)
            for term in question.terms if glossary_read else ():
                if term not in questionnaire.terms:
                    place = self.positions[question.id]
                    self._source_of(question).unknown(place.line, f"term of {question.id}:", term, questionnaire.terms)
        for question_id, word in strange_words(questionnaire):
            place = self.positions[question_id] if question_id else Position(self.sources[0].name, 0)
            where = question_id or "a title, an introduction, a talking point or the glossary"
            remedy = did_you_mean(word, PLACEHOLDERS)
            self._at(place).problem(place.line, f"nobody fills in {{{word}}} in {where}", remedy)
        self._once(section.id for section in questionnaire.sections)
        if self.problems:
            return
        try:
            asking_order(question for section in questionnaire.sections for question in section.questions)
        except CircularError as error:
            place = self.positions[error.circle[0]]
            message = f"these questions wait for each other: {error}"
            self._at(place).problem(place.line, message, "take one of the `relevant_when` away")
            return
        for question_id, reason in unreachable(questionnaire):
            place = self.positions[question_id]
            self._at(place).problem(
                place.line, f"{question_id} can never be asked: {reason}", "mend its `relevant_when`"
            )

    def _once(self, ids: Iterator[str]) -> None:
        seen: set[str] = set()
        for section_id in ids:
            if section_id in seen:
                self.sources[0].problem(0, f"there are two sections {section_id!r}", "rename one")
            seen.add(section_id)

    def _source_of(self, question: Question) -> Source:
        return self._at(self.positions[question.id])

    def _at(self, place: Position) -> Source:
        return next(source for source in self.sources if source.name == place.file)


def _entries(raw: Mapped, key: str) -> Iterator[tuple[str, Any]]:
    below = raw.get(key)
    return iter(below.items()) if isinstance(below, Mapped) else iter(())


def _listed(raw: Mapped, key: str) -> Iterator[tuple[int, Any]]:
    below = raw.get(key)
    return zip(below.lines, below, strict=True) if isinstance(below, Listed) else iter(())
