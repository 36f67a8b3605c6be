"""The files of this repository, as the house rules look at them."""

import ast
import subprocess
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Files of others, shipped as they are; and the lock file, which no person writes.
_NOT_OURS = ("app/web/static/vendor/", "app/web/static/dist/", "tests/vendor/", "uv.lock", "LICENSE")
_BINARY = {".bin", ".docx", ".png", ".jpg", ".ico", ".woff2", ".gz", ".br", ".pdf"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is in the repository or about to be, sorted; relative to the root."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        return walked()  # no git here, or a copy that came without its history
    return tuple(path for name in sorted(set(names)) if name and (ROOT / (path := Path(name))).is_file())


def walked() -> tuple[Path, ...]:
    """The same by looking at the disk: what .gitignore names is left out."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    found: list[Path] = []
    waiting = [ROOT]
    while waiting:
        for entry in waiting.pop().iterdir():
            path = entry.relative_to(ROOT)
            if path == Path(".git") or any(_ignored(path, pattern, entry.is_dir()) for pattern in patterns):
                continue
            if entry.is_dir():
                waiting.append(entry)
            else:
                found.append(path)
    return tuple(sorted(found, key=str))


def _ignored(path: Path, pattern: str, is_folder: bool) -> bool:
    if pattern.endswith("/") and not is_folder:
        return False
    name = pattern.rstrip("/")
    return fnmatch(str(path), name[1:]) if name.startswith("/") else fnmatch(path.name, name)


def our_text() -> list[Path]:
    """Every text that was written for this repository."""
    return [path for path in files() if not str(path).startswith(_NOT_OURS) and path.suffix not in _BINARY]


def modules(*folders: str) -> list[Path]:
    """The Python files in these folders of the root; in all of them when none is named."""
    return [path for path in our_text() if path.suffix == ".py" and (not folders or path.parts[0] in folders)]


def text(path: Path) -> str:
    """The text of a file."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(text(path), filename=str(path))


@cache
def pyproject() -> dict[str, Any]:
    """The one configuration file."""
    return tomllib.loads(text(Path("pyproject.toml")))
