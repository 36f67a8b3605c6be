"""Screen and document use the same words for how heavy a point weighs."""

from app.reviews.decisions import SEVERITY_TITLES
from app.web.templating import environment


def test_the_screen_says_what_the_document_says() -> None:
    show = environment.from_string("{{ ui.severity(level=level) }}")
    for level, words in SEVERITY_TITLES.items():
        assert words in show.render(level=level)
