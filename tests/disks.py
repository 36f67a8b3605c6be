"""A disk of a few megabytes for a test that fills it or closes it: a file system in memory, of its own.

Mounting one takes rights. Root has them on an ordinary machine; everybody else has them in a namespace of their own,
where the system allows that. A machine for tests (`CI=true`) may become root. Run by itself this module tells whether a
small disk can be had here, and ends with 1 when it cannot.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

_BLOCK = 65536
_SAID = "mounted"
# Without the options it has: in a namespace the kernel refuses to hear about its owner again.
_REMOUNT = ("mount", "--options-mode=ignore", "-o", "remount", "-o")


class Mounting(Protocol):
    """What can mount: as root, or inside a namespace."""

    def __call__(self, *command: str) -> None: ...


class Disk:
    """A small disk. `folder` leads to it from everywhere; programs that follow links themselves need `inside`.

    `within` stands before the command of such a program.
    """

    def __init__(self, folder: Path, inside: Path, run: Mounting, within: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.inside = inside
        self.within = within
        self._run = run
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (_BLOCK, 4096, 1):
                try:
                    while file.write(b"\0" * size) == size:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Take away what filled the disk."""
        self._ballast.unlink()

    def close_for_writing(self) -> None:
        """Let nobody write any more; no file may be open for writing."""
        self._run(*_REMOUNT, "ro", str(self.inside))

    def open_for_writing(self) -> None:
        """Let everybody write again."""
        self._run(*_REMOUNT, "rw", str(self.inside))


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """A disk of this size. Raises OSError on a machine that gives none."""
    with tempfile.TemporaryDirectory(prefix="toetssteen-disk-") as made, ExitStack() as beside:
        folder = Path(made)
        folder.chmod(0o755)  # the database server of the tests is somebody else when root runs them
        if os.geteuid() == 0:
            yield beside.enter_context(_for_everybody(folder, megabytes))
            return
        try:
            disk = beside.enter_context(_in_a_namespace(folder, megabytes))
        except OSError:
            if os.environ.get("CI") != "true" or shutil.which("sudo") is None:
                raise
            disk = beside.enter_context(_for_everybody(folder, megabytes, "sudo", "-n"))
        yield disk


def _mount(folder: Path, megabytes: int, *options: str) -> list[str]:
    chosen = ",".join((f"size={megabytes}m,mode=755", *options))
    return ["mount", "-t", "tmpfs", "-o", chosen, "tmpfs", str(folder)]


@contextmanager
def _for_everybody(folder: Path, megabytes: int, *root: str) -> Iterator[Disk]:
    """Mount where every process sees it; `root` stands before what only root may do."""

    def run(*command: str) -> None:
        done = subprocess.run([*root, *command], check=False, capture_output=True, text=True)
        if done.returncode:
            raise OSError(done.stderr.strip())

    run(*_mount(folder, megabytes, f"uid={os.geteuid()}"))
    try:
        yield Disk(folder, folder, run)
    finally:
        # What still has a file open there keeps it until then.
        run("umount", "--lazy", str(folder))


@contextmanager
def _in_a_namespace(folder: Path, megabytes: int) -> Iterator[Disk]:
    """Mount where only a process of our own sees it, and reach it through that process."""
    keeper = subprocess.Popen(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", 'while read -r line; do eval "$line"; done'],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    to, back = keeper.stdin, keeper.stdout

    def run(*command: str) -> None:
        with suppress(BrokenPipeError):  # it ended already, and says why
            print(" ".join(command), "&&", "echo", _SAID, "||", "exit", file=to, flush=True)
        said = back.readline().strip()
        if said != _SAID:
            raise OSError(said or "no namespace in which one can mount")

    try:
        run(*_mount(folder, megabytes))
        within = (
            "nsenter",
            f"--target={keeper.pid}",
            "--user",
            "--mount",
            "--preserve-credentials",
            f"--wd={Path.cwd()}",
        )
        yield Disk(Path(f"/proc/{keeper.pid}/root{folder}"), folder, run, within)
    finally:
        with suppress(BrokenPipeError):
            to.close()
        keeper.wait()
        back.close()


if __name__ == "__main__":
    try:
        with small_disk(1) as disk:
            disk.fill()
    except OSError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)
