"""Every page there is, with made-up values in it: accessible, and no wider than the smallest screen."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import app.web
from app.web.assets import DIST
from app.web.pages import Page as OurPage
from app.web.pages import context_of
from app.web.templating import environment
from tests.web.samples import sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

for found in pkgutil.walk_packages(app.web.__path__, "app.web."):
    importlib.import_module(found.name)

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PAGES = sorted(
    {made for made in OurPage.__subclasses__() if "__slots__" in vars(made)}, key=lambda made: made.__qualname__
)
# Made-up values repeat, so names of regions and links repeat too; on real pages they differ.
_OPTIONS = "{resultTypes: ['violations'], rules: {'landmark-unique': {enabled: false}}}"
_ORIGIN = "http://toetssteen.example"


@pytest.fixture(scope="module")
def page(browser: "Browser") -> Iterator["Page"]:
    """A page without a server: documents are handed over, style sheets and script come from the built files."""
    context = browser.new_context(reduced_motion="reduce")

    def answer(route: "Route") -> None:
        path = route.request.url.removeprefix(_ORIGIN)
        file = DIST / path.removeprefix("/static/")
        if path.startswith("/static/") and file.is_file():
            route.fulfill(path=file)
        elif path == "/sessie":  # what session.js asks: there is time enough
            route.fulfill(status=204, headers={"X-Again-In": "300"})
        else:
            name, _, full = path.removeprefix("/").partition("/")
            made = sample(next(one for one in PAGES if one.__name__ == name), full=full == "filled")
            html = environment.get_template(made.template).render(context_of(made))
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    context.route("**/*", answer)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", ["filled", "empty"])
@pytest.mark.parametrize("made", PAGES, ids=lambda made: made.__name__)
def test_the_page_is_accessible_and_fits(page: "Page", made: type[OurPage], state: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{_ORIGIN}/{made.__name__}/{state}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(AXE)
    report = page.evaluate(f"axe.run({_OPTIONS})")
    assert [f"{found['id']}: {node['target']}" for found in report["violations"] for node in found["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
