"""What the product says about itself: one line of JSON per event, and nothing that anybody typed.

Only words on a list go out. Of an error its kind and the places in the code go out; its message and the values around
it do not, because both may hold an answer. `speak_for_everything` holds libraries, threads and crashes to the same.
"""

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from functools import cache
from typing import Any

ALLOWED = frozenset(
    {"advice", "event", "level", "timestamp", "logger", "request_id", "kind", "path", "where", "count", "seconds"}
)
"""The words that may stand in a line of the log; `advice` is a sentence of the product itself, for an operator."""

_OF_THE_SERVER = ("Started server process", "Uvicorn running on", "Finished server process")
"""How messages of the web server begin that hold no more than its address and its number."""

# As many places as tell where it went wrong; the rest is the framework.
PLACES = 12


def error(event: str, **words: Any) -> None:
    """Write one line about something that went wrong; `exc_info` is the error, or True for the one being handled."""
    _say(logging.ERROR, event, words)


def noted(event: str, **words: Any) -> None:
    """Write one line about something that is no fault of ours but that somebody may want to know."""
    _say(logging.WARNING, event, words)


def speak_for_everything() -> None:
    """From now on libraries, threads and crashes of this process speak as the product does: no message of an error.

    For a process that is the product's own, not for one that only borrows a part of it: loggers and hooks are shared.
    """
    root = logging.getLogger()
    root.handlers = [_Sieve()]
    logging.getLogger("uvicorn.error").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda _kind, crash, _trace: error("crashed", exc_info=crash)
    threading.excepthook = lambda crash: error("thread_crashed", exc_info=crash.exc_value)
    sys.unraisablehook = lambda crash: error("not_raised", exc_info=crash.exc_value)


class _Sieve(logging.Handler):
    """Passes on who spoke and what went wrong, not what was said: a library puts values in its words."""

    def emit(self, record: logging.LogRecord) -> None:
        words: dict[str, Any] = {"logger": record.name}
        if record.exc_info:
            words["exc_info"] = record.exc_info[1]
        if record.name == "uvicorn.error" and str(record.msg).startswith(_OF_THE_SERVER):
            _say(logging.INFO, record.getMessage(), words)
        elif record.levelno >= logging.WARNING:
            _say(record.levelno, "said_by_a_library", words)


def _say(level: int, event: str, words: dict[str, Any]) -> None:
    # The log may stand on the very disk that is full. What cannot be said must not take the answer away from whoever
    # waits for it: this is called where errors are handled.
    with suppress(OSError):
        _log().log(level, event, **words)


@cache
def _log() -> Any:
    # Loaded with the first line: the library looks for ways to colour a terminal, which costs a start a quarter second.
    import structlog  # noqa: PLC0415

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            places_of_error,
            only_allowed,
            structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
        ],
        # Looked up at every line: whoever redirects the output of a command gets all of it.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    return structlog.get_logger()


def places_of_error(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an error by its kind and the places it passed, innermost last."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
        line["kind"] = type(error).__name__
        line["where"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return line


def _short(filename: str) -> str:
    """Give a place without the folder the product happens to be installed in."""
    for mark in ("/site-packages/", "/app/"):
        _, found, after = filename.rpartition(mark)
        if found:
            return after if mark == "/site-packages/" else f"app/{after}"
    return filename.rpartition("/")[2]


def only_allowed(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every word that is not on the list."""
    return {word: value for word, value in line.items() if word in ALLOWED}
