"""What stands between the network and every route: pure ASGI, no framework, one class for each concern.

The order, outermost first, as the application wires it:

    SecurityHeaders      says what a browser may do with any answer, also with an error
    LastResort           answers for what nobody caught, in the routes or in anything between
    Compression          makes pages smaller for browsers that accept it
    SameOriginOnly       refuses changes asked for by other sites
    Pace                 lets nobody send too many forms where no session is asked (`app.web.pace`)
    BodyLimit            refuses what is too large before anyone reads it
    PlainAddress         knows no address with a NUL in it, and one address for a page with a slash behind it or without
    PlainLetters         refuses forms that say to be written in other letters than UTF-8

Tokens in forms are not needed: every browser that can use the product says where a request comes from
(https://www.w3.org/TR/fetch-metadata/, and RFC 6454 for `Origin`).
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Refusal = Callable[[Request, int], Response]

# The addresses that take a file of somebody who is signed in.
_FOR_FILES = re.compile(r"/(?:vragenlijst/[^/]+|zaken/[^/]+/beoordeling)/bijlagen")
FIRST_ERROR = 400
_LETTERS = re.compile(r"charset([^=;]*)=\s*\"?([^;\"\s]*)", re.IGNORECASE)
_IN_QUERY = "%/:?@!$&'()*+,;=~"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# img-src data: the arrows and check marks inside our own style sheet.
_CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)
# Two years, what browsers ask for on their preload lists (https://hstspreload.org).
_HSTS = "max-age=63072000; includeSubDomains"


def plain_refusal(_request: Request, status: int) -> Response:
    """Refuse in one Dutch sentence; the application passes a refusal with a page around it."""
    sentence = {
        403: "Dit verzoek kwam van een andere website. Daarom hebben we het niet uitgevoerd.",
        404: "Deze pagina bestaat niet. Controleer het adres.",
        415: "We kunnen niet lezen wat u verstuurde. Er is niets veranderd.",
        429: "Van uw netwerk kwamen net heel veel verzoeken. Wacht even en probeer het opnieuw.",
        413: "Wat u verstuurde is te groot. Maak uw tekst korter en probeer het opnieuw.",
    }[status]
    return Response(sentence, status, media_type="text/plain; charset=utf-8")


class SecurityHeaders:
    """Adds the headers that keep a page to itself. Files at `static` addresses keep their own caching."""

    def __init__(self, app: ASGIApp, *, https: bool, static: str = "/static/") -> None:
        self._app = app
        self._https = https
        self._static = static

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on and add headers to the start of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = message["status"] < FIRST_ERROR
                self._add(MutableHeaders(scope=message), may_be_kept=found and scope["path"].startswith(self._static))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _add(self, headers: MutableHeaders, *, may_be_kept: bool) -> None:
        # No script, style or frame from anywhere but here, and none written inside a page: injected text stays text.
        headers["Content-Security-Policy"] = _CSP
        # A file called .txt is not run because it looks like a script.
        headers["X-Content-Type-Options"] = "nosniff"
        # The address of a case is nobody else's business, not even that of the law site a norm links to. Not
        # "no-referrer": that turns the Origin of our own forms into "null", which SameOriginOnly refuses.
        headers["Referrer-Policy"] = "same-origin"
        # A site that opened us in a window gets no handle on that window.
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = _PERMISSIONS
        if self._https:
            headers["Strict-Transport-Security"] = _HSTS
        if not may_be_kept:
            # Someone's interests must not come back with the Back button after signing out on a shared machine.
            headers["Cache-Control"] = "no-store"


class SameOriginOnly:
    """Refuses requests that change something when another site asked for them (cross-site request forgery)."""

    def __init__(self, app: ASGIApp, *, refuse: Refusal = plain_refusal) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is safe or ours; answer the rest with 403."""
        if scope["type"] == "http" and not self._is_ours(scope):
            await self._refuse(Request(scope), 403)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _is_ours(scope: Scope) -> bool:
        if scope["method"] in _SAFE:
            # Reading across sites is what links are for. No route changes anything on these methods (tested).
            return True
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site is not None:
            # Browsers set this themselves and no page can change it. "same-site" is refused too: a neighbour on
            # another subdomain of the municipality is still another party. "none" is typed by the person.
            return site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is not None:
            # Older browsers send only this, on every POST. "null" (a sandboxed frame, a file) is not us either.
            try:
                return origin != "null" and urlsplit(origin).netloc == headers.get("host", "")
            except ValueError:  # no address at all: a bracket that is not closed
                return False
        # Neither header: not a browser, so there is no person whose cookie a strange site could borrow.
        return True


class PlainAddress:
    """Answers 404 for an address that holds a NUL: PostgreSQL cannot hold one in a text, so nothing is called that.

    A slash behind the address of a page is taken off: people type one. The way there names no host, so what a browser
    says in `Host` leads nobody anywhere.
    """

    def __init__(self, app: ASGIApp, *, refuse: Refusal = plain_refusal) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the path and the query of a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if "\0" in path or b"%00" in scope["query_string"]:
            await self._refuse(Request(scope), 404)(scope, receive, send)
            return
        if path != "/" and path.endswith("/") and scope["method"] in _SAFE:
            query = scope["query_string"].decode("latin-1")
            # In front one slash as well: two would make a host of what comes after.
            address = quote(f"/{path.strip('/')}") + (f"?{quote(query, safe=_IN_QUERY)}" if query else "")
            await Response(status_code=307, headers={"location": address})(scope, receive, send)
            return
        await self._app(scope, receive, send)


class PlainLetters:
    """Refuses with 415 a form that says to be written in other letters than UTF-8, which no browser sends.

    Letters decide what a text is: some that Python knows turn plain bytes into half characters that no database holds.
    """

    def __init__(self, app: ASGIApp, *, refuse: Refusal = plain_refusal) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at what a request says about its body."""
        if scope["type"] == "http":
            said = _LETTERS.findall(Headers(scope=scope).get("content-type", ""))
            # Also in the pieces and codes of RFC 2231, which the reader of forms puts together.
            if any(more or name.lower() not in {"utf-8", "utf8"} for more, name in said):
                await self._refuse(Request(scope), 415)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies over a limit, whether they announce their size or not. `files` is the limit where files go."""

    def __init__(
        self, app: ASGIApp, *, limit: int = 1_000_000, files: int = 0, refuse: Refusal = plain_refusal
    ) -> None:
        self._app = app
        self._limit = limit
        self._files = files
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, at most up to the limit, and pass it on; answer 413 when there is more.

        Forms are small and are read whole anyway, so reading them here costs nothing and gives one clear answer
        instead of a failure half-way through a route.
        """
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self._app(scope, receive, send)
            return
        limit = max(self._limit, self._files) if _FOR_FILES.fullmatch(scope["path"]) else self._limit
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            await self._refuse(Request(scope), 413)(scope, receive, send)
            return
        body = await self._read(receive, limit)
        if body is None:
            await self._refuse(Request(scope), 413)(scope, receive, send)
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()  # what follows is the news that the browser went away
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive, limit: int) -> bytes | None:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b"".join(chunks)  # the browser went away: the route finds out by itself
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > limit:
                return None
            if not message.get("more_body"):
                return b"".join(chunks)


class LastResort:
    """Answers when a route, or anything in front of it, fails in a way that nobody foresaw.

    The framework's own handler for that stands outside all middleware, so its answer would go out without any of the
    headers above. This one stands inside those. A failure after the answer began can only break it off, and does.
    """

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request, Exception], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and answer in place of a route that fails before it answered."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await self._answer(Request(scope), error)(scope, receive, send)


class Compression:
    """Compresses pages with brotli at level 4: nearly as small as the best, in a fraction of the time.

    Answers that stream, that are compressed already or that are smaller than `minimum` pass unchanged. A page never
    holds a secret token beside text from outside, so sizes give nothing away that repeats (the BREACH attack).
    """

    def __init__(self, app: ASGIApp, *, minimum: int = 600, types: Iterable[str] = ("text/html",)) -> None:
        self._app = app
        self._minimum = minimum
        self._types = tuple(types)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold back the start of an answer until its body is there, then send both, smaller."""
        if scope["type"] != "http" or "br" not in Headers(scope=scope).get("accept-encoding", ""):
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def smaller(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if self._fits(Headers(raw=message["headers"])):
                    start = message
                else:
                    await send(message)
                return
            if start is not None:
                begun, start = start, None
                body = message.get("body", b"")
                headers = MutableHeaders(raw=begun["headers"])
                headers.add_vary_header("Accept-Encoding")
                if not message.get("more_body") and len(body) >= self._minimum:
                    body = brotli.compress(body, quality=4, mode=brotli.MODE_TEXT)
                    headers["Content-Encoding"] = "br"
                    headers["Content-Length"] = str(len(body))
                await send({**begun, "headers": headers.raw})
                await send({**message, "body": body})
                return
            await send(message)

        await self._app(scope, receive, smaller)

    def _fits(self, headers: Headers) -> bool:
        return headers.get("content-type", "").startswith(self._types) and "content-encoding" not in headers
