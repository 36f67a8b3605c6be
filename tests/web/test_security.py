"""What stands between the network and the routes: other sites, sizes, headers, and what people read when refused."""

import asyncio
from collections.abc import Iterator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.main import create_app
from app.settings import Settings
from app.web.problems import SENTENCES, problem, refusal
from app.web.security import (
    BodyLimit,
    Compression,
    LastResort,
    PlainAddress,
    PlainLetters,
    SameOriginOnly,
    SecurityHeaders,
)

HOST = "toetssteen.example"


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _page(_request: Request) -> Response:
    return HTMLResponse("<p>Gemeente Voorbeeldstad</p>" * 100)


async def _small(_request: Request) -> Response:
    return HTMLResponse("<p>kort</p>")


async def _stream(_request: Request) -> Response:
    async def lines():  # noqa: ANN202 - a generator made on the spot
        yield "<p>een</p>" * 100
        yield "<p>twee</p>" * 100

    return StreamingResponse(lines(), media_type="text/html")


async def _static(_request: Request) -> Response:
    return PlainTextResponse("a{}" * 500, media_type="text/css", headers={"Cache-Control": "public"})


ROUTES = Starlette(
    routes=[
        Route("/", _echo, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        Route("/pagina", _page),
        Route("/kort", _small),
        Route("/stroom", _stream),
        Route("/static/a.css", _static),
    ]
)


def client(app: ASGIApp, **headers: str) -> TestClient:
    return TestClient(app, base_url=f"https://{HOST}", headers=headers)


GUARDED = SameOriginOnly(ROUTES)
NO_ADDRESS = "http:/" + "/"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": f"https://{HOST}"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://elders.example"}, 200),
        ({"Origin": f"https://{HOST}"}, 200),
        ({"Origin": "https://elders.example"}, 403),
        ({"Origin": f"https://{HOST}.elders.example"}, 403),
        ({"Origin": f"https://elders.example/{HOST}"}, 403),
        ({"Origin": f"https://{HOST}:8443"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": f"{NO_ADDRESS}["}, 403),
        ({"Origin": f"{NO_ADDRESS}[::1"}, 403),
        ({}, 200),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_only_our_own_pages_ask_for_changes(method: str, headers: dict[str, str], status: int) -> None:
    assert client(GUARDED).request(method, "/", headers=headers).status_code == status


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elders.example"}])
def test_anyone_may_link_to_a_page(headers: dict[str, str]) -> None:
    assert client(GUARDED).get("/", headers=headers).status_code == 200


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_no_other_origin_passes(origin: str) -> None:
    answer = client(GUARDED).post("/", headers={"Origin": origin})
    assert answer.status_code == (200 if origin.strip().partition("//")[2].split("/")[0] == HOST else 403)


LIMITED = BodyLimit(ROUTES, limit=1000)


@pytest.mark.parametrize(("size", "status"), [(0, 200), (1000, 200), (1001, 413), (5_000_000, 413)])
@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
def test_what_is_too_large_is_refused_before_anyone_reads_it(size: int, status: int, announced: bool) -> None:
    body = b"x" * size
    chunks = iter([body[at : at + 300] for at in range(0, min(size, 3000), 300)])
    answer = client(LIMITED).post("/", content=body if announced else chunks)
    assert answer.status_code == status
    if status == 200:
        assert answer.text == str(size)
    else:
        assert "te groot" in answer.text


def test_body_limit_passes_the_news_that_the_browser_left() -> None:
    seen: list[str] = []

    async def route(_scope: Scope, receive: Receive, _send: Send) -> None:
        seen.append((await receive())["type"])
        seen.append((await receive())["type"])

    messages: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(messages)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(BodyLimit(route)(scope, receive, _silence))
    assert seen == ["http.request", "http.disconnect"]


async def _silence(_message: Message) -> None:
    raise AssertionError("nothing is answered")


def test_every_answer_carries_the_headers_also_a_refusal() -> None:
    app = SecurityHeaders(SameOriginOnly(ROUTES), https=True)
    for answer in (
        client(app).get("/"),
        client(app).get("/nergens"),
        client(app).post("/", headers={"Origin": "https://elders.example"}),
    ):
        policy = answer.headers["content-security-policy"]
        for directive in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert directive in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


def test_plain_http_promises_no_https_and_static_files_keep_their_caching() -> None:
    app = SecurityHeaders(ROUTES, https=False)
    assert "strict-transport-security" not in client(app).get("/").headers
    assert client(app).get("/static/a.css").headers["cache-control"] == "public"
    assert client(app).get("/static/nergens.css").headers["cache-control"] == "no-store"


PRESSED = Compression(ROUTES)


def test_pages_travel_small() -> None:
    answer = client(PRESSED).get("/pagina", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) < 200
    assert answer.text == "<p>Gemeente Voorbeeldstad</p>" * 100


@pytest.mark.parametrize(
    ("path", "accepts"),
    [("/pagina", "gzip"), ("/kort", "br"), ("/stroom", "br"), ("/static/a.css", "br"), ("/", "br")],
)
def test_what_gains_nothing_passes_as_it_is(path: str, accepts: str) -> None:
    answer = client(PRESSED).get(path, headers={"Accept-Encoding": accepts})
    assert "content-encoding" not in answer.headers
    assert answer.text == client(ROUTES).get(path).text


def test_a_page_that_is_compressed_already_is_left_alone() -> None:
    body = brotli.compress(b"<p>al klein</p>" * 100)

    async def ready(_request: Request) -> Response:
        return HTMLResponse(body, headers={"Content-Encoding": "br"})

    app = Compression(Starlette(routes=[Route("/", ready)]))
    assert client(app).get("/", headers={"Accept-Encoding": "br"}).text == "<p>al klein</p>" * 100


@pytest.mark.parametrize("status", sorted(SENTENCES))
def test_every_problem_says_what_happened_and_what_to_do(status: int) -> None:
    async def broken(request: Request) -> Response:
        return problem(request, status)

    app = client(Starlette(routes=[Route("/", broken)]))
    page = app.get("/")
    said = SENTENCES[status]
    assert page.status_code == status
    for sentence in (said.heading, said.body, said.advice):
        assert sentence in page.text
    assert page.text.count("<h1") == 1
    part = app.get("/", headers={"HX-Request": "true"})
    assert part.status_code == status
    assert '<hx-partial hx-target="#foutmelding"' in part.text
    assert said.heading in part.text
    assert "<html" not in part.text


def test_a_reason_is_shown_as_text() -> None:
    async def refused(request: Request) -> Response:
        return problem(request, 403, reason="De zaak is <afgesloten>.")

    page = client(Starlette(routes=[Route("/", refused)])).get("/")
    assert "De zaak is &lt;afgesloten&gt;." in page.text


@pytest.mark.parametrize(("status", "like"), [(418, 400), (504, 500)])
def test_a_status_without_words_borrows_them(status: int, like: int) -> None:
    async def odd(request: Request) -> Response:
        return problem(request, status)

    page = client(Starlette(routes=[Route("/", odd)])).get("/")
    assert page.status_code == status
    assert SENTENCES[like].heading in page.text


def test_the_door_speaks_dutch() -> None:
    app = SameOriginOnly(BodyLimit(ROUTES, limit=10, refuse=refusal), refuse=refusal)
    elsewhere = client(app).post("/", headers={"Origin": "https://elders.example"})
    assert elsewhere.status_code == 403
    assert "van een andere website" in elsewhere.text
    large = client(app).post("/", content=b"x" * 11)
    assert large.status_code == 413
    assert "Dit is te veel in één keer" in large.text
    assert "<h1" in large.text


def _answer(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"gevangen: {type(error).__name__}", 500)


def test_what_nobody_caught_is_answered_with_every_header() -> None:
    async def failing(_request: Request) -> Response:
        raise KeyError("secret")

    around = [Middleware(SecurityHeaders, https=False), Middleware(LastResort, answer=_answer)]
    answer = client(Starlette(routes=[Route("/", failing)], middleware=around)).get("/")
    assert (answer.status_code, answer.text) == (500, "gevangen: KeyError")
    assert answer.headers["cache-control"] == "no-store"


def test_an_answer_that_fails_halfway_is_broken_off() -> None:
    async def halfway(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise KeyError

    with pytest.raises(KeyError):
        client(LastResort(halfway, answer=_answer)).get("/")


def test_other_traffic_passes_untouched() -> None:
    passed: list[str] = []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        passed.append(scope["type"])

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    app = SecurityHeaders(Compression(SameOriginOnly(BodyLimit(inner))), https=True)
    asyncio.run(app({"type": "lifespan"}, receive, _silence))
    assert passed == ["lifespan"]


def test_whatever_fails_in_front_of_the_routes_is_answered_with_every_header() -> None:
    class Failing:
        def __init__(self, app: ASGIApp) -> None:
            self._app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "nobody foresaw this")
            await self._app(scope, receive, send)

    app = create_app(Settings.model_construct())
    names = [made.cls.__name__ for made in app.user_middleware]  # type: ignore[attr-defined]
    assert names[:2] == ["SecurityHeaders", "LastResort"]
    for place in range(2, len(names) + 1):
        chain = [*app.user_middleware[:place], Middleware(Failing)]
        answer = client(Starlette(routes=[Route("/", _echo)], middleware=chain)).get("/")
        assert answer.status_code == 500
        assert "Er ging bij ons iets mis" in answer.text
        assert answer.headers["cache-control"] == "no-store"


LETTERED = PlainLetters(ROUTES)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("application/x-www-form-urlencoded", 200),
        ("application/x-www-form-urlencoded;charset=UTF-8", 200),
        ('multipart/form-data; boundary=x; charset="utf-8"', 200),
        ("multipart/form-data; boundary=x; charset=utf-7", 415),
        ("multipart/form-data; boundary=x; charset=raw-unicode-escape", 415),
        ("multipart/form-data; boundary=x; charset=punycode", 415),
        ("multipart/form-data; boundary=x; charset=utf-8; CHARSET=utf-7", 415),
        ("multipart/form-data; boundary=x; charset*=utf-8''utf-7", 415),
        ("multipart/form-data; boundary=x; charset*0=utf; charset*1=-7", 415),
        ("multipart/form-data; boundary=x; charset = utf-7", 415),
        ("multipart/form-data; boundary=x; charset=", 415),
    ],
)
def test_a_form_is_read_in_the_letters_every_browser_sends_and_in_no_others(said: str, status: int) -> None:
    assert client(LETTERED).post("/", content=b"", headers={"content-type": said}).status_code == status


@pytest.mark.parametrize(
    ("asked", "leads_to"),
    [
        ("/kandidaat/", "/kandidaat"),
        ("/kandidaat///", "/kandidaat"),
        ("/kandidaat/?a=1&b=%2F%2Fx", "/kandidaat?a=1&b=%2F%2Fx"),
        ("//elders.example/", "/elders.example"),
        ("///elders.example/%0d%0aSet-Cookie:x/", "/elders.example/%0D%0ASet-Cookie%3Ax"),
        ("//", "/"),
    ],
)
def test_a_slash_behind_an_address_is_taken_off_and_leads_nowhere_else(asked: str, leads_to: str) -> None:
    app = TestClient(PlainAddress(ROUTES), base_url="https://elders.example", follow_redirects=False)
    answer = app.get(f"https://{HOST}{asked}", headers={"host": "elders.example"})
    assert answer.status_code == 307
    assert answer.headers["location"] == leads_to


def test_an_address_with_a_nul_is_nowhere() -> None:
    async def inside(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("binnen")(scope, receive, send)

    client = TestClient(PlainAddress(inside))
    assert client.get("/zaken/abc").text == "binnen"
    assert client.get("/zaken/%00").status_code == 404
    assert client.get("/zaken?x=%00").status_code == 404
