"""A disk that is really full, really closed for writing, or refuses: a clear page, nothing lost, and it goes on by itself."""

import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from typing import IO

import pytest

from app import logs
from app.settings import Settings
from app.store.adding import add
from bench.world import environment, installation, served
from tests.disks import Disk, small_disk
from tests.faults.crowd import LONG, Crowd, in_the_middle, require_nothing_lost

pytestmark = pytest.mark.massive

CANDIDATES = 4
MEGABYTES = 16


class Product:
    """A process of the product whose file stands on a small disk, and everybody who ever saved something in it."""

    def __init__(self, disk: Disk, settings: Settings, sessions: list[tuple[str, str]], said: IO[bytes]) -> None:
        self.disk = disk
        self.crowds: list[Crowd] = []
        self.settings, self._sessions, self._said = settings, sessions, said
        self._running = ExitStack()
        self.port, self.process = 0, None  # type: int, Popen[bytes] | None

    def start(self) -> None:
        self.port, self.process = self._running.enter_context(
            served(
                "app.main:create_app", env=environment(self.settings), factory=True, within=self.disk.within,
                said=self._said,
            )
        )  # fmt: skip

    def kill(self) -> None:
        """End the process as a power cut would."""
        self.require_alive().send_signal(signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        self._running.close()

    def require_alive(self) -> Popen[bytes]:
        assert self.process is not None
        assert self.process.poll() is None, "the process ended"
        return self.process

    def crowd(self, more: str) -> Crowd:
        crowd = Crowd.of(self._sessions, more)
        self.crowds.append(crowd)
        return crowd


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One process for a module; in the end its file is taken from the disk and everything in it is looked at."""
    folder = tmp_path_factory.mktemp("product")
    with (
        small_disk(MEGABYTES) as disk,
        installation(CANDIDATES) as (settings, sessions),
        (folder / "said.txt").open("wb") as said,
    ):
        shutil.copytree(settings.data_dir, disk.folder / "data")
        running = Product(disk, moved(settings, disk.inside / "data"), sessions, said)
        running.start()
        yield running
        running.stop()
        shutil.copytree(disk.folder / "data", folder / "back")
        for crowd in running.crowds:
            require_nothing_lost(moved(settings, folder / "back"), crowd)


def moved(settings: Settings, folder: Path) -> Settings:
    """The same installation in another folder."""
    return settings.model_copy(update={"data_dir": folder})


@pytest.mark.small_disk
def test_when_the_disk_is_full_everybody_finishes_when_there_is_room(product: Product) -> None:
    crowd = product.crowd(f"{LONG} De schijf was vol.")
    asyncio.run(in_the_middle(crowd, product.port, product.disk.fill, product.disk.make_room))
    product.require_alive()


@pytest.mark.small_disk
def test_when_the_system_refuses_every_write_everybody_finishes_when_it_takes_them(product: Product) -> None:
    """Not even the log can be written. SQLite sees what it sees on a disk that the system closed because of errors."""
    limit, pid = resource.RLIMIT_FSIZE, product.require_alive().pid
    before = resource.prlimit(pid, limit)
    crowd = product.crowd(f"{LONG} De schijf weigerde.")
    blow = in_the_middle(
        crowd,
        product.port,
        lambda: resource.prlimit(pid, limit, (0, before[1])),
        lambda: resource.prlimit(pid, limit, before),
    )
    asyncio.run(blow)
    product.require_alive()


@pytest.mark.small_disk
def test_after_a_power_cut_a_disk_closed_for_writing_lets_nobody_start_until_it_is_opened(product: Product) -> None:
    """A process that began on such a disk would go on reading only, also after the disk was opened."""
    crowd = product.crowd(" De stroom viel uit.")
    assert asyncio.run(crowd.type(product.port, range(1))) == 0
    product.kill()  # the last changes are not in the main file yet
    product.disk.close_for_writing()
    require_refused(product.disk, product.settings, "closed for writing")
    product.disk.open_for_writing()
    product.start()
    assert asyncio.run(crowd.type(product.port, range(1, 2))) == 0
    assert [one for one in crowd.typists if one.acknowledged[-1] != crowd.text(1)] == []


@pytest.mark.small_disk
def test_a_process_that_cannot_start_because_the_disk_is_full_says_what_to_do() -> None:
    with small_disk(MEGABYTES) as disk, installation(0) as (settings, _):
        shutil.copytree(settings.data_dir, disk.folder / "data")
        disk.fill()
        require_refused(disk, moved(settings, disk.inside / "data"), "make room")


def require_refused(disk: Disk, settings: Settings, advice: str) -> None:
    """The command to serve ends, and says why."""
    done = subprocess.run(
        [*disk.within, sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "1"],
        env=os.environ | environment(settings), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert '"event": "cannot_start"' in done.stderr
    assert advice in done.stderr


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse what makes a file longer than this, after taking what still fits: as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_lines_that_do_not_fit_leave_no_half_line_behind(tmp_path: Path) -> None:
    file = tmp_path / "lines"
    add(file, b"first\n")
    with no_file_longer_than(12), pytest.raises(OSError, match="File too large"):
        add(file, b"second\nthird\n")
    assert file.read_bytes() == b"first\n"
    add(file, b"fourth\n")
    assert file.read_bytes() == b"first\nfourth\n"


def test_lines_can_go_where_nothing_can_be_taken_back() -> None:
    reading, writing = os.pipe()
    add(Path(f"/proc/self/fd/{writing}"), b"first\n")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"first\n"


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    said = 0
    # Closing the file says again what could not be said: that may fail.
    with suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as full, monkeypatch.context() as changed:
        changed.setattr(sys, "stderr", full)
        for say in (logs.error, logs.noted):
            say("storage_full", path="/")
            said += 1
    assert said == 2
