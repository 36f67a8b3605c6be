"""Secrets that travel: tokens in cookies and links, and codes that people type."""

import hashlib
import secrets

# No vowels, so that no word appears by accident, and nothing that looks like something else.
CODE_LETTERS = "BCDFGHJKMNPQRTVWXYZ2346789"
CODE_LENGTH = 8
REFERENCE_LENGTH = 12
"""Letters of a reference: about 56 bits, so that trying one after another at the door finds nothing in a lifetime."""


def new_token() -> str:
    """Make a token of 256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def fingerprint(token: str) -> str:
    """Give what is stored of a token. It is random already, so one plain SHA-256 cannot be undone."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Make a code that somebody can read out or type over: two groups of four, about 37 bits."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def new_reference() -> str:
    """Make what a candidate types at the door instead of following a link. It names a case and opens nothing."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(REFERENCE_LENGTH))


def shown_reference(reference: str) -> str:
    """Give a reference as people read it: in groups of four."""
    return "-".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def plain_code(code: str) -> str:
    """Give a typed code as it is compared: spaces, dashes and small letters do not matter."""
    return "".join(character for character in code[:64].upper() if character.isalnum())
