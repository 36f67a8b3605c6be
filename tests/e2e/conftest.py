"""A real server on a loopback port, with staff of one authority, and pages that notice every script error."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import uvicorn

from app.main import create_app
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.usecases import people
from tests.databases import Databases
from tests.e2e.stage import Stage, plain_settings, stage_model
from tests.signing_in import give_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

PASSWORD = "een-heel-lang-wachtwoord"
STAFF = {
    Role.CLERK: ("Noor van Dijk", "griffier@voorbeeldstad.example"),
    Role.PRINCIPAL: ("Els Bakker", "burgemeester@voorbeeldstad.example"),
    Role.ANALYST: ("Joris Maas", "onderzoeker@voorbeeldstad.example"),
}


@dataclass(frozen=True)
class Site:
    """A running product: where it is and how it was set up."""

    url: str
    settings: Settings


@contextmanager
def serving(settings: Settings, prepare: Callable[[Settings], None]) -> Iterator[Settings]:
    """Serve the product on a free port; `prepare` fills its database first. Gives the settings with the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        chosen = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
        prepare(chosen)
        server = uvicorn.Server(uvicorn.Config(create_app(chosen), log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="e2e-server")
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.05)
        assert server.started, "the server did not start"
        yield chosen
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """The product, served for this test alone."""

    def prepare(chosen: Settings) -> None:
        engine = open_engine(chosen.database, chosen.master_keys)
        with open_session(engine) as db:
            for role, (name, email) in STAFF.items():
                people.add_person_by_command(
                    db, chosen, organisation="Gemeente Voorbeeldstad", tier=Tier.MUNICIPALITY, name=name, email=email,
                    role=role, password=PASSWORD,
                )  # fmt: skip
                give_app(db, email)
            db.commit()
        engine.dispose()

    with serving(settings, prepare) as chosen:
        yield Site(chosen.base_url, chosen)


@pytest.fixture(scope="module")
def stage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The product with a case in every step, for all tests of one module: they look, and change only what they made."""
    model = stage_model(databases, tmp_path_factory.mktemp("model"))
    settings = model.put(plain_settings(tmp_path_factory.mktemp("stage")))
    copied: list[Stage] = []
    with serving(settings, lambda chosen: copied.append(model.stage_for(chosen))):
        yield copied[0]
    databases.drop(settings.database_url)


@pytest.fixture
def visit(browser: "Browser") -> Iterator[Callable[..., "BrowserContext"]]:
    """Opens a browser of its own for one person; the test fails when a page of it reports a script error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_context(*, width: int = 1280, script: bool = True) -> "BrowserContext":
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="nl-NL", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert complaints == []
