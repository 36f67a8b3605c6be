"""A product full of candidates, for measurements: made through the same use cases as the real one."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from sqlmodel import Session

from app.accounts.actor import Actor
from app.accounts.sessions import start_for_candidate, start_for_person
from app.cli.running import KEEP_ALIVE
from app.questionnaires.context import Tier
from app.reviews.lifecycle import Action, Role
from app.settings import Settings
from app.store import cases, migrating, signins
from app.store.engine import open_engine, open_session
from app.usecases import people, rounds
from app.web.deps import cookie_name

PASSWORD = "een-heel-lang-wachtwoord"  # noqa: S105 - of invented people


def signed_in(db: Session, settings: Settings, email: str) -> Actor:
    """Give somebody a session without asking for proof: what is measured comes after that."""
    person = signins.person_by_email(db, email)
    assert person is not None
    return start_for_person(db, settings, person, "").actor


@contextmanager
def installation(
    candidates: int, *, database_url: str = "", organisations: int = 1
) -> Iterator[tuple[Settings, list[tuple[str, str]]]]:
    """Give settings, and for each candidate the case and the cookie of a session in it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder), database_url=database_url, argon2_time_cost=1, argon2_memory_kib=8,
            cached_cases=max(2000, candidates),
        )  # fmt: skip
        migrating.upgrade(settings.database)
        engine = open_engine(settings.database, settings.master_keys)
        sessions: list[tuple[str, str]] = []
        with open_session(engine) as db:
            for number in range(organisations):
                sessions += _organisation(db, settings, number, candidates // organisations)
            db.commit()
        engine.dispose()
        yield settings, sessions


def _organisation(db: Session, settings: Settings, number: int, candidates: int) -> list[tuple[str, str]]:
    email = f"griffier{number}@voorbeeldstad.example"
    people.add_person_by_command(
        db, settings, organisation=f"Gemeente Voorbeeldstad {number}", tier=Tier.MUNICIPALITY, name="Noor van Dijk",
        email=email, role=Role.CLERK, password=PASSWORD,
    )  # fmt: skip
    clerk = signed_in(db, settings, email)
    planned = rounds.open_round(db, clerk, "Collegevorming", date.today() + timedelta(days=60))  # noqa: DTZ011 - any day will do
    assert isinstance(planned, rounds.RoundLine)
    found = []
    for index in range(candidates):
        new = rounds.NewCase(name=f"Kandidaat {index}", email=f"k{index}@voorbeeld.example", portfolio=("spatial",))
        line = rounds.add_case(db, clerk, planned.id, new)
        assert not isinstance(line, tuple)
        access = cases.access(db, clerk, line.id)
        cases.move(db, access, Action.INVITE)
        session = start_for_candidate(db, settings, access.case, "127.0.0.1")
        cases.move(db, cases.access(db, session.actor, line.id), Action.ENTER)
        found.append((line.id, f"{cookie_name(settings)}={session.token}"))
    return found


@contextmanager
def served(
    target: str, *, env: dict[str, str], factory: bool = False, within: tuple[str, ...] = (),
    said: IO[bytes] | None = None,
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:  # fmt: skip
    """Serve an application in a process of its own on a free loopback port.

    `within` stands before its command; `said` takes what it says about itself.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *within,
        sys.executable,
        "-m",
        "uvicorn",
        target,
        "--port",
        str(port),
        "--log-level",
        "error",
        "--no-access-log",
    ]
    command += ["--timeout-keep-alive", str(KEEP_ALIVE)]
    command += ["--factory"] if factory else []
    process = subprocess.Popen(command, env={**os.environ, **env}, stderr=said)
    try:
        _wait(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def environment(settings: Settings) -> dict[str, str]:
    """Give the settings as variables for a process."""
    return {
        "TOETSSTEEN_DATABASE_URL": settings.database,
        "TOETSSTEEN_DATA_DIR": str(settings.data_dir),
        "TOETSSTEEN_ARGON2_TIME_COST": "1",
        "TOETSSTEEN_ARGON2_MEMORY_KIB": "8",
        "TOETSSTEEN_CACHED_CASES": str(settings.cached_cases),
    }
