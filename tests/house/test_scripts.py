"""The commands that a newcomer meets first: what they say when something is in the way."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.repository import ROOT

SCRIPTS = [
    "script/bootstrap", "script/find-browser", "script/find-disk", "script/server", "script/test", "script/check",
    ".ci/run",
]  # fmt: skip


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a person would, with only the environment that a script needs."""
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHON": sys.executable} | environment
    return subprocess.run(
        ["/bin/sh", ROOT / script, *arguments], env=clean, check=False, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_can_be_started_and_read_by_any_shell(script: str):
    assert (ROOT / script).stat().st_mode & 0o111
    assert (ROOT / script).read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    subprocess.run(["/bin/sh", "-n", ROOT / script], check=True)


def test_server_tells_which_port_is_taken_and_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run("script/server", "--port", str(port))
    assert result.returncode == 1
    assert f"Poort {port} is al bezet" in result.stderr
    assert "script/server --port " in result.stderr


@pytest.mark.parametrize("port", ["", "tachtig", "0", "65536", "-1", "8000x", "1234567"])
def test_server_refuses_what_is_no_port(port: str):
    result = run("script/server", "--port", port)
    assert result.returncode == 1
    assert "geen nummer van een poort" in result.stderr


def test_server_asks_for_the_number_when_it_is_left_out():
    result = run("script/server", "--port")
    assert result.returncode == 1
    assert "script/server --port 8080" in result.stderr


def test_server_explains_itself_and_refuses_what_it_does_not_know():
    told = run("script/server", "--help")
    assert told.returncode == 0
    assert "--fresh" in told.stdout
    refused = run("script/server", "--verbose")
    assert refused.returncode == 1
    assert "Onbekende optie: --verbose" in refused.stderr


@pytest.mark.parametrize("script", ["script/server", "script/check", "script/test"])
def test_an_old_python_is_named(script: str, tmp_path: Path):
    """On a machine that has nothing but an old Python."""
    for tool in ("dirname", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n', encoding="utf-8")
    old.chmod(0o755)
    result = run(script, PATH=str(tmp_path), PYTHON="")
    assert result.returncode == 1
    assert "Python 3.11 of nieuwer" in result.stderr
    assert "Python 3.9.2" in result.stderr


def test_fresh_never_empties_a_database_that_somebody_chose(tmp_path: Path):
    chosen = tmp_path / "chosen.db"
    chosen.write_text("precious", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
    result = run("script/server", "--fresh", "--port", str(free), TOETSSTEEN_DATABASE_URL=f"sqlite:///{chosen}")
    assert result.returncode == 1
    assert "Die maakt --fresh niet leeg" in result.stderr
    assert chosen.read_text(encoding="utf-8") == "precious"
