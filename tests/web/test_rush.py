"""Many people at the same moment: everybody gets an answer, and nothing anybody typed stays in the components."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from fastapi import FastAPI
from jinja2.runtime import Macro

from app.main import create_app
from app.settings import Settings
from app.web.deps import Db
from app.web.remembering import REMEMBERED, Remembered
from app.web.templating import library

# More than there are threads for requests (forty), so that some of them must wait for others to finish.
PEOPLE = 60


def read(db: Db) -> dict[str, int]:
    return {"one": int(db.connection().exec_driver_sql("SELECT 1").scalar_one())}


async def get(application: FastAPI, path: str) -> int:
    """Ask for a page without a network; gives the status."""
    statuses: list[int] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": path,
        "raw_path": path.encode(), "query_string": b"", "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 1), "server": ("testserver", 80), "scheme": "http", "root_path": "",
    }  # fmt: skip
    await application(scope, receive, send)
    return statuses[0]


def test_whoever_has_a_connection_finds_a_thread_to_finish_with(settings: Settings) -> None:
    application = create_app(settings)
    application.add_api_route("/lees", read, methods=["GET"])

    async def rush() -> list[int]:
        return await asyncio.gather(*(get(application, "/lees") for _ in range(PEOPLE)))

    assert asyncio.run(rush()) == [200] * PEOPLE
    application.state.engine.dispose()


def remembered(name: str) -> Remembered:
    macro = library.macros()[name]
    assert isinstance(macro, Remembered), f"{name} is not remembered"
    return macro


def test_what_is_the_same_for_everybody_is_rendered_once() -> None:
    why = remembered("why")
    first = why(id="een-vraag", text="Daarom & hierom", norms=(), readers="de griffier")
    before = why.kept
    assert why(id="een-vraag", text="Daarom & hierom", norms=(), readers="de griffier") == first
    assert why.kept == before
    assert "Daarom &amp; hierom" in first


@pytest.mark.parametrize("name", sorted(name for name, typed in REMEMBERED.items() if typed))
def test_what_somebody_typed_is_not_remembered(name: str) -> None:
    macro = remembered(name)
    plain = {"name": f"vraag_{name}", "label": "Een vraag", "options": (), "id": f"vraag-{name}"}
    shared = {word: value for word, value in plain.items() if word in macro.arguments}
    macro(**shared)
    before = macro.kept
    for word in REMEMBERED[name]:
        assert "iets geheims" in macro(**shared, **{word: "iets geheims"})
    assert macro.kept == before


def test_a_list_is_rendered_as_always() -> None:
    options = [{"id": "a", "label": "Eerste"}]
    assert "Eerste" in remembered("radios")(name="x", label="?", options=options)


def test_a_remembered_component_stands_in_for_the_macro_it_was() -> None:
    for name in REMEMBERED:
        assert isinstance(library.macros()[name], Macro)
