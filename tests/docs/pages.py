"""The documentation as its readers meet it: pages, links, pictures, code blocks."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")

_LINK = re.compile(r"(?<!\!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Link:
    """A reference from one page to a file, and to a heading in it."""

    page: Path
    target: str

    @property
    def file(self) -> Path:
        path = self.target.partition("#")[0]
        return (self.page.parent / path).resolve() if path else self.page

    @property
    def heading(self) -> str:
        return self.target.partition("#")[2]

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.target}"


@cache
def pages() -> tuple[Path, ...]:
    """Every page of the documentation, the front page included."""
    return (*(ROOT / name for name in PAGES), *sorted((ROOT / "docs").rglob("*.md")))


@cache
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def reference(name: str) -> str:
    """A page of the reference."""
    return text(ROOT / "docs" / "reference" / f"{name}.md")


def prose(page: Path) -> str:
    """A page without its code blocks and comments."""
    return re.sub(r"<!--.*?-->", "", _BLOCK.sub("", text(page)), flags=re.DOTALL)


def links(page: Path) -> list[Link]:
    """Where a page refers to, outside addresses left out."""
    found = [*_LINK.findall(prose(page)), *(target for _, target in _PICTURE.findall(prose(page)))]
    return [Link(page, target) for target in found if not re.match(r"[a-z]+:", target)]


def pictures(page: Path) -> list[tuple[str, Link]]:
    """The pictures of a page, each with what it says to who does not see it."""
    return [(alt, Link(page, target)) for alt, target in _PICTURE.findall(prose(page))]


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return [body for found, body in _BLOCK.findall(text(page)) if found == language]


def commands(page: Path) -> list[str]:
    """What a reader types: the lines behind a prompt, and those of blocks of shell."""
    prompted = re.findall(r"^\$ (.+)$", "\n".join(blocks(page, "console")), re.MULTILINE)
    typed = "\n".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    return [line for line in [*prompted, *typed] if line.strip() and not line.lstrip().startswith("#")]


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = _HEADING.findall(_BLOCK.sub("", text(page)))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
