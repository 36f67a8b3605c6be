"""Adding lines to a file that is read line by line, on a disk that may be full: all of them or none."""

import os
from contextlib import suppress
from io import FileIO
from pathlib import Path


def add(path: Path, lines: bytes) -> None:
    """Add lines at the end of a file. Raises OSError when they do not fit; then nothing of them stands there.

    The file is opened anew each time: whoever moves it away gets a new one. Adding is one act of the system.
    """
    with path.open("ab", buffering=0) as file:
        left = memoryview(lines)
        try:
            while left:
                # A disk without room takes a part, and only refuses what comes after that.
                left = left[file.write(left) :]
        except OSError:
            _take_back(file, len(lines) - len(left))
            raise


def _take_back(file: FileIO, written: int) -> None:
    """Take half a line away again, unless another process has added something behind it."""
    with suppress(OSError):  # a pipe or a terminal: what was said there was said
        end = os.fstat(file.fileno()).st_size
        if written and file.tell() == end:
            os.ftruncate(file.fileno(), end - written)
