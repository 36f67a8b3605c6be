"""Single sign-on is set up whole or not at all, and only asks servers that can be trusted to be who they are."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote

import pytest
from pydantic import ValidationError

from app.accounts import asking
from app.reviews.lifecycle import Role
from app.settings import Settings

ORGANISATION = "Gemeente Voorbeeldstad"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"oidc_client_id": ""}, "_CLIENT_ID"),
        ({"oidc_roles": {}}, "_ROLES"),
        ({"oidc_scopes": "profile"}, "openid"),
        ({"oidc_roles": {"x": "candidate"}}, "candidate"),
        ({"oidc_roles": {"x": "burgemeester"}}, "oidc_roles"),
        ({"oidc_issuer": "http://elders.example"}, "https://"),
        ({"local_accounts": False}, "one value must give admin"),
    ],
)
def test_half_a_single_sign_on_is_no_setting(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    whole: dict[str, Any] = {
        "oidc_issuer": "https://login.voorbeeld.example",
        "oidc_client_id": "toetssteen",
        "oidc_client_secret_file": tmp_path / "secret",
        "oidc_organisation": ORGANISATION,
        "oidc_roles": {"griffie": "clerk"},
    }
    assert Settings(**whole).oidc_roles == {"griffie": Role.CLERK}
    with pytest.raises(ValidationError, match=told):
        Settings(**whole | change)


def test_an_installation_that_nobody_could_get_into_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="nobody could sign in"):
        Settings(local_accounts=False)
    Settings(
        local_accounts=False, oidc_issuer="https://login.voorbeeld.example", oidc_client_id="toetssteen",
        oidc_client_secret_file=tmp_path / "secret", oidc_organisation=ORGANISATION,
        oidc_roles={"griffie": Role.CLERK, "beheer": Role.ADMIN},
    )  # fmt: skip


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/":
            self.send_response(302)
            self.send_header("Location", "/geheim")
            self.end_headers()
            return
        self.server.reached = True  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_redirect_of_the_provider_is_not_followed() -> None:
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with pytest.raises(asking.Unreachable, match="302"):
            asking.get_json(f"http://127.0.0.1:{server.server_port}/")
        assert not hasattr(server, "reached")
        assert asking.get_json(f"http://127.0.0.1:{server.server_port}/geheim") == {}
        assert hasattr(server, "reached")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.example/x", True),
        ("http://127.0.0.1:80/x", True),
        ("http://login.example/x", False),
        ("file:///etc/passwd", False),
        ("ftp://127.0.0.1/x", False),
        ("", False),
    ],
)
def test_only_https_and_this_machine_are_asked(address: str, safe: bool) -> None:
    assert asking.safe_address(address) is safe
    if not safe:
        with pytest.raises(asking.Unreachable):
            asking.get_json(address or "http://")


class _Says(BaseHTTPRequestHandler):
    """Answers with the status and the body that its address names."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        _, status, body = unquote(self.path).split("/", 2)
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, '{"error": "invalid_grant", "error_description": "van Noor"}', "invalid_grant"),
        (401, '{"error": "invalid_client"}', "invalid_client"),
        (400, '{"error": "het geheim van Noor"}', ""),
        (400, '{"error": ["invalid_grant"]}', ""),
        (400, '"invalid_grant"', ""),
        (403, "<html>", ""),
    ],
)
def test_of_what_a_server_declines_only_words_of_the_standard_are_told(status: int, body: str, told: str) -> None:
    with HTTPServer(("127.0.0.1", 0), _Says) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with pytest.raises(asking.Declined) as declined:
            asking.post_form(
                f"http://127.0.0.1:{server.server_port}/{status}/{quote(body, safe='')}", {}, "x", "y", in_form=True
            )
        assert (declined.value.status, declined.value.reason) == (status, told)
        assert "Noor" not in str(declined.value)
        with pytest.raises(asking.Unreachable, match="answered 500") as broken:
            asking.post_form(f"http://127.0.0.1:{server.server_port}/500/x", {}, "x", "y", in_form=True)
        assert not isinstance(broken.value, asking.Declined)
        server.shutdown()
        thread.join()
