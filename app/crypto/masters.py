"""Where the master keys of an installation come from: a file, an environment variable, or a command.

Each of them gives lines of text. A line is one key: 32 bytes in base64, as `toetssteen keys create` prints it. The first
line is the key that wraps from now on; the others only open what they wrapped before. Empty lines and lines that begin
with `#` do not count.
"""

import base64
import binascii
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from app.crypto.envelope import KEY_BYTES, MasterKey, new_key
from app.errors import KeysMissing

COMMAND_SECONDS = 30
"""How long the command that gives the keys may take."""

FILE_WAITS = (0.02, 0.1, 0.4)
"""Seconds to wait before a file that cannot be read any more is read again: many editors empty a file and then fill it."""

OWNER_ONLY = 0o600
"""The mode of a key file: its owner reads and writes it, nobody else does anything."""

OTHERS_USE = 0o077
OTHERS_READ = 0o044
OTHERS_WRITE = 0o022
"""What a file that we did not make ourselves may not allow. A secret that is mounted is often readable for more: that is told."""


class MasterKeys:
    """The master keys of an installation, read when they are first needed and again when an unknown one turns up.

    Reading them again is what lets a server go on while its master key is replaced. What could be read before and now
    cannot may be half written: it is tried again after each of `waits`, in seconds.
    """

    def __init__(self, read: Callable[[], str], waits: tuple[float, ...] = ()) -> None:
        self._read = read
        self._waits = waits
        self._keys: tuple[MasterKey, ...] = ()
        self._lock = Lock()

    def current(self) -> MasterKey:
        """Give the key that wraps from now on. Raises KeysMissing."""
        return self.all()[0]

    def all(self) -> tuple[MasterKey, ...]:
        """Give every key there is, the current one first. Raises KeysMissing."""
        return self._keys or self.again()

    def again(self) -> tuple[MasterKey, ...]:
        """Read the keys anew. Raises KeysMissing; the keys that were there before are kept then."""
        with self._lock:
            for wait in self._waits if self._keys else ():
                try:
                    self._keys = parse(self._read())
                except KeysMissing:
                    time.sleep(wait)
                else:
                    return self._keys
            self._keys = parse(self._read())
        return self._keys

    def find(self, master_id: str) -> MasterKey:
        """Give the key with this name. Raises KeysMissing when it is not there, also not when read anew."""
        for keys in (self.all, self.again):
            for key in keys():
                if key.id == master_id:
                    return key
        raise KeysMissing(
            f"the master key {master_id} is not there; the database cannot be read without it. "
            "Put it back, below the key that is used now"
        )


def parse(text: str) -> tuple[MasterKey, ...]:
    """Read keys, one on each line. Raises KeysMissing, which never repeats what it read."""
    lines = [line.strip() for line in text.splitlines()]
    keys = tuple(MasterKey(_decoded(line)) for line in lines if line and not line.startswith("#"))
    if not keys:
        raise KeysMissing("there is no master key; make one with: toetssteen keys create")
    return keys


def _decoded(line: str) -> bytes:
    try:
        raw = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise KeysMissing("a master key is not 32 bytes in base64; make one with: toetssteen keys create")
    return raw


def new_line() -> str:
    """Make a new master key, as the line that holds it."""
    return base64.b64encode(new_key()).decode()


def from_text(text: str) -> MasterKeys:
    """Take the keys from a text, such as an environment variable. There, spaces may part them too."""
    return MasterKeys(lambda: "\n".join(text.split()))


def from_file(path: Path) -> MasterKeys:
    """Take the keys from a file that is already there."""
    return MasterKeys(lambda: _read_file(path, OTHERS_WRITE), FILE_WAITS)


def others_read(path: Path) -> bool:
    """Tell whether others than its owner can read a key file."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & OTHERS_READ)


def from_own_file(path: Path) -> MasterKeys:
    """Take the keys from a file that is made when it is missing: for one's own machine."""
    seen = False

    def read() -> str:
        nonlocal seen
        # Only at the start: a file that is away for a moment, because somebody changes it, is not made anew.
        if not seen and not path.exists() and create_file(path):
            sys.stderr.write(
                f"A new master key stands in {path}. Copy it to a safe place, apart from the database: without it "
                "nobody can read the database any more, and with it whoever has the database can.\n"
            )
        seen = True
        return _read_file(path, OTHERS_USE)

    return MasterKeys(read, FILE_WAITS)


def from_command(command: str) -> MasterKeys:
    """Take the keys from what a command prints, such as one that asks a vault. No shell looks at it."""
    return MasterKeys(lambda: _printed(command))


def create_file(path: Path) -> bool:
    """Make a file with one new key that only its owner can read. False when somebody else just made it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    write_file(part, new_line() + "\n", new=True)
    try:
        # all at once, with its contents: whoever sees the file can use it
        os.link(part, path)
    except FileExistsError:
        return False
    finally:
        part.unlink()
    _see_names_on_disk(path.parent)
    return True


def add_to_file(path: Path) -> MasterKey:
    """Put a new key above the others in a file; it wraps from now on. Raises KeysMissing when there is no file.

    When this returns the key is on disk under its name, also after a power cut: what it wraps could not be opened without.
    """
    line = new_line()
    _replace(path, f"{line}\n{_read_file(path, OTHERS_WRITE)}")
    return parse(line)[0]


def take_from_file(path: Path, master_id: str) -> None:
    """Take a key out of a file; the lines around it stay. Raises KeysMissing when it is not there, or is the only one."""
    lines = _read_file(path, OTHERS_WRITE).splitlines()
    left = [line for line in lines if not _is_key(line, master_id)]
    if len(left) == len(lines):
        raise KeysMissing(f"master key {master_id} is not in the key file {path}; `toetssteen keys status` names them")
    parse("\n".join(left))
    _replace(path, "\n".join(left) + "\n")


def _is_key(line: str, master_id: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith("#") and MasterKey(_decoded(text)).id == master_id


def _replace(path: Path, text: str) -> None:
    """Put another text in a key file, all at once: whoever reads it meanwhile sees the old or the new."""
    owner = path.stat()
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)  # of somebody who was interrupted
    write_file(part, text, new=True)
    if os.name == "posix" and (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
        # The product may run as somebody else than whoever replaces the key.
        os.chown(part, owner.st_uid, owner.st_gid)
    part.replace(path)
    _see_names_on_disk(path.parent)


def _see_names_on_disk(folder: Path) -> None:
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def write_file(path: Path, text: str, *, new: bool) -> None:
    """Write a file that only its owner can read, and see that it is on disk."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_EXCL if new else os.O_TRUNC)
    with os.fdopen(os.open(path, flags, OWNER_ONLY), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _read_file(path: Path, refused: int) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & refused:
            raise KeysMissing(f"others than its owner may use the key file {path}; run: chmod 600 {path}")
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeysMissing(f"the key file {path} cannot be read ({type(error).__name__})") from None


def _printed(command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - whoever sets up the installation chose it
            shlex.split(command), capture_output=True, timeout=COMMAND_SECONDS, check=True, text=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # what it printed may be half a key, and an error is written down
        raise KeysMissing(f"the command that gives the master keys failed ({type(error).__name__})") from None
    return done.stdout
