"""Just enough CSS to keep some rules and drop others: it splits, it does not interpret.

Knows comments, strings, `url(…)` with brackets inside, nested at-rules such as `@media`, and selector lists. Nested
style rules are not among them: none of the sources use those, and `parsed` refuses what it does not know.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PIECE = re.compile(
    r"""(?P<comment>/\*.*?\*/) | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*') | (?P<url>url\([^"')]*\))
      | (?P<mark>[{};(),\[\]]) | (?P<text>[^{};()\[\],"'/]+|/|.)""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Declarations:
    """A style rule: its selectors and what stands between its braces."""

    selectors: tuple[str, ...]
    body: str


@dataclass(frozen=True, slots=True)
class Block:
    """An at-rule with rules inside, such as `@media print`."""

    head: str
    rules: tuple["Block | Declarations", ...]


class CssError(ValueError):
    """The text is not CSS that this module understands."""


def parsed(text: str) -> tuple[Block | Declarations, ...]:
    """Split a style sheet into rules, comments left out. Raises `CssError` when braces do not match."""
    pieces = [match for match in _PIECE.finditer(text) if match.lastgroup != "comment"]
    rules, rest = _rules([match[0] for match in pieces], 0, top=True)
    if rest != len(pieces):
        raise CssError("a closing brace too many")
    return rules


def minified(rules: Iterable[Block | Declarations]) -> str:
    """Write rules without needless white space, one rule a line so that a difference can be read."""
    return "".join(_written(rule) + "\n" for rule in rules)


def declarations(rules: Iterable[Block | Declarations]) -> Iterator[str]:
    """Give what stands between the braces of every rule, nested ones included."""
    for rule in rules:
        if isinstance(rule, Block):
            yield from declarations(rule.rules)
        else:
            yield rule.body


def _rules(pieces: list[str], at: int, *, top: bool) -> tuple[tuple[Block | Declarations, ...], int]:
    found: list[Block | Declarations] = []
    head: list[str] = []
    while at < len(pieces):
        piece = pieces[at]
        if piece == "{":
            prelude = _tight("".join(head))
            if prelude.startswith("@") and not prelude.startswith(("@font-face", "@page")):
                inner, at = _rules(pieces, at + 1, top=False)
                found.append(Block(prelude, inner))
            else:
                body, at = _body(pieces, at + 1)
                found.append(Declarations(tuple(_split(head)), body))
            head = []
        elif piece == ";" and "".join(head).lstrip().startswith("@charset"):
            head = []  # says how the file was written; ours is UTF-8 and its answer says so
            at += 1
        elif piece == "}":
            if "".join(head).strip():
                raise CssError(f"no rule: {''.join(head)[:60]!r}")
            if top:
                return tuple(found), at
            return tuple(found), at + 1
        else:
            head.append(piece)
            at += 1
    if not top or "".join(head).strip():
        raise CssError(f"a rule is not closed: {''.join(head)[:60]!r}")
    return tuple(found), at


def _body(pieces: list[str], at: int) -> tuple[str, int]:
    end = at
    while end < len(pieces) and pieces[end] != "}":
        if pieces[end] == "{":
            raise CssError("a rule inside a rule")
        end += 1
    if end == len(pieces):
        raise CssError("a rule is not closed")
    lines = (
        "".join(pieces[at:end]).split(";") if ";base64" not in "".join(pieces[at:end]) else ["".join(pieces[at:end])]
    )
    return ";".join(_tight(line) for line in lines if line.strip()), end + 1


def _split(head: list[str]) -> Iterator[str]:
    depth = 0
    part: list[str] = []
    for piece in head:
        depth += (piece in "([") - (piece in ")]")
        if piece == "," and depth == 0:
            yield _tight("".join(part))
            part = []
        else:
            part.append(piece)
    yield _tight("".join(part))


def _tight(text: str) -> str:
    return re.sub(r"^([\w-]+): ", r"\1:", re.sub(r"\s+", " ", text).strip())


def _written(rule: Block | Declarations) -> str:
    if isinstance(rule, Block):
        return f"{rule.head}{{{''.join(_written(inner) for inner in rule.rules)}}}"
    return f"{','.join(rule.selectors)}{{{rule.body}}}"
