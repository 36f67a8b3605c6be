"""Templates and the dataclasses that feed them say the same thing, for every page there is or will be.

Nothing here names a page: every subclass of `Page` and `Part` found under `app.web` is held against its template.
Values are made up from the annotations, so page fields are plain: text, numbers, dates, tuples and dataclasses.
"""

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import TypeVar

import pytest
from jinja2 import nodes
from jinja2.meta import find_referenced_templates, find_undeclared_variables

import app.web
from app.web.pages import Page, Part, Shell, context_of, fragment_of
from app.web.places import templates_directory
from app.web.templating import environment, library
from tests.web.samples import sample

T = TypeVar("T")

for found in pkgutil.walk_packages(app.web.__path__, "app.web."):
    importlib.import_module(found.name)

TEMPLATES = sorted(environment.list_templates(extensions=["html"]))
PAGE_TEMPLATES = [name for name in TEMPLATES if name.startswith(("pages/", "errors/"))]
GLOBALS = set(environment.globals)


def _subclasses(kind: type[T]) -> Iterator[type[T]]:
    for made in kind.__subclasses__():
        yield made
        yield from _subclasses(made)


# `slots=True` makes a class twice; the first try stays in the list of subclasses without its slots.
PAGES = sorted({made for made in _subclasses(Page) if "__slots__" in vars(made)}, key=lambda made: made.__qualname__)
PARTS = sorted({made for made in _subclasses(Part) if "__slots__" in vars(made)}, key=lambda made: made.__qualname__)


def _tree(template: str) -> nodes.Template:
    return environment.parse((templates_directory() / template).read_text(encoding="utf-8"))


def _undeclared(template: str) -> set[str]:
    """What a template and the ones it extends or includes read from outside."""
    tree = _tree(template)
    names = find_undeclared_variables(tree) - GLOBALS
    for parent in find_referenced_templates(tree):
        assert parent is not None, f"{template}: name the template it extends in full"
        names |= _undeclared(parent)
    return names


def _fields(made: type[Page | Part]) -> set[str]:
    return {field.name for field in dataclasses.fields(made)}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_compiles_and_imports_nothing(template: str) -> None:
    tree = _tree(template)
    environment.get_template(template)
    assert not list(tree.find_all((nodes.Import, nodes.FromImport))), "a block rendered alone loses imported macros"


@pytest.mark.parametrize("template", PAGE_TEMPLATES)
def test_every_page_template_belongs_to_one_page_and_has_a_title(template: str) -> None:
    assert [page.__name__ for page in PAGES if page.template == template] != []
    assert "title" in {block.name for block in _tree(template).find_all(nodes.Block)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_page_has_exactly_the_fields_its_template_reads(page: type[Page]) -> None:
    parts = [part for part in PARTS if part.template == page.template]
    given = _fields(page).union(*(_fields(part) for part in parts))
    assert _undeclared(page.template) == given


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_a_part_has_exactly_the_fields_its_block_reads(part: type[Part]) -> None:
    [block] = [block for block in _tree(part.template).find_all(nodes.Block) if block.name == part.block]
    alone = nodes.Template(block.body, lineno=1)
    alone.set_environment(environment)
    assert find_undeclared_variables(alone) - GLOBALS == _fields(part)


@pytest.mark.parametrize("full", [True, False], ids=["filled", "empty"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_every_page_renders_with_values_and_without(page: type[Page], full: bool) -> None:
    html = environment.get_template(page.template).render(context_of(sample(page, full=full)))
    assert html.lstrip().startswith("<!doctype html>")
    title = re.search(r"<title>\s*(.*?)\s*– ", html, re.DOTALL)
    assert title is not None
    assert title[1] or not full, "the page says in its title what it is about"
    assert html.count("<h1") == 1
    assert not re.search(r"\son[a-z]+=|\sstyle=|<style|<script(?! src=)|javascript:", html), "the policy forbids it"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_part_renders_alone_and_knows_its_place(part: type[Part]) -> None:
    html = fragment_of(sample(part, full=True)).strip()
    assert re.match(r'<hx-partial hx-target="#|<[a-z][^>]* id="', html), html[:200]


def test_the_frame_is_the_only_thing_that_reads_the_shell() -> None:
    for template in PAGE_TEMPLATES:
        reading = "shell" in find_undeclared_variables(_tree(template))
        assert not reading or template.startswith("pages/development/"), template


def test_components_are_called_with_names_they_have() -> None:
    macros = library.macros()
    wrong = []
    for template in TEMPLATES:
        for call in _tree(template).find_all(nodes.Call):
            if not (isinstance(call.node, nodes.Getattr) and getattr(call.node.node, "name", "") == "ui"):
                continue
            name = call.node.attr
            given = {keyword.key for keyword in call.kwargs}
            if name not in macros:
                wrong.append(f"{template}:{call.lineno}: there is no ui.{name}")
            elif call.args:
                wrong.append(f"{template}:{call.lineno}: ui.{name} takes names only")
            elif not given <= set(macros[name].arguments):
                wrong.append(
                    f"{template}:{call.lineno}: ui.{name} has no {sorted(given - set(macros[name].arguments))}"
                )
    assert wrong == []


def test_a_shell_can_be_made_up() -> None:
    assert sample(Shell, full=True).nav
    assert sample(Shell, full=False).nav == ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_a_password_is_masked_and_a_manager_of_passwords_finds_it(page: type[Page]) -> None:
    context = context_of(sample(page, full=True))
    if page.__name__ == "OwnAccountPage":
        context["elsewhere"] = False  # of somebody whom the organisation lets in there is no password here
    html = environment.get_template(page.template).render(context)
    fields = re.findall(r"<input\b[^>]*>", html)
    secret = [one for one in fields if re.search(r'-password"|type="password"|name="(?:wachtwoord|huidig)"', one)]
    for one in secret:
        assert 'type="password"' in one
        assert re.search(r'autocomplete="(?:current|new)-password"', one)
        assert not re.search(r'value="[^"]', one)
    assert secret or page.__name__ not in {"SignInPage", "WelcomePage", "OwnAccountPage"}
