"""Markdown as the reference pages use it: tables whose cells can hold any text of the product."""

from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Write a text so that it stays one cell: no line ends, no bars, and no braces or brackets read as markup."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def code(text: object) -> str:
    """Write a name or value the way it is typed; nothing when there is none."""
    return f"`{text}`" if str(text) else ""


def codes(texts: Iterable[object]) -> str:
    """Write several names or values in a row."""
    return ", ".join(code(text) for text in texts)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; every row has as many cells as the head."""
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"a row of {len(row)} cells under a head of {len(head)}: {row}")
        lines.append(f"| {' | '.join(cell(part) for part in row)} |")
    return "\n".join(lines) + "\n"


def chapter(title: str, *parts: str) -> str:
    """Write a heading of the second level and what stands under it."""
    return "\n".join([f"## {title}\n", *parts])


def unfolded(docstring: str | None) -> str:
    """Write a docstring as running text; its code marks are those of Markdown already."""
    return " ".join((docstring or "").replace("``", "`").split())
