"""What was acknowledged is there, whatever happens to the process or to the database while a thousand people type."""

import asyncio
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from subprocess import Popen
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from app.questionnaires.answers import AnswerPath
from app.settings import Settings
from app.store import answers
from app.store.engine import open_engine, open_session
from app.store.rows import CaseRow
from app.usecases import audit_log
from bench.load import status_of
from bench.world import environment, installation, served

CASES = 334
QUESTIONS = (("attitude", "own_points"), ("attitude", "dilemma_neighbour"), ("career", "political_offices"))
"""Section and question; one connection each, so a thousand in all."""
TURNS = 12
ACKNOWLEDGED_BEFORE = 1500
"""After so many answers that were acknowledged the blow falls, with a thousand connections still saving."""


@dataclass
class Typist:
    """One connection that saves one text after another, and remembers which were acknowledged."""

    case: str
    cookie: str
    section: str
    question: str
    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def request(self, text: str, port: int) -> bytes:
        body = urlencode([("gevraagd", self.question), (self.question, text)]).encode()
        return (
            f"POST /vragenlijst/{self.case}/antwoord/{self.question}?op={self.section} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\nCookie: {self.cookie}\r\nSec-Fetch-Site: same-origin\r\nHX-Request: true\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


@dataclass
class Crowd:
    """All typists, and how many answers were acknowledged so far."""

    typists: list[Typist]
    total: int = 0
    awaited: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, total: int) -> None:
        """Wait until so many answers were acknowledged."""
        self.awaited = total
        self.reached.clear()
        if self.total < total:
            await asyncio.wait_for(self.reached.wait(), timeout=60)

    def count(self) -> None:
        self.total += 1
        if self.total >= self.awaited:
            self.reached.set()

    async def type(self, port: int, turns: range, *, tries: int = 1) -> int:
        """Let everybody type at once until they are done or the server is gone. Gives how many were cut off."""
        ended = await asyncio.gather(*(self._one(one, port, turns, tries) for one in self.typists))
        return ended.count(False)

    async def _one(self, typist: Typist, port: int, turns: range, tries: int) -> bool:
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for turn in turns:
                text = f"Wat ik bij keer {turn} schreef."
                for _ in range(tries):
                    writer.write(typist.request(text, port))
                    status = await status_of(reader)
                    if status == 200:
                        typist.acknowledged.append(text)
                        self.count()
                        break
                    typist.refused.append(status)
                    await asyncio.sleep(0.05)
        except (OSError, asyncio.IncompleteReadError):
            return False
        finally:
            if writer is not None:
                writer.close()
        return True


@contextmanager
def crowded(url: str) -> Iterator[tuple[Settings, Crowd]]:
    """A product with a thousand people at its door."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard := resource.getrlimit(resource.RLIMIT_NOFILE)[1]), hard))
    with installation(CASES, database_url=url) as (settings, sessions):
        yield settings, Crowd([Typist(case, cookie, *one) for case, cookie in sessions for one in QUESTIONS])


async def kill_in_the_middle(crowd: Crowd, port: int, process: Popen[bytes]) -> int:
    """Let everybody type, and end the process without warning. Gives how many connections were cut off."""
    typing = asyncio.create_task(crowd.type(port, range(TURNS)))
    await crowd.until(ACKNOWLEDGED_BEFORE)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return await typing


def require_nothing_lost(settings: Settings, crowd: Crowd) -> None:
    """Every acknowledged text stands in the history of its question, and both chains of the audit log are whole."""
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine, writes=False) as db:
        lost = []
        for one in crowd.typists:
            case = db.get_one(CaseRow, one.case)
            kept = {str(tried.answer) for tried in answers.history(db, case, AnswerPath.parse(one.question))}
            lost += [text for text in one.acknowledged if not any(text in row for row in kept)]
        checked = audit_log.check(db)
    engine.dispose()
    assert not lost, f"{len(lost)} acknowledged answers are gone"
    assert checked.whole, checked.faults


def test_no_acknowledged_answer_is_lost_when_the_process_is_killed(own_database_url: str) -> None:
    with crowded(own_database_url) as (settings, crowd):
        with served("app.main:create_app", env=environment(settings), factory=True) as (port, process):
            cut_off = asyncio.run(kill_in_the_middle(crowd, port, process))
        assert crowd.total >= ACKNOWLEDGED_BEFORE
        assert cut_off > len(crowd.typists) // 2, "the blow fell when nearly everybody was done"
        require_nothing_lost(settings, crowd)
        # Nobody has to repair anything: the next start serves the same people, on top of what was there.
        with served("app.main:create_app", env=environment(settings), factory=True) as (port, _):
            assert asyncio.run(crowd.type(port, range(TURNS, TURNS + 1), tries=5)) == 0
        last = f"Wat ik bij keer {TURNS} schreef."
        assert [one for one in crowd.typists if one.acknowledged[-1:] != [last]] == []
        require_nothing_lost(settings, crowd)


@pytest.mark.postgres
def test_the_product_recovers_by_itself_when_the_database_drops_every_connection(own_database_url: str) -> None:
    with crowded(own_database_url) as (settings, crowd):

        async def drop_in_the_middle(port: int) -> int:
            typing = asyncio.create_task(crowd.type(port, range(TURNS), tries=40))
            for share in (4, 2):
                await crowd.until(ACKNOWLEDGED_BEFORE // share)
                await asyncio.to_thread(drop_connections, settings.database)
            return await typing

        with served("app.main:create_app", env=environment(settings), factory=True) as (port, process):
            assert asyncio.run(drop_in_the_middle(port)) == 0
            assert process.poll() is None
        assert {status for one in crowd.typists for status in one.refused} == {503}
        assert [one for one in crowd.typists if len(one.acknowledged) != TURNS] == []
        require_nothing_lost(settings, crowd)


def drop_connections(url: str) -> None:
    """End every other connection to this database, as a restart of the server would."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
