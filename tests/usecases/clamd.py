"""A small clamd on a real socket: INSTREAM in full, a limit on its size, and the ways in which it lets people down."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from app.usecases.scanning import EICAR

Way = Literal["well", "mute", "dripping", "hanging up", "babbling"]


@dataclass
class Clamd:
    """Where it listens, how it behaves, and what it was asked. It may change its ways between two questions."""

    address: str
    way: Way = "well"
    limit: int = 1 << 30
    bodies: list[bytes] = field(default_factory=list)


@contextmanager
def clamd(path: Path | None = None) -> Iterator[Clamd]:
    """Listen until the end of the block: on a port of this machine, or at a path."""
    listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listening.bind(str(path) if path else ("127.0.0.1", 0))
    listening.listen()
    made = Clamd(f"unix:{path}" if path else f"127.0.0.1:{listening.getsockname()[1]}")
    over = threading.Event()

    def serve() -> None:
        while True:
            connection, _ = listening.accept()
            with connection:
                if over.is_set():
                    return
                connection.settimeout(10)
                try:
                    _answer(connection, made, over)
                except OSError:
                    continue  # whoever asked went away

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield made
    finally:
        over.set()
        with socket.socket(listening.family) as last:
            last.connect(listening.getsockname())
        thread.join(timeout=20)
        listening.close()


def _answer(connection: socket.socket, asked: Clamd, over: threading.Event) -> None:
    if asked.way == "hanging up":
        return
    with connection.makefile("rb") as told:
        assert told.read(10) == b"zINSTREAM\0"
        body = b""
        while size := struct.unpack(">I", told.read(4))[0]:
            body += told.read(size)
            if len(body) > asked.limit:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        asked.bodies.append(body)
        if asked.way == "mute":
            connection.recv(1)  # until whoever asked gives up
        elif asked.way == "dripping":
            while not over.wait(0.05):
                connection.sendall(b"s")
        elif asked.way == "babbling":
            connection.sendall(b"stream: OK maar niet heus\0")
        else:
            connection.sendall(b"stream: Eicar-Signature FOUND\0" if EICAR in body else b"stream: OK\0")
