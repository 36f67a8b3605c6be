"""A PostgreSQL server that has no room, or is started again: a clear page, nothing lost, and we go on by ourselves."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import pytest

from app.settings import Settings
from bench.world import environment, installation, served
from tests.disks import Disk, small_disk
from tests.faults.crowd import LONG, Crowd, in_the_middle, require_nothing_lost
from tests.faults.own_server import OwnServer, own_server

pytestmark = [pytest.mark.massive, pytest.mark.postgres, pytest.mark.small_disk]
CANDIDATES = 4


@dataclass
class Product:
    """A process of the product, with a database server of its own that has its data and its log on small disks."""

    data: Disk
    log: Disk
    server: OwnServer
    settings: Settings
    sessions: list[tuple[str, str]]
    port: int
    process: Popen[bytes]


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with ExitStack() as beside:
        data, log = beside.enter_context(small_disk(80)), beside.enter_context(small_disk(24))
        sockets = beside.enter_context(tempfile.TemporaryDirectory(prefix="toetssteen-"))
        server = beside.enter_context(own_server(data.folder / "data", log.folder / "wal", Path(sockets)))
        settings, sessions = beside.enter_context(installation(CANDIDATES, database_url=server.url))
        target, env = "app.main:create_app", environment(settings)
        port, process = beside.enter_context(served(target, env=env, factory=True))
        yield Product(data, log, server, settings, sessions, port, process)


def test_when_the_disk_with_the_data_is_full_everybody_finishes_when_there_is_room(product: Product) -> None:
    crowd = Crowd.of(product.sessions, f"{LONG} De schijf was vol.")
    asyncio.run(in_the_middle(crowd, product.port, product.data.fill, product.data.make_room))
    assert product.server.runs()
    assert product.process.poll() is None
    require_nothing_lost(product.settings, crowd)


def test_when_the_disk_with_the_log_is_full_everybody_finishes_when_somebody_starts_the_server(
    product: Product,
) -> None:
    ran = []

    def fill_to_the_last_piece() -> None:
        product.log.fill()
        product.server.use_up_log()

    def start_again() -> None:
        ran.append(product.server.runs())
        product.log.make_room()
        product.server.start()

    crowd = Crowd.of(product.sessions, f"{LONG} Het logboek was vol.")
    asyncio.run(in_the_middle(crowd, product.port, fill_to_the_last_piece, start_again))
    assert ran == [False], "the server goes on with a full log by now: then the documentation asks too much"
    assert product.process.poll() is None
    require_nothing_lost(product.settings, crowd)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_when_the_server_is_stopped_everybody_finishes_when_it_is_started(product: Product, mode: str) -> None:
    crowd = Crowd.of(product.sessions, f" De server werd gestopt ({mode}).")
    asyncio.run(in_the_middle(crowd, product.port, lambda: product.server.stop(mode), product.server.start))
    assert product.process.poll() is None
    require_nothing_lost(product.settings, crowd)
