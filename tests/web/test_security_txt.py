"""Where somebody reports a weakness."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings


def said(folder: Path, contact: str) -> tuple[int, str]:
    settings = Settings.model_construct(
        data_dir=folder, base_url="https://toets.voorbeeldstad.example", security_contact=contact
    )
    # Not as a context: this page asks nothing of a database, so none is needed.
    answer = TestClient(create_app(settings)).get("/.well-known/security.txt")
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("contact", "where"),
    [
        ("veilig@voorbeeldstad.example", "mailto:veilig@voorbeeldstad.example"),
        ("https://voorbeeldstad.example/kwetsbaarheid", "https://voorbeeldstad.example/kwetsbaarheid"),
    ],
)
def test_the_contact_stands_there_until_a_day_within_a_year(tmp_path: Path, contact: str, where: str):
    status, text = said(tmp_path, contact)
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert status == 200
    assert fields["Contact"] == where
    assert fields["Canonical"] == "https://toets.voorbeeldstad.example/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


def test_without_a_contact_there_is_no_page(tmp_path: Path):
    assert said(tmp_path, "")[0] == 404
