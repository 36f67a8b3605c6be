"""Requests that a tool made up, at every address, as everybody: at least twenty thousand, and never an error of ours.

The tool is schemathesis; `--attack 10` makes ten times as many. One engine is enough: what differs between the engines is
tested where it differs.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from app.accounts import sessions
from app.accounts.actor import Actor
from app.store import migrating
from app.store.rows import CaseRow
from tests.attacks.described import Form, described, forms
from tests.databases import SqliteDatabases
from tests.e2e.stage import Case
from tests.signing_in import let_in
from tests.usecases import files
from tests.web.conftest import open_house
from tests.web.test_access_matrix import GROUPS, LAST, TABLE, Place, furnish

pytestmark = pytest.mark.massive

PARTIES = (
    ("anonymous", "candidate", "other_candidate"),
    ("clerk", "principal"),
    ("analyst", "idle_analyst", "auditor"),
    ("admin", "elsewhere"),
)
"""Who attack one installation together, so that the work can be shared out."""
KNOWN, UNKNOWN, WRONG = 6, 2, 2
"""Requests to each address as each person: to what exists, to anything, and not even of the described shape."""
SENSIBLE = 3
"""And to each that takes a form: filled in as somebody would, in a case of any step."""
DONE_AT_LEAST = {"anonymous": 2, "candidate": 10, "other_candidate": 6, "clerk": 30, "principal": 30, "analyst": 20,
                 "idle_analyst": 6, "auditor": 6, "admin": 15, "elsewhere": 10}  # fmt: skip
"""At how many addresses a form of each person is taken: an attack that is always refused says little."""
EACH = KNOWN + UNKNOWN + WRONG
AT_LEAST = 20_000
# What closes cases to clerks, ends a session or a case comes last.
LATE = ("POST /organisatie/griffier", *LAST)
ROUTES = sorted(
    GROUPS, key=lambda route: (LATE.index(route) + 1 if route in LATE else 0, route.startswith("POST "), route)
)
HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy")


@dataclass(frozen=True)
class Shot:
    """One request that was made up."""

    route: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass
class Attack:
    """An installation under attack."""

    place: Place
    forms: dict[str, Form]
    chance: random.Random
    times: int

    def shots(self, route: str) -> Iterator[Shot]:
        """Make up requests to an address."""
        for known, mode, count in (
            (True, GenerationMode.POSITIVE, KNOWN),
            (False, GenerationMode.POSITIVE, UNKNOWN),
            (True, GenerationMode.NEGATIVE, WRONG),
        ):
            schema = described(self.place, route, self.forms.get(route, Form()), known=known)
            yield from made_up(route, schema, mode, count * self.times)

    def sensible(self, who: str, route: str) -> Iterator[Shot]:
        """Fill in a form as somebody would."""
        cases = list(self.place.house.stage.cases.values())
        for _ in range(SENSIBLE * self.times if route.startswith("POST ") else 0):
            case = self.case_of(who, route) or self.chance.choice(cases)
            known = self.forms.get(route, Form()).fields
            body = {name: self.chance.choice(sorted(known[name] - {""}) or [sensible(name)]) for name in sorted(known)}
            yield Shot(route, self.place.address(route, case=case), {}, body)

    def fire(self, who: str, shot: Shot) -> httpx2.Response:
        """Send a request as somebody, sometimes as a script would, sometimes from another site, sometimes as JSON."""
        headers = (
            {"sec-fetch-site": "same-origin"} if self.chance.random() < 0.9 else {"origin": "https://elders.example"}
        )
        if self.chance.random() < 0.3:
            headers["hx-request"] = "true"
        if token := self.session(who, shot.route):
            headers["cookie"] = f"toetssteen={token}"
        client, query = self.place.house.client, shot.query
        if shot.route.startswith("GET "):
            return client.get(shot.path, params=query, headers=headers)
        if not isinstance(shot.body, dict) or self.chance.random() < 0.1:
            content = json.dumps(shot.body, default=str).encode()
            return client.post(
                shot.path, params=query, content=content, headers=headers | {"content-type": "application/json"}
            )
        fields = {str(name): as_field(value) for name, value in shot.body.items()}
        names = self.forms[shot.route].files if shot.route in self.forms else set()
        body = self.chance.choice((files.PDF, b"PK\x03\x04", b"", b"<html>", b"\xff\xd8\xff"))
        sent = {name: (self.chance.choice(("a.pdf", "\u202efdp.exe", "../b.docx")), body) for name in names}
        return client.post(shot.path, params=query, data=fields, files=sent or None, headers=headers)

    def session(self, who: str, route: str) -> str:
        """The session with which somebody goes to an address."""
        if who == "anonymous":
            return ""
        found = self.case_of(who, route)
        return self.place.house.stage.sessions[who] if found is None else found.session

    def case_of(self, who: str, route: str) -> Case | None:
        cases = self.place.house.stage.cases
        if who == "other_candidate":
            return cases["empty"]
        if who == "candidate":
            return cases["hearing" if "/concept" in route else "review"]
        return None

    def come_back(self, who: str, route: str) -> None:
        """Sign somebody in again whose session was ended by what they sent."""
        stage = self.place.house.stage
        case = self.case_of(who, route)
        with stage.world() as world:
            if case is not None:
                row = world.db.get(CaseRow, case.id)
                if row is None:
                    return
                token = sessions.start_for_candidate(world.db, world.settings, row, "").token
                name = next(name for name, one in stage.cases.items() if one.id == case.id)
                stage.cases[name] = replace(case, session=token)
                return
            actor = getattr(world, who)
            assert isinstance(actor, Actor)
            email = f"{actor.name.lower().replace(' ', '.')}@voorbeeld.example"
            stage.sessions[who] = let_in(world.db, world.settings, email).token


def sensible(name: str) -> str:
    """Give what somebody types in a field of this name."""
    last = name.rpartition("-")[2].rpartition(":")[2]
    return next((text for part, text in TYPED.items() if part in last), "een gewone zin")


TYPED = {
    "email": "iemand@voorbeeld.example", "days": "30", "until": "1-3-2099", "appointment": "1-3-2099", "due": "1-3-2099",
    "review_on": "1-3-2099", "on": "1-11-2026", "datum": "1-11-2026",
}  # fmt: skip


def as_field(value: Any) -> str | list[str]:
    """Write a made-up value as a form would send it."""
    if isinstance(value, list):
        return [one if isinstance(one, str) else json.dumps(one, default=str) for one in value]
    return value if isinstance(value, str) else json.dumps(value, default=str)


def made_up(route: str, schema: dict[str, Any], mode: GenerationMode, count: int) -> list[Shot]:
    """Let the tool make up requests; the same ones every time."""
    found_operation = next(iter(schemathesis.openapi.from_dict(schema).get_all_operations()))
    assert isinstance(found_operation, Ok), found_operation
    operation = found_operation.ok()
    found: list[Shot] = []

    @settings(
        max_examples=count, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        path = route.partition(" ")[2]
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", str(value))
        query = {str(name): str(value) for name, value in (case.query or {}).items()}
        found.append(Shot(route, path, query, case.body))

    collect()
    # An address without a form has few requests that differ: the same one again is sent again.
    return [found[number % len(found)] for number in range(count)]


@pytest.fixture(scope="session")
def files_of_sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """The engine says nothing about what a request may be, so one is enough, and this is the quick one."""
    return SqliteDatabases(tmp_path_factory.mktemp("attacked"), migrating.upgrade)


@pytest.fixture
def attack_by(files_of_sqlite: SqliteDatabases, tmp_path: Path, attack_times: int) -> Iterator[Callable[[], Attack]]:
    """An installation with one of everything."""
    with open_house(files_of_sqlite, tmp_path) as house:
        place = furnish(house)
        known = forms(place, list(TABLE["people"]))
        yield lambda: Attack(place, known, random.Random(7), attack_times)  # noqa: S311 - nothing secret


@pytest.mark.parametrize("party", PARTIES, ids="-".join)
def test_no_request_gets_an_error_of_ours(party: tuple[str, ...], attack_by: Callable[[], Attack]) -> None:
    attack = attack_by()
    wrong: list[str] = []
    statuses: dict[int, int] = {}
    taken: dict[str, set[str]] = {who: set() for who in party}
    sent = 0
    for route in ROUTES:
        private = "anonymous" not in GROUPS[route]["opens"]
        shots = list(attack.shots(route))
        for who in party:
            for shot in (*shots, *attack.sensible(who, route)):
                answer = attack.fire(who, shot)
                sent += 1
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
                if complaints := complaints_about(answer, private=private):
                    wrong.append(f"{who} {route} {answer.status_code} {complaints}: {shot}"[:400])
                if route.startswith("POST ") and is_done(answer):
                    taken[who].add(route)
                if who != "anonymous" and ended(answer):
                    attack.come_back(who, route)
    assert not wrong, f"{len(wrong)} of {sent} {statuses}:\n" + "\n".join(wrong[:20])
    taking = sum(route.startswith("POST ") for route in ROUTES)
    assert sent == len(party) * attack.times * (len(ROUTES) * EACH + taking * SENSIBLE)
    # An attack that never gets anywhere says nothing: some pages were shown, and many forms did what they are for.
    assert statuses.get(200, 0) > len(ROUTES) * len(party) // 10, statuses
    print(f"{'-'.join(party)}: {sent} requests {dict(sorted(statuses.items()))}")  # noqa: T201 - for who asks with -s
    print({who: len(found) for who, found in taken.items()})  # noqa: T201 - same
    assert {who: len(found) for who, found in taken.items() if len(found) < DONE_AT_LEAST[who]} == {}


def is_done(answer: httpx2.Response) -> bool:
    """Whether a form was taken: shown further, or sent on to where that leads, and not to a door."""
    to = answer.headers.get("location", "")
    at_door = to.startswith(("/inloggen", "/tot-ziens")) or "/onafhankelijkheid?" in to
    return answer.status_code in {200, 204} or (answer.status_code == 303 and not at_door)


def complaints_about(answer: httpx2.Response, *, private: bool) -> list[str]:
    found = [name for name in HEADERS if name not in answer.headers]
    if answer.status_code >= 500:
        found.append("an error of ours")
    if "Traceback" in answer.text:
        found.append("a traceback")
    if private and "no-store" not in answer.headers.get("cache-control", ""):
        found.append("may be kept")
    return found


def ended(answer: httpx2.Response) -> bool:
    return answer.status_code == 401 or answer.headers.get("location", "").startswith("/inloggen")


def test_that_is_twenty_thousand_requests_in_which_everybody_has_a_part() -> None:
    everybody = [who for party in PARTIES for who in party]
    assert sorted(everybody) == sorted(TABLE["people"])
    assert len(ROUTES) * len(everybody) * EACH >= AT_LEAST
