"""The tutorial as a browser walks it: the steps of docs/tutorial/first-case.md, on a product with demo data.

A test walks it to keep the tutorial true; `script/make-images` walks it to take the pictures.
"""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from app.main import create_app
from app.questionnaires.context import Tier
from app.questionnaires.wording import fill
from app.settings import Settings
from app.store import migrating
from app.store.engine import open_engine, open_session
from app.usecases import demo, library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

START_SECONDS = 30
CLERK, ANALYST, PRINCIPAL = (f"{who}@voorbeeldstad.example" for who in ("griffier", "onderzoeker", "burgemeester"))
CLUB, CONTRACT = "SPR-01", "ACT-20"
"""Two rules that the chair of a club meets: an interest in the own portfolio, and a norm that people must weigh."""

Look = Callable[["Page", str], None]
"""Called with a page and the name of what it shows, where a picture is worth taking."""


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A running product with demo data, and the ways in for its invented candidates by name."""

    url: str
    invitations: dict[str, demo.DemoInvitation]


@contextmanager
def demo_site(folder: Path, settings: Settings | None = None) -> Iterator[DemoSite]:
    """Serve the demo on a free port until the block ends. Without settings the database is a file in `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    chosen = (settings or Settings(data_dir=folder, database_url="")).model_copy(update={"base_url": url})
    migrating.upgrade(chosen.database)
    engine = open_engine(chosen.database, chosen.master_keys)
    with open_session(engine) as db:
        loaded = demo.load(db, chosen)
        db.commit()
    engine.dispose()
    server = uvicorn.Server(uvicorn.Config(create_app(chosen), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, name="demo-server")
    thread.start()
    until = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield DemoSite(url, {one.name: one for one in loaded.invitations})
    finally:
        server.should_exit = True
        thread.join(timeout=START_SECONDS)


@dataclass(frozen=True, slots=True)
class Tour:
    """One walk through the product. Every person has a browser of their own, as in real life."""

    site: DemoSite
    browser: "Browser"
    look: Look

    def whole(self, folder: Path) -> Path:
        """Walk everything. Gives the council document, saved in `folder`."""
        self.prepare()
        self.answer()
        self.review()
        return self.conclude(folder)

    def prepare(self) -> None:
        """The clerk adds a candidate to the round, and invites."""
        clerk = self._signed_in(CLERK)
        self.look(clerk, "worklist")
        _link(clerk, "Rondes").click()
        _link(clerk, demo.ROUND).click()
        self.look(clerk, "round")
        _link(clerk, "Voeg een kandidaat toe").click()
        clerk.get_by_label("Naam van de kandidaat").fill("Sanne de Wit")
        clerk.get_by_label("E-mailadres van de kandidaat").fill("sanne.dewit@voorbeeld.example")
        clerk.get_by_label("Deeltijd").check()
        clerk.locator('input[name="portfolio"][value="sport"]').check()
        for colleague in ("Bram Burgers", "Olga Onderwater"):
            clerk.get_by_label(re.compile(colleague)).check()
        _press(clerk, "Voeg de kandidaat toe")
        _link(clerk, "Nodig de kandidaat uit").click()
        self.look(clerk, "invitation")
        _press(clerk, "Verstuur de uitnodiging")
        code = clerk.locator("#code").inner_text()
        _link(clerk, "Bekijk de mail").click()
        way_in = _link(clerk, "Open de link uit deze mail").first.get_attribute("href") or ""
        self.site.invitations["Sanne de Wit"] = demo.DemoInvitation("Sanne de Wit", way_in, code)

    def answer(self) -> None:
        """The candidate tells about a sports club, and sees at once what that brings to light."""
        candidate = self._inside("Sanne de Wit")
        self.look(candidate, "tasks")
        _link(candidate, "Nevenfuncties").click()
        candidate.locator('input[name="side_positions"][value="yes"]').check()
        candidate.locator('button[name="toevoegen"][value="side_positions"]').click()
        candidate.get_by_label("Bij welke organisatie?").fill("Sportvereniging De Vlieghei")
        candidate.get_by_label("Wat is uw functie?").fill("voorzitter")
        for question, answer in (
            ("Wat voor functie is het?", "Bestuurslid"),
            ("Krijgt u er geld voor?", "Nee"),
            ("Welke band heeft de organisatie met de gemeente?", "Subsidie"),
        ):
            asked = candidate.get_by_role("group", name=re.compile(f"^{re.escape(question)}"))
            asked.get_by_label(answer, exact=True).check()
        candidate.get_by_label("Met welk onderwerp van de gemeente").select_option(label="Sport")
        candidate.get_by_text(_title(CLUB)).first.wait_for()
        self.look(candidate, "flag")
        self._another_candidate_halfway()

    def _another_candidate_halfway(self) -> None:
        architect = self._inside("Joost van der Linden")
        _link(architect, "Ondernemingen en beleggingen").click()
        architect.locator("main a", has_text="Bureau Hoge Brug").first.click()
        self.look(architect, "company")

    def review(self) -> None:
        """The analyst records facts, weighs what the law leaves open, and agrees on a measure."""
        analyst = self._signed_in(ANALYST)
        _link(analyst, "Femke Aarts").click()
        analyst.get_by_role("heading", name="Beoordeling Femke Aarts").wait_for()
        self.look(analyst, "review")
        _link(analyst, "Onderzoek, bronnen en gesprek").click()
        for fact, answer in (
            ("source_findings", "no"),
            ("answers_late", "no"),
            ("safety_talk_held", "no"),
        ):
            analyst.locator(f'input[name="{fact}"][value="{answer}"]').check()
        _press(analyst, "Bewaar de feiten")
        self._open_flag(analyst, CONTRACT)
        analyst.get_by_label("Nee, de norm is niet van toepassing").check()
        analyst.get_by_label("Wat vond u, en waarom?").fill("De kandidaat tekent niet en heeft geen voordeel.")
        _press(analyst, "Leg de bevinding vast")
        self._open_flag(analyst, CLUB)
        self.look(analyst, "weigh")
        analyst.get_by_label("Welke maatregel?").select_option(label="Functie neerleggen")
        analyst.get_by_label("Wie zorgt ervoor?").fill("de kandidaat")
        analyst.get_by_label("Wat is precies afgesproken?").fill("De kandidaat stopt als voorzitter.")
        analyst.get_by_label("Ja, openbaar").check()
        analyst.get_by_label("Dit moet gebeurd zijn vóór de benoeming").check()
        _press(analyst, "Voeg de maatregel toe")
        self._to_review(analyst)
        _link(analyst, "Leg het concept voor aan de kandidaat").click()
        _press(analyst, "Leg het concept voor")
        self._hear()
        self._to_case(analyst)
        _link(analyst, "Sluit het wederhoor").click()
        _press(analyst, "Sluit het wederhoor")

    def _hear(self) -> None:
        candidate = self._inside("Femke Aarts")
        _link(candidate, "Hoe staat mijn zaak ervoor?").first.click()
        _link(candidate, "Lees het conceptrapport en reageer").click()
        point = candidate.locator("article", has_text=_title(CLUB))
        point.get_by_label("Uw reactie op dit punt").fill("Ik stop in december als voorzitter.")
        _press(point, "Bewaar mijn reactie")
        candidate.get_by_label("Wat wilt u dat de raad leest?").fill("Ik draag de club goed over, voordat ik begin.")
        _press(candidate, "Bewaar mijn reactie voor de raad")
        self.look(candidate, "hearing")

    def conclude(self, folder: Path) -> Path:
        """The principal decides and concludes, and the clerk takes the document."""
        principal = self._signed_in(PRINCIPAL)
        _link(principal, "Femke Aarts").click()
        self._open_flag(principal, CLUB)
        principal.get_by_label("Risico met beheersmaatregel", exact=True).check()
        principal.get_by_label("Waarom?", exact=True).fill("Zonder afspraak beslist de kandidaat over de eigen club.")
        principal.get_by_label(re.compile("Wat leest de raad")).fill("De kandidaat is voorzitter van een sportclub.")
        _press(principal, "Leg het besluit vast")
        self._to_review(principal)
        _link(principal, "Stel de conclusie vast").first.click()
        principal.get_by_label("Eerst een maatregel, dan benoemen").check()
        principal.get_by_label("Waarom?", exact=True).fill("De kandidaat legt de functie neer vóór de benoeming.")
        principal.get_by_label("Welk restrisico blijft over?").fill("De band met de club blijft bestaan.")
        self.look(principal, "conclusion")
        _press(principal, "Stel de conclusie vast")
        clerk = self._signed_in(CLERK)
        _link(clerk, "Femke Aarts").click()
        self._to_case(clerk)
        _link(clerk, "Raadsversie").first.click()
        clerk.get_by_label("Nee, ik heb geen relatie met de kandidaat").check()
        _press(clerk, "Verklaar dit")
        self.look(clerk, "preview")
        with clerk.expect_download() as waiting:
            clerk.get_by_role("button", name="Maak het Word-bestand").click()
        target = folder / waiting.value.suggested_filename
        waiting.value.save_as(target)
        return target

    def _signed_in(self, email: str) -> "Page":
        page = self._page()
        page.goto(f"{self.site.url}/inloggen")
        page.get_by_label("E-mailadres").fill(email)
        page.get_by_label("Wachtwoord").fill(demo.PASSWORD)
        _press(page, "Log in")
        shown = page.get_by_text(re.compile(r"De code is nu: \d{3} \d{3}")).inner_text()
        page.get_by_label("Code").fill(shown.rpartition(": ")[2])
        _press(page, "Ga verder")
        page.wait_for_url("**/werklijst*")
        return page

    def _inside(self, name: str) -> "Page":
        page = self._page()
        way_in = self.site.invitations[name]
        page.goto(way_in.link)
        page.get_by_label("Uw code").fill(way_in.code)
        _press(page, "Ga verder")
        _press(page, "Stuur mij een code")
        mailed = re.search(r"\b(\d{4}) (\d{4})\b", page.request.get(f"{self.site.url}/ontwikkel/postvak").text())
        if mailed is None:
            raise LookupError("no code was mailed")
        page.get_by_label("Code uit de mail").fill(mailed.group())
        _press(page, "Ga verder")
        page.wait_for_url("**/vragenlijst/*")
        return page

    def _page(self) -> "Page":
        context = self.browser.new_context(
            viewport={"width": 1120, "height": 900}, locale="nl-NL", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        return context.new_page()

    def _case(self, page: "Page") -> str:
        found = re.match(r".*/zaken/[^/?]+", page.url)
        if found is None:
            raise LookupError(f"no case in {page.url}")
        return found[0]

    def _to_case(self, page: "Page") -> None:
        page.goto(self._case(page))

    def _to_review(self, page: "Page") -> None:
        page.goto(f"{self._case(page)}/beoordeling")

    def _open_flag(self, page: "Page", rule: str) -> None:
        self._to_review(page)
        card = page.locator("article", has=page.locator(f'a[href*="/signaal/{rule}/"]')).first
        card.get_by_role("link", name=re.compile("Bekijk en leg vast")).click()
        page.get_by_role("heading", name="Signaal wegen").wait_for()


def _title(rule: str) -> str:
    """What people read above a flag of this rule, in a municipality."""
    return fill(library.rulebook(library.newest()).rule(rule).title, Tier.MUNICIPALITY)


def _link(page: "Page | Locator", name: str) -> "Locator":
    return page.get_by_role("link", name=re.compile(f"^{re.escape(name)}"))


def _press(where: "Page | Locator", name: str) -> None:
    """Press a button that sends a form, and wait for the page that comes back."""
    button = where.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first
    with button.page.expect_navigation():
        button.click()
