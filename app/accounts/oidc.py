"""OpenID Connect: the organisation of somebody says who it is. Authorization code with PKCE, state and nonce.

What is checked: OpenID Connect Core 1.0, section 3.1.3.7, and RFC 9700 (the best current practice for OAuth security).
Only asymmetric signatures count: with the others, whoever knows the secret of the client could sign for the provider.
"""

import time
from dataclasses import dataclass
from typing import Any

from app.accounts.asking import Declined, Unreachable, post_form
from app.accounts.provider import NotSetUp, Provider, keys_of, provider_of
from app.accounts.tokens import new_token
from app.errors import ToetssteenError
from app.settings import Settings

CALLBACK = "/inloggen/organisatie/terug"
"""Where the provider sends people back to, below the address of the installation."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
LONGEST_SUBJECT = 255
"""Characters of a subject, at most (OpenID Connect Core 1.0, section 2)."""
UNAUTHORIZED = 401
CLOCKS_DIFFER = 60
"""Seconds that the clocks of two servers may differ."""
TOO_LONG_AGO = "auth_time"
"""The reason when somebody proved themselves at the provider longer ago than the settings allow."""


class NotProven(ToetssteenError):  # noqa: N818 - a statement: it is not proven who this is
    """What the provider sent does not prove who somebody is. `reason` is one English word or two, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


def start(settings: Settings, *, anew: bool = False) -> Start:
    """Begin: make the secrets and the address to send the browser to. Raises Unreachable, and NotSetUp.

    With `anew` the provider asks who it is, also when it still knows somebody in this browser.
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # noqa: PLC0415 - only who signs on pays for it
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415 - same

    provider = provider_of(settings)
    state, nonce, verifier = new_token(), new_token(), new_token()
    more = {"prompt": "login"} if anew else {}
    if settings.oidc_max_age_minutes:
        more["max_age"] = str(settings.oidc_max_age_minutes * 60)
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
        **more,
    )
    return Start(str(address), state, nonce, verifier)


def finish(settings: Settings, code: str, nonce: str, verifier: str, issuer: str = "") -> Proven:
    """Hand in the code and look at what comes back. `issuer` is what the browser brought (RFC 9207), when it did.

    Raises NotProven, Unreachable, and NotSetUp when the provider does not know our secret.
    """
    provider = provider_of(settings)
    if issuer != provider.issuer and (issuer or provider.tells_issuer):
        raise NotProven("issuer of the answer")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": settings.base_url + CALLBACK,
        "code_verifier": verifier,
    }
    try:
        secret = settings.oidc_client_secret
    except (OSError, ValueError) as error:
        raise NotSetUp("the file of TOETSSTEEN_OIDC_CLIENT_SECRET_FILE cannot be read") from error
    try:
        tokens = post_form(provider.token, form, settings.oidc_client_id, secret, in_form=provider.secret_in_form)
    except Declined as error:
        # How a wrong client is told (RFC 6749, section 5.2): by its word, or by the status alone.
        if error.reason in {"invalid_client", "unauthorized_client"} or error.status == UNAUTHORIZED:
            raise NotSetUp("the provider does not take TOETSSTEEN_OIDC_CLIENT_ID with its secret") from error
        raise NotProven("code refused") from error
    claims = _checked(settings, provider, tokens, nonce)
    return Proven(provider.issuer, claims["sub"], claims)


def sign_out_address(settings: Settings) -> str:
    """Give the address where somebody signs out at the organisation too; empty when the provider offers none.

    OpenID Connect RP-Initiated Logout 1.0, without an address to come back to: most providers take one only with the
    identity token, which we do not keep, and some sign nobody out when they do not know the address.
    """
    try:
        return provider_of(settings).end_session
    except Unreachable:
        return ""


def _checked(settings: Settings, provider: Provider, tokens: dict[str, Any], nonce: str) -> dict[str, Any]:
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - only who signs on pays for it
    from joserfc import jwt  # noqa: PLC0415 - same
    from joserfc.errors import JoseError  # noqa: PLC0415 - same

    keys = keys_of(provider)
    try:
        token = jwt.decode(str(tokens.get("id_token", "")), keys, algorithms=ALGORITHMS)
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
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise NotProven("sub")
    if settings.oidc_max_age_minutes and not _recent(claims.get("auth_time"), settings.oidc_max_age_minutes * 60):
        raise NotProven(TOO_LONG_AGO)
    return dict(claims)


def _recent(moment: object, seconds: int) -> bool:
    return isinstance(moment, int | float) and time.time() - moment <= seconds + CLOCKS_DIFFER
