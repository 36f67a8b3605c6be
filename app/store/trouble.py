"""Is this error the database being away, full or closed for writing? Then the person can only wait, and we say so.

Codes: https://www.sqlite.org/rescode.html and https://www.postgresql.org/docs/current/errcodes-appendix.html.
"""

import errno
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree


class Trouble(StrEnum):
    """What is wrong with the place where everything is kept."""

    AWAY = "storage_away"
    """No connection, or it was broken off; also when every connection is taken."""
    FULL = "storage_full"
    CLOSED = "storage_closed_for_writing"


_SQLITE = {8: Trouble.CLOSED, 13: Trouble.FULL}  # SQLITE_READONLY, SQLITE_FULL; the low byte of an extended code
_POSTGRESQL = {"25006": Trouble.CLOSED, "53100": Trouble.FULL, "53200": Trouble.FULL}
_FILES = {errno.ENOSPC: Trouble.FULL, errno.EDQUOT: Trouble.FULL, errno.EROFS: Trouble.CLOSED}


def trouble_of(error: BaseException) -> Trouble | None:
    """Tell what is wrong with the storage, or None when the error is about something else."""
    if isinstance(error, NoConnectionFree):
        return Trouble.AWAY
    if isinstance(error, OSError):
        return _FILES.get(error.errno or 0)
    if not isinstance(error, DBAPIError):
        return None
    low = (getattr(error.orig, "sqlite_errorcode", None) or 0) & 0xFF
    known = _SQLITE.get(low) or _POSTGRESQL.get(getattr(error.orig, "sqlstate", None) or "")
    if known is not None:
        return known
    return Trouble.AWAY if error.connection_invalidated or isinstance(error, OperationalError) else None
