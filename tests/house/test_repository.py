"""House rules for the repository as a whole: what it refers to, what it depends on, what it ships."""

import base64
import hashlib
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from ruamel.yaml import YAML

import app
from tests.house.repository import ROOT, files, our_text, pyproject, text, walked

# Every address in this repository is one that somebody meant. Sources of law and practice, standards, names of formats,
# this computer, and names that are reserved for examples.
KNOWN_HOSTS = re.compile(
    r"""(^|\.)(
    overheid\.nl | rijksoverheid\.nl | vng\.nl | raadsleden\.nl | wethoudersvereniging\.nl | politiekeintegriteit\.nl
    | officielebekendmakingen\.nl | tweedekamer\.nl | raadvanstate\.nl | rechtspraak\.nl | justis\.nl | kvk\.nl
    | autoriteitpersoonsgegevens\.nl | eerstekamer\.nl | digitoegankelijk\.nl | huisvoorklokkenluiders\.nl
    | europa\.eu | w3\.org | openxmlformats\.org | purl\.org | json-schema\.org | openoffice\.org | keepachangelog\.com
    | semver\.org | sqlite\.org | postgresql\.org | publiccode\.net | nldesignsystem\.nl | htmx\.org | hstspreload\.org | mozilla\.org | microsoft\.com | owasp\.org | creativecommons\.org | minbzk\.github\.io
    | docs\.clamav\.net | www\.eicar\.org | login\.microsoftonline\.com | example\.(nl|org|com|net) | example | test | invalid | voorbeeldstad\.example
    )$ | ^(localhost|127\.0\.0\.1|\[?::1\]?|testserver)$""",
    re.VERBOSE,
)
# The home of a person or the workplace of a machine; what stands there exists nowhere else.
OTHER_PLACES = re.compile(r"(?<![\w.:/>-])/(home|root|Users|opt|work|mnt)/\w")


def test_the_files_are_known_without_git_too():
    assert set(walked()) == set(files())


def test_every_address_is_one_we_meant():
    unknown = set()
    for path in our_text():
        for address in re.findall(r"https?://[^\s\"'<>)\]}`|\\]+", text(path)):
            host = urlsplit(address.rstrip(".,;:")).hostname or ""
            # Templates and f-strings fill in the rest.
            if host and not re.search(r"[{$%*]", address.split("/")[2]) and not KNOWN_HOSTS.search(host):
                unknown.add(f"{path}: {host}")
    assert not unknown, "add the host to KNOWN_HOSTS if it belongs here"


def test_nothing_refers_to_a_place_outside_the_repository():
    places = [
        f"{path}:{number}"
        for path in our_text()
        if path != Path("tests/house/test_repository.py")
        for number, line in enumerate(text(path).splitlines(), start=1)
        if OTHER_PLACES.search(line)
    ]
    assert not places


def test_links_between_documents_arrive():
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)")
    links = [(path, target) for path in our_text() if path.suffix == ".md" for target in link.findall(text(path))]
    reached = {(path, target): (ROOT / path.parent / target).resolve() for path, target in links}
    broken = [
        f"{path}: {target}"
        for (path, target), place in reached.items()
        if not (place.exists() and place.is_relative_to(ROOT))
    ]
    assert not broken


def test_the_lock_file_knows_only_the_public_index():
    lock = tomllib.loads(text(Path("uv.lock")))
    sources = {json.dumps(package["source"], sort_keys=True) for package in lock["package"]}
    own = json.dumps({"editable": "."})
    registries = {json.loads(source).get("registry", source) for source in sources - {own}}
    assert len(registries) == 1, registries
    downloads = {
        urlsplit(download["url"])[:2]
        for package in lock["package"]
        for download in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    }
    assert len(downloads) == 1, downloads
    assert next(iter(downloads))[0] == "https"


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=;~! ]", requirement, maxsplit=1)[0]


def test_dependencies_are_few_and_each_has_a_reason():
    runtime = [_name(requirement) for requirement in pyproject()["project"]["dependencies"]]
    develop = [_name(requirement) for requirement in pyproject()["dependency-groups"]["dev"]]
    # every package is code that somebody must trust and keep up to date; docs/dependencies.md names the same limit
    assert len(runtime) <= 25
    runtime_text, develop_text = text(Path("docs/dependencies.md")).split("\n## For development", maxsplit=1)
    row = re.compile(r"(?m)^\| `([^`]+)` \| .{12,}$")
    assert sorted(row.findall(runtime_text)) == sorted(runtime)
    assert sorted(row.findall(develop_text)) == sorted(develop)


def test_every_exception_to_the_linter_has_a_reason():
    section = text(Path("pyproject.toml")).split("[tool.ruff.lint]")[1].split("[tool.ruff.lint.flake8")[0]
    codes = [line for line in section.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert codes
    assert not [line for line in codes if not re.search(r"# \S.{2,}", line)]


@pytest.mark.parametrize("folder", ["app/web/static/vendor", "tests/vendor"])
def test_vendored_files_are_the_ones_in_the_manifest(folder: str):
    manifest = json.loads(text(Path(folder, "manifest.json")))
    listed = {f"{folder}/{entry['file']}": entry for entry in manifest}
    present = {str(path) for path in files() if str(path).startswith(f"{folder}/") and path.name != "manifest.json"}
    assert {name for name in present if not Path(name).name.upper().startswith("LICEN")} == set(listed)
    for name, entry in listed.items():
        digest = base64.b64encode(hashlib.sha384((ROOT / name).read_bytes()).digest()).decode()
        assert entry["sha384"].removeprefix("sha384-") == digest, name
        assert all(entry.get(key) for key in ("package", "version", "licence")), name


def test_one_version_everywhere():
    publiccode = YAML(typ="safe").load(text(Path("publiccode.yml")))
    newest = re.search(r"(?m)^## (\S+)", text(Path("CHANGELOG.md")))
    assert newest
    assert app.__version__ == publiccode["softwareVersion"] == newest.group(1)
