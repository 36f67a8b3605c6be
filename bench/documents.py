"""P7: a document of twenty pages with a table of 150 rows, against opening and saving an empty one with python-docx.

python -m bench.documents
"""

import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import docx

from app.dossiers.blocks import Block, Bullets, Card, Contents, Cover, Dossier, Facts, Heading, Prose, Table
from app.dossiers.docx import render_docx
from app.dossiers.house_style import neutral

_SENTENCE = "De kandidaat meldt wijzigingen tot en na de benoeming, en neemt niet deel aan besluiten die haar raken. "


def document() -> Dossier:
    """About twenty pages: prose, six tables of which one has 150 rows, and attention points."""
    blocks: list[Block] = [
        Cover("Gemeente Voorbeeldstad", "Volledige analyse", "Sanne de Wit", (("Ambt", "wethouder"),)),
        Contents("Inhoud"),
    ]
    for number in range(1, 9):
        blocks.append(Heading(f"Onderdeel {number}", 1, str(number), f"s{number}"))
        blocks += [Prose(_SENTENCE * 6) for _ in range(4)]
        blocks.append(Bullets(tuple(_SENTENCE for _ in range(4))))
    for number in range(5):
        rows = tuple((f"Vraag {row}", _SENTENCE) for row in range(8))
        blocks.append(Facts(f"Antwoorden {number}", rows))
    outcomes = tuple(
        (f"REG-{row:02}", _SENTENCE, "art. 28, eerste lid, Gemeentewet", "niet van toepassing") for row in range(150)
    )
    blocks.append(Table("Alle regels", ("Regel", "Titel", "Norm", "Uitkomst"), outcomes))
    blocks += [
        Card("Aandachtspunt", "Risico met beheersmaatregel", (("Feit", _SENTENCE), ("Norm", _SENTENCE)))
        for _ in range(8)
    ]
    return Dossier(
        "full", "Volledige analyse", "Analyse", "Gemeente Voorbeeldstad", "voet", "2026-11-23", tuple(blocks)
    )


def empty() -> None:
    """Open the house style and save it: what any document made with python-docx costs at least."""
    opened = docx.Document(io.BytesIO(neutral()))
    opened.save(io.BytesIO())


def lines() -> Iterator[str]:
    """Measure and tell."""
    made = document()
    pairs = [(_time(lambda: render_docx(made)), _time(empty)) for _ in range(15)]
    ratios = [mine / theirs for mine, theirs in pairs]
    mine, theirs = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    yield (
        f"P7  20 pages, 150 rows: {mine:.0f} ms against {theirs:.0f} ms for an empty file: "
        f"{statistics.median(ratios):.1f} ({min(ratios):.1f}–{max(ratios):.1f}), to reach ≤ 5, goal ≤ 3"
    )


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
