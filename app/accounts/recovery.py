"""Recovery codes: ten, each for one use in place of the authenticator app or the passkey. They are shown once.

A code holds about 112 bits, so one SHA-256 with the person in it is enough: nobody can try them all (OWASP ASVS 5.0,
6.5.2).
"""

import hashlib
import secrets

from app.accounts.tokens import CODE_LETTERS, plain_code

HOW_MANY = 10
LENGTH = 24
_ONCE = 16
"""How long codes were that people may still have on paper."""


def new_codes() -> tuple[str, ...]:
    """Make a set of codes, in groups of four."""
    return tuple(_new_code() for _ in range(HOW_MANY))


def looks_like_one(typed: str) -> bool:
    """Tell whether something typed has the length of a recovery code; how it is spaced does not matter."""
    return len(plain_code(typed)) in {LENGTH, _ONCE}


def mark_of(person_id: str, code: str) -> str:
    """Give what is stored of a code."""
    return hashlib.sha256(f"{person_id} {plain_code(code)}".encode()).hexdigest()


def _new_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))
