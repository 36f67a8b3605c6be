"""What was acknowledged is there, whatever happens to the process or to the database while a thousand people type."""

import asyncio
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

import pytest
import sqlalchemy as sa

from app.settings import Settings
from bench.world import environment, installation, served
from tests.faults.crowd import Crowd, require_nothing_lost

pytestmark = pytest.mark.massive

CASES = 334
"""With three questions each a thousand connections in all."""
TURNS = 12
ACKNOWLEDGED_BEFORE = 1500
"""After so many answers that were acknowledged the blow falls, with a thousand connections still saving."""


@contextmanager
def crowded(url: str) -> Iterator[tuple[Settings, Crowd]]:
    """A product with a thousand people at its door."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard := resource.getrlimit(resource.RLIMIT_NOFILE)[1]), hard))
    with installation(CASES, database_url=url) as (settings, sessions):
        yield settings, Crowd.of(sessions)


async def kill_in_the_middle(crowd: Crowd, port: int, process: Popen[bytes]) -> int:
    """Let everybody type, and end the process without warning. Gives how many connections were cut off."""
    typing = asyncio.create_task(crowd.type(port, range(TURNS)))
    await crowd.until(ACKNOWLEDGED_BEFORE)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return await typing


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
        last = crowd.text(TURNS)
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
