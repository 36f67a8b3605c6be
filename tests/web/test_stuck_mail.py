"""A mail that cannot be sent: the clerk sees it at the case, and it goes out once when the server is back."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from app.mail import Delivery
from app.settings import Settings
from app.store import outbox
from app.store.types import utc_now
from app.usecases import mailbox
from tests.e2e.stage import Case
from tests.web.conftest import House

LETTER = outbox.Letter("Uw gesprek over <belangen>", "Hallo.\n", "<p>Hallo.</p>\n")
WAITS, REFUSED = "Een mail is nog niet verstuurd", "Een mail is niet aangekomen"


class Post:
    """A mail server that refuses one receiver and keeps what the others get."""

    def __init__(self) -> None:
        self.subjects: list[str] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address.startswith("weg@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the names are given
        self.subjects += [line for line in envelope.content.decode().splitlines() if line.startswith("Subject:")]
        return "250 OK"


@contextmanager
def serving(port: int) -> Iterator[Post]:
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    yield post
    controller.stop()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
    return found


def settings_for(house: House, port: int) -> Settings:
    return house.stage.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False, "smtp_user": ""}
    )


def put(house: House, case: Case, to: str) -> None:
    """Put one mail of the case in the outbox; whatever waited there counts as sent."""
    with house.stage.world() as world:
        for row in outbox.claim(world.db, limit=1000):
            outbox.sent(world.db, row, row.written_at)
        outbox.put(world.db, world.clerk.organisation_id, case.id, "reminder", to, LETTER)


def again_now(house: House, case: Case) -> None:
    """Let the pause of the mails that wait be over."""
    with house.stage.world() as world:
        for row in outbox.stuck(world.db, case.id):
            row.due_at = row.written_at
            world.db.add(row)


def page(house: House, who: str, case: Case) -> str:
    answer = house.get(who, case.file)
    assert answer.status_code == 200
    return answer.text


def deliver(house: House, settings: Settings) -> Delivery:
    application: Any = house.client.app
    return mailbox.deliver_once(application.state.engine, settings)


def test_while_the_server_is_away_the_case_says_so_and_the_mail_goes_out_once_when_it_is_back(
    house: House, port: int
) -> None:
    case, settings = house.stage.cases["review"], settings_for(house, port)
    put(house, case, "anna@voorbeeld.example")
    assert WAITS not in page(house, "clerk", case), "nobody tried yet: nothing is wrong"
    assert deliver(house, settings) == Delivery(0, 1)
    shown = page(house, "clerk", case)
    assert WAITS in shown
    assert "Uw gesprek over &lt;belangen&gt;" in shown
    assert WAITS in page(house, "principal", case)
    assert WAITS not in page(house, "analyst", case)
    again_now(house, case)
    with serving(port) as post:
        assert deliver(house, settings) == Delivery(1, 0)
        again_now(house, case)
        assert deliver(house, settings) == Delivery(0, 0)
    assert post.subjects == ["Subject: Uw gesprek over <belangen>"]
    assert WAITS not in page(house, "clerk", case)


def test_a_receiver_that_is_refused_is_not_tried_again_and_the_case_says_to_call(house: House, port: int) -> None:
    case, settings = house.stage.cases["weighing"], settings_for(house, port)
    put(house, case, "weg@voorbeeld.example")
    with serving(port):
        assert deliver(house, settings) == Delivery(0, 1)
        again_now(house, case)
        assert deliver(house, settings) == Delivery(0, 0), "a refusal for good is final"
    shown = page(house, "clerk", case)
    assert REFUSED in shown
    assert "weg@voorbeeld.example" in shown


def test_a_mail_is_given_up_after_five_days_of_trying(house: House, port: int) -> None:
    case, settings = house.stage.cases["decided"], settings_for(house, port)
    put(house, case, "anna@voorbeeld.example")
    pauses = 0.0
    for _ in range(outbox.GIVE_UP):
        assert deliver(house, settings) == Delivery(0, 1)
        with house.stage.world() as world:
            (row,) = outbox.stuck(world.db, case.id)
            pauses += (row.due_at - utc_now()).total_seconds()
        again_now(house, case)
    assert deliver(house, settings) == Delivery(0, 0)
    assert REFUSED in page(house, "clerk", case)
    assert 5 <= pauses / 86400 < 6
