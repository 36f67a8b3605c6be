"""What a provider that shares no code with us does otherwise: other signatures, other keys, other ways to know a client."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from re import search
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.accounts.provider import _discovered
from app.store.rows import SignInRow
from tests.oidc.office import Office, independent
from tests.oidc.providers import Browser

__all__ = ["independent"]  # a fixture


@pytest.fixture(autouse=True)
def _as_it_was(independent: Office) -> Iterator[None]:
    """Set the provider back after a test, and forget what it said about itself."""
    _discovered.cache_clear()
    yield
    _discovered.cache_clear()
    independent.provider.tell(
        client={"id_token_signed_response_alg": "RS256"},
        describes={"token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"]},
    )


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256", "PS384", "ES256"])
def test_every_way_of_signing_with_a_key_pair_counts(independent: Office, algorithm: str) -> None:
    independent.provider.tell(client={"id_token_signed_response_alg": algorithm})
    assert independent.sign_on(independent.person(f"teken-{algorithm}")).status_code == 303


def test_a_signature_with_the_shared_secret_does_not_count(independent: Office) -> None:
    independent.provider.tell(client={"id_token_signed_response_alg": "HS256"})
    assert independent.sign_on(independent.person("gedeeld")).status_code == 403
    assert independent.client.get("/werklijst").status_code == 303


def test_new_keys_count_at_once(independent: Office) -> None:
    assert independent.sign_on(independent.person("sleutels")).status_code == 303
    independent.provider.tell(new_keys=True)
    assert independent.sign_on(independent.person("sleutels")).status_code == 303


def test_keys_that_changed_between_leaving_and_coming_back_count(independent: Office) -> None:
    independent.tell(independent.person("wisselkoers"))
    back = independent.at_provider(independent.leave())
    independent.provider.tell(new_keys=True)
    assert independent.client.get(back).status_code == 303


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_secret_goes_in_the_way_that_the_provider_knows(independent: Office, method: str) -> None:
    independent.provider.tell(
        describes={"token_endpoint_auth_methods_supported": [method]}, client={"client_authn_method": [method]}
    )
    assert independent.sign_on(independent.person(f"geheim-{method}")).status_code == 303
    independent.provider.tell(client={"client_authn_method": None})


def test_another_secret_is_told_as_a_setting_and_not_as_a_person(independent: Office) -> None:
    independent.provider.tell(client={"client_secret": "een-nieuw-geheim"})
    answer = independent.sign_on(independent.person("verlopen-geheim"))
    independent.provider.tell(client={"client_secret": independent.provider.secret})
    assert answer.status_code == 403
    assert "niet goed ingesteld" in answer.text
    assert independent.refusal() == "not set up"


@pytest.mark.parametrize(
    ("told", "reason"), [({"lifetime": -3600}, "exp"), ({"issuer": "https://elders.example"}, "issuer of the answer")]
)
def test_a_token_of_long_ago_or_of_another_issuer_opens_nothing(
    independent: Office, told: dict[str, object], reason: str
) -> None:
    before = len(independent.rows(SignInRow))
    independent.tell(independent.person("voorbij"))
    independent.provider.tell(**told)
    answer = independent.client.get(independent.at_provider(independent.leave()))
    independent.provider.tell()
    assert answer.status_code == 403
    assert len(independent.rows(SignInRow)) == before
    assert independent.refusal() == reason


def test_a_provider_that_sends_no_issuer_back_is_held_to_its_token(independent: Office) -> None:
    independent.tell(independent.person("zonder-iss"))
    independent.provider.tell(issuer="https://elders.example")
    back = independent.at_provider(independent.leave())
    independent.provider.tell(issuer="https://elders.example")
    answer = independent.client.get(back.partition("&iss=")[0])
    independent.provider.tell()
    assert answer.status_code == 403
    assert independent.refusal() == "iss"


def test_a_provider_for_many_organisations_at_once_is_not_taken(independent: Office) -> None:
    blank = f"{independent.issuer}/{{tenantid}}"
    independent.provider.tell(describes={"issuer": blank})
    answer = independent.client.get("/inloggen/organisatie")
    independent.provider.tell(describes={"issuer": independent.issuer})
    assert answer.status_code == 503
    assert "niet goed ingesteld" in answer.text


def test_somebody_whom_the_provider_still_knows_is_not_asked_again_unless_the_settings_say_so(
    independent: Office,
) -> None:
    independent.tell(independent.person("bekend"))
    browser = Browser()
    independent.at_provider(independent.leave(), browser)
    address = independent.leave()
    assert browser.open(address)[1] == "", "sent back at once"
    with independent.with_settings(oidc_max_age_minutes=1):
        address = independent.leave()
        assert parse_qs(urlsplit(address).query)["max_age"] == ["60"]
        back = independent.at_provider(address, browser)
        assert independent.client.get(back).status_code == 303


def test_what_was_proven_too_long_ago_is_refused_also_when_the_provider_does_not_mind(independent: Office) -> None:
    independent.tell(independent.person("oud"))
    with independent.with_settings(oidc_max_age_minutes=5):
        back = independent.at_provider(independent.leave())
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5, seconds=30), tick=True):
            # Still within what the clocks of two servers may differ, and within the life of the token and that.
            assert independent.client.get(back).status_code == 303
        back = independent.at_provider(independent.leave())
        with (
            independent.with_settings(oidc_max_age_minutes=1),
            time_machine.travel(datetime.now(UTC) + timedelta(minutes=2, seconds=30), tick=True),
        ):
            answer = independent.client.get(back)
    assert answer.status_code == 403
    assert "te lang geleden" in answer.text


def test_signing_out_at_the_provider_too_makes_it_ask_again(independent: Office) -> None:
    independent.tell(independent.person("uitgelogd"))
    browser = Browser()
    assert independent.client.get(independent.at_provider(independent.leave(), browser)).status_code == 303
    independent.client.post("/afmelden")
    page = independent.client.get("/afgemeld").text
    found = search(r'href="([^"]+/session)"', page)
    assert found is not None
    where, asked = browser.open(unescape(found[1]))
    assert "Wilt u uitloggen?" in asked
    proof = search(r'name="sjwt" value="([^"]+)"', asked)
    assert proof is not None
    _, done = browser.open(f"{independent.issuer}/rp_logout", {"sjwt": unescape(proof[1])})
    assert "U bent uitgelogd" in done, where
    assert "Wachtwoord" in browser.open(independent.leave())[1], "asked again"
