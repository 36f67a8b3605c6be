"""Everything that can be wrong before anybody is served: settings, questionnaires, rulebooks, templates."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, meta, nodes
from pydantic import ValidationError

from app.conditions.tree import reads
from app.conditions.yaml_source import did_you_mean
from app.errors import Problem
from app.questionnaires import loading as questionnaires
from app.questionnaires.loading import Attempt, Reading, try_questionnaire
from app.questionnaires.reachability import unused_questions
from app.questionnaires.versions import PUBLISHED, changed_after_publication, published_digests
from app.risk_rules import loading as rulebooks
from app.risk_rules.loading import try_rulebook
from app.risk_rules.rulebook import RuleBook, conditions
from app.risk_rules.source_review import wrong_in_questions
from app.settings import Settings
from app.web.places import templates_directory

_NAMED = re.compile(r"\b(?:answer|in|for_each|shares_with)\s*:\s*([\w.]+)")
"""Where the text of a rule names a question, however broken the rule is."""


def everything_wrong() -> tuple[list[Problem], str]:
    """Give every problem there is, each once, and a line that says what was looked at."""
    content, read = content_problems(questionnaires.LIBRARY, rulebooks.LIBRARY)
    templates, broken_templates = template_problems(templates_directory())
    packs, broken_packs = (0, []) if content else pack_problems()
    unpublished = [] if content else publishing_problems()
    problems = [*settings_problems(), *content, *broken_templates, *broken_packs, *unpublished]
    looked_at = f"looked at the settings, {read}, {packs} local packs and {templates} templates"
    return list(dict.fromkeys(problems)), looked_at


def pack_problems() -> tuple[int, list[Problem]]:
    """Give how many packs of local rules this installation keeps, and what is wrong with them."""
    from app.usecases.local_rules import problems_in

    try:
        folder = Settings().data_dir
    except ValidationError:
        return 0, []  # the settings have had their say
    return problems_in(folder, questionnaires.newest())


def publishing_problems() -> list[Problem]:
    """Give the rules and questions that say something else than the register of published versions."""
    from app.usecases.publishing.versions import register_problems

    return register_problems()


def content_problems(library: Path, rules: Path) -> tuple[list[Problem], str]:
    """Give what is wrong with the questionnaires and the rules, and words for what was looked at.

    What only follows from another problem is left out: it may well be gone when that one is mended.
    """
    problems: list[Problem] = []
    found: dict[tuple[str, int], Reading] = {}
    unread: set[str] = set()
    count = 0
    for index in sorted(library.glob("*/index.yaml")):
        attempt = try_questionnaire(index.parent)
        book, wrong = try_rulebook(attempt.vocabulary, rules)
        problems += [*attempt.problems, *wrong]
        count += len(book.rules)
        if attempt.reading is None or attempt.problems:
            unread.add(index.parent.name)
        else:
            found[attempt.reading.questionnaire.id, attempt.reading.questionnaire.version] = attempt.reading
        if attempt.reading is not None:
            if attempt.vocabulary.whole:
                hinted = attempt.wanted | named_in(rules, {problem.file for problem in wrong}, attempt)
                problems += unused(attempt.reading, book, hinted)
            if not any(problem.file == "sources.yaml" for problem in wrong):
                problems += unknown_laws(attempt.reading, book)
    if PUBLISHED.exists():
        # a version that is there but could not be read has had its say above
        published = {key: digest for key, digest in published_digests().items() if "{}.v{}".format(*key) not in unread}
        problems += changed_after_publication({key: one.questionnaire for key, one in found.items()}, published)
    names = ", ".join(f"{name} version {version}" for name, version in found) or "no questionnaire"
    return list(dict.fromkeys(problems)), f"{names}, {count} rules"


def settings_problems() -> Iterator[Problem]:
    """Give what is wrong with the settings in the environment, each by itself and all of them together."""
    try:
        Settings()
    except ValidationError as error:
        yield from map(_setting_problem, _details(error))
        alone = {str(wrong["loc"][0]) for wrong in _details(error) if wrong["loc"]}
    else:
        return
    if alone:
        # what they say together was not looked at yet: once more, with the default for what is wrong by itself
        instead = {name: Settings.model_fields[name].default for name in alone}
        try:
            Settings(**instead)
        except ValidationError as error:
            yield from map(_setting_problem, _details(error))


def _details(error: ValidationError) -> list[Mapping[str, Any]]:
    return [dict(wrong) for wrong in error.errors(include_url=False, include_input=False)]


def _setting_problem(wrong: Mapping[str, Any]) -> Problem:
    name = "_".join(("TOETSSTEEN", *map(str, wrong["loc"]))).upper()
    return Problem("settings", 0, f"{name}: {wrong['msg'].removeprefix('Value error, ')}", "see docs/reference")


def unused(reading: Reading, book: RuleBook, hinted: Collection[str] = ()) -> Iterator[Problem]:
    """Give the questions that nobody would use: neither a rule, nor a reviewer, nor another question.

    `hinted` are questions that something with a mistake in it seems to use.
    """
    for question_id in unused_questions(reading.questionnaire, read_by_rules(book) | set(hinted)):
        place = reading.positions[question_id]
        yield Problem(
            *place,
            f"no rule and no reviewer uses {question_id}",
            "do not ask it, or say under `used_by` what its answer is for",
        )


def unknown_laws(reading: Reading, book: RuleBook) -> Iterator[Problem]:
    """Give the questions that rest on a place nobody wrote down among the sources: no page could cite it."""
    for question, message, remedy in wrong_in_questions(reading.questionnaire, book.sources):
        yield Problem(*reading.positions[question.id], message, remedy)


def read_by_rules(book: RuleBook) -> frozenset[str]:
    """Give the full ids of the questions the rules look at."""
    nodes = [node for rule in book.rules for node in conditions(rule)]
    lists = [rule.for_each for rule in book.rules if rule.for_each]
    return frozenset(lists).union(*(reads(node) for node in nodes))


def named_in(folder: Path, files: Collection[str], attempt: Attempt) -> frozenset[str]:
    """Give the questions that rule files with mistakes in them name; of a word that does not exist, the one meant."""
    found: set[str] = set()
    for file in files:
        path = folder / file
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for word in set(_NAMED.findall(text)):
            found |= set(get_close_matches(word, attempt.vocabulary.questions, n=1))
    return frozenset(found)


def template_problems(folder: Path) -> tuple[int, list[Problem]]:
    """Compile every template. Gives how many there are, and what is wrong with them."""
    problems = []
    trees: dict[str, nodes.Template] = {}
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for name in names:
        try:
            trees[name] = Environment(autoescape=True).parse((folder / name).read_text(encoding="utf-8"), name)
        except TemplateSyntaxError as error:
            problems.append(Problem(f"templates/{name}", error.lineno, str(error.message), "mend the template"))
    problems += [
        Problem(f"templates/{name}", 0, f"there is no template {other!r}", did_you_mean(other, names))
        for name, tree in trees.items()
        for other in meta.find_referenced_templates(tree)
        if other is not None and other not in names
    ]
    if all(name in trees for name in names if name.startswith("ui/")):  # every page needs all components
        problems += _compiling_problems(folder, trees)
    return len(names), problems


def _compiling_problems(folder: Path, trees: Mapping[str, nodes.Template]) -> Iterator[Problem]:
    """Give the filters and the components that do not exist."""
    try:
        from app.web.templating import ComponentLibrary, make_environment

        environment = make_environment(folder)
    except (TemplateSyntaxError, ValueError) as error:
        where, line = (error.name, error.lineno) if isinstance(error, TemplateSyntaxError) else ("ui", 0)
        yield Problem(f"templates/{where}", line, str(error), "mend the component")
        return
    library = environment.globals["ui"]
    known = library.macros() if isinstance(library, ComponentLibrary) else {}
    for name, tree in trees.items():
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            yield Problem(f"templates/{name}", error.lineno, str(error.message), "mend the template")
        for one in tree.find_all(nodes.Getattr):
            if isinstance(one.node, nodes.Name) and one.node.name == "ui" and one.attr not in known:
                message = f"there is no component {one.attr!r}"
                yield Problem(f"templates/{name}", one.lineno, message, did_you_mean(one.attr, known))
