"""Before a session ends the page says so by itself, and saying so changes nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from app.store.rows import SignInRow
from app.store.types import utc_now
from tests.e2e.journey import Invitation, enter
from tests.e2e.stage import Case, Stage
from tests.usecases.world import CLUB

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

Visit = Callable[..., "BrowserContext"]


def sit_still(stage: Stage, case: Case, minutes: int) -> None:
    with stage.world() as world:
        for row in world.db.exec(select(SignInRow).where(SignInRow.case_id == case.id)):
            row.seen_at = utc_now() - timedelta(minutes=minutes)


def look_again(page: "Page") -> None:
    """What the browser does when somebody comes back to the tab."""
    with page.expect_response("**/sessie"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_page_warns_and_one_press_of_a_button_is_enough_to_stay(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = visit(width=360).new_page()
    enter(page, Invitation(case.link, case.code))
    warning = page.get_by_role("alert").filter(has_text=re.compile("Bent u er nog"))
    expect(warning).to_have_count(0)
    sit_still(stage, case, 26)
    look_again(page)
    expect(warning).to_be_visible()
    sit_still(stage, case, 26)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(warning).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Blijf ingelogd").click()
    expect(warning).to_have_count(0)
    look_again(page)
    expect(warning).to_have_count(0)


def test_after_the_end_the_page_says_so_and_keeps_what_is_on_it(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = visit().new_page()
    enter(page, Invitation(case.link, case.code))
    page.goto(f"{stage.url}{case.form}/side_positions")
    heading = page.get_by_role("heading", level=1).inner_text()
    sit_still(stage, case, 31)
    look_again(page)
    expect(page.get_by_role("alert").filter(has_text="U bent uitgelogd")).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() == heading
