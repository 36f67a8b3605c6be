"""From the library folder to a `RuleBook`, or to a list of everything that is wrong with it.

One file per subject or per part of one, plus the registers; rules are ordered by subject and number, whatever file they
stand in. The registers are sources.yaml, subjects.yaml, measures.yaml, combinations.yaml and statements.yaml. The
application refuses to start on a single problem: a rule that does not fit the questionnaire must never wait silently.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from app.conditions.checking import Vocabulary
from app.conditions.fields import Fields, top_list
from app.conditions.yaml_source import Source, load
from app.errors import Broken, Problem
from app.questionnaires.model import Questionnaire
from app.questionnaires.vocabulary import vocabulary_of
from app.risk_rules.registers import Registers, load_registers
from app.risk_rules.rule_reading import RULE_PREFIX, read_rule
from app.risk_rules.rulebook import About, Combination, Rule, RuleBook, Severity
from app.risk_rules.sources import read_basis

LIBRARY: Final = Path(__file__).parent / "library"
REGISTERS: Final = ("sources", "subjects", "measures", "combinations", "statements")


def load_rulebook(
    questionnaire: Questionnaire,
    folder: Path | None = None,
    only: Iterable[str] | None = None,
    *,
    examples: bool = True,
) -> RuleBook:
    """Load a rulebook and check it against the questionnaire. Raises `Broken` with every problem at once.

    ``folder`` is the library by default. ``only`` limits the rule files by name (``companies.yaml``): for authors. Without
    ``examples`` loading takes half the time, and the rules have none: enough to weigh cases, and the digest is the same.
    """
    book, problems = try_rulebook(vocabulary_of(questionnaire), folder, only, examples=examples)
    if problems:
        raise Broken(problems)
    return book


def try_rulebook(
    vocabulary: Vocabulary, folder: Path | None = None, only: Iterable[str] | None = None, *, examples: bool = True
) -> tuple[RuleBook, list[Problem]]:
    """Read as much of a rulebook as can be read, with everything that is wrong with it.

    The vocabulary may have holes: what a rule says about a question that could not be read is not called wrong. While
    there are problems, the book is for looking at and not for weighing.
    """
    folder = folder or LIBRARY
    registers = load_registers(folder)
    problems, warnings = list(registers.problems), list[Problem]()
    rules: list[Rule] = []
    names = None if only is None else set(only)
    for path in sorted(folder.glob("*.yaml")):
        if path.stem in REGISTERS or (names is not None and path.name not in names):
            continue
        content, source = load(path, without="" if examples else "examples")
        notes = Source(path.name)
        found = [
            read_rule(entry, vocabulary, registers, notes, examples=examples)
            for entry in top_list(content, "rules", source, "a rule")
        ]
        rules += found
        problems += source.problems
        warnings += notes.problems
    problems += _doubles(rules)
    combinations, more = _combinations(folder / "combinations.yaml", registers)
    problems += more
    order = {subject: place for place, subject in enumerate(registers.subjects)}
    book = RuleBook(
        rules=tuple(sorted(rules, key=lambda rule: (order.get(rule.subject, -1), _number(rule.id), rule.id))),
        subjects=registers.subjects,
        sources=registers.sources,
        measures=registers.measures,
        vocabulary=vocabulary,
        combinations=combinations,
        warnings=tuple(warnings),
    )
    return book, problems


def _doubles(rules: Iterable[Rule]) -> Iterable[Problem]:
    first: dict[str, Rule] = {}
    for rule in rules:
        other = first.setdefault(rule.id, rule)
        if other is not rule and rule.id:
            at = f"{other.position.file}:{other.position.line}"
            yield Problem(*rule.position, f"rule {rule.id!r} exists already, at {at}", "give it the next free number")


def _number(rule_id: str) -> int:
    """Give the number at the end of a rule id, so that COM-9 comes before COM-10."""
    found = RULE_PREFIX.fullmatch(rule_id)
    return int(found.group(2)) if found else 0


def _combinations(path: Path, registers: Registers) -> tuple[tuple[Combination, ...], list[Problem]]:
    if not path.exists():
        return (), []
    content, source = load(path)
    found = [_combination(entry, registers) for entry in top_list(content, "combinations", source, "a combination")]
    return tuple(found), source.problems


def _combination(entry: Fields, registers: Registers) -> Combination:
    combination = Combination(
        id=entry.text("id"),
        title=entry.text("title"),
        about=entry.one_of("about", About),
        count=entry.whole("count", default=2),
        severity=_severity(entry, "severity"),
        becomes=_severity(entry, "becomes"),
        flag=entry.text("flag"),
        advice=entry.text("advice", required=False),
        measures=entry.some_of("measures", registers.measures, whole="measures" not in registers.unread),
        basis=tuple(
            read_basis(basis, registers.sources, (), whole="sources" not in registers.unread)
            for basis in entry.entries("basis", "a basis")
        ),
        catalogue=entry.texts("catalogue"),
    )
    entry.finish()
    if combination.becomes is Severity.LEGAL_BAR:
        entry.source.problem(entry.at("becomes"), "a combination never makes a legal bar", "use 3 at most")
    return combination


def _severity(entry: Fields, name: str) -> Severity:
    number = entry.whole(name)
    if number not in list(Severity):
        entry.wrong(name, "a severity from 0 to 4")
        return Severity.RECORDED
    return Severity(number)
