"""A command that is refused says so, keeps nothing, and leaves no connection open."""

import shlex
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.store import engine as engines
from app.store.rows import OrganisationRow
from tests.cli.conftest import Run

REFUSED = {
    "a person without a name": "person add --tier municipality --role clerk --email gerda@voorbeeld.example"
    " --organisation 'Gemeente Nieuw' --name ''",
    "an invitation for somebody unknown": "person invite --email niemand@voorbeeld.example --reason 'Telefoon weg.'",
    "an organisation that is not there": "organisation clerk --organisation Nergens --reason Zo. --closed",
    "somebody who is not who they say": f"inzage {'0' * 26} --to weg --email x@voorbeeld.example --password x --code 1",
}


@pytest.mark.parametrize("typed", REFUSED.values(), ids=REFUSED.keys())
def test_a_command_that_is_refused_keeps_nothing_and_lets_go(
    typed: str, run: Run, own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened: list[Engine] = []
    real = engines.open_engine

    def watched(*given: Any) -> Engine:
        opened.append(real(*given))
        return opened[-1]

    monkeypatch.setattr("app.store.engine.open_engine", watched)
    done = run(*shlex.split(typed), database_url=own_database_url, data_dir=tmp_path)
    assert done.exit_code == 2, done.output
    assert [engine.pool.checkedin() for engine in opened] == [0]  # type: ignore[attr-defined]
    engine = real(own_database_url)
    with engines.open_session(engine, writes=False) as db:
        assert db.exec(select(OrganisationRow.name).where(OrganisationRow.name == "Gemeente Nieuw")).all() == []
    engine.dispose()
