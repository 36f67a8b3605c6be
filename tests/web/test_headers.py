"""Every page of the product carries every header, and nothing personal is kept by a browser or on the way."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.settings import Settings
from app.store.rows import metadata
from app.usecases import signing_in
from app.web.assets import asset
from app.web.routes import routers
from tests.signing_in import mailed_code
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


NO_ADDRESS = "http:/" + "/["
ODD: dict[int, tuple[str, str, dict[str, str], bytes]] = {
    303: ("GET", "/werklijst", {}, b""),
    307: ("GET", "/inloggen/", {"host": "elders.example"}, b""),
    400: ("POST", "/inloggen", {"content-type": "application/x-www-form-urlencoded"}, b"a=1&" * 2000),
    401: ("POST", "/rondes/nieuw", {}, b""),
    403: ("POST", "/inloggen", {"origin": NO_ADDRESS}, b""),
    404: ("GET", "/nergens", {}, b""),
    405: ("PUT", "/inloggen", {}, b""),
    413: ("POST", "/inloggen", {}, b"x" * 2_000_000),
    415: ("POST", "/inloggen", {"content-type": "multipart/form-data; boundary=x; charset=utf-7"}, b""),
    422: ("POST", "/inloggen", {}, b""),
}
"""A request for every answer that is no page, by what it is answered with."""


@pytest.mark.parametrize("status", ODD)
def test_every_refusal_carries_every_header(house: House, status: int) -> None:
    method, path, headers, body = ODD[status]
    answer = house.client.request(method, path, headers=headers, content=body)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert policy(answer.headers["content-security-policy"])["default-src"] == ["'self'"]
    assert "elders.example" not in answer.headers.get("location", "")


def test_a_form_to_an_address_with_a_slash_behind_it_goes_nowhere(house: House) -> None:
    assert house.client.post("/inloggen/", headers={"host": "elders.example"}).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "VERZIN"])
@pytest.mark.parametrize("path", ["/", "/werklijst", "/static/nergens", "/gezond", "/vragenlijst/x/antwoord/y"])
def test_no_way_of_asking_gets_an_answer_without_headers_or_an_error(house: House, method: str, path: str) -> None:
    answer = house.client.request(method, path)
    assert answer.status_code < 500
    assert answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("failing", "status"), [(KeyError("nobody foresaw this"), 500), (sa.exc.OperationalError("", None, Exception("database is locked")), 503)]
)  # fmt: skip
def test_an_error_of_ours_carries_every_header_and_nothing_of_itself(
    house: House, monkeypatch: pytest.MonkeyPatch, failing: Exception, status: int
) -> None:
    def fails(*_given: object, **_more: object) -> None:
        raise failing

    monkeypatch.setattr(signing_in, "begin", fails)
    answer = house.client.post("/inloggen", data={"email": "a@b.example", "wachtwoord": "geraden"})
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "foresaw" not in answer.text
    assert "locked" not in answer.text


HALVES = b"+2AA- and +3AA- turn into half characters"


@pytest.mark.parametrize("letters", ["utf-7", "punycode", "raw-unicode-escape", "undefined"])
def test_letters_that_no_browser_sends_reach_no_form(house: House, letters: str) -> None:
    case = house.stage.answering()
    one = b'--x\r\nContent-Disposition: form-data; name="is_resident"\r\n\r\n' + HALVES + b"\r\n--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={letters}"
    for path in ("/inloggen", f"{case.form}/antwoord/is_resident?op=office", f"{case.form}/bijlagen", "/proef/openen"):
        held = {"cookie": f"toetssteen={case.session}", "content-type": kind, "hx-request": "true"}
        assert house.client.post(path, content=one, headers=held).status_code == 415


def test_whatever_a_session_says_to_a_browser_scripts_cannot_read_it(house: House) -> None:
    case = house.stage.answering()
    answer = house.client.post(case.link.removeprefix(house.stage.settings.base_url), data={"code": case.code})
    house.client.cookies.clear()
    cookies = answer.headers.get_list("set-cookie")
    assert cookies
    assert all("httponly" in one.lower() and "samesite=lax" in one.lower() for one in cookies)


@pytest.fixture
def https(house: House) -> Iterator[None]:
    """The house behind https."""
    state = house.client.app.state  # type: ignore[attr-defined]
    plain = state.settings
    state.settings = plain.model_copy(update={"base_url": "https://testserver"})
    yield
    state.settings = plain


@pytest.mark.usefixtures("https")
def test_with_https_every_cookie_belongs_to_this_host_alone(house: House) -> None:
    case = house.stage.answering()
    door = house.client.post(case.link.removeprefix(house.stage.settings.base_url), data={"code": case.code})
    given = [one.partition(";")[0] for one in door.headers.get_list("set-cookie")]
    held = {"cookie": "; ".join(given)}
    if "Stuur mij een code" in door.text:
        house.client.post("/toegang/mail/stuur", data={}, headers=held)
    with house.stage.world() as world:
        code = mailed_code(world.db)
    inside = house.client.post("/toegang/mail", data={"code": code}, headers=held)
    house.client.cookies.clear()
    cookies = [*door.headers.get_list("set-cookie"), *inside.headers.get_list("set-cookie")]
    names = {one.partition("=")[0] for one in cookies}
    assert {"__Host-toetssteen", "__Host-toetssteen_stap", "__Host-toetssteen_deur"} <= names
    for one in cookies:
        assert one.startswith("__Host-")
        assert "; Path=/" in one
        assert "; Secure" in one
        assert "domain" not in one.lower()


def test_every_text_says_in_which_letters_it_is(house: House) -> None:
    paths = {
        *PAGES,
        "/static/" + str(asset("app.css")).rpartition("/static/")[2],
        asset("img/mark.svg"),
        asset("app.js"),
    }
    kinds = {(path, house.get("clerk", address(house, path)).headers.get("content-type", "")) for path in paths}
    texts = {(path, kind) for path, kind in kinds if kind.startswith("text/") or "+xml" in kind}
    assert len(texts) > 20
    assert {path for path, kind in texts if "charset=utf-8" not in kind} == set()


def test_reading_writes_nothing_but_that_it_was_read(house: House) -> None:
    """A link on another site can make somebody read, and no more than that."""
    # A receipt is made when it is first asked for, and is the same whoever asks.
    traces = {"audit_entry", "audit_head", "sign_in", "sign_on", "document"}

    def everything() -> dict[str, list[str]]:
        with house.stage.world() as world:
            connection = world.db.connection()
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select()))
                for table in metadata.sorted_tables
                if table.name not in traces
            }

    before = everything()
    for who in ("clerk", "principal", "review"):
        for path in PAGES:
            house.get(who, address(house, path))
    after = everything()
    assert {name for name in before if before[name] != after[name]} == set()


def test_no_address_answers_with_what_it_was_asked(house: House) -> None:
    for path in ("/", "/inloggen", "/static/app.css"):
        assert house.client.request("TRACE", path, headers={"x-mark": "teruggezien"}).status_code == 405
