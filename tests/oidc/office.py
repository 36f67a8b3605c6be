"""The product with single sign-on, beside the provider it trusts: fixtures for the tests of both."""

import json
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
from app.store.rows import AuditRow, OutboxRow, PersonRow
from tests.databases import Databases
from tests.oidc.providers import BACK, Browser, Provider, running

ORGANISATION, ELSEWHERE = "Gemeente Voorbeeldstad", "Provincie Middenland"
BASE = "http://testserver"


@dataclass
class Office:
    """The product with single sign-on, the provider it trusts, and a browser that knows both."""

    client: TestClient
    settings: Settings
    provider: Provider
    engine: Engine
    subject: str = ""

    @property
    def issuer(self) -> str:
        return self.provider.issuer

    def person(self, sub: str, roles: object = ("griffie",), **claims: object) -> dict[str, object]:
        told = {"sub": sub, "name": "Nadia Netwerk", "email": f"{sub}@voorbeeld.example", **claims}
        return {**told, "roles": roles} if roles is not None else told

    def tell(self, person: Mapping[str, object], wrong: Mapping[str, object] | None = None) -> None:
        """Give somebody an account at the provider; whoever signs in there next is this one."""
        self.provider.knows(person, wrong)
        self.subject = str(person["sub"])

    def leave(self, back_to: str = "/werklijst") -> str:
        """Go to the provider; gives the address that this browser is sent to."""
        self.client.cookies.clear()
        answer = self.client.get(f"/inloggen/organisatie?{urlencode({'terug': back_to})}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def at_provider(self, address: str, browser: Browser | None = None) -> str:
        """Sign in there; gives the path that the browser is sent back to."""
        back = self.provider.sign_in(address, self.subject, browser)
        assert back.startswith(self.settings.base_url + BACK), back
        return back.removeprefix(self.settings.base_url)

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

    def refusal(self) -> str:
        """The reason that the log gives for the last refusal."""
        rows = self.rows(AuditRow, AuditRow.action == "sign_on_refused")
        return str(json.loads(max(rows, key=lambda row: row.number).detail)["reason"])

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


@contextmanager
def office_at(kind: str, databases: Databases, folder: Path) -> Iterator[Office]:
    """Open an office that trusts one kind of provider."""
    url = databases.make()
    with running(kind, BASE) as provider:
        (folder / "secret").write_text(provider.secret + "\n", encoding="utf-8")
        settings = Settings.model_construct().model_copy(
            update={
                "data_dir": folder,
                "database_url": url,
                "base_url": BASE,
                "argon2_time_cost": 1,
                "argon2_memory_kib": 8,
                "oidc_issuer": provider.issuer,
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
            yield Office(client, settings, provider, application.state.engine)
    databases.drop(url)


@pytest.fixture(scope="module", params=["own", "independent"])
def office(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office, once with each provider."""
    with office_at(request.param, databases, tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest.fixture(scope="module")
def bent(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose provider gives out wrong tokens when it is told to."""
    with office_at("own", databases, tmp_path_factory.mktemp("bent")) as opened:
        yield opened


@pytest.fixture(scope="module")
def independent(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose provider shares no code with us."""
    with office_at("independent", databases, tmp_path_factory.mktemp("independent")) as opened:
        yield opened
