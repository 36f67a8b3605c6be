"""Everything that can be wrong before anybody is served: settings, questionnaires, rulebooks, templates."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError
from pydantic import ValidationError

from app.conditions.tree import reads
from app.conditions.yaml_source import did_you_mean
from app.errors import Broken, Problem
from app.questionnaires.loading import LIBRARY, Reading, read_questionnaire
from app.questionnaires.reachability import unused_questions
from app.questionnaires.versions import PUBLISHED, changed_after_publication, published_digests
from app.risk_rules.loading import load_rulebook
from app.risk_rules.rulebook import RuleBook, conditions
from app.settings import Settings
from app.web.templating import make_environment, templates_directory


def everything_wrong() -> tuple[list[Problem], str]:
    """Give every problem there is, and a line that says what was looked at."""
    problems = list(settings_problems())
    readings: list[Reading] = []
    rules = 0
    for index in sorted(LIBRARY.glob("*/index.yaml")):
        try:
            reading = read_questionnaire(index.parent)
            readings.append(reading)
            book = load_rulebook(reading.questionnaire)
            rules += len(book.rules)
            problems += unused(reading, book)
            problems += unknown_laws(reading, book)
        except Broken as broken:
            problems += broken.problems
    found = {(one.id, one.version): one for one in (reading.questionnaire for reading in readings)}
    if PUBLISHED.exists():
        # a version that is there but could not be read has had its say above
        unread = {index.parent.name for index in LIBRARY.glob("*/index.yaml")} - {f"{one}.v{at}" for one, at in found}
        published = {key: digest for key, digest in published_digests().items() if "{}.v{}".format(*key) not in unread}
        problems += changed_after_publication(found, published)
    templates, broken_templates = template_problems(templates_directory())
    problems += broken_templates
    names = ", ".join(f"{name} version {version}" for name, version in found) or "no questionnaire"
    return problems, f"looked at the settings, {names}, {rules} rules and {templates} templates"


def settings_problems() -> Iterator[Problem]:
    """Give what is wrong with the settings in the environment."""
    try:
        Settings()
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            name = "_".join(("TOETSSTEEN", *map(str, wrong["loc"]))).upper()
            yield Problem("settings", 0, f"{name}: {wrong['msg'].removeprefix('Value error, ')}", "see docs/reference")


def unused(reading: Reading, book: RuleBook) -> Iterator[Problem]:
    """Give the questions that nobody would use: neither a rule, nor a reviewer, nor another question."""
    for question_id in unused_questions(reading.questionnaire, read_by_rules(book)):
        place = reading.positions[question_id]
        yield Problem(
            *place,
            f"no rule and no reviewer uses {question_id}",
            "do not ask it, or say under `used_by` what its answer is for",
        )


def unknown_laws(reading: Reading, book: RuleBook) -> Iterator[Problem]:
    """Give the questions that rest on a law nobody wrote down among the sources: no page could name that law."""
    for question in reading.questionnaire.questions.values():
        for source in sorted({basis.source for basis in question.basis if basis.source} - book.sources.keys()):
            yield Problem(
                *reading.positions[question.id],
                f"the basis of {question.id} names the unknown source {source!r}",
                did_you_mean(source, book.sources),
            )


def read_by_rules(book: RuleBook) -> frozenset[str]:
    """Give the full ids of the questions the rules look at."""
    nodes = [node for rule in book.rules for node in conditions(rule)]
    lists = [rule.for_each for rule in book.rules if rule.for_each]
    return frozenset(lists).union(*(reads(node) for node in nodes))


def template_problems(folder: Path) -> tuple[int, list[Problem]]:
    """Compile every template. Gives how many there are, and what is wrong with them."""
    environment = make_environment(folder)
    problems = []
    names = environment.list_templates()
    for name in names:
        try:
            environment.get_template(name)
        except TemplateSyntaxError as error:
            problems.append(Problem(f"templates/{name}", error.lineno, str(error.message), "mend the template"))
    return len(names), problems
