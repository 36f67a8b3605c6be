"""Deadlines follow Dutch time, also on a machine that has no files of time zones: a container often has none."""

import os
import subprocess
import sys

from tests.house.repository import ROOT

PROGRAM = """
from datetime import UTC, datetime
from zoneinfo import TZPATH
from app.usecases.lines import ZONE as of_deadlines
from app.web.templating import ZONE as of_pages
assert TZPATH == (), TZPATH
for zone in (of_deadlines, of_pages):
    for month in (1, 7):
        print(zone.key, datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(zone).hour)
"""


def test_dutch_time_is_known_without_the_files_of_the_machine():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT, env=os.environ | {"PYTHONTZPATH": ""}, check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["Europe/Amsterdam 13", "Europe/Amsterdam 14"] * 2
