"""A device that keeps passkeys, made of nothing but a key: it can be told to lie, which no browser can (WebAuthn, level 3)."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
SITE = "http://localhost:8000"


def in_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def out_of_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value: Any) -> bytes:
    """As much of CBOR as a device needs (RFC 8949)."""

    def head(major: int, size: int) -> bytes:
        if size < 24:
            return bytes([major << 5 | size])
        return bytes([major << 5 | 24, size]) if size < 256 else bytes([major << 5 | 25, *size.to_bytes(2, "big")])

    match value:
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value)) + value.encode()
        case _:
            return head(5, len(value)) + b"".join(cbor(key) + cbor(one) for key, one in value.items())


@dataclass
class Device:
    """One passkey, and how often it was used. A copy of the device counts on from where it was made."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0
    origin: str = SITE
    site: str = "localhost"
    flags: int = PRESENT | VERIFIED

    @property
    def public(self) -> bytes:
        """The public half of the key, as the site keeps it (RFC 9052)."""
        numbers = self.key.public_key().public_numbers()
        return cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    def make(self, options: str, **lies: Any) -> str:
        """Answer the question for a new passkey."""
        about = len(self.identity).to_bytes(2, "big") + self.identity + self.public
        data = self._data(self.flags | ATTESTED) + bytes(16) + about
        made = cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(self._client("webauthn.create", options, lies), {"attestationObject": in_text(made)})

    def sign(self, options: str, **lies: Any) -> str:
        """Answer the question to sign in."""
        self.count += 1
        client, data = self._client("webauthn.get", options, lies), self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        more = {"authenticatorData": in_text(data), "signature": in_text(signature), "userHandle": None}
        return self._answer(client, more)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: str, lies: Any) -> bytes:
        told = {
            "type": kind,
            "challenge": json.loads(options)["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(told | lies).encode()

    def _answer(self, client: bytes, more: dict[str, Any]) -> str:
        own = in_text(self.identity)
        response = {"clientDataJSON": in_text(client), **more}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
