"""The scanner gets the file as clamd wants it, and whatever it does not say clearly counts as not clean."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.usecases.scanning import Scan, scan

BODY = b"X5O!P%@AP" + bytes(range(256)) * 1000


@contextmanager
def scanner(answer: bytes, path: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that speaks INSTREAM: gives its address, and what it was sent."""
    got: list[bytes] = []
    listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listening.bind(str(path) if path else ("127.0.0.1", 0))
    listening.listen()

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as told:
            got.append(told.read(10))
            body = b""
            while size := struct.unpack(">I", told.read(4))[0]:
                body += told.read(size)
            got.append(body)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    with listening:
        yield f"unix:{path}" if path else f"127.0.0.1:{listening.getsockname()[1]}", got
        thread.join(timeout=10)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"stream: OK\0", Scan.CLEAN),
        (b"stream: Eicar-Test-Signature FOUND\0", Scan.FOUND),
        (b"INSTREAM size limit exceeded. ERROR\0", Scan.SILENT),
        (b"stream: OK maar niet heus\0", Scan.SILENT),
        (b"", Scan.SILENT),
    ],
)
def test_only_a_clear_yes_counts(answer: bytes, found: Scan):
    with scanner(answer) as (address, got):
        assert scan(address, BODY) is found
    assert got == [b"zINSTREAM\0", BODY]


def test_a_scanner_can_listen_on_a_socket_in_the_file_system(tmp_path: Path):
    with scanner(b"stream: OK\0", tmp_path / "clamd.sock") as (address, _):
        assert scan(address, BODY) is Scan.CLEAN


@pytest.mark.parametrize("address", ["127.0.0.1:9", "unix:/bestaat-niet", "geen adres", "127.0.0.1:x"])
def test_a_scanner_that_is_not_there_is_silent(address: str, capsys: pytest.CaptureFixture[str]):
    assert scan(address, BODY) is Scan.SILENT
    assert "scanner_silent" in capsys.readouterr().err
