"""Makes the bill of materials from uv.lock and the manifest of front-end files; see script/sbom.

Nothing in it depends on the moment or the machine: the same checkout gives the same bytes.
"""

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
VENDORED = ROOT / "app" / "web" / "static" / "vendor" / "manifest.json"
_HEX = re.compile(r"^sha256:([0-9a-f]{64})$")


def bill() -> dict[str, Any]:
    """Give the bill of materials, in the form of CycloneDX 1.6."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {one["name"]: one for one in lock["package"]}
    used = _reachable(packages, "toetssteen")
    components = [_package(packages[name]) for name in sorted(used)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "toetssteen",
                "name": "toetssteen",
                "version": _version(),
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            }
        },
        "components": [*components, *_front_end()],
        "dependencies": [
            {
                "ref": "toetssteen",
                "dependsOn": sorted(_purl(packages[name]) for name in _direct(packages["toetssteen"])),
            },
            *(
                {
                    "ref": _purl(packages[name]),
                    "dependsOn": sorted(_purl(packages[one]) for one in _direct(packages[name]) if one in used),
                }
                for name in sorted(used)
            ),
        ],
    }


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if "version" in project:
        return str(project["version"])
    text = (ROOT / "app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    return found[1] if found else "0"


def _direct(package: Any) -> list[str]:
    names = [one["name"] for one in package.get("dependencies", ())]
    for extra in package.get("optional-dependencies", {}).values():
        names += [one["name"] for one in extra]
    return sorted(set(names))


def _reachable(packages: dict[str, Any], root: str) -> set[str]:
    """Every package that runs when `root` runs. What only another platform needs is in it as well."""
    found: set[str] = set()
    waiting = _direct(packages[root])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _direct(packages[name])
    return found


def _purl(package: Any) -> str:
    return f"pkg:pypi/{package['name']}@{package['version']}"


def _package(package: Any) -> dict[str, Any]:
    files = [package["sdist"]] if "sdist" in package else []
    hashes = sorted({found[1] for one in [*files, *package.get("wheels", ())] if (found := _HEX.match(one["hash"]))})
    return {
        "type": "library",
        "bom-ref": _purl(package),
        "name": package["name"],
        "version": package["version"],
        "purl": _purl(package),
        "licenses": [{"license": {"name": licence}} for licence in licences(package["name"])],
        "hashes": [{"alg": "SHA-256", "content": one} for one in hashes],
    }


def licences(name: str) -> list[str]:
    """Give the licences that an installed package names; nothing for one that only another platform needs."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return []
    if expression := told.get_all("License-Expression"):
        return [str(expression[0])]
    marks = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    named = str((told.get_all("License") or [""])[0]).strip()
    return marks or ([named] if named and "\n" not in named else [])


def _front_end() -> Iterator[dict[str, Any]]:
    for one in json.loads(VENDORED.read_text(encoding="utf-8")):
        purl = f"pkg:npm/{one['package'].replace('@', '%40')}@{one['version']}"
        yield {
            "type": "file",
            "bom-ref": f"{purl}#{one['path']}",
            "name": one["file"],
            "version": one["version"],
            "purl": f"{purl}#{one['path']}",
            "licenses": [{"license": {"id": one["licence"]}}],
            "hashes": [{"alg": "SHA-384", "content": _hex_of(one["sha384"])}],
        }


def _hex_of(integrity: str) -> str:

    return base64.b64decode(integrity.partition("-")[2]).hex()


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")
