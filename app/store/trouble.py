"""Is this error the database being away, full, closed for writing or failing? Then the person can only wait, and we say so.

Codes: https://www.sqlite.org/rescode.html and https://www.postgresql.org/docs/current/errcodes-appendix.html.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.errors import NotAllowed


class Trouble(StrEnum):
    """What is wrong with the place where everything is kept."""

    AWAY = "storage_away"
    """No connection, or it was broken off; also when every connection is taken."""
    FULL = "storage_full"
    CLOSED = "storage_closed_for_writing"
    FAILING = "storage_failing"
    """The system refuses to read or write: a disk with errors, or one that the system closed because of them."""


ADVICE = {
    Trouble.AWAY: (
        "the database cannot be reached or opened: is it started, is its disk there and open for writing, and does"
        " TOETSSTEEN_DATABASE_URL lead to it?"
    ),
    Trouble.FULL: "the disk with the database is full: make room; then start again",
    Trouble.CLOSED: "the database is closed for writing: make its disk or its server writable; then start again",
    Trouble.FAILING: "the disk with the database gives errors: look at what the system says about it; then start again",
}
"""What an operator does about it, for a process that cannot start."""

_WORDS = {
    Trouble.AWAY: "the database does not answer",
    Trouble.FULL: "there is no room on the disk",
    Trouble.CLOSED: "the disk or the database is closed for writing",
    Trouble.FAILING: "the disk gives errors",
}
# The low byte of an extended code: SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL.
_SQLITE = {8: Trouble.CLOSED, 10: Trouble.FAILING, 13: Trouble.FULL}
# SQLITE_ERROR: a statement that cannot be carried out, such as one about a table that is not there. Waiting does not help.
_SQLITE_MISTAKE = 1
# SQLITE_IOERR_SHMSIZE: there is no room for the index of the write-ahead log.
_SQLITE_EXTENDED = {4874: Trouble.FULL}
_POSTGRESQL = {
    "25006": Trouble.CLOSED,
    "42501": Trouble.CLOSED,  # what PostgreSQL says of files on a disk that is closed for writing; or rights are missing
    "53100": Trouble.FULL,
    "53200": Trouble.FULL,
    "58030": Trouble.FAILING,
}
_FILES = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.CLOSED,
    errno.EIO: Trouble.FAILING,
    errno.EFBIG: Trouble.FAILING,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """Tell what is wrong with the storage, or None when the error is about something else."""
    if isinstance(error, NoConnectionFree):
        return Trouble.AWAY
    if isinstance(error, OSError):
        return _FILES.get(error.errno or 0)
    if not isinstance(error, DBAPIError):
        return None
    known = _of_driver(error.orig)
    if known is not None:
        return known
    if getattr(error.orig, "sqlite_errorcode", None) == _SQLITE_MISTAKE:
        return None
    return Trouble.AWAY if error.connection_invalidated or isinstance(error, OperationalError) else None


@contextmanager
def told(consequence: str) -> Iterator[None]:
    """For commands: turn trouble with the storage into NotAllowed, which says what is wrong and what comes of it."""
    try:
        yield
    except (OSError, DBAPIError) as error:
        trouble = trouble_of(error)
        if trouble is None and not isinstance(error, OSError):
            raise
        why = _WORDS[trouble] if trouble is not None else getattr(error, "strerror", None) or type(error).__name__
        raise NotAllowed(f"{why}: {consequence}") from None


def outlives_its_cause(error: BaseException) -> bool:
    """Tell whether a connection keeps this trouble after it is over, so that a new one must be opened.

    A connection that SQLite opened while the disk was closed for writing only ever reads. A server that became a standby
    goes on refusing, while its address may lead to another one by now.
    """
    return _of_driver(error) is Trouble.CLOSED


def _of_driver(error: BaseException | None) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", None) or 0
    known = _SQLITE_EXTENDED.get(code) or _SQLITE.get(code & 0xFF)
    return known or _POSTGRESQL.get(getattr(error, "sqlstate", None) or "")
