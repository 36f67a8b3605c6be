"""P5 and P11: every candidate of the country at once, each saving one answer every so many seconds.

    python -m bench.nation [connections] [seconds between saves] [saves each]

With DATABASE_URL set it runs on that PostgreSQL server as well; it needs a role that may create databases.
"""

import asyncio
import os
import resource
import sys
from collections.abc import Iterator

from bench.autosave import client, later
from bench.load import run
from bench.world import environment, installation, served

CANDIDATES = 1700
EVERY = 5.0
TURNS = 6


def measure(connections: int, every: float, turns: int, database_url: str = "") -> Iterator[str]:
    """Serve a country and tell what share was served, how slowly, and with how much of a core."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with installation(connections, organisations=10, database_url=database_url) as (settings, sessions):
        clients = [client(case, cookie) for case, cookie in sessions]
        # What is measured starts at the second answer: giving the first one again would change nothing, and take
        # another road.
        counted = [later(one, 1) for one in clients]
        with served("app.main:create_app", env=environment(settings), factory=True) as (port, process):
            asyncio.run(run(port, clients, turns=1, every=every, spread=20.0))
            before = cpu_seconds(process.pid)
            outcome = asyncio.run(run(port, counted, turns=turns, every=every, spread=every))
            cores = (cpu_seconds(process.pid) - before) / outcome.seconds
            memory = resident(process.pid)
    share = outcome.good / (len(clients) * turns)
    engine = "PostgreSQL" if database_url else "SQLite"
    yield (
        f"P5  {engine}: {len(clients)} candidates, one save per {every:g} s: {share:.1%} served, "
        f"p50 {outcome.percentile(0.5):.0f} ms, p99 {outcome.percentile(0.99):.0f} ms, {cores:.2f} core, "
        f"to reach ≥ 98 %, p99 ≤ 100 ms, ≤ 1 core"
    )
    yield f"P11 {memory:.0f} MB resident with {len(clients)} open cases, to reach ≤ 400, goal ≤ 250"


def cpu_seconds(process: int) -> float:
    """Seconds of processor a process has used."""
    with open(f"/proc/{process}/stat", encoding="ascii") as file:  # noqa: PTH123 - a kernel file
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(process: int) -> float:
    """Megabytes of memory a process holds."""
    with open(f"/proc/{process}/statm", encoding="ascii") as file:  # noqa: PTH123 - a kernel file
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def lines() -> Iterator[str]:
    """Measure and tell."""
    connections = int(sys.argv[1]) if len(sys.argv) > 1 else CANDIDATES
    every = float(sys.argv[2]) if len(sys.argv) > 2 else EVERY  # noqa: PLR2004 - the second argument
    turns = int(sys.argv[3]) if len(sys.argv) > 3 else TURNS  # noqa: PLR2004 - the third argument
    yield from measure(connections, every, turns)
    if url := os.environ.get("DATABASE_URL"):
        yield from measure(connections, every, turns, url)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
