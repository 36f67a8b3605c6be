"""Every page of the product carries every header, and nothing personal is kept by a browser or on the way."""

import pytest

from app.settings import Settings
from app.web.routes import routers
from tests.web.conftest import House
from tests.web.test_access import address

PAGES = sorted(
    {
        path
        for router in routers(Settings.model_construct())
        for route in router.routes
        for path in (str(getattr(route, "path", "")),)
        if "GET" in getattr(route, "methods", ())
        and "{token}" not in path
        and not path.startswith(("/regels", "/vragen/"))
    }
)
ALWAYS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def policy(header: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for part in header.split(";") if (words := part.split())}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("who", ["clerk", "review", ""])
def test_every_answer_carries_every_header(house: House, who: str, path: str) -> None:
    answer = house.get(who, address(house, path))
    assert answer.status_code < 500
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    found = policy(answer.headers["content-security-policy"])
    assert found["default-src"] == ["'self'"]
    assert found["object-src"] == found["frame-ancestors"] == found["base-uri"] == ["'none'"]
    assert found["form-action"] == ["'self'"]
    words = {word for sources in found.values() for word in sources}
    assert words <= {"'self'", "'none'", "data:"}
    assert [name for name, sources in found.items() if "data:" in sources] == ["img-src"]
    assert "geolocation=()" in answer.headers["permissions-policy"]


def test_whatever_a_session_says_to_a_browser_scripts_cannot_read_it(house: House) -> None:
    case = house.stage.answering()
    answer = house.client.post(case.link.removeprefix(house.stage.settings.base_url), data={"code": case.code})
    house.client.cookies.clear()
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    assert all("httponly" in one.lower() and "samesite=lax" in one.lower() for one in cookies)
