"""Where the browser of the tests comes from, on machines that differ: each installer is an imitation that keeps count."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.repository import ROOT

REAL = ("env", "grep", "head", "sort", "tail", "cat", "ln")
FAKES = {
    # starts the browser it is told to: all but a stub, and Playwright's own only when that is there
    "python": 'cat >/dev/null; case "$2" in "") [ -e "$ROOM/own" ];; */stub | */chromium-browser) exit 1;; esac',
    "id": 'echo "$UID_HERE"',
    "sudo": 'echo "sudo $*" >>"$ROOM/calls"; [ "$1" = -n ] || exit 1; shift; "$@"',
    "apt-get": """
case "$*" in
    *update*) echo "apt-get update" >>"$ROOM/calls"; exit "${UPDATE:-0}" ;;
    *install*) echo "apt-get install ${*##* }" >>"$ROOM/calls" ;;
esac
[ "${APT:-0}" = 0 ] || { echo "E: Unable to locate package chromium"; exit 100; }
ln -s cat "$ROOM/bin/chromium"
""",
    "playwright": """
echo "playwright $*" >>"$ROOM/calls"
[ "${PLAYWRIGHT:-0}" = 0 ] || { echo "Error: no network"; exit 1; }
echo >"$ROOM/own"
""",
}
PROGRAM = """
. script/bootstrap
. script/find-browser
if find_browser; then say "found ${TOETSSTEEN_CHROMIUM:-own}"; else without_browser; fi
"""


@dataclass
class Machine:
    """A computer with little on it."""

    room: Path

    def put(self, name: str, text: str = "exit 0") -> Path:
        path = self.room / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def find(self, **environment: str) -> tuple[int, str, list[str]]:
        """Give the exit code, what was said, and which installers were called."""
        clean = {"PATH": str(self.room / "bin"), "ROOM": str(self.room), "UID_HERE": "0"} | environment
        done = subprocess.run(
            ["/bin/sh", "-uc", PROGRAM], cwd=ROOT, env=clean, check=False, capture_output=True, text=True, timeout=60
        )
        assert done.stderr == ""
        calls = self.room / "calls"
        return done.returncode, done.stdout, calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Root on a Debian without a browser."""
    made = Machine(tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in REAL:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    for name, text in FAKES.items():
        made.put(name, text)
    return made


def test_a_browser_that_is_here_is_used_and_nothing_is_installed(machine: Machine):
    here = machine.put("google-chrome")
    machine.put("chromium-browser")  # a stub that only says how to install the real one
    assert machine.find() == (0, f"found {here}\n", [])


def test_a_browser_that_is_named_is_used(machine: Machine):
    machine.put("chromium")
    named = machine.put("another browser")
    assert machine.find(TOETSSTEEN_CHROMIUM=str(named)) == (0, f"found {named}\n", [])


def test_a_named_browser_that_does_not_start_is_a_mistake_and_nothing_is_installed(machine: Machine):
    machine.put("chromium")
    status, said, calls = machine.find(TOETSSTEEN_CHROMIUM=str(machine.put("stub")), CI="true")
    assert (status, calls) == (1, [])
    assert "TOETSSTEEN_CHROMIUM names a browser that does not start" in said


@pytest.mark.parametrize("update", ["0", "100"])
def test_root_installs_the_browser_of_debian_also_when_the_lists_cannot_be_refreshed(machine: Machine, update: str):
    status, said, calls = machine.find(UPDATE=update)
    assert status == 0
    assert said.endswith(f"found {machine.room}/bin/chromium\n")
    assert calls == ["apt-get update", "apt-get install chromium"]


def test_when_debian_has_none_the_one_of_playwright_is_installed(machine: Machine):
    status, said, calls = machine.find(APT="100")
    assert status == 0
    assert "E: Unable to locate package chromium" in said
    assert said.endswith("found own\n")
    assert calls[-1] == "playwright install chromium-headless-shell"


def test_without_apt_the_one_of_playwright_is_installed_once(machine: Machine):
    (machine.room / "bin" / "apt-get").unlink()
    assert machine.find()[2] == ["playwright install chromium-headless-shell"]
    (machine.room / "calls").unlink()
    assert machine.find() == (0, "found own\n", [])


def test_an_ordinary_user_is_never_helped_to_become_root(machine: Machine):
    assert machine.find(UID_HERE="1000")[2] == ["playwright install chromium-headless-shell"]


def test_a_machine_for_tests_may_become_root(machine: Machine):
    status, _, calls = machine.find(UID_HERE="1000", CI="true")
    assert status == 0
    assert calls[0] == "sudo -n true"
    assert "apt-get install chromium" in calls


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_no_browser_at_all_is_said_loudly_and_fails_where_it_must(machine: Machine, ci: str, status: int):
    result, said, calls = machine.find(APT="100", PLAYWRIGHT="1", CI=ci)
    assert result == status
    assert "Error: no network" in said
    assert "!!! THE BROWSER TESTS DID NOT RUN" in said
    assert {"apt-get install chromium", "playwright install chromium-headless-shell"} <= set(calls)


def test_the_stage_that_asks_keeps_its_own_words(machine: Machine):
    """A shell has one room for all names: script/test calls its stage `name`, and prints it afterwards."""
    machine.put("chromium")
    done = subprocess.run(
        ["/bin/sh", "-uc", f'name=stage run=run began=1{PROGRAM}say "$name $run $began"'],
        cwd=ROOT, env={"PATH": str(machine.room / "bin"), "ROOM": str(machine.room)}, check=True, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "stage run 1"
