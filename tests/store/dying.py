"""The command `toetssteen`, in a process that is killed at a chosen point of putting a backup back."""

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from app import cli
from app.store import copying, restoring, retention


def dies(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies_after(table: str) -> Any:
    put_back = copying.put_back

    def then_die(connection: Any, into: Any, *rest: Any) -> int:
        done = put_back(connection, into, *rest)
        if into.name == table:
            dies()
        return done

    return then_die


if __name__ == "__main__":
    point = sys.argv.pop(1)
    if point == "destroying again":
        patch.object(retention, "remove_case", dies).start()
    elif point == "the last moment":
        patch.object(restoring, "_put_files_back", dies).start()
    else:
        patch.object(copying, "put_back", dies_after(point)).start()
    cli.main()
