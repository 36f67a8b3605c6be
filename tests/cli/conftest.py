from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as if typed, with the settings that are given and no others."""

    def typed(*words: object, typed_in: str = "", **settings: Any) -> Result:
        for name, value in settings.items():
            monkeypatch.setenv(f"TOETSSTEEN_{name.upper()}", str(value))
        return CliRunner().invoke(app, [str(word) for word in words], input=typed_in or None)

    return typed
