"""The product described in OpenAPI, for a tool that makes up requests: every address, and the forms that its pages show.

The product has no such description of its own: its pages are for people. So the forms are read from the pages, as a
browser finds them, and the fields of the query from the functions that answer.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from tests.web.test_access_matrix import GROUPS, Place

HOSTILE = (
    "", " ", "\u202egnp.exe", "\u2066\u2067", "\u200b\u200d\ufeff", "=1+1", "@SUM(A1)", "<script>alert(1)</script>",
    "{{ 7*7 }}", "]]>", "a\x00b", "\x1b[31m", "٣١", "-1", "1e400", "99-99-9999", "24-11-2026", "2026", "ja", "yes", "x" * 9000,
    "😀" * 50, "%00%2e%2e%2f", "../../etc/passwd", "' OR 1=1 --", "0" * 26, "https://elders.example/", "//elders.example",
    "een gewone zin", "iemand@voorbeeld.example",
)  # fmt: skip
"""What ends up in every kind of field sooner or later."""


@dataclass
class Form:
    """The fields of all forms that lead to one address, and the values that pages offered for them."""

    fields: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    files: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    """Finds the forms of a page: address, fields, offered values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str, str]] = []
        self._page = page
        self._action: str | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = given.get("action") or self._page if given.get("method", "").lower() == "post" else None
        elif tag == "option" and self._select and self._action:
            self.found.append((self._action, self._select, "select", given.get("value", "")))
        elif tag in {"input", "select", "textarea", "button"} and given.get("name"):
            action = given.get("formaction") or self._action
            self._select = given["name"] if tag == "select" else ""
            if action:
                self.found.append((action, given["name"], given.get("type", tag), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._action = None


def forms(place: Place, people: list[str]) -> dict[str, Form]:
    """Read every page as everybody, and give the form of each address that takes one."""
    patterns = {
        route: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(route.partition(" ")[2])))
        for route in GROUPS
        if route.startswith("POST ")
    }
    # A fixed address goes before one with blanks, as in the product.
    ordered = sorted(patterns, key=lambda route: route.count("{"))
    known: dict[str, Form] = defaultdict(Form)
    for route in GROUPS:
        if not route.startswith("GET "):
            continue
        for who in people:
            answer = place.ask(who, route)
            if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            reader = _Forms(place.address(route))
            reader.feed(answer.text)
            for action, name, kind, value in reader.found:
                path = urlsplit(action).path
                to = next((one for one in ordered if patterns[one].fullmatch(path)), "")
                if to and kind == "file":
                    known[to].files.add(name)
                elif to:
                    known[to].fields[name].add(value)
    return known


def described(place: Place, route: str, form: Form, *, known: bool) -> dict[str, Any]:
    """Describe one address in OpenAPI 3.0: its blanks filled with what exists, or with anything."""
    method, _, path = route.partition(" ")
    filled = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(path)), place.address(route))
    assert filled is not None, route
    text: dict[str, Any] = {"anyOf": [{"type": "string", "enum": list(HOSTILE)}, {"type": "string"}]}
    blanks = [
        {
            "name": name, "in": "path", "required": True,
            "schema": {"type": "string", "enum": [value]} if known else {"type": "string", "minLength": 1},
        }
        for name, value in filled.groupdict().items()
    ]  # fmt: skip
    query = [
        {"name": name, "in": "query", "schema": text} for name in ("op", "terug", "pagina", "zoek", "vanaf", "fout")
    ]
    operation: dict[str, Any] = {"parameters": blanks + query, "responses": {"default": {"description": "any"}}}
    if method == "POST":
        fields = {
            name: {"anyOf": [{"type": "string", "enum": sorted(offered | {""})}, text]} if offered - {""} else text
            for name, offered in form.fields.items()
        }
        fields["onbekend"] = text
        schema = {"type": "object", "properties": fields, "required": sorted(form.fields) if known else []}
        operation["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Toetssteen", "version": "0"},
        "paths": {path: {method.lower(): operation}},
    }
