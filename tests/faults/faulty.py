"""The command `toetssteen`, with faults built in: run as a process by the tests of what a process says.

Each fault holds what somebody typed, in the places where libraries and the interpreter would print it.
"""

import asyncio
import gc
import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Never

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app import cli, main
from app.cli import running
from app.store import revisions

START = os.environ.get("FAULT_AT_START", "")
_create = main.create_app


def broken(typed: str) -> Never:
    """Raise an error with the text in its message and in a local variable."""
    answer = f"het antwoord is {typed}"
    raise ValueError(answer)


def in_thread(typed: str) -> None:
    thread = threading.Thread(target=broken, args=(typed,), name="faulty")
    thread.start()
    thread.join()


def in_destructor(typed: str) -> None:
    class Dying:
        def __del__(self) -> None:
            broken(typed)

    Dying()
    gc.collect()


def by_library(typed: str) -> None:
    logger = logging.getLogger("een.bibliotheek")
    logger.warning("kreeg %s", typed)
    try:
        broken(typed)
    except ValueError:
        logger.exception("mislukt: %s", typed)


def by_warning(typed: str) -> None:
    warnings.simplefilter("always")
    warnings.warn(f"let op: {typed}", stacklevel=1)


FAULTS: dict[str, Callable[[str], None]] = {
    "error": broken, "thread": in_thread, "destructor": in_destructor, "library": by_library, "warning": by_warning,
}  # fmt: skip


async def fault(request: Request) -> Response:
    """Commit the fault that the address names, with the text of the query."""
    kind, typed = request.path_params["kind"], request.query_params["typed"]
    if kind == "task":
        task = asyncio.create_task(_broken_task(typed))
        await asyncio.sleep(0.01)
        del task
        gc.collect()
    elif kind == "database":
        with request.app.state.engine.begin() as connection:
            connection.execute(sa.text("CREATE TEMPORARY TABLE kept (word TEXT UNIQUE)"))
            for _ in range(2):
                connection.execute(sa.text("INSERT INTO kept (word) VALUES (:word)"), {"word": typed})
    else:
        FAULTS[kind](typed)
    return PlainTextResponse("gedaan")


async def _broken_task(typed: str) -> None:
    broken(typed)


def create_faulty(*given: object) -> object:
    """Make the application, with the faults as pages of it."""
    application = _create(*given)  # type: ignore[arg-type]
    application.router.routes.insert(0, Route("/fout/{kind}", fault))
    return application


if __name__ == "__main__":
    main.create_app = create_faulty  # type: ignore[assignment]
    if START == "lifespan":
        revisions.current = lambda url: broken(os.environ["TYPED"] + url)
    if START == "command":
        running.read_settings = lambda: broken(os.environ["TYPED"])
    sys.argv[0] = "toetssteen"
    cli.main()
