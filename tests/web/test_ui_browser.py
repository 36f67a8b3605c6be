"""The component gallery in a real browser: accessible, calm at every width, and saving without losing a letter."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from app.web.assets import Assets
from app.web.gallery import ADDRESS, gallery_routes
from app.web.problems import problem, refusal
from app.web.security import BodyLimit, Compression, SameOriginOnly, SecurityHeaders

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
QUESTION = "#vraag-bewaar"
BOX = "#sample"


class Gate:
    """Holds back answers while it is closed, and may answer with a status of its own."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.status = 0
        self.saved: list[str] = []


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def address(gate: Gate) -> Iterator[str]:
    """The gallery behind the same door as the product, on a free port."""
    routes = FastAPI()

    @routes.middleware("http")
    async def hold(request: Request, call_next: Any) -> Response:
        if request.method == "POST":
            gate.saved.append((await request.body()).decode())
            await asyncio.to_thread(gate.open.wait)
            if gate.status:
                return problem(request, gate.status)
        return await call_next(request)  # type: ignore[no-any-return]  # Starlette gives what the route gave

    @routes.get("/sessie")
    def time_enough() -> Response:
        """What session.js asks on every page of somebody who is signed in."""
        return Response(status_code=204, headers={"X-Again-In": "300"})

    routes.include_router(gallery_routes())
    routes.mount("/static", Assets())
    guarded = SameOriginOnly(BodyLimit(routes, refuse=refusal), refuse=refusal)
    app = SecurityHeaders(Compression(guarded), https=False)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        gate.open.set()
        server.should_exit = True
        thread.join()


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
def page(browser: "Browser", address: str, errors: list[str]) -> Iterator["Page"]:
    """A page whose console stays empty: a policy that is broken or a script that fails shows there."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address + ADDRESS)
    yield page
    context.close()


def findings(page: "Page") -> list[str]:
    page.evaluate(AXE)
    report = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{found['id']}: {node['target']}" for found in report["violations"] for node in found["nodes"]]


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("theme", ["default", "middenland"])
def test_every_component_is_accessible_and_fits(
    page: "Page", address: str, width: int, theme: str, errors: list[str]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}{ADDRESS}?thema={theme}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert errors == []


def test_text_of_twice_the_size_still_fits(page: "Page") -> None:
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_the_policy_keeps_foreign_and_inline_code_out(page: "Page", errors: list[str]) -> None:
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x: onerror=\"window.broken = 1\">')")
    page.evaluate(
        """() => { const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s); }"""
    )
    assert page.evaluate("window.broken") is None
    assert any("Content Security Policy" in error for error in errors)


def test_focus_goes_to_the_summary_and_from_there_to_the_field(page: "Page") -> None:
    assert page.evaluate("document.activeElement.id") == "foutoverzicht-titel"
    page.locator("#foutoverzicht a").first.click()
    assert page.evaluate("document.activeElement.id") == "kvk"


def test_the_keyboard_reaches_everything_and_the_focus_shows(page: "Page") -> None:
    first = page.locator("a[href], button, input, summary").first
    assert first.inner_text() == "Direct naar de inhoud"
    first.focus()
    assert first.is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "3px", page.evaluate("document.activeElement.outerHTML")
        seen.add(page.evaluate("document.activeElement.outerHTML"))
    assert len(seen) == 25


def wait_for_status(page: "Page", state: str) -> str:
    page.wait_for_selector(f"[data-save-status][data-state={state}]")
    return page.locator("[data-save-text]").inner_text()


def heard(page: "Page", words: str) -> None:
    page.locator("#voorlezen").filter(has_text=words).wait_for(state="attached")


def test_an_answer_is_saved_by_itself_and_what_belongs_to_it_follows(
    page: "Page", gate: Gate, errors: list[str]
) -> None:
    page.fill(BOX, "Bouwbedrijf De Kroon")
    page.keyboard.press("Tab")
    assert wait_for_status(page, "saved").startswith("Opgeslagen om ")
    assert gate.saved == ["revision=1&sample=Bouwbedrijf+De+Kroon&version=1"]
    assert page.locator(QUESTION).get_attribute("data-version") == "2"
    assert page.locator("#voortgang").inner_text() == "13 van de 45 vragen beantwoord"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY", "the focus stays where the person went"
    heard(page, "Opgeslagen om")
    assert errors == []


def test_typing_is_saved_after_a_rest_and_only_when_it_changed(page: "Page", gate: Gate) -> None:
    page.locator(BOX).press_sequentially("Kroon")
    assert page.locator("[data-save-text]").inner_text() == "Nog niet opgeslagen"
    wait_for_status(page, "saved")
    page.keyboard.press("Tab")
    page.locator(BOX).dispatch_event("change")
    page.fill(BOX, "Kroon BV")
    page.keyboard.press("Tab")
    page.wait_for_selector(f"{QUESTION}[data-version='3']")
    assert gate.saved == ["revision=1&sample=Kroon&version=1", "revision=2&sample=Kroon+BV&version=2"]


def test_what_is_typed_while_saving_is_kept_and_saved_next(page: "Page", gate: Gate) -> None:
    gate.open.clear()
    page.fill(BOX, "Een")
    page.locator(BOX).dispatch_event("change")
    wait_for_status(page, "saving")
    page.locator(BOX).press_sequentially(" en meer")
    page.locator(BOX).dispatch_event("change")
    gate.open.set()
    page.wait_for_selector(f"{QUESTION}[data-version='3']")
    assert page.input_value(BOX) == "Een en meer"
    assert gate.saved == ["revision=1&sample=Een&version=1", "revision=2&sample=Een+en+meer&version=2"]
    assert page.evaluate("document.activeElement.id") == "sample"


def test_a_refused_answer_says_why_beside_the_question(page: "Page") -> None:
    page.fill(BOX, "een fout woord")
    page.keyboard.press("Tab")
    wait_for_status(page, "failed")
    assert page.locator("#sample-fout").inner_text().endswith("Dan kunnen we uw antwoord opslaan.")
    assert page.get_attribute(BOX, "aria-invalid") == "true"
    assert page.input_value(BOX) == "een fout woord"
    assert findings(page) == []
    page.fill(BOX, "een goed woord")
    page.keyboard.press("Tab")
    wait_for_status(page, "saved")
    assert page.locator("#sample-fout").count() == 0
    assert page.get_attribute(BOX, "aria-invalid") is None


@pytest.mark.parametrize(("status", "words"), [(401, "Uw sessie is verlopen"), (500, "Nog niet opgeslagen")])
def test_a_failed_save_leaves_the_page_and_the_text_alone(page: "Page", gate: Gate, status: int, words: str) -> None:
    gate.status = status
    page.fill(BOX, "Mijn antwoord")
    page.keyboard.press("Tab")
    assert words in wait_for_status(page, "failed")
    assert page.input_value(BOX) == "Mijn antwoord"
    assert page.locator("h1").inner_text() == "Componenten"
    assert page.locator(QUESTION).get_attribute("data-version") == "1"


def test_leaving_with_unsaved_text_asks_first_and_only_then(page: "Page", gate: Gate, address: str) -> None:
    asked: list[str] = []

    def leave(dialog: "Dialog") -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.fill(BOX, "Bewaard")
    page.keyboard.press("Tab")
    wait_for_status(page, "saved")
    page.goto(address + ADDRESS)
    assert asked == []
    gate.status = 500
    page.locator(BOX).press_sequentially("Niet bewaard")
    page.goto(address + ADDRESS)
    assert asked == ["beforeunload"]


def test_enter_in_a_question_saves_and_submits_nothing(page: "Page", gate: Gate) -> None:
    page.fill(BOX, "Kroon")
    page.press(BOX, "Enter")
    wait_for_status(page, "saved")
    assert gate.saved == ["revision=1&sample=Kroon&version=1"]
    assert page.locator(QUESTION).get_attribute("data-version") == "2"


def test_adding_and_removing_move_the_focus_and_are_read_aloud(page: "Page", errors: list[str]) -> None:
    page.fill("#organisatie-i1", "Dorpshuis De Linde")
    page.get_by_role("button", name="Functie toevoegen").click()
    page.wait_for_selector("#onderdeel-i3")
    assert page.evaluate("document.activeElement.textContent") == "Functie i3"
    assert page.input_value("#organisatie-i1") == "Dorpshuis De Linde", "what was typed elsewhere in the list stays"
    page.get_by_role("button", name="Verwijderen functie i2").click()
    page.wait_for_selector("#onderdeel-i2", state="detached")
    assert page.evaluate("document.activeElement.textContent") == "2 functies in de lijst."
    heard(page, "Functie i2 is verwijderd")
    assert page.input_value("#organisatie-i1") == "Dorpshuis De Linde"
    assert errors == []


def test_a_refused_request_for_a_fragment_is_told_above_the_page(page: "Page", gate: Gate) -> None:
    gate.status = 403
    page.get_by_role("button", name="Functie toevoegen").click()
    page.wait_for_selector("#foutmelding .ts-alert")
    assert "Dit kan nu niet" in page.locator("#foutmelding").inner_text()
    assert page.locator("#onderdelen .ts-item").count() == 2
    assert "Er is niets veranderd" in page.evaluate("document.activeElement.textContent")
    assert findings(page) == []


def test_nothing_stays_behind_in_the_browser(page: "Page") -> None:
    page.fill(BOX, "Geheim belang")
    page.keyboard.press("Tab")
    wait_for_status(page, "saved")
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert kept == '[{},{},""]'
    assert page.evaluate("indexedDB.databases()") == []


def test_without_script_the_same_form_saves(browser: "Browser", address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ADDRESS)
    page.fill(BOX, "een fout woord")
    page.get_by_role("button", name="Opslaan en verder").click()
    assert page.locator("#sample-fout").is_visible()
    assert page.input_value(BOX) == "een fout woord"
    context.close()


def test_colours_of_the_person_win(browser: "Browser", address: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address + ADDRESS)
    edges = page.evaluate("""() => ['.ts-flag', '.ts-badge', '.nl-button--primary', '.ts-card', '#kvk']
        .map((one) => getComputedStyle(document.querySelector(one)).borderTopStyle)""")
    assert "none" not in edges
    context.close()


def test_on_paper_only_the_content_stays(page: "Page") -> None:
    page.emulate_media(media="print")
    assert not page.locator(".ts-nav").is_visible()
    assert not page.locator("[data-save-status]").is_visible()
    assert page.locator("h1").is_visible()
