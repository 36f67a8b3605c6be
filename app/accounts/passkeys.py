"""Passkeys (WebAuthn): the key stays in the device, and the device asks who holds it before it signs.

The device must tell people apart (a finger, a face, a code) and must know which account a key is for. So a passkey is
two factors by itself, and signing in with one asks for nothing else. Browsers give passkeys only to sites with a name:
an address in digits has none.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from app.settings import Settings

MILLISECONDS = 120_000
"""How long a device waits for its person."""
_NOT_READABLE = (ValueError, KeyError, TypeError, RecursionError)
"""What reading an answer raises that no device sends; the last one for brackets in brackets without end."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new key, proven to be on the device that asks."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def possible(settings: Settings) -> bool:
    """Tell whether browsers give passkeys to this site: not when its address is in digits."""
    try:
        ip_address(_host(settings))
    except ValueError:
        return True
    return False


def registration(
    settings: Settings, challenge: bytes, *, person_id: str, email: str, name: str, known: Iterable[bytes]
) -> str:
    """Give what a browser needs to make a key, as JSON. `known` are the person's keys: a device makes no second one."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    return options_to_json(
        generate_registration_options(
            rp_id=_host(settings),
            rp_name="Toetssteen",
            user_id=person_id.encode(),
            user_name=email,
            user_display_name=name,
            challenge=challenge,
            timeout=MILLISECONDS,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=structs.ResidentKeyRequirement.REQUIRED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def registered(settings: Settings, challenge: bytes, answer: str) -> Registered | None:
    """Check what a browser sent back after making a key; `None` when it is not a new key for this site."""
    from webauthn import verify_registration_response  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        done = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            require_user_verification=True,
        )
    except (WebAuthnException, *_NOT_READABLE):
        return None
    return Registered(done.credential_id, done.credential_public_key, done.sign_count)


def request(settings: Settings, challenge: bytes) -> str:
    """Give what a browser needs to use a key, as JSON. The device shows which keys it has for this site."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415
    from webauthn.helpers import structs  # noqa: PLC0415

    return options_to_json(
        generate_authentication_options(
            rp_id=_host(settings),
            challenge=challenge,
            timeout=MILLISECONDS,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        )
    )


def credential_of(answer: str) -> bytes | None:
    """Read which key a browser says it used, before anything is proven."""
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415

    try:
        sent: Any = json.loads(answer)
        return base64url_to_bytes(str(sent["id"])[:2000])
    except _NOT_READABLE:
        return None


def proven(settings: Settings, challenge: bytes, answer: str, *, public_key: bytes, sign_count: int) -> int | None:
    """Check a signature; gives the new count of the key, or `None`.

    A count that does not grow means a copied key and is refused; keys that travel between devices always say 0.
    """
    from webauthn import verify_authentication_response  # noqa: PLC0415
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    try:
        done = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, *_NOT_READABLE):
        return None
    return done.new_sign_count


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or "localhost"


def _origin(settings: Settings) -> str:
    address = urlsplit(settings.base_url)
    return f"{address.scheme}://{address.netloc}"
