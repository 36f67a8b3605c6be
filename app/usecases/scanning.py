"""Asks a virus scanner about a file, when there is one: clamd, by its INSTREAM command (clamd(8)).

The file goes to the scanner over a socket and is written nowhere. A scanner that does not answer in time, or answers
anything but a clear yes, means: not taken.
"""

import socket
import struct
import time
from enum import StrEnum
from typing import Self

from app import logs

CHUNK = 65_536
LONGEST = 4096
"""Bytes of an answer that are read; one of clamd is a line."""

# The file with which every scanner can be tried without harm (eicar.org). In two parts, so that no scanner that looks at
# the files of this product takes them for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scan(StrEnum):
    """What the scanner said."""

    CLEAN = "clean"
    FOUND = "found"
    SILENT = "silent"


def scan(address: str, body: bytes, *, seconds: float = 30) -> Scan:
    """Ask the scanner at `host:port` or `unix:/path` about a file. It gets `seconds` for everything together.

    Never raises for what the scanner does: silence and nonsense are `Scan.SILENT`, with a line in the log.
    """
    try:
        with _Asked(address, seconds) as asked:
            answer = asked.about(body)
    except (OSError, ValueError) as error:
        logs.error("scanner_silent", kind=type(error).__name__)
        return Scan.SILENT
    if answer.endswith(b" FOUND"):
        logs.noted("scanner_found")
        return Scan.FOUND
    if answer == b"stream: OK":
        return Scan.CLEAN
    # Told apart from silence for who looks after it: a file over StreamMaxLength, a database that is being loaded.
    logs.error("scanner_refused", kind="limit" if b"size limit" in answer else "answer" if answer else "empty")
    return Scan.SILENT


class _Asked:
    """One question to the scanner, with one clock for all of it: a scanner that says a byte now and then holds nobody."""

    def __init__(self, address: str, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._connection = self._connect(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def about(self, body: bytes) -> bytes:
        try:
            self._say(b"zINSTREAM\0")
            for start in range(0, len(body), CHUNK):
                part = body[start : start + CHUNK]
                self._say(struct.pack(">I", len(part)) + part)
            self._say(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It closed before the end: what it said may tell why.
            return self._answer() or b"closed"
        return self._answer()

    def _connect(self, address: str) -> socket.socket:
        if address.startswith("unix:"):
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self._left())
            try:
                connection.connect(address.removeprefix("unix:"))
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self._left())

    def _say(self, part: bytes) -> None:
        self._connection.settimeout(self._left())
        self._connection.sendall(part)

    def _answer(self) -> bytes:
        told = b""
        while not told.endswith(b"\0") and len(told) < LONGEST:
            self._connection.settimeout(self._left())
            more = self._connection.recv(LONGEST)
            if not more:
                break
            told += more
        return told.rstrip(b"\0\n")

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the scanner took too long")
        return left
