"""What the product is made of: a valid bill of materials, licences that may be used together, and a hash for every file."""

import importlib.util
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]
# Licences that allow use in a work under the EUPL-1.2: permissive ones, and weak copyleft that stays with its own files.
ALLOWED = (
    "MIT", "BSD", "Apache", "ISC", "PSF", "Python Software Foundation", "MPL", "Mozilla Public License", "0BSD", "EUPL",
    "CC0", "Unlicense", "LGPL", "GNU Lesser General Public License", "GNU Library or Lesser",
)  # fmt: skip


def made() -> Any:
    """The script, read as a module: it is no part of the package."""
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "script" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bill() -> Any:
    return made().bill()


def test_the_bill_of_materials_is_cyclonedx(bill: Any) -> None:
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill))
    assert found is None, found


def test_every_direct_dependency_and_every_front_end_file_is_in_it(bill: Any) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {one["name"] for one in bill["components"]}
    direct = {one.partition("[")[0].partition(">")[0].partition("=")[0].strip() for one in project["dependencies"]}
    assert {name.lower().replace("_", "-") for name in direct} <= names
    assert {path.name for path in (ROOT / "app/web/static/vendor").iterdir() if path.suffix in {".css", ".js"}} <= names


def test_nothing_that_only_tests_need_is_in_it(bill: Any) -> None:
    assert not {"pytest", "hypothesis", "ruff", "mypy", "playwright"} & {one["name"] for one in bill["components"]}


def test_every_file_that_is_installed_has_a_hash(bill: Any) -> None:
    assert [one["name"] for one in bill["components"] if not one["hashes"]] == []


def test_every_licence_goes_together_with_ours(bill: Any) -> None:
    named = {
        one["name"]: [part["license"].get("id") or part["license"]["name"] for part in one["licenses"]]
        for one in bill["components"]
    }
    strange = {name: told for name, told in named.items() if told and not any(fits(one) for one in told)}
    assert not strange
    installed = {one["name"] for one in bill["components"] if made().licences(one["name"])}
    assert len(installed) > len([one for one in bill["components"] if one["type"] == "library"]) // 2


def fits(licence: str) -> bool:
    return any(licence.startswith(one) or f" {one}" in licence for one in ALLOWED)


def test_a_strange_licence_is_noticed() -> None:
    assert not fits("GNU Affero General Public License v3")
    assert not fits("SSPL-1.0")
    assert fits("BSD-3-Clause")


def test_the_same_checkout_gives_the_same_bill(bill: Any) -> None:
    assert made().bill() == bill
