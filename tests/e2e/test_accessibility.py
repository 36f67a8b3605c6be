"""Every page in every state: nothing for axe to find, nothing cut off, nothing on paper that does not belong there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Act = Callable[["Page"], None]


def press(name: str) -> Act:
    """Press a button with nothing filled in: the page comes back with what is wrong."""

    def act(page: "Page") -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile(name)).first.click()
        page.locator(".ts-error-summary, .utrecht-alert--error, .ts-error").first.wait_for()

    return act


def nobody_to_call(page: "Page") -> None:
    """Also brings a message with a word that is wider than its box on a phone: an e-mail address."""
    for name in ("name", "phone", "invite"):
        page.fill(f"#{name}", "")
    page.fill("#email", "nee")
    press("Sla op")(page)


def unfold(page: "Page") -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def wrong_code(page: "Page") -> None:
    page.get_by_label("Uw code").fill("FOUT-FOUT")
    press("Ga verder")(page)


def wrong_reference(page: "Page") -> None:
    page.get_by_label("Uw kenmerk").fill("BCDF GHJK MNPQ")
    press("Ga verder")(page)


def wrong_password(page: "Page") -> None:
    page.get_by_label("E-mailadres").fill("niemand@voorbeeld.example")
    page.get_by_label("Wachtwoord").fill("dit klopt niet")
    press("Log in")(page)


def too_long(page: "Page") -> None:
    """A remark that nobody will read."""
    page.locator('textarea[name$=":note"]').first.fill("x" * 5000)
    page.get_by_role("button", name="Opslaan en verder").click()
    page.locator(".ts-error").first.wait_for()


def lost_race(page: "Page") -> None:
    """Send an answer that was made on an older version of the page."""
    page.evaluate(
        "for (const one of document.querySelectorAll('input[name$=\":revision\"]')) one.value = '77';"
        'document.querySelector(\'input[name="is_resident"][value="no"]\').checked = true'
    )
    page.get_by_role("button", name="Opslaan en verder").click()
    page.get_by_role("heading", name=re.compile("ook ergens anders gewijzigd")).first.wait_for()


@dataclass(frozen=True)
class State:
    """A page as somebody sees it. `path` may hold the addresses of cases: {filled.form}, {review.file}, {filled.item}."""

    name: str
    who: str
    path: str
    act: Act | None = None
    status: int = 200


STATES = (
    State("sign-in", "", "/inloggen"),
    State("sign-in refused", "", "/inloggen", wrong_password),
    State("door", "", "{open}"),
    State("door, wrong code", "", "{open}", wrong_code),
    State("door, locked", "", "{locked}"),
    State("door, expired", "", "{expired}"),
    State("door without a link", "", "/kandidaat"),
    State("door without a link, wrong", "", "/kandidaat", wrong_reference),
    State("door without a link, asking", "", "/kandidaat/nieuwe-link"),
    State("own way in", "filled", "{filled.form}/toegang"),
    State("link of a candidate", "clerk", "{filled.file}/link"),
    State("link of a candidate, wrong", "clerk", "{filled.file}/link", press("Trek de link in")),
    State("mails to candidates", "principal", "/mails-aan-kandidaten"),
    State("agreements", "clerk", "/organisatie/afspraken"),
    State("agreements, wrong", "admin", "/organisatie/afspraken", nobody_to_call),
    State("requests for correction", "analyst", "{review.file}/beoordeling/correcties"),
    State("about", "", "/over"),
    State("privacy", "", "/privacy"),
    State("accessibility", "", "/toegankelijkheid"),
    State("glossary", "", "/begrippen"),
    State("task list", "empty", "{empty.form}"),
    State("task list, busy", "filled", "{filled.form}"),
    State("section, empty", "empty", "{empty.form}/office"),
    State("section, filled", "filled", "{filled.form}/side_positions"),
    State("section, wrong", "filled", "{filled.form}/office", too_long),
    State("section, lost race", "filled", "{filled.form}/office", lost_race),
    State("item", "filled", "{filled.form}/side_positions/side_positions/{filled.item}"),
    State("remove item", "filled", "{filled.form}/side_positions/side_positions/{filled.item}/verwijderen"),
    State("check", "filled", "{filled.form}/controle"),
    State("check, not declared", "filled", "{filled.form}/controle", press("Verstuur mijn antwoorden")),
    State("withdraw", "filled", "{filled.form}/intrekken"),
    State("section, closed", "review", "{review.form}/side_positions"),
    State("submitted", "review", "{review.form}/verstuurd"),
    State("status", "review", "{review.form}/stand"),
    State("own data", "review", "{review.form}/inzage"),
    State("correcting", "review", "{review.form}/correctie"),
    State(
        "correcting, wrong",
        "review",
        "{review.form}/correctie/vraag?vraag=is_resident",
        press("Vraag om de correctie"),
    ),
    State("own files", "filled", "{filled.form}/bijlagen"),
    State("own files, wrong", "filled", "{filled.form}/bijlagen", press("Voeg toe")),
    State("files of a case", "analyst", "{review.file}/beoordeling/bijlagen"),
    State("files of a case, wrong", "analyst", "{review.file}/beoordeling/bijlagen", press("Voeg toe")),
    State("concept", "hearing", "{hearing.form}/concept"),
    State("concept, empty reply", "hearing", "{hearing.form}/concept", press("Bewaar mijn reactie op")),
    State("work list", "analyst", "/werklijst"),
    State("work list, empty", "idle_analyst", "/werklijst"),
    State("rounds", "clerk", "/rondes"),
    State("rounds, none", "elsewhere", "/rondes"),
    State("new round", "clerk", "/rondes/nieuw"),
    State("new round, wrong", "clerk", "/rondes/nieuw", press("Open de ronde")),
    State("round", "clerk", "{round}"),
    State("new candidate", "clerk", "{round}/kandidaat"),
    State("new candidate, wrong", "clerk", "{round}/kandidaat", press("Voeg de kandidaat toe")),
    State("case", "clerk", "{draft.file}"),
    State("case, concluded", "principal", "{concluded.file}"),
    State("change case", "clerk", "{draft.file}/wijzigen"),
    State("invite", "clerk", "{draft.file}/uitnodigen"),
    State("review", "analyst", "{review.file}/beoordeling"),
    State("flag", "analyst", "{review.file}/beoordeling/signaal/SPR-01/{review.item}"),
    State(
        "flag, wrong", "analyst", "{review.file}/beoordeling/signaal/SPR-01/{review.item}", press("Leg de bevinding")
    ),
    State("flag, decided", "principal", "{decided.file}/beoordeling/signaal/SPR-01/{decided.item}"),
    State("rules that do not apply", "analyst", "{review.file}/beoordeling/niet-van-toepassing"),
    State("open questions", "analyst", "{review.file}/beoordeling/open-vragen"),
    State("answers", "analyst", "{review.file}/beoordeling/antwoorden"),
    State("correction", "analyst", "{review.file}/beoordeling/aanvulling"),
    State("correction, wrong", "analyst", "{review.file}/beoordeling/aanvulling", press("Verstuur de vraag")),
    State("research", "analyst", "{review.file}/beoordeling/onderzoek"),
    State("research, wrong", "analyst", "{review.file}/beoordeling/onderzoek", press("Leg deze bron")),
    State("send concept", "analyst", "{review.file}/beoordeling/concept"),
    State("conclude, blocked", "principal", "{weighing.file}/beoordeling/conclusie"),
    State("conclude", "principal", "{decided.file}/beoordeling/conclusie"),
    State("conclude, wrong", "principal", "{decided.file}/beoordeling/conclusie", press("Stel de conclusie vast")),
    State("council version", "clerk", "{concluded.file}/raadsversie"),
    State("outcome", "clerk", "{presented.file}/uitkomst"),
    State("outcome, wrong", "clerk", "{presented.file}/uitkomst", press("Leg")),
    State("reason", "principal", "{weighing.file}/terug"),
    State("mailbox", "clerk", "/ontwikkel/postvak"),
    State("not found", "clerk", "/bestaat-niet", status=404),
    State("not allowed", "clerk", "{concluded.file}/wijzigen", status=403),
    State("not for opening", "empty", "/afmelden", status=405),
)


@pytest.fixture(scope="module")
def look(browser: "Browser", stage: Stage) -> Iterator[Callable[[State], "Page"]]:
    """Opens a state in a browser of its own person; every person keeps one page for the whole module."""
    pages: dict[str, Page] = {}

    def open_state(state: State) -> "Page":
        if state.who not in pages:
            context = browser.new_context(locale="nl-NL", reduced_motion="reduce")
            context.set_default_timeout(10_000)
            if state.who:
                stage.let_in(context, state.who)
            pages[state.who] = context.new_page()
            pages[state.who].on("dialog", lambda dialog: dialog.accept())
        page = pages[state.who]
        page.set_viewport_size({"width": 1280, "height": 900})
        address = state.path.format(**stage.cases, **stage.doors, round=stage.round)
        answer = page.goto(address if address.startswith("http") else stage.url + address)
        assert answer is not None
        assert answer.status == state.status, page.locator("main").inner_text()
        unfold(page)
        if state.act:
            state.act(page)
            unfold(page)
        return page

    yield open_state
    for page in pages.values():
        page.context.close()


def findings(page: "Page", *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe has to say; the script goes in beside the page, so that its policy stays as it is."""
    page.evaluate(AXE)
    options = {"resultTypes": ["violations"], "runOnly": TAGS, "rules": {one: {"enabled": False} for one in without}}
    report = page.evaluate("(options) => axe.run(options)", options)
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}" for one in report["violations"] for node in one["nodes"]
    ]


def too_wide(page: "Page", width: int) -> list[str]:
    """What sticks out on the right, except inside a box that scrolls by itself."""
    page.set_viewport_size({"width": width, "height": 900})
    if page.evaluate("document.documentElement.scrollWidth") <= width:
        return []
    found: list[str] = page.evaluate(
        "(width) => [...document.querySelectorAll('main *, header *, footer *')]"
        ".filter((one) => one.getBoundingClientRect().right > width + 1).map((one) => one.outerHTML.slice(0, 120))",
        width,
    )
    return found or ["the page itself"]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_the_page_is_accessible_and_fits(look: Callable[[State], "Page"], state: State) -> None:
    page = look(state)
    assert findings(page) == [], "at 1280"
    assert too_wide(page, 640) == [], "640: what is left of 1280 at 200 % zoom"
    assert too_wide(page, 360) == [], "at 360"
    assert findings(page) == [], "at 360"


def test_the_steps_of_a_candidate_on_the_way_in_are_accessible_and_fit(browser: "Browser", stage: Stage) -> None:
    with stage.world() as world:
        invited = world.invited(world.case(name="Nieuw Hier"))
    context = browser.new_context(locale="nl-NL", reduced_motion="reduce")
    page = context.new_page()

    def look_at_it(heading: str) -> None:
        page.get_by_role("heading", name=heading, level=1).wait_for()
        for width in (1280, 360):
            assert too_wide(page, width) == []
            assert findings(page) == [], f"{heading} at {width}"

    def knock() -> None:
        page.goto(invited.link)
        page.get_by_label("Uw code").fill(invited.code)
        page.get_by_role("button", name="Ga verder").click()

    knock()
    look_at_it("Hoe wilt u voortaan inloggen?")
    page.get_by_role("button", name="Stel een app in").click()
    look_at_it("Stel de app in")
    knock()
    page.get_by_role("button", name="Stuur mij een code").click()
    look_at_it("Vul de code uit uw mail in")
    page.get_by_label("Code uit de mail").fill("00000000")
    press("Ga verder")(page)
    look_at_it("Vul de code uit uw mail in")
    context.close()


@pytest.mark.parametrize("name", ["section, filled", "review", "council version", "case", "work list"])
def test_on_paper_the_page_is_whole_and_without_navigation(look: Callable[[State], "Page"], name: str) -> None:
    page = look(next(state for state in STATES if state.name == name))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # an A4 sheet with margins
    try:
        for gone in ("nav:not(.ts-document nav)", "[data-save-status]", ".nl-skip-link"):
            assert [one for one in page.locator(gone).all() if one.is_visible()] == [], gone
        assert page.get_by_role("heading", level=1).first.is_visible()
        assert too_wide(page, 720) == []
        hidden: list[str] = page.evaluate(
            "[...document.querySelectorAll('main *')].filter((one) => ['auto', 'scroll', 'hidden'].includes("
            "getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)"
            ".map((one) => one.outerHTML.slice(0, 120))"
        )
        assert hidden == []
    finally:
        page.emulate_media(media="screen")


@pytest.mark.parametrize("name", ["section, filled", "review", "sign-in"])
def test_forced_colours_leave_every_control_visible(look: Callable[[State], "Page"], name: str) -> None:
    page = look(next(state for state in STATES if state.name == name))
    page.emulate_media(forced_colors="active")
    try:
        bare: list[str] = page.evaluate(
            "[...document.querySelectorAll('button:not(.ts-hidden, .ts-term), input[type=text], textarea, select')]"
            ".filter((one) => one.checkVisibility() && getComputedStyle(one).borderTopWidth === '0px')"
            ".map((one) => one.outerHTML.slice(0, 120))"
        )
        assert bare == []
        # The system chooses the colours now, and axe would measure those of the style sheet.
        assert findings(page, without=("color-contrast",)) == []
    finally:
        page.emulate_media(forced_colors="none")
