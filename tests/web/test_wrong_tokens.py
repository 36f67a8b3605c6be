"""Identity tokens that are wrong in one thing open nothing. They come from a provider that makes them on purpose."""

import time

import pytest

from app.store.rows import SignInRow
from tests.oidc.office import Office, bent

__all__ = ["bent"]  # a fixture

LATER = int(time.time()) + 3600


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"claims": {"nonce": "van een ander"}}, "nonce"),
        ({"without": ["nonce"]}, "nonce"),
        ({"claims": {"exp": int(time.time()) - 3600}}, "exp"),
        ({"without": ["exp"]}, "exp"),
        ({"claims": {"iat": LATER, "exp": LATER + 60}}, "iat"),
        ({"claims": {"nbf": LATER}}, "nbf"),
        ({"claims": {"aud": "een ander"}}, "aud"),
        ({"claims": {"aud": ["een ander"]}}, "aud"),
        ({"claims": {"aud": ["toetssteen", "een ander"]}}, "azp"),
        ({"claims": {"azp": "een ander"}}, "azp"),
        ({"without": ["aud"]}, "aud"),
        ({"claims": {"iss": "https://elders.example"}}, "iss"),
        ({"claims": {"sub": ""}}, "sub"),
        ({"claims": {"sub": 7}}, "sub"),
        ({"without": ["sub"]}, "sub"),
        ({"claims": {"at_hash": "van een ander"}}, "at_hash"),
        ({"signed": "strange key"}, ""),
        ({"signed": "other key"}, ""),
        ({"signed": "nobody"}, ""),
        ({"signed": "secret"}, ""),
        ({"signed": "garbage"}, ""),
    ],
)
def test_a_token_that_is_wrong_in_anything_opens_nothing(bent: Office, wrong: dict[str, object], reason: str) -> None:
    before = len(bent.rows(SignInRow))
    answer = bent.sign_on(bent.person("vals"), wrong)
    assert answer.status_code == 403, answer.text
    assert "Het inloggen is niet gelukt" in answer.text
    assert "toetssteen" not in bent.client.cookies
    assert len(bent.rows(SignInRow)) == before
    assert reason in bent.refusal()


@pytest.mark.parametrize(
    "odd",
    [
        {"kty": "AKP", "kid": "x", "alg": "ML-DSA-44", "pub": "aa"},
        {"kty": "RSA", "kid": "x"},
        {"kty": "OKP", "crv": "onbekend", "kid": "x", "x": "aa"},
        {"kty": "oct", "kid": "a", "k": "Z2VoZWlt"},
        {"kty": "RSA", "kid": "a", "use": "enc", "n": "AQAB", "e": "AQAB"},
        {"kid": "a"},
        "geen sleutel",
    ],
)
def test_a_key_that_we_cannot_use_keeps_nobody_out_who_is_signed_in_with_another(bent: Office, odd: object) -> None:
    bent.tell(bent.person("sleutelbos"))
    bent.provider.tell(odd_keys=[odd])
    assert bent.client.get(bent.at_provider(bent.leave())).status_code == 303


def test_a_shared_key_among_those_that_are_published_signs_nothing(bent: Office) -> None:
    bent.tell(bent.person("vals"), {"signed": "secret"})
    bent.provider.tell(
        odd_keys=[{"kty": "oct", "k": "ZWVuIGdlaGVpbTogbWV0L3Rla2Vucw"}],
        person=bent.person("vals"), wrong={"signed": "secret"},
    )  # fmt: skip
    assert bent.client.get(bent.at_provider(bent.leave())).status_code == 403


@pytest.mark.parametrize("moment", [None, "1795982784", True, 0])
def test_without_a_moment_of_proof_a_limit_on_it_lets_nobody_in(bent: Office, moment: object) -> None:
    with bent.with_settings(oidc_max_age_minutes=60):
        answer = bent.sign_on(bent.person("tijdloos"), {"claims": {"auth_time": moment}})
        assert answer.status_code == 403
        assert bent.sign_on(bent.person("tijdloos")).status_code == 303
