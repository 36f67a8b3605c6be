"""A request whose end can be read in two ways is refused by the server, before anything of the product sees it."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

START = b"POST /inloggen HTTP/1.1\r\nHost: testserver\r\n"
HIDDEN = b"GET /verborgen HTTP/1.1\r\nHost: testserver\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server as `toetssteen serve` starts one, around the smallest application."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            PlainTextResponse("binnen"), log_level="critical", access_log=False, server_header=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="boundaries")
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(timeout=20)


def ask(port: int, raw: bytes) -> bytes:
    """Everything that the server says until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(raw)
        told = b""
        while more := connection.recv(65_536):
            told += more
    return told


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Content-Length : 44\r\n\r\n",
        b"Content-Length: +0\r\n\r\n",
    ],
)
def test_a_request_with_two_ends_is_refused_and_nothing_behind_it_is_heard(port: int, lines: bytes) -> None:
    told = ask(port, START + lines + HIDDEN)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1
    assert b"binnen" not in told


def test_two_requests_with_one_end_each_are_both_answered(port: int) -> None:
    told = ask(
        port, START + b"Content-Length: 2\r\n\r\nja" + HIDDEN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    )
    assert told.count(b"binnen") == 2
