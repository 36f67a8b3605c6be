"""The product with single sign-on, beside the provider it trusts: fixtures for the tests of both."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.main import create_app
from app.reviews.lifecycle import Role
from app.settings import Settings
from app.store import people
from app.store.engine import Engine, open_session
from app.store.rows import OutboxRow, PersonRow
from tests.databases import Databases

PROVIDER = Path(__file__).parents[1] / "oidc" / "provider.py"
SECRET = "een geheim: met/tekens"
BACK = "/inloggen/organisatie/terug"
ORGANISATION, ELSEWHERE = "Gemeente Voorbeeldstad", "Provincie Middenland"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


@dataclass
class Office:
    """The product with single sign-on, the provider it trusts, and a browser that knows both."""

    client: TestClient
    settings: Settings
    issuer: str
    engine: Engine

    def person(self, sub: str, roles: object = ("griffie",), **claims: object) -> dict[str, object]:
        told = {"sub": sub, "name": "Nadia Netwerk", "email": f"{sub}@voorbeeld.example", **claims}
        return {**told, "roles": roles} if roles is not None else told

    def tell(self, person: Mapping[str, object], wrong: Mapping[str, object] | None = None) -> None:
        body = json.dumps({"person": person, "wrong": wrong or {}}).encode()
        urllib.request.urlopen(f"{self.issuer}/for-tests", body, timeout=10).close()  # noqa: S310 - our own server

    def leave(self, back_to: str = "/werklijst") -> str:
        """Go to the provider; gives the address that this browser is sent to."""
        self.client.cookies.clear()
        answer = self.client.get(f"/inloggen/organisatie?{urlencode({'terug': back_to})}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def at_provider(self, address: str) -> str:
        """Sign in there; gives the path that the browser is sent back to."""
        try:
            urllib.request.build_opener(_Stay).open(address, timeout=10).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            back = answer.headers["location"]
            assert back.startswith(self.settings.base_url + BACK), back
            return str(back.removeprefix(self.settings.base_url))
        raise AssertionError("the provider did not send the browser back")

    def sign_on(self, person: Mapping[str, object], wrong: Mapping[str, object] | None = None) -> httpx2.Response:
        self.tell(person, wrong)
        return self.client.get(self.at_provider(self.leave()))

    def rows(self, kind: Any, *where: Any) -> list[Any]:
        with open_session(self.engine) as db:
            return list(db.exec(select(kind).where(*where)).all())

    def add(self, email: str, organisation: str) -> str:
        """Make an account that was there before single sign-on; gives its id."""
        with open_session(self.engine) as db:
            found = people.organisation_named(db, organisation)
            assert found is not None
            row = PersonRow(organisation_id=found.id, name="Er Al", email=email, role=Role.CLERK, password_hash="x")
            people.add_person(db, row)
            db.commit()
            return row.id

    def change(self, email: str, **values: object) -> None:
        with open_session(self.engine) as db:
            row = db.exec(select(PersonRow).where(PersonRow.email == email)).one()
            for name, value in values.items():
                setattr(row, name, value)
            db.commit()

    def mails(self, email: str) -> list[OutboxRow]:
        """What was mailed to somebody."""
        return [row for row in self.rows(OutboxRow) if row.to_address == email]

    @contextmanager
    def with_settings(self, **values: object) -> Iterator[None]:
        """Let the application have other settings for a while."""
        state: Any = self.client.app
        state.state.settings = self.settings.model_copy(update=values)
        yield
        state.state.settings = self.settings

    def account(self, email: str) -> PersonRow:
        [found] = self.rows(PersonRow, PersonRow.email == email)
        assert isinstance(found, PersonRow)
        return found


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, str(PROVIDER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdin
        assert run.stdout
        yield run.stdout.readline().strip()
        run.stdin.close()
        assert run.wait(timeout=20) == 0


@pytest.fixture(scope="module")
def office(databases: Databases, issuer: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    url, folder = databases.make(), tmp_path_factory.mktemp("office")
    (folder / "secret").write_text(SECRET + "\n", encoding="utf-8")
    settings = Settings.model_construct().model_copy(
        update={
            "data_dir": folder,
            "database_url": url,
            "base_url": "http://testserver",
            "argon2_time_cost": 1,
            "argon2_memory_kib": 8,
            "oidc_issuer": issuer,
            "oidc_client_id": "toetssteen",
            "oidc_client_secret_file": folder / "secret",
            "oidc_organisation": ORGANISATION,
            "oidc_roles": {"griffie": Role.CLERK, "onderzoek": Role.ANALYST, "beheer": Role.ADMIN},
        }
    )
    application = create_app(settings)
    with open_session(application.state.engine) as db:
        for name, tier in ((ORGANISATION, "municipality"), (ELSEWHERE, "province")):
            people.add_organisation(db, name, tier, theme="default", settings={})
        db.commit()
    with TestClient(application, raise_server_exceptions=False, follow_redirects=False) as client:
        yield Office(client, settings, issuer, application.state.engine)
    databases.drop(url)
