"""The main job, in a real browser: from an invitation to a document on the table of the council."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest

from app.questionnaires.answers import AnswerPath, Answers
from app.questionnaires.showing import as_typed
from app.reviews.lifecycle import Role
from app.risk_rules.rulebook import Outcome
from app.usecases import library
from tests.assess.candidates import candidate, questionnaire
from tests.e2e.conftest import STAFF, Site
from tests.e2e.journey import (
    add_candidate,
    asked_on,
    choose,
    declare_no_relation,
    download,
    enter,
    fill_everything,
    flags_on,
    in_our_time,
    invite,
    open_round,
    press,
    send,
    sign_in,
    typed_day,
)
from tests.readable import readable

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

ARCHITECT, CLEAN = "1a_architect", "5a_clean"
REVIEWERS = tuple(name for role, (name, _) in STAFF.items() if role is not Role.CLERK)


def rules_of_rows(rows: dict[str, int]) -> set[str]:
    """The ids of the rules that stand in these rows of the catalogue."""
    return {rule.id for rule in library.rulebook(questionnaire()).rules if set(rule.catalogue) & set(rows)}


def test_two_candidates_from_round_to_council(  # noqa: PLR0915 - the story is one, from first page to last
    site: Site, visit: Callable[..., "BrowserContext"], tmp_path: Path
) -> None:
    architect, appointment = in_our_time(ARCHITECT)
    clean, _ = in_our_time(CLEAN)

    clerk = visit().new_page()
    sign_in(clerk, site.url, STAFF[Role.CLERK][1])
    open_round(clerk, "Collegevorming 2026", appointment)
    round_url = clerk.url
    add_candidate(clerk, "Sanne de Wit", "sanne@voorbeeld.example", ("spatial", "housing"), REVIEWERS)
    sanne = invite(clerk, site.url, "Sanne de Wit")
    sanne_case = clerk.url
    clerk.goto(round_url)
    add_candidate(clerk, "Bas Vermeer", "bas@voorbeeld.example", ("finance",), REVIEWERS)
    bas = invite(clerk, site.url, "Bas Vermeer")
    bas_case = clerk.url

    # One on a phone without script, the other with script.
    phone = visit(width=360, script=False).new_page()
    enter(phone, sanne)
    fill_everything(phone, architect, script=False)
    send(phone)
    receipt = docx.Document(str(download(phone, "ontvangstbewijs", tmp_path, role="link")))
    assert "Sanne de Wit" in receipt.core_properties.title

    desk = visit().new_page()
    enter(desk, bas)
    fill_everything(desk, clean, script=True)
    send(desk)

    # The clean candidate has nothing above severity 1, the architect exactly what is expected.
    principal = visit().new_page()
    sign_in(principal, site.url, STAFF[Role.PRINCIPAL][1])
    record_facts(principal, bas_case, clean)
    assert heavy_flags(principal, bas_case) == {}
    record_facts(principal, sanne_case, architect)
    expected = rules_of_rows(candidate(ARCHITECT).expect["above_1"]) & certain_rules(ARCHITECT)
    found = heavy_flags(principal, sanne_case)
    assert set(found) == expected
    assert all("Volgt uit de antwoorden" in labels for labels in found.values())

    # The analyst finds, the principal decides: never the same person.
    analyst = visit().new_page()
    sign_in(analyst, site.url, STAFF[Role.ANALYST][1])
    declare_no_relation(analyst, sanne_case)
    for rule in sorted(expected):
        find(analyst, sanne_case, rule)
        assert "Een ander besluit" in analyst.locator("main").inner_text()
    analyst.goto(f"{sanne_case}/beoordeling/concept")
    analyst.get_by_label(re.compile("Tot en met wanneer")).fill(typed_day(date.today() + timedelta(days=5)))  # noqa: DTZ011 - as above
    press(analyst, analyst.get_by_role("button", name="Leg het concept voor"))

    # The candidate hears it first, and replies to each point.
    phone.goto(f"{site.url}/vragenlijst/{sanne_case.rsplit('/', 1)[1]}/concept")
    for rule in sorted(expected):
        point = phone.locator(f'article:has(input[name="rule"][value="{rule}"])')
        point.get_by_label("Uw reactie op dit punt").fill("Ik verkoop mijn aandelen vóór de benoeming.")
        press(phone, point.get_by_role("button", name=re.compile("Bewaar mijn reactie")))
    phone.get_by_label("Wat wilt u dat de raad leest?").fill("Ik verkoop mijn bureau en begin met een schone lei.")
    press(phone, phone.get_by_role("button", name="Bewaar mijn reactie voor de raad"))

    analyst.goto(f"{sanne_case}/sluit-wederhoor")
    press(analyst, analyst.get_by_role("button", name="Sluit het wederhoor"))
    for rule in sorted(expected):
        decide(principal, sanne_case, rule)
    principal.goto(f"{sanne_case}/beoordeling/conclusie")
    principal.locator('input[name="kind"][value="measure_before_appointment"]').check()
    principal.get_by_label("Waarom?", exact=True).fill("De kandidaat verkoopt het belang vóór de benoeming.")
    principal.get_by_label("Welk restrisico blijft over?").fill("Oude klanten kunnen nog een band hebben.")
    press(principal, principal.get_by_role("button", name="Stel de conclusie vast"))

    # The clerk downloads what the council reads.
    clerk.goto(f"{sanne_case}/raadsversie")
    assert "Heeft u een relatie met de kandidaat?" in clerk.locator("main").inner_text()
    declare_no_relation(clerk, sanne_case)
    clerk.goto(f"{sanne_case}/raadsversie")
    assert "Ik verkoop mijn bureau" in clerk.locator("article").inner_text()
    text = words_of(download(clerk, "Maak het Word-bestand", tmp_path))
    for needed in (
        "Sanne de Wit",
        "Eerst een maatregel, dan benoemen",
        "Belang verkopen",
        "Oude klanten kunnen nog een band hebben.",
        "Ik verkoop mijn bureau en begin met een schone lei.",
        "art. 28",
    ):
        assert needed in text, needed
    for secret in ("Architectenbureau Noordster", "60 %", "60%", "GEHEIME BEVINDING"):
        assert secret not in text, secret

    # Whoever takes the files of the database, its log or a dump of it, reads nothing of what was typed here.
    typed = (
        "Sanne de Wit", "sanne@voorbeeld.example", "Bas Vermeer", "bas@voorbeeld.example", "Architectenbureau Noordster",
        "Ik verkoop mijn aandelen", "Ik verkoop mijn bureau", "GEHEIME BEVINDING", "Verkoop het belang", "Aandelen verkopen",
        "Zonder verkoop botst", "verkoopt het belang vóór", "Oude klanten kunnen", sanne.code, bas.code,
    )  # fmt: skip
    assert readable(site.settings.database, typed) == set()
    # What stands there in the clear is found by the same search.
    assert readable(site.settings.database, [STAFF[Role.CLERK][1]]) == {STAFF[Role.CLERK][1]}


def certain_rules(name: str) -> set[str]:
    assessment = candidate(name).assess()
    return {f.rule.id for f in assessment.flags if f.outcome is Outcome.CERTAIN and int(f.severity) > 1}


def record_facts(page: "Page", case: str, answers: Answers) -> None:
    """As a reviewer: start the review and record what was checked; what the worked candidate leaves out is a no."""
    declare_no_relation(page, case)
    page.goto(f"{case}/start-beoordeling")
    page.get_by_role("button", name="Start de beoordeling").click()
    page.wait_for_url("**/beoordeling")
    page.goto(f"{case}/beoordeling/onderzoek")
    for _ in range(4):
        before = asked_on(page)
        for path in before:
            answer = answers.get(AnswerPath(path))
            choose(page, path, "no" if answer is None or answer.value is None else as_typed(answer)[0])
        press(page, page.get_by_role("button", name="Bewaar de feiten"))
        if asked_on(page) == before:
            return


def heavy_flags(page: "Page", case: str) -> dict[str, str]:
    """Open the review of a case and give its flags above severity 1."""
    page.goto(f"{case}/beoordeling")
    light = ("Ter kennisneming", "Aandachtspunt")
    return {rule: labels for rule, labels in flags_on(page).items() if not labels.strip().startswith(light)}


def find(page: "Page", case: str, rule: str) -> None:
    """As the analyst: a finding, and a measure."""
    page.goto(f"{case}/beoordeling")
    page.locator(f'article a[href*="/signaal/{rule}/"]').first.click()
    page.get_by_label("Wat vond u, en waarom?").fill("GEHEIME BEVINDING: het bureau maakt plannen in de gemeente.")
    page.get_by_label("Wat adviseert u?").fill("Verkoop het belang.")
    press(page, page.get_by_role("button", name="Leg de bevinding vast"))
    page.get_by_label("Welke maatregel?").select_option("divest")
    page.get_by_label("Wie zorgt ervoor?").fill("de kandidaat")
    page.get_by_label("Wat is precies afgesproken?").fill("Aandelen verkopen.")
    page.locator('input[name="openness"][value="public"]').check()
    page.get_by_label(re.compile("vóór de benoeming")).check()
    press(page, page.get_by_role("button", name="Voeg de maatregel toe"))


def decide(page: "Page", case: str, rule: str) -> None:
    """As the principal: a decision on the finding of another."""
    page.goto(f"{case}/beoordeling")
    page.locator(f'article a[href*="/signaal/{rule}/"]').first.click()
    page.locator('input[name="outcome"][value="risk_with_measure"]').check()
    page.get_by_label("Waarom?", exact=True).fill("Zonder verkoop botst het belang met de portefeuille.")
    page.get_by_label(re.compile("Wat leest de raad")).fill(
        "De kandidaat is eigenaar van een bureau dat plannen maakt."
    )
    press(page, page.get_by_role("button", name="Leg het besluit vast"))


def words_of(file: Path) -> str:
    document = docx.Document(str(file))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
