"""Asks a virus scanner about a file, when there is one: clamd, by its INSTREAM command (clamd(8)).

The file goes to the scanner over a socket and is written nowhere. A scanner that does not answer means: not taken.
"""

import socket
import struct
from enum import StrEnum

from app import logs

SECONDS = 30
CHUNK = 65_536


class Scan(StrEnum):
    """What the scanner said."""

    CLEAN = "clean"
    FOUND = "found"
    SILENT = "silent"


def scan(address: str, body: bytes) -> Scan:
    """Ask the scanner at `host:port` or `unix:/path` about a file."""
    try:
        with _connect(address) as connection:
            connection.settimeout(SECONDS)
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(body), CHUNK):
                part = body[start : start + CHUNK]
                connection.sendall(struct.pack(">I", len(part)) + part)
            connection.sendall(struct.pack(">I", 0))
            answer = _answer(connection)
    except (OSError, ValueError) as error:
        logs.error("scanner_silent", kind=type(error).__name__)
        return Scan.SILENT
    if answer.endswith(b" FOUND"):
        return Scan.FOUND
    return Scan.CLEAN if answer == b"stream: OK" else Scan.SILENT


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(SECONDS)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(connection: socket.socket) -> bytes:
    told = b""
    while not told.endswith(b"\0") and len(told) < CHUNK:
        more = connection.recv(4096)
        if not more:
            break
        told += more
    return told.rstrip(b"\0\n")
