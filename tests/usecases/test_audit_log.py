"""Where the log ends is written down elsewhere, now and then and by itself."""

import json
import threading
from pathlib import Path

import pytest

from app.accounts.actor import system_actor
from app.settings import Settings
from app.store.engine import open_engine, open_session
from app.usecases import audit_log
from tests.store.chains import write


def test_the_server_adds_where_the_log_ends_to_a_file(settings: Settings, tmp_path: Path):
    kept = tmp_path / "heads.jsonl"
    chosen = settings.model_copy(update={"audit_heads": str(kept)})
    engine = open_engine(settings.database)
    audit_log.export_once(engine, chosen)
    with open_session(engine) as db:
        write(db, system_actor("o"), 3, "0casea")
        db.commit()
    stop = threading.Event()
    stop.set()
    audit_log.export_until(engine, chosen, stop)
    engine.dispose()
    assert [json.loads(line)["number"] for line in kept.read_text().splitlines()] == [0, 3]
    assert [one.number for one in audit_log.read_heads(kept)] == [0, 3]


def test_without_a_file_nothing_is_exported(settings: Settings):
    engine = open_engine(settings.database)
    audit_log.export_until(engine, settings, threading.Event())  # would wait for ever
    engine.dispose()


def test_an_export_that_fails_stops_nothing(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    engine = open_engine(settings.database)
    audit_log.export_once(engine, settings.model_copy(update={"audit_heads": str(tmp_path)}))
    engine.dispose()
    assert "audit_heads_not_exported" in capsys.readouterr().err
