"""An OpenID Connect provider for tests, in a process of its own: the server side of authlib behind a small web server.

    python tests/oidc/provider.py

prints its address and serves until its input closes. It knows one client, insists on PKCE, gives every code once, and
lets whoever asks in as anybody: `/authorize?…&login_hint=SUBJECT`; without a hint as the person that the tests set. The
tests tell it over `/for-tests` what the next token has to be wrong in, and who somebody is.
"""

# ruff: noqa: ARG002 - authlib says what it hands over; this provider needs little of it
# mypy: disable-error-code="misc,no-any-return"
import base64
import json
import os
import socket
import sys
import threading
import time
from typing import Any, ClassVar

# A provider on a loopback address; authlib asks for this before it works without https.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import uvicorn
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientMixin,
    OAuth2Request,
    TokenMixin,
    grants,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from authlib.oidc.core.models import AuthorizationCodeMixin
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "toetssteen", "een geheim: met/tekens"
KEY, STRANGE_KEY = RSAKey.generate_key(2048, {"kid": "a"}), RSAKey.generate_key(2048, {"kid": "a"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "b"})


class Told:
    """What the tests told: who the next person is and what goes wrong."""

    person: ClassVar[dict[str, Any]] = {"sub": "s-1"}
    wrong: ClassVar[dict[str, Any]] = {}
    odd_keys: ClassVar[list[Any]] = []


class Client(ClientMixin):
    """The one client."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/inloggen/organisatie/terug")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    """A code that was given out, with what it was given for."""

    def __init__(self, request: OAuth2Request, person: dict[str, Any]) -> None:
        payload = request.payload
        self.person = person
        self.redirect_uri = payload.redirect_uri
        self.scope = payload.scope
        self.nonce = payload.data.get("nonce")
        self.code_challenge = payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


CODES: dict[str, Code] = {}


class CodeGrant(grants.AuthorizationCodeGrant):
    """The only way to a token."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        CODES[code] = Code(request, request.user)

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return CODES.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        for code in [one for one, found in CODES.items() if found is authorization_code]:
            del CODES[code]

    def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
        return authorization_code.person


class Identity(OpenIDCode):
    """Adds the identity token to the answer."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return KEY

    def get_client_algorithm(self, client: Client) -> str:
        return "RS256"

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": ISSUER}

    def get_encode_header(self, client: Client) -> dict[str, Any]:
        return {"alg": "RS256", "kid": "a"}

    def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
        return UserInfo(user)


class Server(AuthorizationServer):
    """Authlib's server, with the little it wants to know about the web server in front of it."""

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> TokenMixin | None:
        return None

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        pass

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        content = json.dumps(body) if isinstance(body, dict) else body
        return Response(content, status, dict(headers))


server = Server()
server.register_token_generator("default", BearerTokenGenerator(lambda *_args, **_more: os.urandom(20).hex()))
server.register_grant(CodeGrant, [CodeChallenge(required=True), Identity(require_nonce=True)])


async def as_oauth2(request: Request) -> OAuth2Request:
    form = dict(await request.form()) if request.method == "POST" else dict(request.query_params)
    made = OAuth2Request(request.method, str(request.url), headers=dict(request.headers))
    made.headers = {name.title(): value for name, value in request.headers.items()}
    made.payload = BasicOAuth2Payload(form)
    if request.method == "POST":
        made._body = form
    return made


async def authorize(request: Request) -> Response:
    return server.create_authorization_response(await as_oauth2(request), grant_user=dict(Told.person))


async def token(request: Request) -> Response:
    answer = server.create_token_response(await as_oauth2(request))
    wrong, Told.wrong = Told.wrong, {}
    if not wrong or answer.status_code != 200:
        return answer
    tokens = json.loads(answer.body)
    tokens["id_token"] = spoiled(tokens["id_token"], wrong)
    return JSONResponse(tokens)


def spoiled(identity: str, wrong: dict[str, Any]) -> str:
    """Sign the token again, with other claims, another key or another way of signing."""
    parts = [part + "=" * (-len(part) % 4) for part in identity.split(".")]
    claims = json.loads(base64.urlsafe_b64decode(parts[1])) | wrong.get("claims", {})
    claims = {name: value for name, value in claims.items() if name not in wrong.get("without", [])}
    match wrong.get("signed", ""):
        case "nobody":
            header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
            return f"{header}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."
        case "secret":
            from joserfc.jwk import OctKey  # noqa: PLC0415 - for one test

            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        case "strange key":
            return jwt.encode({"alg": "RS256", "kid": "a"}, claims, STRANGE_KEY)
        case "other key":
            return jwt.encode({"alg": "RS256", "kid": "b"}, claims, OTHER_KEY)
        case "garbage":
            return "geen.token.hier"
    return jwt.encode({"alg": "RS256", "kid": "a"}, claims, KEY)


async def keys(_request: Request) -> Response:
    return JSONResponse({"keys": [*Told.odd_keys, KEY.as_dict(private=False)]})


async def described(_request: Request) -> Response:
    return JSONResponse(
        {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "end_session_endpoint": f"{ISSUER}/end",
            "authorization_response_iss_parameter_supported": False,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    )


async def for_tests(request: Request) -> Response:
    told = await request.json()
    Told.person, Told.wrong = told.get("person", Told.person), told.get("wrong", {})
    Told.odd_keys = told.get("odd_keys", [])
    return Response(status_code=204)


async def end(request: Request) -> Response:
    return JSONResponse(dict(request.query_params))


ROUTES = [
    Route("/.well-known/openid-configuration", described),
    Route("/authorize", authorize),
    Route("/token", token, methods=["POST"]),
    Route("/keys", keys),
    Route("/end", end),
    Route("/for-tests", for_tests, methods=["POST"]),
]

if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ISSUER = f"http://127.0.0.1:{listening.getsockname()[1]}"
        running = uvicorn.Server(uvicorn.Config(Starlette(routes=ROUTES), log_level="error", ws="none"))
        serving = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        serving.start()
        print(ISSUER, flush=True)  # noqa: T201 - whoever started this reads it
        sys.stdin.read()
        running.should_exit = True
        serving.join()
