"""Secrets that travel: tokens in cookies and links, and codes that people type."""

import hashlib
import hmac
import secrets

# No vowels, so that no word appears by accident, and nothing that looks like something else.
CODE_LETTERS = "BCDFGHJKMNPQRTVWXYZ2346789"
CODE_LENGTH = 8


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


def hash_code(code: str, salt: str) -> str:
    """Give what is stored of a code: short, so it is hashed slowly, with a salt of its own (scrypt, 16 MiB)."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.scrypt(plain[:64].encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def same_code(code: str, salt: str, stored: str) -> bool:
    """Tell whether a typed code is the one; spaces, dashes and small letters do not matter."""
    return hmac.compare_digest(hash_code(code, salt), stored)


def new_salt() -> str:
    """Make a salt, in hexadecimal."""
    return secrets.token_hex(16)
