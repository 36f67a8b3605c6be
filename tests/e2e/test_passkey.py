"""Passkeys from a real browser: of staff behind an invitation, of a candidate behind link and code."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

from app.main import create_app
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.usecases import people, starting_over
from tests.e2e.journey import press
from tests.usecases.world import make_world

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from sqlmodel import Session

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
"""A phone or computer that opens its passkeys for its owner, as Chromium plays one."""


@contextmanager
def at_localhost(settings: Settings, prepare: "Callable[[Session, Settings], None]") -> Iterator[str]:
    """Serve the product at a name: browsers give no passkeys to an address in digits. Gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = f"http://localhost:{listening.getsockname()[1]}"
        chosen = settings.model_copy(update={"base_url": here})
        engine = open_engine(chosen.database, chosen.master_keys)
        with open_session(engine) as db:
            prepare(db, chosen)
            db.commit()
        engine.dispose()
        server = uvicorn.Server(uvicorn.Config(create_app(chosen), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="passkey-server")
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        try:
            yield here
        finally:
            server.should_exit = True
            thread.join(timeout=20)


def on_device(context: "BrowserContext") -> "Page":
    """A page on a device that keeps passkeys."""
    page = context.new_page()
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def test_a_passkey_is_made_and_is_enough_to_sign_in(settings: Settings, visit: Callable[..., "BrowserContext"]) -> None:
    links = []

    def prepare(db: "Session", chosen: Settings) -> None:
        people.add_person_by_command(
            db, chosen, organisation="Gemeente Voorbeeldstad", tier=Tier.MUNICIPALITY, name="Bea Beheer",
            email="beheerder@voorbeeldstad.example", role=Role.ADMIN,
        )  # fmt: skip
        links.append(starting_over.by_command(db, chosen, "beheerder@voorbeeldstad.example", ""))

    with at_localhost(settings, prepare) as here:
        context = visit()
        page = on_device(context)
        page.goto(links[0])
        page.get_by_role("button", name="Ga verder met een passkey").click()
        page.get_by_role("button", name="Maak een passkey").click()
        page.get_by_role("heading", name="Bewaar deze herstelcodes").wait_for()
        page.get_by_role("button", name="Ik heb de codes bewaard").click()
        page.wait_for_url("**/mensen*")
        context.clear_cookies()
        page.goto(f"{here}/inloggen")
        page.get_by_role("button", name="Log in met een passkey").click()
        page.wait_for_url("**/mensen*")
        page.get_by_role("link", name="Bea Beheer").wait_for()


def test_a_candidate_comes_back_twice_with_a_passkey_by_link_and_without(
    settings: Settings, visit: Callable[..., "BrowserContext"]
) -> None:
    invited = []

    def prepare(db: "Session", chosen: Settings) -> None:
        world = make_world(db, chosen)
        invited.append(world.invited(world.case()))

    with at_localhost(settings, prepare) as here:
        context = visit(width=360)
        page = on_device(context)
        link, code = invited[0].link, invited[0].code
        page.goto(link)
        page.get_by_label("Uw code").fill(code)
        page.get_by_role("button", name="Ga verder").click()
        page.get_by_role("button", name="Gebruik dit toestel").click()
        page.wait_for_url("**/vragenlijst/*")
        home = page.url
        for _ in range(2):  # the same link, again and again
            press(page, page.get_by_role("button", name="Uitloggen"))
            page.goto(home)
            assert "/uitnodiging/" in page.url, "signed out, and led to the own door"
            page.goto(link)
            page.get_by_role("button", name="Gebruik uw passkey").click()
            page.wait_for_url("**/vragenlijst/*")
        # Without the link: in a browser that does not know the door any more, with the reference of the mail.
        reference = re.search(
            r"\b([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})\b", page.request.get(f"{here}/ontwikkel/postvak").text()
        )
        assert reference is not None
        context.clear_cookies()
        page.goto(f"{here}/kandidaat")
        page.get_by_label("Uw kenmerk").fill(reference[1].lower().replace("-", " "))
        page.get_by_role("button", name="Ga verder").click()
        page.get_by_role("button", name="Gebruik uw passkey").click()
        page.wait_for_url("**/vragenlijst/*")
