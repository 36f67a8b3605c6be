"""Nothing of the product is undocumented: the reference names it, or this is red."""

import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest
from ruamel.yaml import YAML

from app.conditions.operators import OPERATORS, Kind
from app.questionnaires.answers import AnswerPath
from app.questionnaires.answers_file import read_answers
from app.questionnaires.context import CaseContext
from app.questionnaires.kinds import Asked
from app.questionnaires.loading import newest
from app.questionnaires.reading import KINDS
from app.reviews.lifecycle import TRANSITIONS, Action, Role, Step
from app.risk_rules.sources import SourceKind
from app.settings import Settings
from app.usecases.library import rulebook
from docs.generators import product, questions
from tests.docs.pages import ROOT, reference


def words_of(names: Iterable[object]) -> list[str]:
    return [f"| `{name}` |" for name in names]


DOCUMENTED: dict[str, tuple[str, Callable[[], list[str]]]] = {
    "settings": ("settings", lambda: words_of(f"TOETSSTEEN_{name.upper()}" for name in Settings.model_fields)),
    "commands": ("command-line", lambda: [f"## `{words}`\n" for words, _ in product.commands()]),
    "operators": ("operators", lambda: words_of(OPERATORS)),
    "facts of the case": (
        "operators",
        # What somebody volunteered decides what is asked; no condition reads it.
        lambda: words_of(f"context.{name}" for name in CaseContext.__dataclass_fields__ if name != "volunteered"),
    ),
    "kinds of question": ("question-kinds", lambda: words_of(KINDS)),
    "fields of a question": ("question-kinds", lambda: words_of(Asked.model_fields)),
    "questions": ("questions", lambda: words_of(newest().questions)),
    "rules": ("rules", lambda: words_of(rulebook(newest()).by_id)),
    "combinations": ("rules", lambda: words_of(one.id for one in rulebook(newest()).combinations)),
    "measures": ("measures", lambda: words_of(rulebook(newest()).measures)),
    "sources": ("sources-of-law", lambda: words_of(rulebook(newest()).sources)),
    "steps": ("lifecycle", lambda: words_of(Step)),
    "roles": ("lifecycle", lambda: words_of(Role)),
}


@pytest.mark.parametrize("what", DOCUMENTED)
def test_everything_is_in_the_reference(what: str):
    page, names = DOCUMENTED[what]
    wanted = names()
    assert wanted
    assert not [name for name in wanted if name not in reference(page)]


def test_every_article_in_the_register_is_in_the_reference():
    page = reference("sources-of-law")
    laws = [source for source in rulebook(newest()).sources.values() if source.kind is SourceKind.LAW]
    assert laws
    for law in laws:
        assert law.bwb in page
        assert str(law.consolidated) in page
        assert not [article for article in law.articles if f"| art. {article} |" not in page]


def test_every_act_of_the_journey_is_in_the_table_and_in_the_diagram():
    page = reference("lifecycle")
    for row in TRANSITIONS:
        assert f"| `{row.frm}` | `{row.action}` | `{row.to}` |" in page
        if row.frm is not row.to and row.action not in {Action.WITHDRAW, Action.DESTROY}:
            assert f"    {row.frm} --> {row.to}: {row.action}\n" in page


def test_the_reference_is_what_the_code_says_now():
    """`cog -r docs/reference/*.md docs/security/*.md docs/coverage.md docs/how-to/add-local-rules.md` brings it up to date."""
    pages = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "reference").glob("*.md"))
    pages += ["docs/coverage.md", "docs/how-to/add-local-rules.md"]
    pages += [f"docs/security/{name}.md" for name in ("asvs", "inventory", "signing-in")]
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "--diff", *pages],
        cwd=ROOT, capture_output=True, text=True, check=False, env={"PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_page_of_the_reference_is_made_from_code():
    pages = list((ROOT / "docs" / "reference").glob("*.md"))
    assert pages
    assert not [page.name for page in pages if "[[[cog" not in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("kind", Kind)
def test_the_example_of_every_kind_is_an_answer_to_a_question_of_that_kind(kind: Kind):
    question_id, written = questions.EXAMPLES[kind]
    question = newest().question(question_id)
    assert question.kind == kind
    value = YAML(typ="safe").load(f"answer: {written}")["answer"]
    told = {question.group: [{"id": "x1", question.field: value}]} if question.group else {question_id: value}
    answers = read_answers(newest(), told)
    answer = answers.get(AnswerPath(question_id, "x1" if question.group else None))
    assert answer is not None
    assert answer.value is not None
