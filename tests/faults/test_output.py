"""What a process of the product says on its output and leaves in its folder: nothing that anybody typed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.settings import Settings
from app.store.engine import open_engine, open_session
from tests.databases import Databases
from tests.e2e.stage import Stage
from tests.usecases.world import make_world

pytestmark = pytest.mark.massive

ROOT = Path(__file__).parents[2]
TYPED = "Kanarie-uitvoer-Qz7"
PATIENT = 60
"""Seconds to wait for an answer: how fast a busy machine answers is not what these tests are about."""


@dataclass
class Running:
    """A process of the product: where it listens, and what it has said so far."""

    url: str
    said: Path
    process: subprocess.Popen[bytes]

    def lines(self) -> list[dict[str, object]]:
        """What it said; every line is JSON."""
        return [json.loads(line) for line in self.said.read_text(encoding="utf-8").splitlines()]


def environment(settings: Settings, **more: str) -> dict[str, str]:
    own = {
        "TOETSSTEEN_DATA_DIR": str(settings.data_dir),
        "TOETSSTEEN_DATABASE_URL": settings.database,
        "TOETSSTEEN_BASE_URL": settings.base_url,
        "TOETSSTEEN_ARGON2_TIME_COST": "1",
        "TOETSSTEEN_ARGON2_MEMORY_KIB": "8",
        "PYTHONPATH": str(ROOT),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOETSSTEEN_")}
    return kept | own | more


@contextmanager
def running(settings: Settings, folder: Path) -> Iterator[Running]:
    port = settings.base_url.rpartition(":")[2]
    said = folder / "said.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.faulty", "serve", "--port", port],
            stdout=out, stderr=subprocess.STDOUT, env=environment(settings), cwd=ROOT,
        )  # fmt: skip
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until and process.poll() is None:
                try:
                    httpx2.get(f"{settings.base_url}/gezond", timeout=PATIENT)
                    break
                except httpx2.TransportError:
                    time.sleep(0.1)
            yield Running(settings.base_url, said, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


@pytest.fixture
def prepared(databases: Databases, tmp_path: Path) -> Iterator[Stage]:
    """A database with an authority in it, for a process that has yet to start."""
    url = databases.make()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    plain = Settings.model_construct()
    settings = plain.model_copy(
        update={
            "data_dir": tmp_path / "data", "database_url": url, "base_url": f"http://127.0.0.1:{port}",
            "argon2_time_cost": 1, "argon2_memory_kib": 8,
        }
    )  # fmt: skip
    settings.data_dir.mkdir()
    engine = open_engine(settings.database, settings.master_keys)
    with open_session(engine) as db:
        stage = Stage(settings, make_world(db, settings))
        db.commit()
    engine.dispose()
    yield stage
    databases.drop(url)


def test_a_process_says_nothing_that_anybody_typed(prepared: Stage, tmp_path: Path) -> None:
    case = prepared.answering()
    with running(prepared.settings, tmp_path) as product, ExitStack() as beside:
        typist = beside.enter_context(
            httpx2.Client(
                base_url=product.url,
                timeout=PATIENT,
                headers={
                    "cookie": f"toetssteen={case.session}", "origin": product.url, "sec-fetch-site": "same-origin",
                },
            )
        )  # fmt: skip
        saved = typist.post(f"{case.form}/attitude", data={"gevraagd": "own_points", "own_points": TYPED})
        assert saved.status_code in {200, 303}
        assert TYPED in typist.get(f"{case.form}/attitude").text
        # Refused in many ways: unknown address, other site, no such kind of file, a line that is no HTTP at all.
        typist.get(f"/{TYPED}?zoek={TYPED}")
        typist.post(f"{case.form}/attitude", data={"own_points": TYPED}, headers={"sec-fetch-site": "cross-site"})
        typist.post(f"{case.form}/bijlagen", files={"bestand": (f"{TYPED}.exe", TYPED.encode())})
        with socket.create_connection(("127.0.0.1", int(product.url.rpartition(":")[2]))) as raw:
            raw.sendall(f"GET {TYPED} {TYPED}/9.9\r\n\r\n".encode())
            raw.recv(1000)
        wrong = {kind: typist.get(f"/fout/{kind}", params={"typed": TYPED}).status_code for kind in KINDS}
    assert wrong == {kind: 500 if kind in {"error", "database"} else 200 for kind in KINDS}
    assert TYPED not in product.said.read_text(encoding="utf-8")
    told = [(line["event"], line.get("kind"), line.get("logger")) for line in product.lines()]
    for expected in (
        ("unexpected_error", "ValueError", None),
        ("unexpected_error", "IntegrityError", None),
        ("thread_crashed", "ValueError", None),
        ("not_raised", "ValueError", None),
        ("said_by_a_library", "ValueError", "asyncio"),
        ("said_by_a_library", "ValueError", "een.bibliotheek"),
        ("said_by_a_library", None, "een.bibliotheek"),
        ("said_by_a_library", None, "py.warnings"),
    ):
        assert expected in told, told
    left = [file for file in prepared.settings.data_dir.rglob("*") if file.is_file()]
    assert left, "the folder of the product is elsewhere"
    assert [file.name for file in left if TYPED.encode() in file.read_bytes()] == []


KINDS = ("error", "database", "thread", "destructor", "task", "library", "warning")


@pytest.mark.parametrize(
    ("fault", "command", "event", "code"),
    [
        ("lifespan", ("serve", "--port", "1"), "said_by_a_library", 3),
        ("command", ("outbox", "run"), "command_failed", 1),
    ],
)
def test_a_process_that_cannot_go_on_says_where_and_not_what(
    prepared: Stage, fault: str, command: tuple[str, ...], event: str, code: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.faulty", *command],
        env=environment(prepared.settings, FAULT_AT_START=fault, TYPED=TYPED),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, TYPED in done.stdout + done.stderr) == (code, False), done.stderr
    assert event in done.stderr


def test_nobody_else_on_the_machine_reads_what_a_process_writes_and_a_crash_writes_no_memory(
    prepared: Stage, tmp_path: Path
) -> None:
    data = tmp_path / "own"
    url = f"sqlite:///{data / 'own.db'}"
    own = environment(prepared.settings, TOETSSTEEN_DATA_DIR=str(data), TOETSSTEEN_DATABASE_URL=url)
    # As a shell of a careless machine would start it.
    loose = [
        "sh",
        "-c",
        'umask 000; ulimit -c unlimited 2>/dev/null; exec "$0" "$@"',
        sys.executable,
        "-c",
        "from app import cli; cli.main()",
    ]
    migrated = subprocess.run([*loose, "migrate"], env=own, cwd=ROOT, check=False, capture_output=True)
    assert migrated.returncode == 0, migrated.stderr
    assert [one.name for one in data.rglob("*") if one.is_file() and one.stat().st_mode & 0o027] == []
    with running(prepared.settings, tmp_path) as product:
        limits = Path(f"/proc/{product.process.pid}/limits").read_text(encoding="ascii")
    (core,) = (line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]


def test_a_server_on_an_old_database_says_what_to_do(databases: Databases, prepared: Stage) -> None:
    url = databases.bare()
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.faulty", "serve", "--port", "1"],
        env=environment(prepared.settings, TOETSSTEEN_DATABASE_URL=url),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "run: toetssteen migrate" in done.stderr
    databases.drop(url)


def test_the_text_of_a_database_error_holds_no_values(own_database_url: str) -> None:
    engine = open_engine(own_database_url)
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TEMPORARY TABLE kept (word TEXT NOT NULL, other TEXT)"))
        with pytest.raises(IntegrityError) as caught:
            connection.execute(sa.text("INSERT INTO kept VALUES (NULL, :word)"), {"word": TYPED})
    engine.dispose()
    # The driver of PostgreSQL may still name the row (its DETAIL): that is why no message of an error goes out at all.
    assert TYPED not in str(caught.value).replace(str(caught.value.orig), "")
