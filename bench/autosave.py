"""P4: saving an answer while somebody types, end to end, against bare ASGI with one raw transaction a save.

Run: uv run python -m bench.autosave [saves per client] [rounds]
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.load import Client, Outcome, run
from bench.world import environment, installation, served

CONNECTIONS = 64
QUESTIONS = (
    ("office", "is_adult", ("yes", "no")),
    ("office", "same_office_elsewhere", ("no", "yes")),
    ("money", "money_matters", ("none", "arrears")),
    ("family", "community_property", ("no", "yes")),
)
"""Section, question and two answers in turn: every save changes something, and some bring up other questions."""


def client(case: str, cookie: str) -> Client:
    """A candidate who keeps changing answers."""

    def request(turn: int) -> tuple[str, bytes]:
        section, question, answers = QUESTIONS[turn % len(QUESTIONS)]
        value = answers[(turn // len(QUESTIONS)) % 2]
        body = urlencode([("gevraagd", question), (question, value)]).encode()
        return f"/vragenlijst/{case}/antwoord/{quote(question)}?op={section}", body

    return Client(cookie, request)


def measure(turns: int, rounds: int) -> tuple[list[Outcome], list[Outcome]]:
    """Ours and the limit, in turn."""
    ours: list[Outcome] = []
    limit: list[Outcome] = []
    with installation(CONNECTIONS) as (settings, sessions), tempfile.TemporaryDirectory() as folder:
        clients = [client(case, cookie) for case, cookie in sessions]
        with (
            served("app.main:create_app", env=environment(settings), factory=True) as (our_port, _),
            served("bench.bare:app", env={"BARE_DB": str(Path(folder) / "bare.db")}) as (bare_port, _),
        ):
            asyncio.run(run(our_port, clients, turns=8))
            asyncio.run(run(bare_port, clients, turns=8))
            offset = 8
            for _ in range(rounds):
                ours.append(asyncio.run(run(our_port, [later(one, offset) for one in clients], turns=turns)))
                limit.append(asyncio.run(run(bare_port, clients, turns=turns)))
                offset += turns
    return ours, limit


def later(one: Client, offset: int) -> Client:
    """The same candidate, `offset` turns further on."""
    return Client(one.cookie, lambda turn: one.request(turn + offset))


def lines() -> Iterator[str]:
    """Measure and tell."""
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004 - the second argument
    ours, limit = measure(turns, rounds)
    ratios = [a.per_second / b.per_second for a, b in zip(ours, limit, strict=True)]
    for name, outcomes in (("ours", ours), ("limit", limit)):
        rates = [one.per_second for one in outcomes]
        yield (
            f"P4  {name:6} {statistics.median(rates):6.0f} saves/s ({min(rates):.0f}–{max(rates):.0f}), "
            f"p50 {statistics.median(one.percentile(0.5) for one in outcomes):.0f} ms, "
            f"p99 {statistics.median(one.percentile(0.99) for one in outcomes):.0f} ms, {outcomes[0].statuses}"
        )
    yield f"P4  {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}), to reach ≥ 0.2, goal ≥ 1.2"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in lines())
