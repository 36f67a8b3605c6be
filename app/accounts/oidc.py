"""OpenID Connect: the organisation of somebody says who it is. Authorization code with PKCE, state and nonce.

What is checked: OpenID Connect Core 1.0, section 3.1.3.7, and RFC 9700 (the best current practice for OAuth security).
Only asymmetric signatures count: with the others, whoever knows the secret of the client could sign for the provider.
"""

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from app.accounts.asking import Unreachable, get_json, post_form, safe_address
from app.accounts.tokens import new_token
from app.errors import ToetssteenError
from app.settings import Settings

CALLBACK = "/inloggen/organisatie/terug"
"""Where the provider sends people back to, below the address of the installation."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
CLOCKS_DIFFER = 60
"""Seconds that the clocks of two servers may differ."""
KEPT_SECONDS = 600
"""How long the description of a provider is kept: an outsider who asks for it often costs the provider nothing."""


class NotProven(ToetssteenError):  # noqa: N818 - a statement: it is not proven who this is
    """What the provider sent does not prove who somebody is. `reason` is one English word or two, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


@dataclass(frozen=True, slots=True)
class Start:
    """A sign-in that began: where to send the browser, and what only we and the provider know."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is, according to the provider: a subject that never changes, and what was told about it."""

    issuer: str
    subject: str
    claims: dict[str, Any]


def provider_of(settings: Settings) -> Provider:
    """Give the provider of this installation. Raises Unreachable."""
    return _discovered(settings.oidc_issuer.rstrip("/"), int(time.monotonic() // KEPT_SECONDS))


def start(settings: Settings) -> Start:
    """Begin: make the secrets and the address to send the browser to. Raises Unreachable."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 - only who signs on pays for it
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415 - same

    provider = provider_of(settings)
    state, nonce, verifier = new_token(), new_token(), new_token()
    address = prepare_grant_uri(
        provider.authorize,
        client_id=settings.oidc_client_id,
        response_type="code",
        redirect_uri=settings.base_url + CALLBACK,
        scope=settings.oidc_scopes,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    return Start(str(address), state, nonce, verifier)


def finish(settings: Settings, code: str, nonce: str, verifier: str, issuer: str = "") -> Proven:
    """Hand in the code and look at what comes back. `issuer` is what the browser brought (RFC 9207), when it did.

    Raises NotProven, and Unreachable.
    """
    provider = provider_of(settings)
    if issuer != provider.issuer and (issuer or provider.tells_issuer):
        raise NotProven("issuer of the answer")
    try:
        tokens = post_form(
            provider.token,
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": settings.base_url + CALLBACK,
                "code_verifier": verifier,
            },
            settings.oidc_client_id,
            settings.oidc_client_secret,
            in_form=provider.secret_in_form,
        )
    except Unreachable as error:
        if "answered 4" in str(error):
            raise NotProven("code refused") from error
        raise
    claims = _checked(settings, provider, tokens, nonce)
    return Proven(provider.issuer, claims["sub"], claims)


def sign_out_address(settings: Settings) -> str:
    """Give the address where somebody signs out at the organisation too; empty when the provider offers none.

    OpenID Connect RP-Initiated Logout 1.0. The identity token is not kept, so the client says who it is itself.
    """
    try:
        address = provider_of(settings).end_session
    except Unreachable:
        return ""
    if not address:
        return ""
    told = {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": f"{settings.base_url}/inloggen"}
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(told)}"


def _checked(settings: Settings, provider: Provider, tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - only who signs on pays for it
    from joserfc import jwt  # noqa: PLC0415 - same
    from joserfc.errors import JoseError  # noqa: PLC0415 - same
    from joserfc.jwk import KeySet  # noqa: PLC0415 - same

    # Asked for every time: a key that the provider withdrew counts no longer, and a new one counts at once.
    published: Any = get_json(provider.keys)
    try:
        token = jwt.decode(str(tokens.get("id_token", "")), KeySet.import_key_set(published), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": settings.oidc_client_id},
                "sub": {"essential": True},
            },
            {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": tokens.get("access_token", "")},
        )
        claims.validate(now=int(time.time()), leeway=CLOCKS_DIFFER)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        # Which claim, when it was one; never what it said.
        raise NotProven(str(getattr(error, "claim", "") or type(error).__name__)) from error
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise NotProven("sub")
    return dict(claims)


@lru_cache(maxsize=4)
def _discovered(issuer: str, _while: int) -> Provider:
    told = get_json(f"{issuer}/.well-known/openid-configuration")
    # The slash at the end is the one thing people write differently; the rest must be the same (Discovery, 4.3).
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise Unreachable("the provider calls itself something else")
    addresses = {name: str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    end_session = str(told.get("end_session_endpoint", ""))
    if not all(safe_address(address) for address in (*addresses.values(), *filter(None, (end_session,)))):
        raise Unreachable("the provider names an address that is not https")
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=str(told["issuer"]),
        authorize=addresses["authorization_endpoint"],
        token=addresses["token_endpoint"],
        keys=addresses["jwks_uri"],
        end_session=end_session,
        secret_in_form="client_secret_basic" not in methods,
        tells_issuer=told.get("authorization_response_iss_parameter_supported") is True,
    )
