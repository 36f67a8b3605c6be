"""Settles at build time what can be settled: which tokens have a value anywhere, and which never will.

The vendored components offer hundreds of tokens, each falling back on another. Whatever neither our own style sheets
nor any house style gives a value is replaced by its fallback, or left out when it has none, exactly as a browser
would have done. Tokens with a value stay tokens: a house style can still change them.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from app.web.cssrules import Block, Declarations

Rules = tuple[Block | Declarations, ...]
Change = Callable[[str], str]

_NAME = re.compile(r"(?<![\w-])(--[\w-]+)\s*:")
_USE = re.compile(r"var\(\s*(--[\w-]+)")


def defined_in(rules: Iterable[Block | Declarations]) -> frozenset[str]:
    """Give every custom property that some rule gives a value."""
    return frozenset(name for body in _bodies(rules) for name in _NAME.findall(body))


def settled(rules: Rules, elsewhere: frozenset[str]) -> Rules:
    """Resolve what has no value and drop what nobody reads, until nothing changes.

    `elsewhere` are the names that house styles define; those stay.
    """
    smaller = _once(rules, elsewhere)
    while smaller != rules:
        rules, smaller = smaller, _once(smaller, elsewhere)
    return rules


def _once(rules: Rules, elsewhere: frozenset[str]) -> Rules:
    known = defined_in(rules) | elsewhere
    resolved = tuple(_each(rules, lambda body: _resolve(body, known)))
    read = frozenset(name for body in _bodies(resolved) for name in _USE.findall(body))
    return tuple(_each(resolved, lambda body: _without_unread(body, read)))


def _bodies(rules: Iterable[Block | Declarations]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, Block):
            yield from _bodies(rule.rules)
        else:
            yield rule.body


def _each(rules: Iterable[Block | Declarations], change: Change) -> Iterator[Block | Declarations]:
    for rule in rules:
        if isinstance(rule, Block):
            inner = tuple(_each(rule.rules, change))
            if inner:
                yield Block(rule.head, inner)
        elif body := change(rule.body):
            yield Declarations(rule.selectors, body)


def _resolve(body: str, known: frozenset[str]) -> str:
    kept = []
    for declaration in _split(body, ";"):
        name, colon, value = declaration.partition(":")
        resolved = _value(value, known)
        if resolved is not None:
            kept.append(f"{name}{colon}{resolved}")
    return ";".join(kept)


def _value(value: str, known: frozenset[str]) -> str | None:
    """Replace every `var()` without a value by its fallback; None when one has no fallback either."""
    start = value.find("var(")
    if start < 0:
        return value
    end = _closing(value, start + 3)
    name, comma, fallback = value[start + 4 : end].partition(",")
    rest = _value(value[end + 1 :], known)
    if rest is None:
        return None
    settled_fallback = _value(fallback, known) if comma else None
    if name.strip() in known:
        inside = name.strip() if settled_fallback is None else f"{name.strip()},{settled_fallback.strip()}"
        return f"{value[:start]}var({inside}){rest}"
    if settled_fallback is None:
        return None
    return f"{value[:start]}{settled_fallback.strip()}{rest}"


def _without_unread(body: str, read: frozenset[str]) -> str:
    return ";".join(
        declaration
        for declaration in _split(body, ";")
        if not declaration.startswith("--") or declaration.partition(":")[0].strip() in read
    )


def _closing(text: str, opening: int) -> int:
    depth = 0
    for at in range(opening, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
    raise ValueError(f"a bracket is not closed: {text[:60]!r}")


def _split(body: str, mark: str) -> Iterator[str]:
    """Split at a mark that stands outside brackets and quotes."""
    part, depth, quote = "", 0, ""
    for letter in body:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0 and not quote:
            yield part
            part = ""
        else:
            part += letter
    if part:
        yield part
