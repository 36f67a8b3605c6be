"""The device of a session: words its owner recognises, and no more than that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.devices import UNKNOWN, device_of

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0 Safari/537.36", "Chrome op Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/142.0 Safari/537.36 Edg/142.0", "Edge op Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox op Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/18 Safari/605", "Safari op een Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604", "Safari op een iPhone"),
        (f"Mozilla/5.0 (Linux; Android 16) {WEBKIT} Chrome/142.0 Mobile Safari/537.36", "Chrome op Android"),
        (f"Mozilla/5.0 (Linux; Android 16) {WEBKIT} SamsungBrowser/29 Chrome/140", "Samsung Internet op Android"),
        ("Opera/9 (Android)", "Een browser op Android"),
        ("Firefox", "Firefox"),
        ("", UNKNOWN),
        ("curl/8", UNKNOWN),
    ],
)
def test_a_browser_and_a_system_are_named_as_people_do(user_agent: str, told: str):
    assert device_of(user_agent) == told


@given(st.text())
def test_whatever_a_browser_says_about_itself_fits_in_the_column(user_agent: str):
    assert 0 < len(device_of(user_agent)) <= 60
