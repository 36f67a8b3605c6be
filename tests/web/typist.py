"""Types something that nobody would write by chance into every field of every form, in a case from beginning to end."""

import ast
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.datastructures import ImmutableMultiDict

from tests.e2e.stage import Case
from tests.usecases import files
from tests.web.conftest import House

WEB = Path(__file__).parents[2] / "app" / "web"
MARK = "Kanarie"
Place = tuple[str, str]
"""The module of `app.web` that reads a field, and the name of the field."""


def fields_of_the_product() -> set[Place]:
    """Every field that some page reads as text, found in the source."""
    found: set[Place] = set()
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = {"text_of": 1, "texts_of": 1, "text": 0}.get(called)
            if at is None or len(node.args) <= at or (called == "text" and not isinstance(node.func, ast.Attribute)):
                continue
            name = node.args[at]
            if isinstance(name, ast.Constant):
                found.add((str(path.relative_to(WEB)), str(name.value)))
            elif isinstance(name, ast.JoinedStr):
                # {path}:note: the fields of questions, named after their path
                found.add((str(path.relative_to(WEB)), ast.unparse(name.values[-1]).strip("'")))
    return found


@pytest.fixture
def read_fields(monkeypatch: pytest.MonkeyPatch) -> set[Place]:
    """The fields that pages read while something of ours stood in them."""
    seen: set[Place] = set()
    one, several = ImmutableMultiDict.get, ImmutableMultiDict.getlist

    def note(name: Any, value: Any) -> None:
        frame = sys._getframe(2) if MARK in str(value) else None
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            if WEB in path.parents and path.name not in {"deps.py", "typed.py"}:
                _, part, last = str(name).rpartition(":")
                seen.add((str(path.relative_to(WEB)), part + last))
                return
            frame = frame.f_back

    def get(self: Any, name: Any, default: Any = None) -> Any:
        value = one(self, name, default)
        note(name, value)
        return value

    def getlist(self: Any, name: Any) -> Any:
        value = several(self, name)
        note(name, value)
        return value

    monkeypatch.setattr(ImmutableMultiDict, "get", get)
    monkeypatch.setattr(ImmutableMultiDict, "getlist", getlist)
    return seen


@dataclass
class Typist:
    """Everybody at once, and every word that was typed."""

    house: House
    words: dict[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str:
        """Something nobody would write by chance."""
        return self.words.setdefault(name, f"{MARK}-{name}-Qz7")

    def address(self, name: str) -> str:
        """The same, as an address of mail."""
        return self.words.setdefault(f"adres: {name}", f"{MARK}-{name}-Qz7@voorbeeld.example")

    def post(
        self, who: str | Case, path: str, expect: int = 303, *, htmx: bool = False, **fields: str | list[str]
    ) -> httpx2.Response:
        """Send a form; the names of its fields have `_` in place of what a name in Python cannot hold."""
        return self.send(who, path, fields, expect, htmx=htmx)

    def send(
        self,
        who: str | Case,
        path: str,
        fields: Mapping[str, str | list[str]],
        expect: int = 303,
        *,
        htmx: bool = False,
    ) -> httpx2.Response:
        """Send a form."""
        answer = self.house.post(who, path, fields, htmx=htmx)
        assert answer.status_code == expect, (path, answer.status_code, said(answer.text))
        return answer

    def file(self, who: str | Case, path: str, name: str, **fields: str) -> None:
        """Send a form with a file that holds our word in its name and in its body."""
        word = self.word(name)
        # Larger than what a library would keep in memory by itself.
        body = files.PDF.replace(b"%%EOF", b"% " + word.encode() + b"\n" + b"% " * 600_000 + b"\n%%EOF")
        answer = self.house.client.post(
            path, data=fields, files={"bestand": (f"{word}.pdf", body)}, headers=self.house._as(who)
        )
        assert answer.status_code == 303, said(answer.text)


def said(page: str) -> list[str]:
    """What a page says is wrong."""
    return [text for text in re.findall(r"(?s)<(?:p|h1)[^>]*>(.*?)</(?:p|h1)>", page) if "<" not in text][:6]
