"""YAML files as plain values that still know where they were written.

YAML 1.2 only, on purpose: `no` is a word and not false, `2:4` is text and not 124, and a key that occurs twice is a
problem instead of a silent winner. Decimals are read exactly. Anchors work; merge keys (`<<`) are refused because they
hide what a rule says.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from app.errors import Problem

_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d*)", re.ASCII)
_DECIMAL = re.compile(r"[-+]?\d+\.\d+", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

T = TypeVar("T")


class Mapped(dict[str, Any]):
    """A mapping that knows on which line it starts and on which line each key stands."""

    line: int = 0
    lines: dict[str, int]


class Listed(list[Any]):
    """A list that knows on which line it starts and on which line each element stands."""

    line: int = 0
    lines: list[int]


@dataclass(slots=True)
class Source:
    """One file and everything found wrong in it so far. ``name`` is how the file is called in messages."""

    name: str
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, message: str, remedy: str = "") -> None:
        """Note one problem and go on."""
        self.problems.append(Problem(self.name, line, message, remedy))

    def unknown(self, line: int, what: str, word: str, known: Iterable[str]) -> None:
        """Note a word that does not exist, with the word that was probably meant."""
        self.problem(line, f"unknown {what} {word!r}", did_you_mean(word, known))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Suggest what may have been meant: the closest known word, or all of them when there are only a few."""
    options = sorted(set(known))
    close = difflib.get_close_matches(word, options, n=1, cutoff=0.6)
    if not close and "." in word:
        # the right field in the wrong group is a common slip
        tail = word.rsplit(".", 1)[1]
        close = [option for option in options if option.rsplit(".", 1)[-1] == tail][:1]
    if close:
        return f"did you mean {close[0]!r}?"
    few = 12
    if options and len(options) <= few:
        return "choose from: " + ", ".join(options)
    return "see the reference page for what exists"


def load(path: Path, name: str | None = None, *, without: str = "") -> tuple[Any, Source]:
    """Read one YAML file. Gives its content (None when unreadable) and a `Source` holding what was wrong with it.

    ``without`` names a key whose indented block is not read at all: reading is slow, and a server does without examples.
    """
    source = Source(name or path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        source.problem(0, f"cannot be read: {error}", "save the file as UTF-8 text")
        return None, source
    return parse_text(_blanked(text, without) if without else text, source), source


def _blanked(text: str, key: str) -> str:
    """Make the lines of every block under ``key`` empty, so that all other lines keep their number."""
    kept = []
    inside = -1  # how far the key is indented whose block is left out
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip())
        if inside >= 0 and (depth > inside or not line.strip()):
            kept.append("")
            continue
        inside = depth if line.strip() == f"{key}:" else -1
        kept.append(line if inside < 0 else "")
    return "\n".join(kept)


def parse_text(text: str, source: Source) -> Any:
    """Read YAML text; what is wrong is noted in ``source``. Gives None when there is nothing to go on with."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        source.problem(line, f"not YAML: {error.problem}", "check the indentation, quotes and colons on this line")
        return None
    except YAMLError as error:
        source.problem(0, f"not YAML: {error}", "check for characters that cannot be typed")
        return None
    return None if node is None else _built(node, source)


def line_of(value: object, default: int = 0) -> int:
    """Give the line on which a mapping or list starts."""
    return value.line if isinstance(value, Mapped | Listed) else default


def _built(node: Node, source: Source) -> Any:
    if isinstance(node, MappingNode):
        return _mapping(node, source)
    if isinstance(node, SequenceNode):
        elements = Listed(_built(element, source) for element in node.value)
        elements.line = node.start_mark.line + 1
        elements.lines = [element.start_mark.line + 1 for element in node.value]
        return elements
    return _scalar(node)


def _mapping(node: MappingNode, source: Source) -> Mapped:
    found = Mapped()
    found.line, found.lines = node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = str(key_node.value)
        if key == "<<":
            source.problem(line, "a merge key (<<) hides what is meant", "write the fields out")
        elif key in found.lines:
            source.problem(line, f"the key {key!r} occurs twice (first on line {found.lines[key]})", "remove one")
        else:
            found[key] = _built(value_node, source)
            found.lines[key] = line
    return found


def _scalar(node: Node) -> Any:
    text = str(node.value)
    style = getattr(node, "style", None)
    if style is not None:  # quoted or a block: always text
        # the parser marks where a folded block was folded; those marks are no part of the text
        return text.replace("\a", "") if style == ">" else text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
