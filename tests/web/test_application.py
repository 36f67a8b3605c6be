"""The application as a whole: a promise is only made after it was kept, and every error has its page."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import event
from starlette.testclient import TestClient

from app import errors
from app.crypto import masters
from app.main import NotMigratedError, create_app
from app.settings import Settings
from app.store import migrating, signins
from app.store.rows import LoginAttemptRow
from app.store.types import utc_now
from app.web.deps import Db
from tests.web.conftest import House


@pytest.fixture
def application(settings: Settings) -> FastAPI:
    return create_app(settings)


def attempts(application: FastAPI) -> int:
    with application.state.engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM login_attempt")).scalar_one())


def write(db: Db) -> dict[str, bool]:
    signins.failed(db, LoginAttemptRow(subject_sha256="x", at=utc_now()))
    return {"saved": True}


def test_a_commit_that_fails_never_answers_that_it_was_saved(application: FastAPI):
    application.add_api_route("/schrijf", write, methods=["POST"])

    def full_disk(_connection: Any) -> None:
        raise OSError("disk full")

    with TestClient(application, raise_server_exceptions=False) as client:
        event.listen(application.state.engine, "commit", full_disk)
        failed = client.post("/schrijf")
        event.remove(application.state.engine, "commit", full_disk)
        assert failed.status_code == 500
        assert "saved" not in failed.text
        assert "disk full" not in failed.text
        assert client.post("/schrijf").json() == {"saved": True}
        assert attempts(application) == 1


def test_an_error_halfway_leaves_nothing_behind(application: FastAPI):
    def write_and_stumble(db: Db) -> None:
        write(db)
        db.flush()
        raise errors.NotAllowed("Dit kan nu niet, want het is zondag.")

    application.add_api_route("/schrijf", write_and_stumble, methods=["POST"])
    with TestClient(application) as client:
        refused = client.post("/schrijf")
        assert refused.status_code == 403
        assert "want het is zondag" in refused.text
        assert attempts(application) == 0


@pytest.mark.parametrize(
    ("error", "status"),
    [(errors.NotFound("secret case"), 404), (errors.Stale("somebody was first"), 409), (ValueError("secret"), 500)],
)
def test_every_error_has_a_page_that_tells_nothing_of_the_inside(application: FastAPI, error: Exception, status: int):
    def stumble() -> None:
        raise error

    application.add_api_route("/struikel", stumble)
    with TestClient(application, raise_server_exceptions=False) as client:
        answer = client.get("/struikel")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "secret" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_that_does_not_exist_and_a_method_that_does_not_fit_are_told_in_dutch(application: FastAPI):
    with TestClient(application) as client:
        assert client.get("/bestaat-niet").status_code == 404
        wrong = client.get("/afmelden")
    assert wrong.status_code == 405
    assert "knop" in wrong.text


def test_nothing_is_served_from_a_database_of_another_shape(settings: Settings):
    migrating.downgrade(settings.database)
    with pytest.raises(NotMigratedError), TestClient(create_app(settings)):
        pass


def test_the_log_tells_where_it_went_wrong_and_nothing_that_was_typed(
    application: FastAPI, capsys: pytest.CaptureFixture[str]
):
    def stumble(code: str) -> None:
        raise ValueError(f"cannot read {code}")

    application.add_api_route("/struikel/{code}", stumble)
    with TestClient(application, raise_server_exceptions=False) as client:
        client.get("/struikel/GEHEIM")
    line = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert (line["event"], line["kind"], line["path"]) == ("unexpected_error", "ValueError", "/struikel/{code}")
    assert line["where"][-1].endswith(" stumble")
    assert "GEHEIM" not in repr(line)


def test_health_answers_without_signing_in(application: FastAPI):
    with TestClient(application) as client:
        assert client.get("/gezond").json()["status"] == "ok"


def test_no_page_tells_how_the_product_is_made(application: FastAPI):
    with TestClient(application) as client:
        assert [client.get(path).status_code for path in ("/docs", "/redoc", "/openapi.json")] == [404, 404, 404]


@pytest.mark.parametrize(
    ("who", "begins"),
    [
        ("clerk", "/werklijst"),
        ("principal", "/werklijst"),
        ("analyst", "/werklijst"),
        ("auditor", "/logboek"),
        ("admin", "/mensen"),
    ],
)
def test_everybody_begins_where_their_own_work_is(house: House, who: str, begins: str) -> None:
    answer = house.get(who, "/")
    assert (answer.status_code, answer.headers["location"]) == (303, begins)
    assert house.get(who, begins).status_code == 200


def test_a_candidate_begins_with_the_questionnaire(house: House) -> None:
    case = house.stage.cases["review"]
    answer = house.get("review", "/")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/vragenlijst/{case.id}")


def test_somebody_unknown_begins_at_the_door(house: House) -> None:
    assert house.get("", "/").headers["location"] == "/inloggen"


def test_a_key_file_that_others_can_read_is_told_at_the_start(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "mounted.key"
    masters.create_file(file)
    for mode, told in ((0o600, 0), (0o644, 1)):
        file.chmod(mode)
        with TestClient(create_app(settings.model_copy(update={"master_key_file": file}))) as client:
            assert client.get("/gezond").status_code == 200
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        advice = [line["advice"] for line in lines if line["event"] == "master_key_readable"]
        assert len(advice) == told
    assert f"chmod 600 {file}" in advice[0]
