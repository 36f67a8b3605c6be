"""What stands at the gate: how often one place may send a form, what the log hears, and what production does not have."""

import asyncio
import json

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from app.settings import Environment, Settings
from app.web.pace import PLACES, Pace
from app.web.refusals import SECONDS, Refusals
from app.web.routes import routers
from app.web.security import plain_refusal
from docs.generators import access

MOST = 6


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def gate(clock: Clock, most: int = MOST) -> Pace:
    return Pace(PlainTextResponse("binnen"), per_minute=most, refuse=plain_refusal, clock=clock)


def ask(pace: Pace, path: str = "/proef", method: str = "POST", client: str = "192.0.2.7") -> httpx2.Response:
    return TestClient(pace, client=(client, 50000)).request(method, path)


def test_who_asks_too_often_is_told_to_wait_and_how_long() -> None:
    clock = Clock()
    pace = gate(clock)
    assert [ask(pace).status_code for _ in range(MOST)] == [200] * MOST
    refused = ask(pace, "/inloggen")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "10"
    assert "Wacht even" in refused.text
    clock.now += 10
    assert [ask(pace).status_code for _ in range(2)] == [200, 429]


def test_another_place_is_not_held_up() -> None:
    pace = gate(Clock())
    for number in range(MOST + 1):
        ask(pace, client=f"2001:db8::{number}")
    assert ask(pace, client="2001:db8::ffff").status_code == 429, "one IPv6 network is one place"
    assert ask(pace, client="2001:db8:1::1").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/proef"),
        ("GET", "/inloggen"),
        ("POST", "/vragenlijst/x/office"),
        ("POST", "/proefballon"),
        ("GET", "/"),
    ],
)
def test_what_costs_nothing_and_who_works_are_never_held_up(method: str, path: str) -> None:
    pace = gate(Clock(), most=1)
    assert [ask(pace, path, method).status_code for _ in range(3)] == [200] * 3
    assert [ask(pace, "/inloggen/organisatie", "GET").status_code for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("path", ["/inloggen/organisatie", "/inloggen/organisatie/terug"])
def test_going_to_the_organisation_and_coming_back_cost_a_turn_though_they_are_links(path: str) -> None:
    pace = gate(Clock(), most=1)
    assert [ask(pace, path, "GET").status_code for _ in range(2)] == [200, 429]


def test_without_a_limit_everything_passes() -> None:
    pace = gate(Clock(), most=0)
    assert {ask(pace).status_code for _ in range(50)} == {200}


def test_only_so_many_places_are_remembered() -> None:
    pace = gate(Clock(), most=1)

    async def visit(number: int) -> list[int]:
        seen: list[int] = []
        scope = {"type": "http", "method": "POST", "path": "/proef", "headers": [], "client": (f"place {number}", 1)}

        async def send(message: object) -> None:
            if isinstance(message, dict) and message["type"] == "http.response.start":
                seen.append(message["status"])

        async def receive() -> dict[str, object]:
            return {"type": "http.request"}

        await pace(scope, receive, send)
        return seen

    async def crowd() -> list[int]:
        for number in range(PLACES + 1):
            await visit(number)
        return [*await visit(0), *await visit(PLACES)]

    assert asyncio.run(crowd()) == [200, 429], "the first was forgotten, the last was not"


def test_what_is_refused_at_the_gate_is_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    refusals = Refusals(clock)

    def refuse(status: int) -> None:
        pace = Pace(
            PlainTextResponse(""), per_minute=1, refuse=lambda asked, _: refusals.answer(asked, status), clock=clock
        )
        ask(pace, "/uitnodiging/een-sleutel")
        assert ask(pace, "/uitnodiging/een-sleutel").status_code == status

    for _ in range(3):
        refuse(429)
    refuse(403)
    clock.now += SECONDS
    refuse(429)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = [(line["event"], line["kind"], line["path"], line["count"]) for line in lines]
    event = "refused_at_the_gate"
    assert told == [
        (event, "429", "/uitnodiging", 1), (event, "403", "/uitnodiging", 1), (event, "429", "/uitnodiging", 3)
    ]  # fmt: skip


def test_nothing_in_an_address_makes_a_second_line_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    path = '/zaak\n{"event": "verzonnen"}\r\u2028'
    asked = Request({"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b"", "app": None})
    Refusals().answer(asked, 413)
    [line] = [one for one in capsys.readouterr().err.split("\n") if one]
    assert json.loads(line)["event"] == "refused_at_the_gate"
    assert json.loads(line)["path"] == path[:41]


def test_pages_for_development_are_not_there_in_production() -> None:
    def paths(environment: Environment) -> set[str]:
        settings = Settings.model_construct(environment=environment)
        return {str(getattr(route, "path", "")) for router in routers(settings) for route in router.routes}

    own = {path for path in paths(Environment.DEVELOPMENT) if path.startswith("/ontwikkel")}
    assert own
    assert paths(Environment.PRODUCTION) == paths(Environment.DEVELOPMENT) - own


def test_every_form_that_anybody_can_send_is_counted() -> None:
    """An address where nobody needs to be signed in and that changes something costs a turn, whoever adds it."""
    open_to_all = [
        route.split(" ", 1)[1].replace("{", "").replace("}", "")
        for group in access.read()["groups"]
        for route in group["routes"]
        if route.startswith("POST ")
        and ("anonymous" in group["opens"] or group.get("anonymous_too"))
        and "/ontwikkel/" not in route
    ]
    assert len(open_to_all) > 15
    passed = []
    for path in open_to_all:
        pace = gate(Clock(), most=1)
        ask(pace, path)
        if ask(pace, path).status_code != 429:
            passed.append(path)
    assert passed == [], "add the beginning of these addresses to app/web/pace.py"
