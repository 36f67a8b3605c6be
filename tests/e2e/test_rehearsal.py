"""A rehearsal in a real browser: on a phone and without script, and for axe on every page of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.stage import Stage
from tests.e2e.test_accessibility import findings, too_wide, unfold

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

Visit = Callable[..., "BrowserContext"]


def walk(page: "Page", url: str, seen: Callable[[str], None]) -> None:
    """From the first page to the outcome, by the buttons that a person sees."""
    page.goto(f"{url}/proef")
    seen("start")
    page.get_by_label("Gemeente (wethouder)").check()
    page.get_by_role("button", name="Begin de proef").click()
    seen("office")
    page.get_by_label("Ruimtelijke ordening").check()
    page.get_by_role("button", name="Naar de vragen").click()
    seen("overview")
    page.get_by_role("button", name="Open Ondernemingen en beleggingen").click()
    page.locator('input[name="companies"][value="yes"]').check()
    page.get_by_role("button", name="Verder").click()
    seen("a list")
    page.get_by_role("button", name="Voeg een onderneming toe").click()
    page.get_by_label("Hoe heet de onderneming?").fill("Bureau Noord")
    page.get_by_label("Bv waarin gewerkt wordt").check()
    page.locator('select[name="companies[i1].policy_field"]').select_option("spatial")
    page.locator('input[name="companies[i1].distance"][value="none"]').check()
    seen("an item")
    page.get_by_role("button", name="Klaar met deze onderneming").click()
    if page.get_by_role("button", name="Klaar met deze onderneming").count():  # the answers brought up a question
        page.get_by_role("button", name="Klaar met deze onderneming").click()
    page.get_by_text("Bureau Noord").first.wait_for()
    seen("a list with something in it")
    page.get_by_role("button", name="Verwijderen Onderneming: Bureau Noord").click()
    seen("removing")
    page.get_by_role("button", name="Nee, terug").click()
    page.get_by_role("button", name="Naar het overzicht").click()
    page.get_by_role("button", name="Bekijk de uitkomst").click()
    page.get_by_role("heading", name="Onderneming op het eigen beleidsterrein").wait_for()
    seen("outcome")


def test_somebody_rehearses_on_a_phone_without_script_and_goes_on_with_the_file(
    stage: Stage, visit: Visit, tmp_path: Path
) -> None:
    context = visit(width=360, script=False)
    page = context.new_page()
    wide: dict[str, int] = {}

    def seen(name: str) -> None:
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[name] = width

    walk(page, stage.url, seen)
    assert wide == {}
    with page.expect_download() as coming:
        page.get_by_role("button", name="Sla uw antwoorden op als bestand").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.name == "toetssteen-proef.json"
    assert json.loads(file.read_text(encoding="utf-8"))["context"]["portfolio"] == ["spatial"]
    page.goto(f"{stage.url}/proef")
    page.get_by_label("Uw bestand").set_input_files(file)
    page.get_by_role("button", name="Open het bestand").click()
    page.get_by_role("button", name="Bekijk de uitkomst").click()
    page.get_by_role("heading", name="Onderneming op het eigen beleidsterrein").wait_for()
    assert context.cookies() == []


def test_every_page_of_a_rehearsal_is_accessible_and_fits(stage: Stage, visit: Visit) -> None:
    page = visit().new_page()
    found: dict[str, list[str]] = {}

    def seen(name: str) -> None:
        unfold(page)
        if wrong := [*findings(page), *too_wide(page, 320), *too_wide(page, 1280)]:
            found[name] = wrong

    walk(page, stage.url, seen)
    assert found == {}


@pytest.mark.parametrize(
    "path", ["/regels", "/regels/vergelijk", "/regels/COM-01", "/regels/BIL-01", "/vragen", "/vragen/companies.form"]
)
def test_what_anybody_may_read_is_accessible_and_fits(stage: Stage, visit: Visit, path: str) -> None:
    page = visit().new_page()
    page.goto(f"{stage.url}{path}")
    unfold(page)
    assert findings(page) == []
    assert too_wide(page, 320) == []
    page.emulate_media(media="print")
    assert too_wide(page, 720) == []


def test_rules_are_sought_without_script(stage: Stage, visit: Visit) -> None:
    page = visit(width=360, script=False).new_page()
    page.goto(f"{stage.url}/regels")
    page.get_by_label("Voor welke organisatie?").select_option("waterschap")
    page.get_by_label("Welke woorden zoekt u?").fill("beleidsterrein onderneming")
    page.get_by_role("button", name="Zoek in de regels").click()
    page.get_by_role("link", name="Onderneming op het eigen beleidsterrein").click()
    page.get_by_role("heading", level=1, name="Onderneming op het eigen beleidsterrein").wait_for()
    assert page.get_by_text("Waterschapswet").count() > 0


def test_a_candidate_takes_a_file_over_without_script(stage: Stage, visit: Visit, tmp_path: Path) -> None:
    case = stage.answering()
    context = visit(width=360, script=False)
    context.add_cookies([{"name": "toetssteen", "value": case.session, "url": stage.url}])
    file = tmp_path / "proef.json"
    file.write_text('{"context": {"tier": "municipality"}, "answers": {"is_adult": "yes"}}', encoding="utf-8")
    page = context.new_page()
    page.goto(f"{stage.url}{case.form}")
    page.get_by_role("link", name="Antwoorden uit een proef overnemen").click()
    page.get_by_label("Uw bestand").set_input_files(file)
    page.get_by_role("button", name="Bekijk wat erin staat").click()
    page.get_by_role("heading", name="Nieuwe antwoorden").wait_for()
    page.get_by_role("button", name="Neem over").click()
    page.get_by_text("Uw antwoorden zijn overgenomen").wait_for()
    assert page.url.startswith(f"{stage.url}{case.form}?gedaan=overgenomen")
