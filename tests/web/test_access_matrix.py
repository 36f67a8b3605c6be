"""The access matrix: every address, as everybody, with ids that exist and ids that do not.

The table is `docs/security/access.yaml`; the page `docs/reference/access.md` is made from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts.actor import system_actor
from app.questionnaires.kinds import Source
from app.reviews.independence import Relation
from app.reviews.lifecycle import Role
from app.store.people import CLOSED_TO_CLERK
from app.store.rows import DeclarationRow, OrganisationRow
from app.usecases import (
    attachments,
    cases,
    independence,
    invitations,
    notes,
    people,
    retention,
    retention_policy,
    reviewer_files,
    rounds,
    starting_over,
)
from app.usecases.lines import CaseLine, PersonLine, today
from app.usecases.retention import Ask
from docs.generators import access
from tests.databases import Databases
from tests.e2e.stage import Case
from tests.signing_in import PASSWORD, candidate_in, let_in
from tests.usecases import files
from tests.usecases.test_retention import destroyed, policy
from tests.usecases.world import World
from tests.web.conftest import House, open_house

pytestmark = pytest.mark.massive

TABLE = access.read()
GROUPS = {route: group for group in TABLE["groups"] for route in group["routes"]}
SECRETS = ("De Vlieghei", "Anna Veld", "anna@voorbeeld.example")
UNKNOWN = "0" * 26
SIGNED_IN = [who for who in TABLE["people"] if who != "anonymous"]
# What changes most comes last: who does it loses the session, or ends the case.
OF_REVIEWERS = "POST /zaken/{case_id}/beoordeling/onderzoek/{group}/{item_id}/verwijderen"
"""Takes away only what a reviewer added; the item that the table names is the candidate's."""
LAST = ("POST /vragenlijst/{case_id}/intrekken", "POST /afmelden")


@dataclass(frozen=True)
class Place:
    """The house, and one of everything an address can name."""

    house: House
    ids: dict[str, str]
    asked: str
    """A case about which somebody asked for something that a colleague decides."""
    owner: Case
    """The candidate who added a file."""

    def address(self, route: str, *, known: bool = True, case: Case | None = None) -> str:
        """Fill in the blanks of a route: with what exists, in this case or the usual one, or with ids that nothing has."""
        path, stage, given = route.partition(" ")[2], self.house.stage, case
        case = given or stage.cases["review"]
        ids = self.ids | {"case_id": case.id, "round_id": stage.round.rpartition("/")[2]}
        if given is None and "/concept" in path and path.startswith("/vragenlijst"):
            ids["case_id"] = stage.cases["hearing"].id
        if "opnieuw-inloggen" in path:  # it ends the sessions of that candidate
            ids["case_id"] = stage.cases["filled"].id
        if "{request_id}" in path:
            ids["case_id"] = self.asked
        if not known:
            ids = dict.fromkeys(ids, UNKNOWN)
        return path.format(
            **ids, section_id="side_positions", group="side_positions", item_id=case.item, path="is_resident",
            rule="SPR-01", item=case.item, act="terug", rule_id="SPR-01", question_id="is_resident", version="1",
            token="bestaat-niet", session_id="bestaat-niet", key_id="bestaat-niet", rectification_id="bestaat-niet", form="csv",
        )  # fmt: skip

    def ask(self, who: str, route: str, *, known: bool = True) -> httpx2.Response:
        """Ask for an address as somebody, with a form that fits nothing."""
        address = self.address(route, known=known)
        if route.startswith("GET "):
            return self._get(who, route, address)
        return self.house.post(self._session(who, route), address, {"reden": "Zomaar."})

    def _get(self, who: str, route: str, address: str) -> httpx2.Response:
        found = self._session(who, route)
        return self.house.get_as(found, address) if isinstance(found, Case) else self.house.get(found, address)

    def _session(self, who: str, route: str) -> str | Case:
        if who == "candidate":
            if "/bijlagen/{attachment_id}" in route and route.startswith("GET"):
                return self.owner
            return "hearing" if "/concept" in route else "review"
        return {"anonymous": "", "other_candidate": "empty"}.get(who, who)


@pytest.fixture(scope="module")
def place(house: House) -> Place:
    """One of everything, for tests that change nothing."""
    return furnish(house)


@pytest.fixture
def own_place(databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """The same, for the one test that does everything that can be done."""
    with open_house(databases, tmp_path) as house:
        yield furnish(house)


def furnish(house: House) -> Place:
    """Add a colleague who stepped aside, a file, a request, and what is left of a destroyed case."""
    stage = house.stage
    owner = stage.cases["hearing"]
    with stage.world() as world:
        gone = people.add_person(
            world.db, world.settings, world.admin, name="Wim Weg", email="wim@voorbeeld.example", role=Role.ANALYST,
            password=PASSWORD,
        )  # fmt: skip
        assert isinstance(gone, PersonLine)
        newcomer = people.add_person(
            world.db, world.settings, world.admin, name="Petra Plaats", email="petra@voorbeeld.example",
            role=Role.PRINCIPAL, password=PASSWORD,
        )  # fmt: skip
        assert isinstance(newcomer, PersonLine)
        stage.sessions["undeclared"] = let_in(world.db, world.settings, "petra@voorbeeld.example").token
        actor = let_in(world.db, world.settings, "wim@voorbeeld.example").actor
        reviewed = stage.cases["review"].id
        rounds.assign(world.db, world.clerk, reviewed, gone.id)
        independence.declare(world.db, actor, reviewed, Relation.FAMILY, "Mijn zwager.")
        declared = world.db.exec(select(DeclarationRow.id).where(DeclarationRow.person_id == gone.id)).one()
        added = attachments.add(
            world.db, world.settings, owner.actor, owner.id, filename="brief.pdf", subject="Brief", body=files.PDF
        )
        assert isinstance(added, attachments.AttachmentLine)
        found = reviewer_files.add(
            world.db, world.settings, world.analyst, reviewed, attachments.NewFile("uittreksel.pdf", "Uittreksel", files.PDF),
            attachments.FileSource(Source.TRADE_REGISTER, "Uittreksel", today()),
        )  # fmt: skip
        assert isinstance(found, attachments.AttachmentLine)
        note = notes.write(world.db, world.analyst, reviewed, "Vraag haar naar De Vlieghei.", shared=True)
        world.db.commit()
        retention_policy.set_policy(world.db, world.admin, policy())
        ended = []
        for _ in range(2):
            case, candidate = world.answering()
            cases.withdraw(world.db, candidate, case.id)
            ended.append(case)
        asked = retention.ask(world.db, world.clerk, ended[0].id, Ask.DESTROY, "Termijn voorbij.")
        destruction = destroyed(world, ended[1])
        organisation = world.clerk.organisation_id
        asked_again = starting_over.ask(world.db, world.settings, world.admin, newcomer.id, "Telefoon kwijt.")
        assert asked_again is None
        begin_again = starting_over.waiting(world.db, world.admin)[0].id
        stage.sessions |= people_elsewhere(world)
    ids = {
        "person_id": gone.id, "declaration_id": declared, "attachment_id": added.id, "document_id": house.document,
        "request_id": asked, "destruction_id": destruction, "organisation_id": organisation, "note_id": note, "file_id": found.id,
        "start_over_id": begin_again,
    }  # fmt: skip
    return Place(house, ids, ended[0].id, owner)


ELSEWHERE = {
    "elsewhere_principal": Role.PRINCIPAL,
    "elsewhere_analyst": Role.ANALYST,
    "elsewhere_auditor": Role.AUDITOR,
    "elsewhere_admin": Role.ADMIN,
    "elsewhere_candidate": Role.CANDIDATE,
}
"""Everybody of another organisation; its clerk stands in the table."""


def people_elsewhere(world: World) -> dict[str, str]:
    """Let the other organisation have everybody, and a candidate who fills in; gives their sessions."""
    there, found = system_actor(world.elsewhere.organisation_id), {}
    for name, role in ELSEWHERE.items():
        if role is Role.CANDIDATE:
            continue
        email = f"{name}@voorbeeld.example"
        added = people.add_person(
            world.db, world.settings, there, name=name, email=email, role=role, password=PASSWORD
        )  # fmt: skip
        assert isinstance(added, PersonLine)
        found[name] = let_in(world.db, world.settings, email).token
    planned = rounds.open_round(world.db, world.elsewhere, "Ronde elders", None)
    assert isinstance(planned, rounds.RoundLine)
    new = rounds.NewCase(name="Els Elders", email="els@voorbeeld.example")
    case = rounds.add_case(world.db, world.elsewhere, planned.id, new)
    assert isinstance(case, CaseLine)
    invited = invitations.invite(world.db, world.settings, world.elsewhere, case.id)
    found["elsewhere_candidate"] = candidate_in(world.db, world.settings, invited.link, invited.code).token
    return found


def routes_of(client: TestClient) -> set[str]:
    """Every address of the running application, with its method."""
    application: Any = client.app
    found = set(_walk(application.routes))
    return {one for one in found if not one.startswith(("HEAD ", "OPTIONS "))}


def _walk(routes: Any) -> Iterator[str]:
    for route in routes:
        for method in getattr(route, "methods", None) or ():
            yield f"{method} {route.path.replace(':path}', '}')}"
        for inner in (getattr(route, "original_router", None) and route.original_router.routes) or ():
            yield from _walk([inner])


def test_every_address_stands_in_the_table_once(house: House) -> None:
    listed = [route for group in TABLE["groups"] for route in group["routes"]]
    assert len(listed) == len(set(listed))
    found = routes_of(house.client)
    assert found - set(listed) == set(), "add these to a group in docs/security/access.yaml"
    assert set(listed) - found == set(), "these are no addresses any more"


def test_what_is_not_for_somebody_is_not_there_and_looks_like_what_does_not_exist(place: Place) -> None:
    wrong = []
    for route, group in GROUPS.items():
        for who in SIGNED_IN:
            if access.opens(group, who, route):
                continue
            answer = place.ask(who, route)
            if answer.status_code != 404 or not (group.get("anonymous_too") or says_there_is_nothing(answer)):
                wrong.append(f"{who}: {route}: {answer.status_code}")
            elif "{" in route and fingerprint(answer) != fingerprint(place.ask(who, route, known=False)):
                wrong.append(f"{who}: {route}: differs from what does not exist")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ELSEWHERE)
def test_for_every_role_of_another_organisation_nothing_of_this_one_exists(place: Place, who: str) -> None:
    """What somebody with the same role opens here is there for them too, with nothing of this organisation in it."""
    wrong, opened = [], 0
    for route, group in GROUPS.items():
        if "anonymous" in group["opens"] or group.get("anonymous_too"):
            continue
        if "{" in route.replace("{form}", ""):
            answer = place.ask(who, route)
            if answer.status_code != 404 or fingerprint(answer) != fingerprint(place.ask(who, route, known=False)):
                wrong.append(f"{route}: {answer.status_code}")
        elif route.startswith("GET "):
            answer = place.ask(who, route)
            found = "candidate" if ELSEWHERE[who] is Role.CANDIDATE else ELSEWHERE[who].value
            if (answer.status_code == 404) is (found in group["opens"]):
                wrong.append(f"{route}: {answer.status_code}")
            opened += answer.status_code == 200
        if shows(answer):
            wrong.append(f"{route}: shows {shows(answer)}")
    assert not wrong, "\n".join(wrong)
    assert opened


def test_without_a_session_there_is_only_the_door(place: Place) -> None:
    wrong = []
    for route, group in GROUPS.items():
        answer = place.ask("anonymous", route)
        shown = shows(answer)
        if "anonymous" in group["opens"]:
            fine = answer.status_code not in {401, 403} and answer.status_code < 500
        elif group.get("anonymous_too"):
            fine = answer.status_code == 404
        else:
            at_door = answer.headers.get("location", "").startswith("/inloggen?terug=")
            fine = answer.status_code == 401 or (answer.status_code == 303 and at_door)
        # While developing every mail can be read there: that is what it is for.
        if not fine or (shown and route != "GET /ontwikkel/postvak"):
            wrong.append(f"{route}: {answer.status_code} {shown}")
    assert not wrong, "\n".join(wrong)


def test_what_is_for_somebody_opens(own_place: Place) -> None:
    """In an order in which nothing takes away what comes after it: first everything that only reads."""
    wrong = []
    ordered = sorted(
        GROUPS, key=lambda route: (LAST.index(route) + 1 if route in LAST else 0, route.startswith("POST "), route)
    )
    for route in ordered:
        for who in SIGNED_IN:
            if not access.opens(GROUPS[route], who, route) or "anonymous" in GROUPS[route]["opens"]:
                continue
            answer = own_place.ask(who, route)
            status = answer.status_code
            to_door = answer.headers.get("location", "").startswith("/inloggen?terug=")
            if status == 404 and route == OF_REVIEWERS:
                continue
            if status in {401, 404, 405} or status >= 500 or to_door:
                wrong.append(f"{who}: {route}: {status}")
            if who == "elsewhere" and shows(answer):
                wrong.append(f"{who}: {route}: shows what belongs to another organisation")
    assert not wrong, "\n".join(wrong)


CONTENT = [route for route, group in GROUPS.items() if group.get("content")]


def test_who_declared_nothing_is_asked_first(place: Place) -> None:
    wrong = []
    for route in CONTENT:
        if route.startswith("GET ") and "{document_id}" not in route and "{attachment_id}" not in route:
            address = place.address(route)
            case = place.house.stage.cases["review"].id
            answer = place.house.get("undeclared", address)
            if answer.headers.get("location", "") != f"/zaken/{case}/onafhankelijkheid?terug={address}":
                wrong.append(f"{route}: {answer.status_code} {answer.headers.get('location')}")
        elif (answer := place.ask("undeclared", route)).status_code not in {303, 404} or shows(answer):
            wrong.append(f"{route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_where_the_organisation_closes_the_content_it_is_not_there_for_the_clerk(place: Place) -> None:
    reads = [route for route in CONTENT if "{case_id}" in route or "{attachment_id}" in route]
    with closed_to_clerk(place):
        wrong = [
            f"{route}: {answer.status_code}"
            for route in reads
            if (answer := place.ask("clerk", route)).status_code != 404 or shows(answer)
        ]
        assert place.ask("clerk", "GET /zaken/{case_id}").status_code == 200
        assert place.ask("principal", "GET /zaken/{case_id}/beoordeling").status_code == 200
    assert not wrong, "\n".join(wrong)


def test_what_is_left_to_that_clerk_shows_nothing_of_the_content(place: Place) -> None:
    left = [
        route for route, group in GROUPS.items()
        if route.startswith("GET ") and "clerk" in group["opens"] and route not in CONTENT and "{" in route
    ]  # fmt: skip
    with closed_to_clerk(place):
        answers = {route: place.ask("clerk", route) for route in left}
    assert [route for route, answer in answers.items() if answer.status_code == 200]
    assert not [route for route, answer in answers.items() if SECRETS[0] in answer.text]


@pytest.mark.parametrize("who", ["auditor", "admin"])
def test_for_who_supervises_or_manages_there_is_no_case(place: Place, who: str) -> None:
    """They read the log, the terms, the accounts: never an answer, a candidate's name, or an address of a case."""
    opened = [route for route, group in GROUPS.items() if who in group["opens"] and "anonymous" not in group["opens"]]
    of_a_case = (
        "{case_id}",
        "{document_id}",
        "{attachment_id}",
        "{file_id}",
        "{note_id}",
        "{round_id}",
        "{request_id}",
    )
    assert not [route for route in opened if any(blank in route for blank in of_a_case)]
    pages = {route: place.ask(who, route) for route in opened if route.startswith("GET ")}
    assert [route for route, answer in pages.items() if answer.status_code == 200]
    assert not {route: shows(answer) for route, answer in pages.items() if shows(answer)}
    case = place.house.stage.cases["review"].id
    assert not [route for route, answer in pages.items() if f"/zaken/{case}" in answer.text]


class closed_to_clerk:  # noqa: N801 - read as a word: "with closed_to_clerk(place)"
    """The organisation keeps its clerk out of answers and flags for as long as this lasts."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> None:
        self._set(closed=True)

    def __exit__(self, *_: object) -> None:
        self._set(closed=False)

    def _set(self, *, closed: bool) -> None:
        with self._place.house.stage.world() as world:
            row = world.db.get_one(OrganisationRow, world.clerk.organisation_id)
            row.settings = row.settings | {CLOSED_TO_CLERK: closed}
            world.db.add(row)


def shows(answer: httpx2.Response) -> list[str]:
    """What stands on a page that belongs to the case."""
    return [secret for secret in SECRETS if secret in answer.text]


def says_there_is_nothing(answer: httpx2.Response) -> bool:
    """Whether this is the page for what does not exist; an answer to a script is no page."""
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    return not is_page or "Deze pagina is er niet" in answer.text


def fingerprint(answer: httpx2.Response) -> tuple[int, str, dict[str, str]]:
    """Everything a stranger can compare, but the moment."""
    return answer.status_code, answer.text, {k: v for k, v in answer.headers.items() if k != "date"}
