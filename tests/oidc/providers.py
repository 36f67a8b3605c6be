"""The two providers that the tests run, each in a process of its own, and a browser that signs in there.

`own` is the server side of authlib, the library our client stands on too; it gives out tokens that are wrong on purpose.
`independent` is idpyoidc, which shares nothing with our client, so that a mistake of one is not a mistake of both.
"""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

HERE = Path(__file__).parent
BACK = "/inloggen/organisatie/terug"
PASSWORD = "een wachtwoord bij de organisatie"
SECRETS = {"own": "een geheim: met/tekens", "independent": "een-geheim-van-letters"}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows the provider around on its own address, and stops where it sends the browser elsewhere."""

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str) -> Any:
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass
class Browser:
    """Somebody's browser at a provider: it keeps cookies, as browsers do."""

    cookies: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, address: str, form: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Go to an address, perhaps with a form; gives where one ends up, and the page when it is there."""
        sent = None if form is None else urlencode(form).encode()
        try:
            with self._opener.open(address, sent, timeout=10) as answer:
                return answer.url, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                if elsewhere := answer.headers.get("location"):
                    return urljoin(address, elsewhere), ""
                raise AssertionError(f"{answer.code} {answer.read().decode()}") from None


@dataclass(frozen=True)
class Provider:
    """A provider that runs: where it is, which of the two, and the secret of its one client."""

    issuer: str
    kind: str

    @property
    def secret(self) -> str:
        return SECRETS[self.kind]

    def tell(self, **told: Any) -> None:
        """Change something at the provider, as whoever manages it would; or, at `own`, in its next token."""
        urllib.request.urlopen(f"{self.issuer}/for-tests", json.dumps(told).encode(), timeout=10).close()  # noqa: S310 - ours

    def knows(self, person: Mapping[str, object], wrong: Mapping[str, object] | None = None) -> None:
        """Give somebody an account there, or change it."""
        if self.kind == "own":
            self.tell(person=person, wrong=wrong or {})
        else:
            assert not wrong, "only the other one gives out tokens that are wrong on purpose"
            self.tell(people=[person])

    def sign_in(self, address: str, subject: str, browser: Browser | None = None) -> str:
        """Sign in there as somebody; gives the address that the browser is sent back to."""
        browser = browser or Browser()
        where, page = browser.open(address)
        if page:
            token = re.search(r'name="token" value="([^"]+)"', page)
            action = re.search(r'action="([^"]+)"', page)
            assert token, page
            assert action, page
            form = {"username": subject, "password": PASSWORD, "token": unescape(token[1])}
            where, page = browser.open(urljoin(where, unescape(action[1])), form)
            assert not page, page
        return where


@contextmanager
def running(kind: str, base_url: str) -> Iterator[Provider]:
    """Start a provider that sends people back to the product at `base_url`, and end it afterwards."""
    script = {"own": "provider.py", "independent": "independent.py"}[kind]
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", str(HERE / script), base_url + BACK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdin
        assert run.stdout
        yield Provider(run.stdout.readline().strip(), kind)
        run.stdin.close()
        assert run.wait(timeout=20) == 0
