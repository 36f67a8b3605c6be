"""From YAML to a questionnaire, with everything that is wrong reported at once.

A questionnaire is a folder with `index.yaml`, one file per section and `glossary.yaml`; or one file that holds all of
it. The index says how that is read; docs/how-to/write-a-question.md explains it to authors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from app.conditions.checking import Vocabulary
from app.conditions.tree import Position
from app.errors import Broken, Problem
from app.questionnaires.authoring import Author
from app.questionnaires.looking_over import look_over
from app.questionnaires.model import Questionnaire

LIBRARY = Path(__file__).parent / "library"
"""The questionnaires that come with the product."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A questionnaire, and where each question was written (by full id), so that later problems can be placed too."""

    questionnaire: Questionnaire
    positions: Mapping[str, Position]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What could be made of a questionnaire, whatever is wrong with it.

    `reading` holds as much as was understood; `None` when that is nothing. `vocabulary` is what conditions may name, and
    knows what lies beyond reading. `wanted` names the questions that something else seems to wait for, where that could
    not be made out for certain.
    """

    reading: Reading | None
    problems: tuple[Problem, ...]
    vocabulary: Vocabulary
    wanted: frozenset[str] = frozenset()


def load_questionnaire(path: Path) -> Questionnaire:
    """Read a questionnaire from a folder or a file. Raises Broken with everything that is wrong."""
    return read_questionnaire(path).questionnaire


def read_questionnaire(path: Path) -> Reading:
    """Read a questionnaire and where its questions stand. Raises Broken with everything that is wrong."""
    attempt = try_questionnaire(path)
    if attempt.reading is None or attempt.problems:
        raise Broken(attempt.problems)
    return attempt.reading


def try_questionnaire(path: Path) -> Attempt:
    """Read as much of a questionnaire as can be read, with everything that is wrong with it."""
    author = Author(path)
    questionnaire = author.read()
    if questionnaire is None:
        nothing = Problem(path.name, 0, "there is no questionnaire here", "add index.yaml")
        return Attempt(None, tuple(author.problems) or (nothing,), author.vocabulary(None))
    wanted = look_over(questionnaire, author)
    reading = Reading(questionnaire, author.positions)
    return Attempt(reading, tuple(dict.fromkeys(author.problems)), author.vocabulary(questionnaire), wanted)


_reading = Lock()


def library() -> Mapping[tuple[str, int], Questionnaire]:
    """Give every questionnaire that comes with the product, by id and version. Raises Broken when one is."""
    # Whoever comes while it is being read waits for it: two readers would each have a library of their own.
    with _reading:
        return _library()


@cache
def _library() -> Mapping[tuple[str, int], Questionnaire]:
    found = [load_questionnaire(index.parent) for index in sorted(LIBRARY.glob("*/index.yaml"))]
    return {(questionnaire.id, questionnaire.version): questionnaire for questionnaire in found}


def newest(questionnaire_id: str = "kandidaat-bestuurder") -> Questionnaire:
    """Give the newest version of a questionnaire of the library; raises KeyError when there is none."""
    return library()[questionnaire_id, max(version for name, version in library() if name == questionnaire_id)]
