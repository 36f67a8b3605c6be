"""A letter as text, taken apart again for a page: paragraphs and lists."""

from dataclasses import dataclass

_BULLET = "- "


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPart:
    """A paragraph with its lines, or a list with its items."""

    lines: tuple[str, ...]
    bullets: bool = False


def letter_parts(text: str) -> tuple[LetterPart, ...]:
    """Take a letter apart at its empty lines. A part of which every line starts with a dash is a list."""
    parts = []
    for block in text.split("\n\n"):
        lines = tuple(line.strip() for line in block.splitlines() if line.strip())
        if not lines:
            continue
        bullets = all(line.startswith(_BULLET) for line in lines)
        shown = tuple(line.removeprefix(_BULLET) for line in lines) if bullets else lines
        parts.append(LetterPart(lines=shown, bullets=bullets))
    return tuple(parts)
