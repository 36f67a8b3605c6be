"""Nobody gets anywhere by typing an address: every route, for everybody it is not meant for."""

import pytest

from app.settings import Settings
from app.web.public import local_rules, published
from app.web.routes import routers
from tests.web.conftest import House

SECRETS = ("De Vlieghei", "Anna Veld", "anna@voorbeeld.example")
"""What stands in the case and may not stand on a page for anybody else."""
ROUTES = sorted(
    {
        (method, path)
        for router in routers(Settings.model_construct())
        if router not in (published.router, local_rules.router)  # for anybody
        for route in router.routes
        for path in (str(getattr(route, "path", "")),)
        if "{" in path and "{token}" not in path
        for method in getattr(route, "methods", ())
    }
)
OF_CASES = [(method, path) for method, path in ROUTES if "{case_id}" in path]
FOR_STAFF = [(method, path) for method, path in ROUTES if not path.startswith("/vragenlijst/")]
CONTENT = [(method, path) for method, path in OF_CASES if "/beoordeling" in path or "raadsversie" in path]


def address(house: House, path: str) -> str:
    """Fill in the blanks of a route with what exists: the case under review, its item, its rule."""
    case = house.stage.cases["review"]
    return path.format(
        case_id=case.id, section_id="side_positions", group="side_positions", item_id=case.item, path="is_resident",
        rule="SPR-01", item=case.item, act="terug", round_id=house.stage.round.rpartition("/")[2],
        document_id=house.document, session_id="bestaat-niet", attachment_id="bestaat-niet", file_id="bestaat-niet",
        declaration_id="bestaat-niet", rectification_id="bestaat-niet", person_id="bestaat-niet", key_id="bestaat-niet", request_id="bestaat-niet",
        destruction_id="bestaat-niet", form="csv", note_id="bestaat-niet",
        start_over_id="bestaat-niet",
    )  # fmt: skip


def ask(house: House, who: str, method: str, path: str) -> tuple[int, str]:
    target = address(house, path)
    answer = house.get(who, target) if method == "GET" else house.post(who, target, {"reden": "Zomaar."})
    return answer.status_code, answer.text


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_for_another_organisation_nothing_exists(house: House, method: str, path: str) -> None:
    status, text = ask(house, "elsewhere", method, path)
    assert status == 404
    assert "Deze pagina is er niet" in text
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_for_the_candidate_of_another_case_nothing_exists(house: House, method: str, path: str) -> None:
    assert ask(house, "empty", method, path)[0] == 404


@pytest.mark.parametrize(("method", "path"), FOR_STAFF)
def test_pages_of_staff_do_not_exist_for_the_candidate_of_the_case(house: House, method: str, path: str) -> None:
    assert ask(house, "review", method, path)[0] == 404


@pytest.mark.parametrize(("method", "path"), [one for one in OF_CASES if one not in FOR_STAFF])
@pytest.mark.parametrize("who", ["clerk", "analyst", "principal"])
def test_staff_never_act_as_the_candidate(house: House, who: str, method: str, path: str) -> None:
    assert ask(house, who, method, path)[0] == 404


@pytest.mark.parametrize(("method", "path"), CONTENT)
@pytest.mark.parametrize("who", ["auditor", "admin", "idle_analyst"])
def test_who_does_not_take_part_reads_and_changes_nothing(house: House, who: str, method: str, path: str) -> None:
    status, text = ask(house, who, method, path)
    assert status == 404
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_session_everybody_is_sent_to_a_door(house: House, method: str, path: str) -> None:
    target = address(house, path)
    answer = house.get("", target) if method == "GET" else house.post("", target, {"reden": "Zomaar."})
    assert answer.status_code == (303 if method == "GET" else 401)
    if method == "GET":
        assert answer.headers["location"] == f"/inloggen?terug={target}"
    assert not [secret for secret in SECRETS if secret in answer.text]
