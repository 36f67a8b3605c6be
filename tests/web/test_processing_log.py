"""The processing log: a record for each processing of a person's data, in the trace of the request, and nobody's name."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app.settings import Environment, Settings
from app.store import audit, processing
from app.store.engine import open_engine
from app.store.processing import pseudonym
from app.store.rows import AuditRow
from tests.web.conftest import House

KEY = "a key that is long enough for a name"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(audit, "READ_AGAIN_SECONDS", 0)
    path = tmp_path / "processing.jsonl"
    processing.write_to(str(path), "https://voorbeeldstad.example/register/7", KEY)
    yield path
    processing.write_to("")


def records(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_reading_is_a_record_in_the_trace_it_came_with(house: House, kept: Path) -> None:
    case = house.stage.cases["review"]
    headers = {"cookie": f"toetssteen={house.stage.sessions['analyst']}"}
    headers["traceparent"] = f"00-{TRACE}-{PARENT}-01"
    assert house.client.get(f"/zaken/{case.id}/beoordeling", headers=headers).status_code == 200
    (record,) = records(kept)
    assert record["attributes"] == {
        "dpl.core.processing_activity_id": "https://voorbeeldstad.example/register/7",
        "dpl.core.data_subject_id": pseudonym(KEY.encode(), case.id),
    }
    assert (record["trace_id"], record["parent_operation_id"]) == (TRACE, PARENT)
    assert (record["name"], record["status_code"]) == ("case_read", "OK")
    assert str(record["start_time"]) <= str(record["end_time"])
    assert len(str(record["operation_id"])) == 16
    text = kept.read_text()
    assert not [word for word in (case.id, "Olga", "Anna Veld", "analyst", "testclient") if word in text]


def test_both_logs_name_the_same_operation(house: House, kept: Path) -> None:
    house.get("analyst", f"/zaken/{house.stage.cases['review'].id}/beoordeling")
    engine = open_engine(house.stage.settings.database)
    with Session(engine) as db:
        line = db.exec(select(AuditRow).order_by(col(AuditRow.number).desc()).limit(1)).one()
    engine.dispose()
    assert [record["operation_id"] for record in records(kept)] == [line.operation]


def test_a_save_on_the_fast_road_is_a_record(house: House, kept: Path) -> None:
    case = house.stage.answering()
    kept.unlink()
    address = f"{case.form}/antwoord/is_resident?op=office"
    assert house.post(case, address, {"is_resident": "yes"}, htmx=True).status_code == 200
    assert [record["name"] for record in records(kept)] == ["answer_saved"]
    assert house.post(case, address, {"is_resident": "yes"}, htmx=True).status_code == 200
    assert len(records(kept)) == 1


def test_what_was_begun_and_taken_back_is_an_error(session: Session, kept: Path) -> None:
    from app.accounts.actor import system_actor  # noqa: PLC0415 - only here

    audit.append(session, system_actor("o"), "did_something", "case", "c", case_id="c")
    session.rollback()
    assert [record["status_code"] for record in records(kept)] == ["ERROR"]


@pytest.mark.parametrize(
    "header", ["", "nonsense", f"ff-{TRACE}-{PARENT}-01", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01"]
)
def test_a_trace_that_cannot_be_read_is_a_new_one(header: str) -> None:
    first, second = processing.trace_of(header), processing.trace_of(header)
    assert len(first.id) == 32
    assert first.id not in {second.id, TRACE}
    assert first.parent == ""


def test_the_log_can_go_to_standard_output(capsys: pytest.CaptureFixture[str], session: Session) -> None:
    from app.accounts.actor import system_actor  # noqa: PLC0415 - only here

    processing.write_to("-")
    audit.append(session, system_actor("o"), "did_something", "case", "c", case_id="c")
    audit.append(session, system_actor("o"), "did_something", "thing", "t")
    session.commit()
    processing.write_to("")
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == ["did_something"]


def test_a_full_disk_stops_nothing(capsys: pytest.CaptureFixture[str], session: Session, tmp_path: Path) -> None:
    from app.accounts.actor import system_actor  # noqa: PLC0415 - only here

    processing.write_to(str(tmp_path))
    audit.append(session, system_actor("o"), "did_something", "case", "c", case_id="c")
    session.commit()
    processing.write_to("")
    assert "processing_log_failed" in capsys.readouterr().err


def test_production_wants_a_key_for_the_names() -> None:
    plain = Settings.model_construct(environment=Environment.PRODUCTION, processing_log="x", processing_log_key="short")
    assert [one for one in plain.unsafe() if "PROCESSING_LOG_KEY" in one]
