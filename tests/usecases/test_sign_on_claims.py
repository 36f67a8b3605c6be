"""What the claims of an identity token say: which roles, where they may lie, and what of them cannot be trusted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.lifecycle import Role
from app.settings import Settings
from app.usecases.sign_on_claims import email_of, left_out, name_of, roles_of

ROLES = {"griffie": Role.CLERK, "onderzoek": Role.ANALYST}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
NAMES = st.text("ab.", min_size=1, max_size=12) | st.sampled_from(
    ["groups", "hasgroups", "_claim_names", "name", "email"]
)


def settings(claim: str = "roles") -> Settings:
    return Settings.model_construct().model_copy(update={"oidc_roles": ROLES, "oidc_roles_claim": claim})


@pytest.mark.parametrize(
    ("claim", "claims", "found"),
    [
        ("roles", {"roles": ["griffie", "iets anders", 7, None, ["onderzoek"]]}, {Role.CLERK}),
        ("roles", {"roles": "griffie"}, {Role.CLERK}),
        ("roles", {"roles": "griffie onderzoek"}, set()),
        ("roles", {"roles": {"griffie": True}}, set()),
        ("realm_access.roles", {"realm_access": {"roles": ["onderzoek"]}}, {Role.ANALYST}),
        ("realm_access.roles", {"realm_access": ["onderzoek"]}, set()),
        ("realm_access.roles", {"realm_access.roles": ["griffie"], "realm_access": {"roles": ["onderzoek"]}}, {Role.CLERK}),
        ("a.b.c", {"a": {"b": {"c": "griffie"}}}, {Role.CLERK}),
        ("a.b.c", {"a.b": {"c": "griffie"}}, {Role.CLERK}),
        ("a.b.c", {"a": {"b.c": "griffie"}}, {Role.CLERK}),
        ("https://voorbeeld.example/rollen", {"https://voorbeeld.example/rollen": ["griffie"]}, {Role.CLERK}),
    ],
)  # fmt: skip
def test_roles_are_found_under_their_name_or_deeper(claim: str, claims: dict[str, Any], found: set[Role]) -> None:
    assert roles_of(settings(claim), claims) == found


@given(NAMES, st.dictionaries(NAMES, JSON, max_size=5))
def test_whatever_a_token_holds_no_role_comes_from_nowhere(claim: str, claims: dict[str, Any]) -> None:
    found = roles_of(settings(claim), claims)
    assert all(value in repr(claims) for value, role in ROLES.items() if role in found)
    left_out(settings(claim), claims)
    assert name_of(claims, "anders").isprintable()
    assert email_of(claims).isprintable()


@given(st.lists(st.text("ab.", min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_role_is_found_however_its_claim_is_nested(steps: list[str]) -> None:
    claims: Any = ["griffie"]
    for step in reversed(steps):
        claims = {step: claims}
    assert roles_of(settings(".".join(steps)), claims) == {Role.CLERK}


@pytest.mark.parametrize(
    ("claim", "claims", "told"),
    [
        (
            "groups",
            {"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "https://elders.example"}}},
            True,
        ),
        ("groups", {"hasgroups": True}, True),
        ("groups", {"hasgroups": "true"}, True),
        ("groups", {"hasgroups": False}, False),
        ("groups", {"_claim_names": ["groups"]}, False),
        ("groups", {}, False),
        ("roles", {"_claim_names": {"groups": "src1"}}, False),
        ("roles", {"hasgroups": True}, False),
        ("realm_access.roles", {"_claim_names": {"realm_access": "src1"}}, True),
    ],
)
def test_a_claim_that_was_left_out_is_told_from_one_that_is_not_there(
    claim: str, claims: dict[str, Any], told: bool
) -> None:
    assert left_out(settings(claim), claims) is told


@pytest.mark.parametrize(
    ("told", "email"),
    [
        (" Noor@Voorbeeldstad.Example ", "noor@voorbeeldstad.example"),
        ("noor", ""),
        ("noor@voorbeeld.example\nBcc: x@y.example", ""),
        ("no\u202eor@voorbeeld.example", ""),
        ("n\0@voorbeeld.example", ""),
        (["noor@voorbeeld.example"], ""),
        (None, ""),
    ],
)
def test_an_address_is_one_or_it_is_none(told: object, email: str) -> None:
    assert email_of({"email": told}) == email
