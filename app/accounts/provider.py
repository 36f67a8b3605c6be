"""What an OpenID Connect provider tells about itself (OpenID Connect Discovery 1.0), and the keys it signs with."""

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from app.accounts.asking import Unreachable, get_json, safe_address
from app.settings import Settings

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

KEPT_SECONDS = 600
"""How long the description of a provider is kept: an outsider who asks for it often costs the provider nothing."""


class NotSetUp(Unreachable):
    """Trying again does not help: a setting here or at the provider is wrong. The message says which, in English."""


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider tells about itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorize: str
    token: str
    keys: str
    end_session: str
    secret_in_form: bool
    tells_issuer: bool
    algorithms: tuple[str, ...]
    challenges: tuple[str, ...]


def provider_of(settings: Settings) -> Provider:
    """Give the provider of this installation. Raises Unreachable, and NotSetUp when it is not who the settings name."""
    return _discovered(settings.oidc_issuer.rstrip("/"), int(time.monotonic() // KEPT_SECONDS))


def keys_of(provider: Provider) -> "KeySet":
    """Give the keys that the provider publishes now: one it withdrew counts no longer, a new one at once.

    A key of a kind we do not know, or that is broken, is passed over (RFC 7517, section 5): it must not keep people out
    who are signed in with another one. So is one for encrypting, and one that is shared. Raises Unreachable.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415 - only who signs on pays for it
    from joserfc.jwk import JWKRegistry, KeySet  # noqa: PLC0415 - same

    published = get_json(provider.keys).get("keys")
    usable = []
    for one in published if isinstance(published, list) else []:
        if isinstance(one, dict) and one.get("use", "sig") == "sig" and one.get("kty") != "oct":
            with suppress(JoseError, ValueError, TypeError, KeyError):
                usable.append(JWKRegistry.import_key(one))
    if not usable:
        raise Unreachable("the provider publishes no key that we can use")
    return KeySet(usable)


@lru_cache(maxsize=4)
def _discovered(issuer: str, _while: int) -> Provider:
    told = get_json(f"{issuer}/.well-known/openid-configuration")
    # The slash at the end is the one thing people write differently; the rest must be the same (Discovery, 4.3). So a
    # provider for many organisations at once, whose name holds a blank such as {tenantid}, is never taken.
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise NotSetUp("the provider calls itself something else than TOETSSTEEN_OIDC_ISSUER")
    addresses = {name: str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    end_session = str(told.get("end_session_endpoint", ""))
    if not all(safe_address(address) for address in (*addresses.values(), *filter(None, (end_session,)))):
        raise NotSetUp("the provider names an address that is not https")
    methods = _words(told, "token_endpoint_auth_methods_supported") or ("client_secret_basic",)
    return Provider(
        issuer=str(told["issuer"]),
        authorize=addresses["authorization_endpoint"],
        token=addresses["token_endpoint"],
        keys=addresses["jwks_uri"],
        end_session=end_session,
        secret_in_form="client_secret_basic" not in methods,
        tells_issuer=told.get("authorization_response_iss_parameter_supported") is True,
        algorithms=_words(told, "id_token_signing_alg_values_supported"),
        challenges=_words(told, "code_challenge_methods_supported"),
    )


def _words(told: dict[str, Any], name: str) -> tuple[str, ...]:
    found = told.get(name)
    return tuple(str(one) for one in found) if isinstance(found, list) else ()
