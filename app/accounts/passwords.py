"""Passwords: argon2id, at the cost the settings say, and never quicker for somebody who does not exist."""

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.settings import Settings

if TYPE_CHECKING:
    from pwdlib import PasswordHash

MINIMUM_LENGTH = 12
"""Our own choice, above the eight of NIST SP 800-63B for a password beside a second factor."""
# argon2 reads everything it is given; nobody types a password of more than a few lines.
MAXIMUM_LENGTH = 500
_OWN_LENGTH = 8
"""So much must remain when names are taken out that everybody knows."""
_SHORTEST_NAME = 4
_MARK = 6
"""How many bytes of a SHA-256 stand in `leaked_passwords.bin`, one after another and sorted: nobody can read a password in
it, and one that never leaked is taken for one that did less than once in a thousand million times. They are the 43,000 of
twelve characters or more among the million used most of the ten million passwords that Mark Burnett published in 2015 (public domain)."""
OWN_WORDS = (
    "toetssteen", "integriteit", "risicoanalyse", "griffie", "griffier", "kandidaat", "beheerder", "onderzoeker",
    "burgemeester", "wethouder", "commissaris", "gedeputeerde", "dijkgraaf", "heemraad", "gezaghebber",
    "gemeente", "provincie", "waterschap", "eiland", "wachtwoord", "welkom",
)  # fmt: skip
"""Words that anybody would try here: the product, what people do in it, and where they work."""
_AROUND = re.compile(r"^[^a-z]+|[^a-z]+$")


def hash_password(settings: Settings, password: str) -> str:
    """Hash a password for storage."""
    return _hasher(settings.argon2_time_cost, settings.argon2_memory_kib).hash(_normal(password))


def verify_password(settings: Settings, password: str, stored: str | None) -> tuple[bool, str | None]:
    """Tell whether the password fits, and the new hash when the cost has been raised since.

    With `stored=None` (nobody by that name) the same work is done and the answer is no.
    """
    hasher = _hasher(settings.argon2_time_cost, settings.argon2_memory_kib)
    # Also for somebody who exists: otherwise the first one in a process who does not would wait for two hashes.
    nobody = _nobody(settings.argon2_time_cost, settings.argon2_memory_kib)
    if len(password) > MAXIMUM_LENGTH:
        return False, None
    if stored is None:
        hasher.verify(_normal(password), nobody)
        return False, None
    return hasher.verify_and_update(_normal(password), stored)


def password_problem(password: str, about: Iterable[str] = ()) -> str | None:
    """Say in Dutch what is wrong with a new password, or `None` when it will do.

    `about` is what others know of this person: a name, an address. A password made of that is no secret.
    """
    if len(password) < MINIMUM_LENGTH:
        return f"Kies een wachtwoord van minstens {MINIMUM_LENGTH} tekens. Een korte zin is goed te onthouden."
    if len(password) > MAXIMUM_LENGTH:
        return f"Dit wachtwoord is te lang. Gebruik hoogstens {MAXIMUM_LENGTH} tekens."
    if len(set(password)) < 5:  # noqa: PLR2004 - "aaaaaaaaaaaa" is long, and the first thing anybody tries
        return "Gebruik meer verschillende tekens. Een korte zin is goed te onthouden."
    if _is_common(password):
        return "Dit wachtwoord gebruiken veel mensen. Kies iets anders, bijvoorbeeld een korte zin."
    if len(_without_names(password, (*about, *OWN_WORDS))) < _OWN_LENGTH:
        return "In dit wachtwoord staan vooral namen of woorden van uw werk. Kies iets dat niemand van u weet."
    return None


def _is_common(password: str) -> bool:
    """Tell whether it leaked elsewhere, or is a word of the list, perhaps with digits and signs around it, or repeated."""
    small = _normal(password).casefold()
    if _leaked(small):
        return True
    half = small[: len(small) // 2]
    return any(
        word in _common()
        for word in (small, _AROUND.sub("", small), _AROUND.sub("", half) if half * 2 == small else "")
    )


def _without_names(password: str, about: Iterable[str]) -> str:
    rest = _normal(password).casefold()
    for known in about:
        for name in re.split(r"[^\w]+", known.casefold()):
            if len(name) >= _SHORTEST_NAME:
                rest = rest.replace(name, "")
    return rest


def _leaked(password: str) -> bool:
    """Tell whether it stands in the list of passwords that leaked, whatever its capitals."""
    found, marks = hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()[:_MARK], _leaked_marks()
    place = bisect_left(range(len(marks) // _MARK), found, key=lambda at: marks[at * _MARK : (at + 1) * _MARK])
    return marks[place * _MARK : (place + 1) * _MARK] == found


@cache
def _leaked_marks() -> bytes:
    return Path(__file__).with_name("leaked_passwords.bin").read_bytes()


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


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
