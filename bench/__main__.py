"""Every figure, ours and the limit in the same run: `uv run python -m bench`. Takes about ten minutes."""

import sys
from collections.abc import Callable, Iterator

from bench import audit, autosave, documents, growth, nation, pages, rules, strangers


def _rules() -> Iterator[str]:
    return (str(figure) for figure in rules.figures())


PARTS: tuple[Callable[[], Iterator[str]], ...] = (
    _rules,
    autosave.lines,
    nation.lines,
    pages.lines,
    documents.lines,
    growth.lines,
    audit.lines,
    strangers.lines,
)

if __name__ == "__main__":
    for part in PARTS:
        for line in part():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
