"""What people do on the site, as small acts. A candidate's answers come from the worked candidates."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from app.conditions.dates import PartialDate
from app.questionnaires.answers import Answer, AnswerPath, Answers
from app.questionnaires.kinds import Group
from app.questionnaires.showing import as_typed
from tests.assess.candidates import candidate, questionnaire
from tests.signing_in import code_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PASSWORD = "een-heel-lang-wachtwoord"


@dataclass(frozen=True)
class Invitation:
    """What a candidate gets: a link by mail, and a code by another way."""

    link: str
    code: str


def in_our_time(name: str) -> tuple[Answers, date]:
    """The answers of a worked candidate and the day of appointment, moved to now: a VOG must be recent."""
    worked = candidate(name)
    later = date.today() - worked.context.as_of  # noqa: DTZ011 - the server runs on this machine, in this time zone
    assert worked.context.appointment_date is not None
    moved = Answers(
        {path: _moved(answer, later) for path, answer in worked.answers.given.items()}, worked.answers.item_ids
    )
    return moved, worked.context.appointment_date + later


def _moved(answer: Answer, later: timedelta) -> Answer:
    value = answer.value
    if isinstance(value, PartialDate) and value.day is not None:
        return replace(answer, value=PartialDate.of(value.first + later))
    return answer


def press(page: "Page", control: "Locator") -> None:
    """Click on what leads to another page, and wait for that page; without it the old one could be looked at again."""
    with page.expect_navigation():
        control.click()


def sign_in(page: "Page", url: str, email: str) -> None:
    page.goto(f"{url}/inloggen")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_label("Code").fill(code_of(email))
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url("**/werklijst*")


def open_round(page: "Page", title: str, appointment: date) -> None:
    page.get_by_role("link", name="Rondes", exact=True).first.click()
    page.get_by_role("link", name="Open een ronde").click()
    page.get_by_label("Hoe heet de ronde?").fill(title)
    page.get_by_label("Wanneer is de benoeming gepland?").fill(typed_day(appointment))
    page.get_by_role("button", name="Open de ronde").click()
    page.get_by_role("heading", name=title, level=1).wait_for()


def add_candidate(page: "Page", name: str, email: str, portfolio: tuple[str, ...], colleagues: tuple[str, ...]) -> None:
    """From the page of a round."""
    page.get_by_role("link", name="Voeg een kandidaat toe").click()
    page.get_by_label("Naam van de kandidaat").fill(name)
    page.get_by_label("E-mailadres van de kandidaat").fill(email)
    page.locator('input[name="full_time"][value="yes"]').check()
    for field in portfolio:
        page.locator(f'input[name="portfolio"][value="{field}"]').check()
    for colleague in colleagues:
        page.get_by_label(re.compile(colleague)).check()
    page.get_by_role("button", name="Voeg de kandidaat toe").click()
    page.get_by_role("heading", name=name, level=1).wait_for()


def invite(page: "Page", url: str, name: str) -> Invitation:
    """From the page of a case: look at the letter, send it, note the code, find the link in the local mailbox."""
    page.get_by_role("link", name="Nodig de kandidaat uit").click()
    assert name in page.locator("main").inner_text()
    page.get_by_role("button", name="Verstuur de uitnodiging").click()
    code = page.locator("#code").inner_text()
    case = page.get_by_role("link", name="Naar de zaak").get_attribute("href") or ""
    page.get_by_role("link", name=re.compile("Bekijk de mail")).click()
    link = page.get_by_role("link", name=re.compile("Open de link uit deze mail")).first.get_attribute("href") or ""
    assert "/uitnodiging/" in link
    assert code not in page.content(), "link and code never travel together"
    page.goto(url + case)
    return Invitation(link, code)


def declare_no_relation(page: "Page", case: str) -> None:
    """As a reviewer, before anything else: there is no relation to the candidate."""
    page.goto(f"{case}/onafhankelijkheid")
    page.locator('input[name="relation"][value="none"]').check()
    page.get_by_role("button", name="Verklaar dit").click()
    page.wait_for_url(case)


def enter(page: "Page", invitation: Invitation) -> None:
    page.goto(invitation.link)
    page.get_by_label("Uw code").fill(invitation.code.lower())
    page.get_by_role("button", name="Ga verder").click()
    with_mail(page)
    page.wait_for_url("**/vragenlijst/*")


def with_mail(page: "Page") -> None:
    """The own proof: a code by mail, chosen now or before, and read in the local mailbox."""
    choose = page.get_by_role("button", name="Stuur mij een code")
    box = page.get_by_label("Code uit de mail")
    choose.or_(box).wait_for()
    if choose.is_visible():
        choose.click()
    box.wait_for()
    found = re.search(r"\b(\d{4}) (\d{4})\b", page.request.get(urljoin(page.url, "/ontwikkel/postvak")).text())
    assert found is not None
    box.fill(" ".join(found.groups()))
    page.get_by_role("button", name="Ga verder").click()


def fill_everything(page: "Page", answers: Answers, *, script: bool) -> None:
    """Answer every question that is asked, section by section, as a person does."""
    home = page.url
    page.locator("#taken a").first.click()
    for _ in range(60):
        if page.url.endswith("/controle"):
            return
        fill_page(page, answers, script=script)
        before = page.url
        press(page, page.get_by_role("button", name="Opslaan en verder"))
        assert page.locator(".utrecht-form-field-error-message").count() == 0, page.locator("main").inner_text()
        if page.url == before:
            continue
    raise AssertionError(f"never came to the check page from {home}")


def fill_page(page: "Page", answers: Answers, *, script: bool) -> None:
    """Fill what stands on a section page now, its groups included."""
    done: set[str] = set()
    while left := [path for path in asked_on(page) if path not in done]:
        path = left[0]
        done.add(path)
        if isinstance(questionnaire().question(AnswerPath.parse(path).question), Group):
            fill_group(page, path, answers, script=script)
        else:
            fill_question(page, path, answers)
            if script:
                wait_until_saved(page)


def fill_group(page: "Page", group: str, answers: Answers, *, script: bool) -> None:
    items = answers.items(group)
    choose(page, group, "yes" if items else "no")
    if script:
        wait_until_saved(page)
    if not items:
        return
    if not script:
        # Without script the choice must be sent before the page can offer to add something.
        press(page, page.get_by_role("button", name="Opslaan en verder"))
        if group not in asked_on(page):
            page.go_back()
    for item in items:
        add = page.locator(f'button[name="toevoegen"][value="{group}"]')
        if add.count() == 0:
            page.reload()
        press(page, add)
        fill_item(page, answers, item, script=script)
    page.locator(f'input[name="{group}:alles"][value="yes"]').check()
    if script:
        wait_until_saved(page)


def fill_item(page: "Page", answers: Answers, item: str, *, script: bool) -> None:
    for _ in range(8):
        here = page.url
        for path in asked_on(page):
            fill_question(page, path, answers, item)
            if script:
                wait_until_saved(page)
        press(page, page.get_by_role("button", name=re.compile("^Klaar met deze")))
        if page.url != here:
            return
    raise AssertionError(f"could not finish {here}")


def fill_question(page: "Page", path: str, answers: Answers, item: str | None = None) -> None:
    """Fill one question from the worked answers. `item` is the item of the worked candidate; the site has its own id."""
    at = AnswerPath.parse(path)
    question = questionnaire().question(at.question)
    answer = answers.get(AnswerPath(at.question, item if at.item else None))
    assert answer is not None, f"the worked candidate says nothing about {path}"
    typed = as_typed(answer)
    if question.kind == "party":
        page.locator(f'select[name="{path}:relation"]').select_option(typed[0])
        page.locator(f'input[name="{path}:interest"]').fill(typed[1])
    elif question.kind in {"yes_no", "choice", "choices", "money_band"}:
        for value in typed:
            choose(page, path, value)
    else:
        page.locator(f'[name="{path}"]:not([type="radio"])').fill(typed[0])
        page.locator(f'[name="{path}"]:not([type="radio"])').blur()


def choose(page: "Page", path: str, value: str) -> None:
    """Choose from what is shown: a radio button, a box, or a long list with its way out beneath it."""
    if page.locator(f'select[name="{path}"]').count() == 0:
        page.locator(f'input[name="{path}"][value="{value}"]').check()
    elif value.startswith("@"):
        page.locator(f'details:has(input[name="{path}:state"]) > summary').click()
        page.locator(f'input[name="{path}:state"][value="{value}"]').check()
    else:
        page.locator(f'select[name="{path}"]').select_option(value)


def asked_on(page: "Page") -> list[str]:
    return [str(field.get_attribute("value")) for field in page.locator('input[name="gevraagd"]').all()]


def wait_until_saved(page: "Page") -> None:
    """Until the line about saving says that it is done, or never had anything to do."""
    page.wait_for_function(
        "() => !document.querySelector('[data-save-status]')"
        " || !['unsaved', 'saving'].includes(document.querySelector('[data-save-status]').dataset.state)"
    )


def send(page: "Page") -> None:
    """From the check page: declare and send."""
    page.get_by_label(re.compile("naar waarheid")).check()
    page.get_by_label(re.compile("Ik meld wijzigingen")).check()
    page.get_by_role("button", name="Verstuur mijn antwoorden").click()
    page.get_by_role("heading", name="Uw antwoorden zijn verstuurd").wait_for()


def download(page: "Page", press: str, folder: Path, *, role: str = "button") -> Path:
    with page.expect_download() as waiting:
        page.get_by_role(role, name=re.compile(press)).click()  # type: ignore[arg-type]
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def flags_on(page: "Page") -> dict[str, str]:
    """The flags of a review page: rule id by address, with the words for severity and certainty."""
    found = {}
    for card in page.locator("article.ts-flag").all():
        href = card.get_by_role("link", name=re.compile("Bekijk en leg vast")).get_attribute("href") or ""
        rule = re.search(r"/signaal/([^/]+)/", href)
        assert rule is not None
        found[rule[1]] = card.locator(".ts-flag__labels").inner_text()
    return found


def typed_day(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"
