"""A small load generator: keep-alive connections on loopback, a bounded number of requests, latencies of each.

Plain asyncio streams; no library stands between the bytes and the clock. Only ever talks to 127.0.0.1.
"""

import asyncio
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a run of load gave: latencies in seconds, answers by status, and how long it took."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def good(self) -> int:
        """How many requests were answered with 200."""
        return self.statuses.get(200, 0)

    @property
    def per_second(self) -> float:
        """Good answers per second."""
        return self.good / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that `share` of the requests stayed under."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


@dataclass(frozen=True)
class Client:
    """One connection: the session it sends, and the request it makes for its n-th turn."""

    cookie: str
    request: Callable[[int], tuple[str, bytes]]
    """Gives path and form body for turn n."""
    method: str = "POST"


async def run(
    port: int, clients: list[Client], *, turns: int, every: float = 0.0, spread: float = 0.0, warm: int = 0
) -> Outcome:
    """Let every client make `turns` requests, one per `every` seconds (0: as fast as answers come).

    `spread` seconds are used to start the clients one after the other; the first `warm` turns do not count.
    """
    outcome = Outcome()
    # The clock of this process must not stand still while it walks through its own memory.
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    if warm:
        await asyncio.gather(*(_one(port, client, range(warm), Outcome(), 0.0, 0.0) for client in clients))
        began = time.perf_counter()
    await asyncio.gather(
        *(
            _one(port, client, range(warm, warm + turns), outcome, every, spread * number / max(1, len(clients)))
            for number, client in enumerate(clients)
        )
    )
    outcome.seconds = time.perf_counter() - began
    return outcome


async def _one(port: int, client: Client, turns: range, outcome: Outcome, every: float, wait: float) -> None:
    if wait:
        await asyncio.sleep(wait)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    due = time.perf_counter()
    try:
        for turn in turns:
            if every:
                due += every
                await asyncio.sleep(max(0.0, due - every - time.perf_counter()))
            path, body = client.request(turn)
            head = (
                f"{client.method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {client.cookie}\r\n"
                f"Origin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\nHX-Request: true\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            sent = time.perf_counter()
            writer.write(head.encode() + body)
            status = await status_of(reader)
            outcome.latencies.append(time.perf_counter() - sent)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
    finally:
        writer.close()


async def status_of(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end and give its status. Raises IncompleteReadError when the server is gone."""
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    place = lower.find(b"content-length:")
    if place >= 0:
        length = int(lower[place + 15 : lower.index(b"\r\n", place)])
        if length:
            await reader.readexactly(length)
    elif b"transfer-encoding: chunked" in lower:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head[9:12])
