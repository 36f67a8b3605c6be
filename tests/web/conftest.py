"""The application without a browser, with a case in every step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.usecases import documents
from tests.databases import Databases
from tests.e2e.stage import Case, Stage, plain_settings, stage_model


@dataclass(frozen=True)
class House:
    """The stage behind a test client. `document` is the id of a council version that was made."""

    stage: Stage
    client: TestClient
    document: str

    def get(self, who: str, path: str) -> httpx2.Response:
        return self.client.get(path, headers=self._as(who))

    def get_as(self, case: Case, path: str) -> httpx2.Response:
        return self.client.get(path, headers=self._as(case))

    def post(
        self, who: str | Case, path: str, data: Mapping[str, str | list[str]], *, htmx: bool = False
    ) -> httpx2.Response:
        extra = {"hx-request": "true"} if htmx else {}
        return self.client.post(path, data=dict(data), headers=self._as(who) | extra)

    def _as(self, who: str | Case) -> dict[str, str]:
        if isinstance(who, Case):
            return {"cookie": f"toetssteen={who.session}"}
        token = self.stage.sessions.get(who) or (self.stage.cases[who].session if who else "")
        return {"cookie": f"toetssteen={token}"} if token else {}


@pytest.fixture(scope="module")
def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One application for a module: its tests change only cases they made themselves."""
    with open_house(databases, tmp_path_factory.mktemp("house")) as made:
        yield made


@contextmanager
def open_house(databases: Databases, folder: Path) -> Iterator[House]:
    """An application with a case in every step, on a database and in a folder of its own."""
    model = stage_model(databases, folder.with_name(f"{folder.name}-model"))
    settings = model.put(plain_settings(folder).model_copy(update={"open_forms_per_minute": 0}))
    stage = model.stage_for(settings)
    with stage.world() as world:
        made = documents.make_document(
            world.db, world.settings, world.principal, stage.cases["presented"].id, "council_version"
        )
    with TestClient(create_app(settings), raise_server_exceptions=False, follow_redirects=False) as client:
        yield House(stage, client, made.id)
    databases.drop(settings.database_url)
