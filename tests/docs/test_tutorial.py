"""The tutorial, walked by a browser: every step is there, and at the end lies the document it promises."""

from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest

from app.settings import Settings
from docs.generators.tour import Tour, demo_site

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.browser
def test_the_tutorial_leads_to_a_council_document(settings: Settings, browser: "Browser", tmp_path: Path):
    seen: list[str] = []
    with demo_site(tmp_path, settings) as site:
        document = Tour(site, browser, lambda _page, name: seen.append(name)).whole(tmp_path)
        for context in browser.contexts:
            context.close()
    written = docx.Document(str(document))
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in written.paragraphs), *cells])
    for told in (
        "Femke Aarts",
        "Eerst een maatregel, dan benoemen",
        "De kandidaat is voorzitter van een sportclub.",
        "Functie neerleggen",
        "De band met de club blijft bestaan.",
        "Ik draag de club goed over, voordat ik begin.",
    ):
        assert told in text, told
    for kept_inside in ("Zonder afspraak beslist de kandidaat", "Ik stop in december", "De kandidaat tekent niet"):
        assert kept_inside not in text, kept_inside
    assert {"worklist", "company", "review", "preview"} <= set(seen)
