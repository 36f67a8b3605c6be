"""Passwords: argon2id, at the cost the settings say, and never quicker for somebody who does not exist."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from pwdlib import PasswordHash

MINIMUM_LENGTH = 12
"""Our own choice, above the eight of NIST SP 800-63B: there is no second factor yet."""
# argon2 reads everything it is given; nobody types a password of more than a few lines.
MAXIMUM_LENGTH = 500


def hash_password(settings: Settings, password: str) -> str:
    """Hash a password for storage."""
    return _hasher(settings.argon2_time_cost, settings.argon2_memory_kib).hash(_normal(password))


def verify_password(settings: Settings, password: str, stored: str | None) -> tuple[bool, str | None]:
    """Tell whether the password fits, and the new hash when the cost has been raised since.

    With `stored=None` (nobody by that name) the same work is done and the answer is no.
    """
    hasher = _hasher(settings.argon2_time_cost, settings.argon2_memory_kib)
    if len(password) > MAXIMUM_LENGTH:
        return False, None
    if stored is None:
        hasher.verify(_normal(password), _nobody(settings.argon2_time_cost, settings.argon2_memory_kib))
        return False, None
    return hasher.verify_and_update(_normal(password), stored)


def password_problem(password: str) -> str | None:
    """Say in Dutch what is wrong with a new password, or `None` when it will do."""
    if len(password) < MINIMUM_LENGTH:
        return f"Kies een wachtwoord van minstens {MINIMUM_LENGTH} tekens. Een korte zin is goed te onthouden."
    if len(password) > MAXIMUM_LENGTH:
        return f"Dit wachtwoord is te lang. Gebruik hoogstens {MAXIMUM_LENGTH} tekens."
    if len(set(password)) < 5:  # noqa: PLR2004 - "aaaaaaaaaaaa" is long, and the first thing anybody tries
        return "Gebruik meer verschillende tekens. Een korte zin is goed te onthouden."
    return None


def _normal(password: str) -> str:
    # The same letters typed on another keyboard may arrive composed differently.
    return unicodedata.normalize("NFKC", password)


@lru_cache(maxsize=8)
def _hasher(time_cost: int, memory_kib: int) -> "PasswordHash":
    # Loaded with the first password: the library behind it takes a tenth of a second, and no page needs it to start.
    from pwdlib import PasswordHash  # noqa: PLC0415
    from pwdlib.hashers.argon2 import Argon2Hasher  # noqa: PLC0415

    return PasswordHash((Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1),))


@lru_cache(maxsize=8)
def _nobody(time_cost: int, memory_kib: int) -> str:
    return _hasher(time_cost, memory_kib).hash("nobody has this password")
