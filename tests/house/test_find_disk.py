"""Where the disk comes from that tests fill, on machines that differ in who may mount one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import disks
from tests.house.repository import ROOT

PROGRAM = """
. script/bootstrap
. script/find-disk
not_run=earlier
if find_disk; then say "found $small_disk"; else without_disk; fi
held=$?
say "not run: $not_run"
exit $held
"""


def find(room: Path, python: str, **environment: str) -> tuple[int, str]:
    """Ask for a disk on a machine whose Python does this; gives the exit code and what was said."""
    fake = room / "python"
    fake.write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
    fake.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "-uc", PROGRAM], cwd=ROOT, env={"PATH": str(room)} | environment, check=False, capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_machine_on_which_a_disk_can_be_mounted_runs_the_tests_that_fill_one(tmp_path: Path):
    assert find(tmp_path, '[ "$*" = "-m tests.disks" ]') == (0, "found --small-disk\nnot run: earlier\n")


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_no_disk_is_said_loudly_and_fails_where_it_must(tmp_path: Path, ci: str, status: int):
    result, said = find(tmp_path, "echo mount: permission denied; exit 1", CI=ci)
    assert result == status
    assert "!!! THE TESTS OF A FULL DISK DID NOT RUN: none can be mounted here (mount: permission denied)." in said
    assert said.endswith("not run: earlier, tests of a full disk\n")


@pytest.mark.parametrize(("ci", "status"), [("", 1), ("true", 0)])
def test_only_a_machine_for_tests_becomes_root_and_only_where_nobody_else_can_mount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, status: int
):
    told = tmp_path / "told"
    for name, text in {
        "unshare": "echo unshare: Operation not permitted; exit 1",
        "sudo": f'echo "$*" >>{told}; [ "$1 $2" = "-n mount" ] || [ "$1 $2" = "-n umount" ]',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    if status:
        with pytest.raises(OSError, match="Operation not permitted"), disks.small_disk(1):
            pass
        assert not told.exists()
    else:
        with disks.small_disk(1) as disk:
            assert disk.within == ()
        mounted, unmounted = told.read_text(encoding="utf-8").splitlines()
        assert mounted == f"-n mount -t tmpfs -o size=1m,mode=755,uid=1000 tmpfs {disk.folder}"
        assert unmounted == f"-n umount --lazy {disk.folder}"


def test_the_question_is_asked_by_a_command_of_its_own():
    done = subprocess.run([sys.executable, "-m", "tests.disks"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "") or (done.returncode == 1 and done.stdout.strip())
