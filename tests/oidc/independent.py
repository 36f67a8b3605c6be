"""A second OpenID Connect provider for tests, in a process of its own, that shares no code with our client: idpyoidc.

    python tests/oidc/independent.py

prints its address and serves until its input closes. Everything that matters on the way (the request, the page for
signing in, PKCE, codes, tokens, keys, signing out) is what idpyoidc makes of it; here stand its settings, and the web
server in front that hands over what came in. The tests tell it over `/for-tests` who has an account, and which of its
settings are to be different from now on.
"""

# mypy: disable-error-code="misc"
import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from idpyoidc.message import oidc
from idpyoidc.message.oauth2 import ResponseMessage
from idpyoidc.server import Server
from idpyoidc.server.client_authn import ClientAuthenticationError
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.exception import FailedAuthentication, UnAuthorizedClient
from idpyoidc.server.oauth2.add_on.pkce import CC_METHOD
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET, PASSWORD = "toetssteen", "een-geheim-van-letters", "een wachtwoord bij de organisatie"
LIFETIME = 300
"""Seconds that an identity token counts."""
KEYS = [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]
CLAIMS = [
    "name", "email", "email_verified", "roles", "groups", "realm_access", "resource_access", "_claim_names", "hasgroups",
]  # fmt: skip
"""What it tells in an identity token, of whoever has it."""
PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>{title}</h1>{body}</main></body></html>"""


class Accounts:
    """Who can sign in here: everybody the tests told about, all with one password."""

    known: ClassVar[dict[str, dict[str, Any]]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.known

    def __getitem__(self, _name: str) -> str:
        return PASSWORD


def settings(issuer: str) -> dict[str, Any]:
    endpoints: dict[str, tuple[str, str, dict[str, Any]]] = {
        "provider_info": (".well-known/openid-configuration", "oidc.provider_config.ProviderConfiguration", {}),
        "authorization": ("authorization", "oidc.authorization.Authorization", {"response_types_supported": ["code"]}),
        "token": ("token", "oidc.token.Token", {"client_authn_method": ["client_secret_basic", "client_secret_post"]}),
        "session": (
            "session", "oidc.session.Session",
            {"logout_verify_url": f"{issuer}/verify_logout", "post_logout_uri_path": "post_logout", "signing_alg": "ES256"},
        ),
    }  # fmt: skip
    own: dict[str, Any] = {"client_authn_method": None}
    return {
        "issuer": issuer,
        "key_conf": {"key_defs": KEYS},
        "preference": {"jwks_uri": f"{issuer}/keys", "response_types_supported": ["code"]},
        "add_ons": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": CC_METHOD["S256"]}},
            }
        },
        "endpoint": {
            name: {"path": path, "class": f"idpyoidc.server.{kind}", "kwargs": own | more}
            for name, (path, kind, more) in endpoints.items()
        },
        "token_handler_args": {
            "key_conf": {"key_defs": [{"type": "OCT", "bytes": 24, "use": ["enc"], "kid": "code"}]},
            "code": {"kwargs": {"lifetime": 600}},
            "token": {"kwargs": {"lifetime": 600}},
            "id_token": {
                "class": "idpyoidc.server.token.id_token.IDToken",
                "kwargs": {"lifetime": LIFETIME, "always_add_claims": CLAIMS},
            },
        },
        # Its own way of making a subject is a hash; the tests want to recognise theirs.
        "session_params": {"sub_func": {"public": {"function": lambda uid, *_args, **_more: uid}}},
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {}},
        "authentication": {
            "user": {
                "acr": "urn:oasis:names:tc:SAML:2.0:ac:classes:InternetProtocolPassword",
                "class": "idpyoidc.server.user_authn.user.UserPassJinja2",
                "kwargs": {"verify_endpoint": "/verify", "template": "login.html", "db": {"class": Accounts, "kwargs": {}}},
            }
        },
        "template_dir": str(Path(__file__).parent),
        "claims_interface": {"class": "idpyoidc.server.session.claims.ClaimsInterface", "kwargs": {}},
        "cookie_handler": {
            "class": "idpyoidc.server.cookie_handler.CookieHandler",
            "kwargs": {
                "flags": {"samesite": "lax", "httponly": True},  # not secure: this is http, on one machine
                "keys": {"key_defs": [{"type": "OCT", "use": [use], "kid": use} for use in ("enc", "sig")]},
            },
        },
    }  # fmt: skip


class Running:
    """The one provider of this process."""

    issuer: ClassVar[str]
    server: ClassVar[Server]


def at(name: str) -> Any:
    """Make a route of an endpoint of the provider."""

    async def answer(request: Request) -> Response:
        endpoint = Running.server.get_endpoint(name)
        sent = dict(await request.form() if request.method == "POST" else request.query_params)
        about = {
            "headers": {key: value for key, value in request.headers.items() if key not in {"cookie", "user-agent"}},
            "method": request.method,
            "url": str(request.url),
            "cookie": [{"name": key, "value": value} for key, value in request.cookies.items()],
        }
        try:
            asked = read(endpoint, sent, about)
            if "error" in asked:
                return JSONResponse(asked.to_dict(), 400)
            asked = oidc.AccessTokenRequest(**asked) if name == "token" else asked
            told = endpoint.process_request(asked, http_info=about)
        except (ClientAuthenticationError, UnAuthorizedClient):
            return JSONResponse({"error": "invalid_client"}, 401)
        except Exception as error:  # noqa: BLE001 - as the example server of idpyoidc does
            return JSONResponse({"error": "invalid_request", "error_description": str(error)}, 400)
        if "redirect_location" in told:
            return RedirectResponse(told["redirect_location"], 303)
        if "http_response" in told:
            return HTMLResponse(told["http_response"])
        return sent_back(endpoint, asked, told)

    return answer


def read(endpoint: Any, sent: dict[str, Any], about: dict[str, Any]) -> Any:
    if endpoint.name != "session":
        return endpoint.parse_request(sent, http_info=about)
    # Its own way of reading this one (5.0.0) wants a browser to prove that it is a client, which no browser can.
    asked = oidc.session.EndSessionRequest(**sent)
    asked.verify(keyjar=Running.server.keyjar, sigalg="")
    return asked


def sent_back(endpoint: Any, asked: Any, told: Any) -> Response:
    info = endpoint.do_response(request=asked, **told)
    answer: Response
    if info.get("response_placement", endpoint.response_placement) == "body":
        body = info["response"]
        answer = Response(body if isinstance(body, str) else json.dumps(body), 400 if "error" in told else 200)
    else:
        answer = RedirectResponse(info["response"], 303)
    for key, value in info["http_headers"]:
        answer.headers[key] = value
    for one in info.get("cookie", []):
        answer.set_cookie(one["name"], one["value"], path="/", httponly=True, samesite="lax")
    return answer


async def verify(request: Request) -> Response:
    """Somebody filled in the page for signing in."""
    sent = {key: str(value) for key, value in (await request.form()).items()}
    method = Running.server.get_context().authn_broker.get_method_by_id("user")
    try:
        user = method.verify(**sent)
    except FailedAuthentication:
        return HTMLResponse(PAGE.format(title="Dat klopt niet", body="<p>Ga terug en probeer het opnieuw.</p>"), 403)
    asked = method.unpack_token(sent["token"])
    original = oidc.AuthorizationRequest().from_urlencoded(asked["query"])
    endpoint = Running.server.get_endpoint("authorization")
    session = endpoint.create_session(original, user, asked["authn_class_ref"], asked["iat"], method)
    told = endpoint.authz_part2(request=original, session_id=session)
    if isinstance(told, ResponseMessage) and "error" in told:
        return JSONResponse(told.to_dict(), 400)
    return sent_back(endpoint, original, told)


async def verify_logout(request: Request) -> Response:
    form = '<form method="post" action="/rp_logout"><input type="hidden" name="sjwt" value="{}"><button>Uitloggen</button></form>'
    return HTMLResponse(PAGE.format(title="Wilt u uitloggen?", body=form.format(request.query_params["sjwt"])))


async def rp_logout(request: Request) -> Response:
    endpoint = Running.server.get_endpoint("session")
    told = endpoint.unpack_signed_jwt(str((await request.form())["sjwt"]))
    endpoint.do_verified_logout(told["sid"])
    answer = RedirectResponse(told["redirect_uri"], 303)
    for one in endpoint.kill_cookies():
        answer.delete_cookie(one["name"], path="/")
    return answer


async def post_logout(_request: Request) -> Response:
    return HTMLResponse(PAGE.format(title="U bent uitgelogd", body="<p>Tot ziens.</p>"))


async def keys(_request: Request) -> Response:
    return JSONResponse(Running.server.keyjar.export_jwks())


async def for_tests(request: Request) -> Response:
    """Do what an administrator of this provider could do: change an account, a setting, or the keys."""
    told, context = await request.json(), Running.server.get_context()
    for person in told.get("people", []):
        Accounts.known[person["sub"]] = {key: value for key, value in person.items() if key != "sub"}
    context.cdb[CLIENT].update(told.get("client", {}))
    context.provider_info.update(told.get("describes", {}))
    context.session_manager.token_handler["id_token"].lifetime = told.get("lifetime", LIFETIME)
    context.issuer = told.get("issuer", Running.issuer)
    if told.get("new_keys"):
        Running.server.keyjar.rotate_keys(KEYS, issuer_id="")
    for owner in {Running.issuer, context.issuer}:
        signs_as(owner)
    return Response(status_code=204)


def signs_as(owner: str) -> None:
    """Let the keys that are published be those of this name too: a token is signed with the keys of who it is from."""
    jar = Running.server.keyjar
    if owner in jar.owners():
        del jar[owner]
    jar.import_jwks(jar.export_jwks(private=True), owner)


ROUTES = [
    Route("/.well-known/openid-configuration", at("provider_config")),
    Route("/authorization", at("authorization")),
    Route("/verify", verify, methods=["POST"]),
    Route("/token", at("token"), methods=["POST"]),
    Route("/session", at("session")),
    Route("/verify_logout", verify_logout),
    Route("/rp_logout", rp_logout, methods=["POST"]),
    Route("/post_logout", post_logout),
    Route("/keys", keys),
    Route("/for-tests", for_tests, methods=["POST"]),
]


def register(back: str) -> None:
    """Register the one client, with the exact address it may send people back to."""
    Running.server.get_context().cdb[CLIENT] = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [(back, {})],
        "response_types_supported": ["code"],
        "allowed_scopes": ["openid", "profile", "email"],
        "id_token_signed_response_alg": "RS256",
    }


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        Running.issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
        Running.server = Server(OPConfiguration(conf=settings(Running.issuer), base_path="."), cwd=".")
        Running.server.get_context().userinfo.db = Accounts.known
        register(*sys.argv[1:])
        running = uvicorn.Server(uvicorn.Config(Starlette(routes=ROUTES), log_level="error", ws="none"))
        serving = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        serving.start()
        print(Running.issuer, flush=True)  # noqa: T201 - whoever started this reads it
        sys.stdin.read()
        running.should_exit = True
        serving.join()
