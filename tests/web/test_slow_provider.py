"""A provider that takes a connection and then says nothing: whoever signs on waits, and nobody else does."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Queue
from threading import Event, Thread

import pytest

from app.accounts import asking
from app.main import AT_ONCE as ROOM
from tests.oidc.office import Office, bent

__all__ = ["bent"]  # a fixture


@dataclass(frozen=True)
class Silent:
    """A server that says nothing until it is released; `asked` holds one word for everybody who waits."""

    address: str
    asked: "Queue[str]"
    released: Event


@contextmanager
def silent() -> Iterator[Silent]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = Silent(f"http://127.0.0.1:{listening.getsockname()[1]}", Queue(), Event())

        def keep(connection: socket.socket) -> None:
            with connection:
                here.asked.put("one more")
                here.released.wait(60)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                Thread(target=keep, args=(connection,), daemon=True).start()

        accepting = Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield here
        finally:
            here.released.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join(10)


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody gives up while a test looks, however slow the machine is."""
    monkeypatch.setattr(asking, "SECONDS", 120)


def test_while_the_provider_says_nothing_everybody_else_goes_on(bent: Office) -> None:
    assert asking.AT_ONCE > ROOM, "else there would be no place at the database to take away"
    with ThreadPoolExecutor(20) as pool, silent() as provider, bent.with_settings(oidc_issuer=provider.address):
        waiting = [pool.submit(bent.client.get, "/inloggen/organisatie") for _ in range(asking.AT_ONCE)]
        for _ in waiting:
            provider.asked.get(timeout=30)
        assert bent.client.get("/werklijst").status_code == 303, "a page that needs the database"
        one_too_many = bent.client.get("/inloggen/organisatie")
        assert one_too_many.status_code == 503
        assert "niet te bereiken" in one_too_many.text
        assert not any(one.done() for one in waiting), "all of them wait still"
        provider.released.set()
        assert {one.result(timeout=30).status_code for one in waiting} == {503}


def test_coming_back_to_a_provider_that_says_nothing_holds_nobody_up_either(bent: Office) -> None:
    bent.tell(bent.person("traag"))
    windows = [(bent.at_provider(bent.leave()), bent.client.cookies["toetssteen_heen"]) for _ in range(ROOM + 2)]
    bent.client.cookies.clear()
    with ThreadPoolExecutor(20) as pool, silent() as provider, bent.with_settings(oidc_issuer=provider.address):
        waiting = [
            pool.submit(bent.client.get, back, headers={"cookie": f"toetssteen_heen={browser}"})
            for back, browser in windows
        ]
        for _ in waiting:
            provider.asked.get(timeout=30)
        assert bent.client.get("/werklijst").status_code == 303
        assert not any(one.done() for one in waiting)
        provider.released.set()
        assert {one.result(timeout=30).status_code for one in waiting} == {403}
