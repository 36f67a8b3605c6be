"""What an organisation installs: a wheel with everything the product needs, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.house.repository import ROOT, files

PLACES = {"app": "app", "templates": "app/_templates", "migrations": "app/_migrations"}


def test_a_wheel_carries_code_templates_and_migrations(tmp_path: Path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    needed = {Path(PLACES[path.parts[0]], *path.parts[1:]).as_posix() for path in files() if path.parts[0] in PLACES}
    assert carried == needed
