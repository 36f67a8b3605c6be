"""What the law and practice say, statement by statement: which rule, question, date or text carries it out, or why none.

The list is data (library/statements.yaml): numbers, and our own short wording. A statement that nothing carries out and
that gives no reason is a problem; so is a reason that does not hold any more, and a rule that names a statement which does
not exist.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.conditions.fields import Fields
from app.conditions.yaml_source import Mapped, Source, did_you_mean, load
from app.errors import Problem
from app.questionnaires.model import Questionnaire
from app.risk_rules.rulebook import RuleBook

FILE = "statements.yaml"


class Kind(StrEnum):
    """What a statement belongs to: the law, the patterns of practice, or the themes of a questionnaire."""

    LAW = "statements"
    CATALOGUE = "catalogue"
    THEME = "themes"


MARKS = ("H", "N", "P", "H/N", "")
"""A norm that facts decide, a norm that people weigh, procedure or consequence; "" for a remark."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One numbered statement, and where it is carried out other than by rules and questions that name it."""

    id: str
    kind: Kind
    about: str
    mark: str = ""
    deadline: str = ""
    document: str = ""
    question: str = ""
    reason: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Statements:
    """The whole list, the reasons by key, and everything that is wrong with the file."""

    found: tuple[Statement, ...]
    reasons: Mapping[str, str]
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Covered:
    """One statement and what carries it out. ``reason`` is only given when nothing does."""

    statement: Statement
    rules: tuple[str, ...]
    questions: tuple[str, ...]
    reason: str

    @property
    def carried(self) -> bool:
        """Whether a rule, a question, a date or a text carries it out."""
        one = self.statement
        return bool(self.rules or self.questions or one.deadline or one.document)


def load_statements(path: Path) -> Statements:
    """Read the list. What is wrong with it stands in the result."""
    content, source = load(path)
    if not isinstance(content, Mapped):
        if not source.problems:
            source.problem(1, "the file holds no statements", "write statements:, catalogue:, themes: and reasons:")
        return Statements((), {}, tuple(source.problems))
    top = Fields(content, source, "the file")
    reasons = {str(key): str(text) for key, text in top.mapping_of("reasons").items()}
    found: dict[str, Statement] = {}
    for kind in Kind:
        for entry in top.entries(kind, "a statement"):
            one = _statement(entry, kind, reasons)
            if one.id in found:
                source.problem(entry.line, f"statement {one.id!r} exists already", "remove one")
            found[one.id] = one
    top.finish()
    return Statements(tuple(found.values()), reasons, tuple(source.problems))


def _statement(entry: Fields, kind: Kind, reasons: Collection[str]) -> Statement:
    one = Statement(
        id=entry.text("id"),
        kind=kind,
        about=entry.text("about"),
        mark=entry.text("mark", required=False),
        deadline=entry.text("deadline", required=False),
        document=entry.text("document", required=False),
        question=entry.text("question", required=False),
        reason=entry.text("reason", required=False),
        line=entry.line,
    )
    entry.finish()
    if one.mark not in MARKS:
        entry.source.unknown(entry.at("mark"), "mark", one.mark, MARKS)
    if one.reason and one.reason not in reasons:
        entry.source.unknown(entry.at("reason"), "reason", one.reason, reasons)
    return one


def coverage(statements: Statements, book: RuleBook, asked: Questionnaire) -> tuple[Covered, ...]:
    """Say for every statement what carries it out, in the order of the list."""
    rules: dict[str, list[str]] = {}
    for rule in book.rules:
        for name in dict.fromkeys((*rule.statements, *rule.catalogue)):
            rules.setdefault(name, []).append(rule.id)
    themes = _themes(asked)
    found = []
    for one in statements.found:
        questions = [*themes.get(one.id, ()), *([one.question] if one.question else [])]
        covered = Covered(one, tuple(rules.get(one.id, ())), tuple(questions), "")
        reason = "" if covered.carried else statements.reasons.get(one.reason, "")
        found.append(Covered(one, covered.rules, covered.questions, reason))
    return tuple(found)


def _themes(asked: Questionnaire) -> dict[str, list[str]]:
    themes: dict[str, list[str]] = {}
    for question in asked.questions.values():
        for basis in question.basis:
            if basis.practice is not None and question.id not in themes.setdefault(basis.practice, []):
                themes[basis.practice].append(question.id)
    return themes


def gaps(statements: Statements, book: RuleBook, asked: Questionnaire, deadlines: Collection[str]) -> Iterator[Problem]:
    """Give everything that does not add up: a statement with neither, and a name that does not exist."""
    source = Source(FILE, list(statements.problems))
    known = {one.id for one in statements.found}
    for covered in coverage(statements, book, asked):
        one = covered.statement
        if not covered.carried and not one.reason:
            source.problem(
                one.line, f"nothing carries out {one.id} ({one.about})", "name it in a rule, or add reason: …"
            )
        if covered.carried and one.reason:
            source.problem(one.line, f"{one.id} is carried out, so its reason does not hold", "remove reason: …")
        if one.question and one.question not in asked.questions:
            source.unknown(one.line, "question", one.question, asked.questions)
        if one.deadline and one.deadline not in deadlines:
            source.unknown(one.line, "deadline", one.deadline, deadlines)
    yield from source.problems
    for rule in book.rules:
        for name in (*rule.statements, *rule.catalogue):
            if name not in known:
                yield Problem(
                    *rule.position, f"rule {rule.id} names the unknown statement {name!r}", did_you_mean(name, known)
                )


def counts(found: Iterable[Covered]) -> Mapping[Kind, tuple[int, int, int]]:
    """Count per kind: how many are carried out, how many are not and say why, and how many there are."""
    listed = list(found)
    told = {}
    for kind in Kind:
        mine = [one for one in listed if one.statement.kind is kind]
        carried = sum(one.carried for one in mine)
        told[kind] = (carried, sum(bool(one.reason) for one in mine), len(mine))
    return told
