"""Take the fields of a YAML mapping one by one; whatever is wrong or left over becomes a problem with its line."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from app.conditions.yaml_source import Listed, Mapped, Source, line_of

E = TypeVar("E", bound=StrEnum)


class Fields:
    """One mapping being read. Every reading method gives a usable value, also after noting a problem.

    Call `finish` at the end: it reports the keys nobody asked for.
    """

    def __init__(self, mapping: Mapped, source: Source, what: str) -> None:
        self.mapping = mapping
        self.source = source
        self.what = what
        self.taken: set[str] = set()

    @property
    def line(self) -> int:
        """The line on which the mapping starts."""
        return self.mapping.line

    def at(self, name: str) -> int:
        """Give the line of one field, or of the mapping when the field is absent."""
        return self.mapping.lines.get(name, self.mapping.line)

    def has(self, name: str) -> bool:
        """Tell whether the field was written."""
        return self.mapping.get(name) is not None

    def raw(self, name: str) -> Any:
        """Give a field as it was written, or None."""
        self.taken.add(name)
        return self.mapping.get(name)

    def wrong(self, name: str, wanted: str) -> None:
        """Note that a field is not what it should be."""
        self.source.problem(
            self.at(name), f"{name!r} of {self.what} is {wanted}, not {self.mapping.get(name)!r}", f"write {wanted}"
        )

    def absent(self, name: str) -> None:
        """Note that a field is missing."""
        self.source.problem(self.line, f"{self.what} has no {name!r}", f"add {name}: …")

    def text(self, name: str, *, required: bool = True) -> str:
        """Read text; a bare number counts as text (``article: 36``). Gives "" when there is none."""
        value = self.raw(name)
        if value is None:
            if required:
                self.absent(name)
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.wrong(name, "text")
            return ""
        text = str(value).strip()
        if required and not text:
            self.absent(name)
        return text

    def whole(self, name: str, *, default: int | None = None) -> int:
        """Read a whole number; required without default."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if value is None:
            self.absent(name)
            return 0
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(name, "a whole number")
            return default or 0
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Read true or false."""
        value = self.raw(name)
        if value is not None and not isinstance(value, bool):
            self.wrong(name, "true or false")
            return default
        return default if value is None else bool(value)

    def day(self, name: str, *, required: bool = False) -> date | None:
        """Read a full date."""
        value = self.raw(name)
        if value is None:
            if required:
                self.absent(name)
            return None
        if not isinstance(value, date):
            self.wrong(name, "a date such as 2026-10-01")
            return None
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts; absent is empty."""
        value = self.raw(name)
        if value is None:
            return ()
        if not isinstance(value, Listed) or not all(_is_text(part) for part in value):
            self.wrong(name, "a list of texts")
            return ()
        return tuple(str(part) for part in value)

    def one_of(self, name: str, known: type[E], default: E | None = None) -> E:
        """Read one word of a closed list; the first word stands in after a problem."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        options = [str(option) for option in known]
        if value is None:
            self.absent(name)
        elif value not in options:
            self.source.unknown(self.at(name), name, str(value), options)
        else:
            return known(value)
        return next(iter(known))

    def some_of(self, name: str, known: Iterable[str], *, whole: bool = True) -> tuple[str, ...]:
        """Read a list of words that must all be known. Without the whole of what is known, other words are let be."""
        options = list(known)
        words = self.texts(name)
        for word in words:
            if word not in options and whole:
                self.source.unknown(self.at(name), name, word, options)
        return tuple(word for word in words if word in options)

    def mapping_of(self, name: str) -> Mapped:
        """Read a mapping; absent is empty."""
        value = self.raw(name)
        if isinstance(value, Mapped):
            return value
        if value is not None:
            self.wrong(name, "a mapping")
        empty = Mapped()
        empty.line, empty.lines = self.at(name), {}
        return empty

    def entries(self, name: str, what: str) -> "list[Fields]":
        """Read a list of mappings; absent is empty."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, Listed):
            self.wrong(name, "a list")
            return []
        return list(entries(value, self.source, what))

    def finish(self) -> None:
        """Report the keys that mean nothing here."""
        for key in self.mapping:
            if key not in self.taken:
                self.source.unknown(self.at(key), f"field of {self.what}:", key, self.taken)


def entries(listed: Listed, source: Source, what: str) -> Iterable[Fields]:
    """Give the mappings of a list; an element that is none is a problem."""
    for element, line in zip(listed, listed.lines, strict=True):
        if isinstance(element, Mapped):
            yield Fields(element, source, what)
        else:
            source.problem(line_of(element, line), f"{what} is a mapping, not {element!r}", "write its fields")


def top_list(content: Any, name: str, source: Source, what: str) -> Iterable[Fields]:
    """Give the entries of a file that is one mapping with one list in it (``rules: [ … ]``)."""
    if content is None and source.problems:
        return  # unreadable, and already said so
    if not isinstance(content, Mapped) or not isinstance(content.get(name), Listed):
        source.problem(line_of(content, 1), f"the file holds no list {name!r}", f"start the file with {name}:")
        return
    for key in content.keys() - {name}:
        source.unknown(content.lines[key], "top-level key", key, [name])
    yield from entries(content[name], source, what)


def _is_text(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
