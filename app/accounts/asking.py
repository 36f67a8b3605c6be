"""Asking another server something, in JSON: as little as signing in through an organisation needs.

Never over plain http except to this machine, never following a redirect, never waiting long, never reading much.
"""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException, HTTPMessage
from threading import BoundedSemaphore
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from app.errors import ToetssteenError

SECONDS = 10
MOST_BYTES = 1_000_000
AT_ONCE = 12
"""How many may wait for another server together. Whoever waits holds a thread, and pages need threads too."""
REASONS = frozenset(
    {
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
"""What a server says about a request that it declines (RFC 6749, section 5.2)."""
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_room = BoundedSemaphore(AT_ONCE)


class Unreachable(ToetssteenError):  # noqa: N818 - a statement: the other server cannot be reached, or made no sense
    """The other server gave no usable answer. The message says why, in English, and holds no secret."""


class Declined(Unreachable):
    """The other server said that the request is wrong. `reason` is one of `REASONS`, or empty."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the server answered {status}" + (f" ({reason})" if reason else ""))
        self.status = status
        self.reason = reason


def safe_address(address: str) -> bool:
    """Tell whether an address may be asked: https, or on this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE))


def get_json(address: str) -> dict[str, Any]:
    """Give the JSON object at an address. Raises Unreachable."""
    return _ask(Request(address, headers={"Accept": "application/json"}))  # noqa: S310 - looked at in _ask


def post_form(address: str, fields: Mapping[str, str], name: str, password: str, *, in_form: bool) -> dict[str, Any]:
    """Send a form and give the JSON object that comes back. Raises Unreachable.

    Name and password go in the Authorization header (RFC 6749, 2.3.1), or in the form when the server wants that.
    """
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    sent = dict(fields)
    if in_form:
        sent |= {"client_id": name, "client_secret": password}
    else:
        words = f"{quote(name, safe='')}:{quote(password, safe='')}"
        headers["Authorization"] = "Basic " + b64encode(words.encode()).decode()
    return _ask(Request(address, urlencode(sent).encode(), headers))  # noqa: S310 - looked at in _ask


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl  # the answer to a redirect is its status, which is no success


def _ask(request: Request) -> dict[str, Any]:
    if not safe_address(request.full_url):
        raise Unreachable("the address is not https")
    try:
        with _turn(), build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            body = answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        with error:
            raise _declined(error) from None
    except (OSError, HTTPException) as error:
        raise Unreachable(f"no answer: {type(error).__name__}") from error
    if len(body) > MOST_BYTES:
        raise Unreachable("the answer is too large")
    try:
        found = json.loads(body)
    except ValueError as error:
        raise Unreachable("the answer is no JSON") from error
    if not isinstance(found, dict):
        raise Unreachable("the answer is no JSON object")
    return found


@contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Unreachable("too many are waiting for an answer already")
    try:
        yield
    finally:
        _room.release()


def _declined(error: HTTPError) -> Unreachable:
    """Give what a server says with an error. Only words of the standard are taken over: the rest may hold anything."""
    if not 400 <= error.code < 500:  # noqa: PLR2004 - what HTTP calls an error of the asker
        return Unreachable(f"the server answered {error.code}")
    try:
        said = json.loads(error.read(MOST_BYTES))
    except (OSError, HTTPException, ValueError):
        said = {}
    word = said.get("error") if isinstance(said, dict) else ""
    return Declined(error.code, word if isinstance(word, str) and word in REASONS else "")
