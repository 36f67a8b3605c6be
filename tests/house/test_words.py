"""Words that a person who is being examined, or a council that must decide, should never read from this product."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.repository import files, modules, text, tree

# A verdict about a person, or a promise that nobody can make. Say: aandachtspunt, risico met beheersmaatregel, restrisico,
# wettelijk beletsel, geen beletsel gebleken.
FORBIDDEN = re.compile(
    r"\b(niet[- ])?integere?\b|\bgoedgekeurd|\bafgekeurd|\b(risico)?scores?\b|\bgeen (enkel )?risico(['’]s)?\b",
    re.IGNORECASE,
)
# What a tool for trust never asks and never keeps, as names of form fields and of questions.
NEVER_ASKED = re.compile(
    r"\b(bsn|burgerservicenummer|godsdienst|religie|etniciteit|ras|geaardheid|seksuele|gezondheid|ziekte)\b",
    re.IGNORECASE,
)


def _shown(path: Path) -> str:
    """A template or YAML file without its comments, which only developers read."""
    if path.suffix in {".yaml", ".yml"}:
        return re.sub(r"(?m)(^|\s)#.*$", "", text(path))
    return re.sub(r"(?s)\{#.*?#\}|<!--.*?-->", "", text(path))


def _texts_for_readers() -> list[Path]:
    return [
        path
        for path in files()
        if path.parts[0] == "templates"
        or (path.suffix == ".yaml" and "library" in path.parts and path.parts[0] == "app")
    ]


def _found(pattern: re.Pattern[str], texts: dict[Path, str]) -> list[str]:
    return [f"{path}: {match.group()}" for path, shown in texts.items() for match in pattern.finditer(shown)]


@pytest.mark.parametrize("words", ["u bent niet integer", "Afgekeurd.", "uw score is 4", "er zijn geen risico's"])
def test_a_verdict_is_recognised(words: str):
    assert FORBIDDEN.search(words)


@pytest.mark.parametrize("words", ["integriteit", "restrisico", "underscore", "risico met beheersmaatregel"])
def test_our_own_words_are_no_verdict(words: str):
    assert not FORBIDDEN.search(words)


def test_templates_questions_and_rules_pass_no_verdict():
    assert not _found(FORBIDDEN, {path: _shown(path) for path in _texts_for_readers()})


def _sentences(path: Path) -> str:
    """The literals of a module, without docstrings and without lists that say what is forbidden."""
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node
        ):
            left_out.update(ast.walk(node.body[0]))
        if isinstance(node, ast.Assign | ast.AnnAssign) and "FORBIDDEN" in ast.unparse(node).split("=")[0]:
            left_out.update(ast.walk(node))
    literals = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and node not in left_out]
    return "\n".join(node.value for node in literals if isinstance(node.value, str))


def test_sentences_in_code_pass_no_verdict():
    dutch = re.compile(
        r"\bniet[- ]integer|\bgoedgekeurd|\bafgekeurd|\brisicoscore|\bgeen (enkel )?risico(['’]s)?\b", re.IGNORECASE
    )
    assert not _found(dutch, {path: _sentences(path) for path in modules("app")})


def test_no_question_asks_for_what_is_never_asked():
    """The labels and ids of questions; an explanation may say that something is *not* asked."""
    questions = [path for path in _texts_for_readers() if "questionnaires" in path.parts]
    asked = {
        path: "\n".join(re.findall(r"(?m)^\s*(?:- )?(?:id|label|item_title):.*$", _shown(path))) for path in questions
    }
    assert not _found(NEVER_ASKED, asked)
