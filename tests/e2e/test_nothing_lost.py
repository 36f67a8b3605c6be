"""What somebody typed is never lost: not in a race, not with a session that ended, not without a connection."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from app.questionnaires.answers import AnswerPath
from app.store.rows import SignInRow
from app.store.types import utc_now
from app.usecases import answering, cases, sections
from tests.e2e.journey import Invitation, enter, wait_until_saved, with_mail
from tests.e2e.stage import Case, Stage
from tests.usecases.world import CLUB

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page, Route

pytestmark = pytest.mark.browser

Visit = Callable[..., "BrowserContext"]
STATUS = "[data-save-status]"
ROLE, ORGANISATION = "side_positions.role", "side_positions.organisation"


def come_in(visit: Visit, stage: Stage, case: Case, *, script: bool = True) -> "Page":
    """The candidate of a case, in by link and code: the browser knows the door from then on."""
    page = visit(script=script).new_page()
    enter(page, Invitation(case.link, case.code))
    return page


def open_item(page: "Page", stage: Stage, case: Case) -> None:
    page.goto(f"{stage.url}{case.form}/side_positions/side_positions/{case.item}")


def box(page: "Page", case: Case, question: str = ROLE) -> "Locator":
    """The text box of a question about the item."""
    return page.locator(f'[name="{AnswerPath(question, case.item)}"]')


def stored(stage: Stage, case: Case, question: str = ROLE) -> str:
    """The answer about the item, as the product shows it to its owner."""
    with stage.world() as world:
        shown = sections.show_item(world.db, case.actor, case.id, "side_positions", case.item)
        return next(one.shown for one in shown.questions if one.path == str(AnswerPath(question, case.item)))


def end_sessions(stage: Stage, case: Case) -> None:
    with stage.world() as world:
        for row in world.db.exec(select(SignInRow).where(SignInRow.case_id == case.id)):
            row.revoked_at = utc_now()


def done(page: "Page") -> None:
    page.get_by_role("button", name=re.compile("^Klaar met deze")).click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_lost_race_shows_both_answers_and_keeps_both(visit: Visit, stage: Stage, *, script: bool) -> None:
    case = stage.answering(CLUB)
    first = come_in(visit, stage, case, script=script)
    second = first.context.new_page()
    for tab in (first, second):
        open_item(tab, stage, case)
    box(first, case).fill("penningmeester")
    if script:
        box(first, case).blur()
        expect(first.locator(STATUS)).to_have_attribute("data-state", "saved")
    else:
        done(first)
        first.wait_for_url("**/side_positions?*")
    box(second, case).fill("secretaris")
    if script:
        box(second, case).blur()
        expect(second.locator(STATUS)).to_have_attribute("data-state", "failed")
    else:
        done(second)
    told = second.get_by_text("Daar staat nu: penningmeester. U vulde in: secretaris.")
    expect(told).to_be_visible()
    assert box(second, case).input_value() == "secretaris"
    assert stored(stage, case) == "penningmeester"
    done(second)
    second.wait_for_url("**/side_positions?*")
    assert stored(stage, case) == "secretaris"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_after_a_session_that_ended_what_was_typed_is_saved(visit: Visit, stage: Stage, *, script: bool) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case, script=script)
    open_item(page, stage, case)
    end_sessions(stage, case)
    box(page, case).fill("erevoorzitter")
    if script:
        box(page, case).blur()
        expect(page.locator(STATUS)).to_contain_text("Uw sessie is verlopen")
        assert box(page, case).input_value() == "erevoorzitter"
    done(page)
    expect(page.get_by_text("Wat u net had getypt, is er nog.")).to_be_visible()
    page.get_by_label("Uw code").fill(case.code)
    page.get_by_role("button", name="Ga verder").click()
    with_mail(page)
    page.get_by_role("button", name="Sla op en ga verder").click()
    page.wait_for_url("**/side_positions?*")
    assert stored(stage, case) == "erevoorzitter"
    open_item(page, stage, case)
    assert box(page, case).input_value() == "erevoorzitter"


def test_a_session_that_ended_brings_a_reader_back_to_the_same_question(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case, script=False)
    end_sessions(stage, case)
    open_item(page, stage, case)
    page.get_by_label("Uw code").fill(case.code)
    page.get_by_role("button", name="Ga verder").click()
    with_mail(page)
    assert page.url.endswith(f"/side_positions/side_positions/{case.item}")


def test_pausing_twice_with_the_same_link_keeps_everything(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case)
    for role in ("penningmeester", "secretaris"):
        open_item(page, stage, case)
        box(page, case).fill(role)
        box(page, case).blur()
        expect(page.locator(STATUS)).to_have_attribute("data-state", "saved")
        page.get_by_role("button", name="Uitloggen").click()
        page.get_by_label("Uw code").wait_for()
        enter(page, Invitation(case.link, case.code))
        open_item(page, stage, case)
        assert box(page, case).input_value() == role


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_going_back_shows_what_was_answered(visit: Visit, stage: Stage, *, script: bool) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case, script=script)
    open_item(page, stage, case)
    box(page, case).fill("penningmeester")
    done(page)
    page.wait_for_url("**/side_positions?*")
    page.go_back()
    expect(box(page, case)).to_have_value("penningmeester")
    assert stored(stage, case) == "penningmeester"


def test_typing_goes_on_while_another_answer_is_being_saved(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case)
    open_item(page, stage, case)
    held: list[Route] = []

    def hold(route: "Route") -> None:
        held.append(route)

    page.route("**/antwoord/**", hold, times=1)
    with page.expect_request("**/antwoord/**"):
        box(page, case, ORGANISATION).fill("Zwemclub De Golf")
        box(page, case, ORGANISATION).blur()
    box(page, case).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("eerste ")
    with page.expect_response("**/antwoord/**"):
        held[0].continue_()
    page.keyboard.type("penningmeester")
    assert box(page, case).input_value() == "eerste penningmeester"
    assert page.evaluate("document.activeElement.name") == str(AnswerPath(ROLE, case.item))
    box(page, case).blur()
    wait_until_saved(page)
    assert stored(stage, case) == "eerste penningmeester"
    assert stored(stage, case, ORGANISATION) == "Zwemclub De Golf"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_save_that_races_with_a_removal_says_so_and_keeps_the_text(
    visit: Visit, stage: Stage, *, script: bool
) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case, script=script)
    open_item(page, stage, case)
    with stage.world() as world:
        answering.remove_item(world.db, case.actor, case.id, "side_positions", case.item)
    box(page, case).fill("penningmeester")
    if script:
        box(page, case).blur()
        expect(page.locator(STATUS)).to_contain_text("Nog niet opgeslagen")
        assert box(page, case).input_value() == "penningmeester"
    done(page)
    page.get_by_role("heading", name="Dit onderdeel is verwijderd").wait_for()
    expect(page.get_by_role("definition").filter(has_text="penningmeester")).to_be_visible()
    page.get_by_role("button", name="Zet terug en sla op").click()
    page.wait_for_url("**/side_positions?*")
    assert stored(stage, case) == "penningmeester"
    assert stored(stage, case, ORGANISATION) == "Sportvereniging De Vlieghei"


def test_sending_twice_sends_once(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    first = come_in(visit, stage, case, script=False)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"{stage.url}{case.form}/controle")
        tab.get_by_label(re.compile("naar waarheid")).check()
        tab.get_by_label(re.compile("Ik meld wijzigingen")).check()
    for tab in (first, second):
        tab.get_by_role("button", name="Verstuur mijn antwoorden").click()
        tab.get_by_role("heading", name="Uw antwoorden zijn verstuurd").wait_for()
    with stage.world() as world:
        assert len(cases.status_page(world.db, case.actor, case.id).submissions) == 1


def test_without_a_connection_the_text_stays_and_is_saved_when_it_is_back(visit: Visit, stage: Stage) -> None:
    case = stage.answering(CLUB)
    page = come_in(visit, stage, case)
    open_item(page, stage, case)
    page.context.set_offline(True)
    box(page, case).fill("penningmeester")
    box(page, case).blur()
    expect(page.locator(STATUS)).to_contain_text("Nog niet opgeslagen")
    assert box(page, case).input_value() == "penningmeester"
    page.context.set_offline(False)
    expect(page.locator(STATUS)).to_have_attribute("data-state", "saved", timeout=20_000)  # it tries every ten seconds
    assert stored(stage, case) == "penningmeester"
