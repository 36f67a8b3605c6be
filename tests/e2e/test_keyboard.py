"""The whole way without a mouse: every control is reached, seen and worked with the keyboard alone."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.questionnaires.answers import AnswerPath
from app.usecases import sections
from tests.e2e.journey import wait_until_saved
from tests.e2e.stage import Case, Stage
from tests.usecases.world import CLUB

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

pytestmark = pytest.mark.browser

Visit = Callable[..., "BrowserContext"]
FOCUS_IS_SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    const box = document.activeElement.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return (ring || style.boxShadow !== 'none') && box.bottom > 0 && box.top < innerHeight;
}"""


def open_page(visit: Visit, stage: Stage, case: Case, path: str, *, script: bool = True) -> "Page":
    context = visit(script=script)
    context.add_cookies([{"name": "toetssteen", "value": case.session, "url": stage.url}])
    page = context.new_page()
    page.goto(f"{stage.url}{case.form}/{path}")
    return page


def tab_to(page: "Page", goal: "Locator") -> None:
    """Press Tab until the focus is there; at every stop it must be seen."""
    wanted = goal.element_handle()
    for _ in range(150):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if page.evaluate("(wanted) => document.activeElement === wanted", wanted):
            return
    raise AssertionError("Tab never came there")


def items(stage: Stage, case: Case) -> list[str]:
    with stage.world() as world:
        view = sections.load_section(world.db, case.actor, case.id, "side_positions")
        return [one.title for question in view.questions for one in question.items]


def test_the_first_stop_skips_to_the_content(visit: Visit, stage: Stage) -> None:
    page = open_page(visit, stage, stage.answering(), "office")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_class(re.compile("skip-link"))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_a_section_is_answered_with_tab_space_and_arrows(visit: Visit, stage: Stage) -> None:
    case = stage.answering()
    page = open_page(visit, stage, case, "office")
    first = page.locator('input[name="is_resident"][value="yes"]')
    tab_to(page, first)
    page.keyboard.press("Space")
    wait_until_saved(page)
    expect(page.locator("#voorlezen")).to_contain_text("Opgeslagen om")
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["is_resident", "yes"]
    page.keyboard.press("ArrowRight")
    wait_until_saved(page)
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["is_resident", "no"]
    assert page.evaluate(FOCUS_IS_SEEN)
    tab_to(page, page.get_by_role("button", name="Opslaan en verder"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{stage.url}{case.form}/office")
    expect(page.locator('input[name="is_resident"][value="no"]')).to_be_checked()


def test_an_item_is_added_and_removed(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = open_page(visit, stage, case, "side_positions")
    tab_to(page, page.locator('button[name="toevoegen"][value="side_positions"]'))
    page.keyboard.press("Enter")
    page.wait_for_url("**/side_positions/side_positions/*")
    tab_to(page, page.get_by_label("Bij welke organisatie?"))
    page.keyboard.type("Koor De Vliet")
    tab_to(page, page.get_by_label("Wat is uw functie?"))
    page.keyboard.type("dirigent")
    tab_to(page, page.get_by_role("button", name=re.compile("^Klaar met deze")))
    wait_until_saved(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/side_positions?*")
    assert [title.rpartition(": ")[2] for title in items(stage, case)] == [
        "Sportvereniging De Vlieghei",
        "Koor De Vliet",
    ]
    card = page.locator("section.ts-item").filter(has_text="Koor De Vliet")
    tab_to(page, card.get_by_role("link", name=re.compile("Verwijder")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/verwijderen")
    tab_to(page, page.get_by_role("button", name=re.compile("^Ja, verwijder")))
    page.keyboard.press("Enter")
    page.wait_for_url("**/side_positions?*")
    assert len(items(stage, case)) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_enter_in_a_text_box_only_saves(visit: Visit, stage: Stage, *, script: bool) -> None:
    case = stage.answering(CLUB)
    page = open_page(visit, stage, case, f"side_positions/side_positions/{case.item}", script=script)
    box = page.locator(f'[name="{AnswerPath("side_positions.role", case.item)}"]')
    box.fill("penningmeester")
    if script:
        box.press("Enter")
        expect(page.locator("[data-save-status]")).to_have_attribute("data-state", "saved")
    else:
        with page.expect_navigation():
            box.press("Enter")
    assert page.url.endswith(f"/side_positions/{case.item}"), "still on the same page"
    expect(box).to_have_value("penningmeester")
    assert len(items(stage, case)) == 1
    page.reload()
    expect(box).to_have_value("penningmeester")
