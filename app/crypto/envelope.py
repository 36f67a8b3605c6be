"""Keys that seal, and what a sealed text is.

Everything is AES-256-GCM (NIST SP 800-38D). A sealed text is one byte that names this format, a nonce of 96 random bits,
and the ciphertext with its tag of 128 bits. With random nonces one key may seal 2^32 texts; a case stays far below that.

What a text belongs to (`about`) is no part of the text, but it must be the same on opening: a text that was moved to
another case, another question or another version does not open.
"""

import hashlib
import hmac
import os

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import Unreadable

KEY_BYTES = 32
FORMAT = b"\x01"
_NONCE_BYTES = 12
_START = len(FORMAT) + _NONCE_BYTES
OVERHEAD = _START + 16
"""How many bytes a sealed text is longer than what was sealed."""

MARK = 26
"""How long a mark is: as long as an identity."""

SMALLEST, LARGEST = 256, 4096
"""Between these a text that is made even gets the length of the next power of two; above, the next multiple of the largest."""


def about(*parts: str | int | None) -> bytes:
    """Say what a text belongs to. Other parts, or the same parts cut elsewhere, never give the same bytes."""
    return orjson.dumps(parts)


def evened(text: bytes) -> bytes:
    """Put spaces behind a text, so that its length tells next to nothing: a sealed text is as long as what was sealed.

    Without this *yes* and *no* could be told apart by whoever has the database and no key.
    """
    size = max(len(text), SMALLEST)
    step = min(1 << (size - 1).bit_length(), LARGEST)
    return text.ljust(-(-size // step) * step)


class ContentKey:
    """The key of one case or organisation. Its bytes never show in a representation or an error."""

    __slots__ = ("_cipher", "_marking")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise Unreadable("a key has another length than 32 bytes")
        self._cipher = AESGCM(raw)
        # Another key for another purpose, that does not lead back to the first.
        self._marking = hmac.digest(raw, b"toetssteen marks", "sha256")

    def seal(self, text: bytes, belongs_to: bytes) -> bytes:
        """Make a text unreadable without this key."""
        nonce = os.urandom(_NONCE_BYTES)
        return FORMAT + nonce + self._cipher.encrypt(nonce, text, belongs_to)

    def open(self, sealed: bytes, belongs_to: bytes) -> bytes:
        """Give the text back. Raises Unreadable when it was changed, moved, or sealed with another key."""
        if sealed[:1] != FORMAT:
            raise Unreadable("this is no sealed text")
        try:
            return self._cipher.decrypt(sealed[1:_START], sealed[_START:], belongs_to)
        except (InvalidTag, ValueError):
            raise Unreadable("a sealed text was changed, moved, or sealed with another key") from None

    def mark(self, name: str) -> str:
        """Give something by which the same name is known again, and that tells nothing without this key."""
        return hmac.digest(self._marking, name.encode(), "sha256").hex()[:MARK]


class MasterKey:
    """A key that wraps data keys and nothing else. `id` names it without telling anything about it."""

    __slots__ = ("_key", "id")

    def __init__(self, raw: bytes) -> None:
        self._key = ContentKey(raw)
        self.id = hashlib.sha256(b"toetssteen master key\x00" + raw).hexdigest()[:16]

    def wrap(self, raw: bytes, owner_id: str) -> bytes:
        """Seal the bytes of a data key for one owner."""
        return self._key.seal(raw, about("data_key", owner_id))

    def unwrap(self, wrapped: bytes, owner_id: str) -> bytes:
        """Give the bytes of a data key back. Raises Unreadable when it belongs to somebody else or was changed."""
        return self._key.open(wrapped, about("data_key", owner_id))


def new_key() -> bytes:
    """Make 32 random bytes."""
    return os.urandom(KEY_BYTES)
