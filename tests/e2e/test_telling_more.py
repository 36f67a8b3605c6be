"""Telling more than a narrow case asks, in a real browser on a phone: with script and without."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.e2e.narrow import narrow_case
from tests.e2e.stage import Stage
from tests.e2e.test_accessibility import findings

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

Visit = Callable[..., "BrowserContext"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_candidate_tells_more_takes_it_back_and_finds_it_again(stage: Stage, visit: Visit, *, script: bool) -> None:
    case = narrow_case(stage)
    context = visit(width=360, script=script)
    context.add_cookies([{"name": "toetssteen", "value": case.session, "url": stage.url}])
    page = context.new_page()
    overview = f"{stage.url}/vragenlijst/{case.id}"

    def seen() -> None:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        if script:
            assert findings(page) == []

    page.goto(overview)
    page.get_by_role("heading", name="Wilt u hier zelf iets over vertellen?").wait_for()
    seen()
    page.get_by_role("button", name="Ik wil iets vertellen Geldzaken").click()
    page.get_by_text("U vertelt hier zelf over").wait_for()
    seen()
    _answer(page, script=script)
    page.goto(overview)
    page.get_by_role("button", name="Toch niet vertellen Geldzaken").click()
    page.get_by_text("1 antwoord is bewaard en telt nu niet mee.").wait_for()
    assert page.get_by_role("link", name="Geldzaken").count() == 0
    seen()
    page.get_by_role("button", name="Ik wil iets vertellen Geldzaken").click()
    assert page.locator('input[name="money_matters"][value="none"]').is_checked()


def _answer(page: "Page", *, script: bool) -> None:
    chosen = page.locator('input[name="money_matters"][value="none"]')
    if script:  # saved while it is typed, on the fast road
        with page.expect_response(lambda answer: "/antwoord/money_matters" in answer.url) as saved:
            chosen.check()
        assert saved.value.status == 200
        return
    chosen.check()
    page.get_by_role("button", name="Opslaan en naar het overzicht").click()
    page.get_by_role("heading", name="Uw vragenlijst").wait_for()
