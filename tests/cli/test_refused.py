"""A command that is refused says so, keeps nothing, and leaves no connection open."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.crypto.masters import from_own_file
from app.store import engine as engines
from app.store.rows import OrganisationRow
from tests.cli.conftest import Run

PERSON = ("person", "add", "--tier", "municipality", "--role", "clerk", "--email", "gerda@voorbeeld.example")
REFUSED = {
    "a person without a name": (*PERSON, "--organisation", "Gemeente Nieuw", "--name", ""),
    "an invitation for somebody unknown": (
        "person",
        "invite",
        "niemand@voorbeeld.example",
        "--reason",
        "Telefoon weg.",
    ),
    "an organisation that is not there": (
        "organisation",
        "clerk",
        "--organisation",
        "Nergens",
        "--reason",
        "Zo.",
        "--closed",
    ),
    "somebody who is not who they say": (
        "inzage",
        "0" * 26,
        "--email",
        "x@voorbeeld.example",
        "--password",
        "x",
        "--code",
        "1",
    ),
}


@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED.keys())
def test_a_command_that_is_refused_keeps_nothing_and_lets_go(
    words: tuple[str, ...], run: Run, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened: list[Engine] = []
    real = engines.open_engine

    def watched(*given: Any) -> Engine:
        opened.append(real(*given))
        return opened[-1]

    monkeypatch.setattr("app.store.engine.open_engine", watched)
    key = tmp_path / "master.key"
    from_own_file(key)
    monkeypatch.chdir(tmp_path)
    done = run(*words, database=database_url, master_key_file=key, data_dir=tmp_path)
    assert done.exit_code == 2, done.output
    assert [engine.pool.checkedin() for engine in opened] == [0]  # type: ignore[attr-defined]
    engine = real(database_url)
    with engines.open_session(engine, writes=False) as db:
        assert db.exec(select(OrganisationRow.name).where(OrganisationRow.name == "Gemeente Nieuw")).all() == []
    engine.dispose()
