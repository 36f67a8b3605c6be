"""A passkey from a real browser: made behind an invitation, then enough to sign in with."""

import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import uvicorn

from app.main import create_app
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.usecases import people, starting_over

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser


def test_a_passkey_is_made_and_is_enough_to_sign_in(settings: Settings, visit: Callable[..., "BrowserContext"]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        # browsers give no passkeys to an address in digits
        here = f"http://localhost:{listening.getsockname()[1]}"
        chosen = settings.model_copy(update={"base_url": here})
        engine = open_engine(chosen.database, chosen.master_keys)
        with open_session(engine) as db:
            people.add_person_by_command(
                db, chosen, organisation="Gemeente Voorbeeldstad", tier=Tier.MUNICIPALITY, name="Bea Beheer",
                email="beheerder@voorbeeldstad.example", role=Role.ADMIN,
            )  # fmt: skip
            link = starting_over.by_command(db, chosen, "beheerder@voorbeeldstad.example", "")
            db.commit()
        engine.dispose()
        server = uvicorn.Server(uvicorn.Config(create_app(chosen), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="passkey-server")
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        try:
            context = visit()
            page = context.new_page()
            device = context.new_cdp_session(page)
            device.send("WebAuthn.enable")
            options = {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }  # fmt: skip
            device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
            page.goto(link)
            page.get_by_role("button", name="Ga verder met een passkey").click()
            page.get_by_role("button", name="Maak een passkey").click()
            page.get_by_role("heading", name="Bewaar deze herstelcodes").wait_for()
            page.get_by_role("button", name="Ik heb de codes bewaard").click()
            page.wait_for_url("**/werklijst*")
            context.clear_cookies()
            page.goto(f"{here}/inloggen")
            page.get_by_role("button", name="Log in met een passkey").click()
            page.wait_for_url("**/werklijst*")
            page.goto(f"{here}/mensen")
            page.get_by_role("link", name="Bea Beheer").wait_for()
        finally:
            server.should_exit = True
            thread.join(timeout=20)
