"""Signing in through the organisation, against a provider in a process of its own: what gets in, and all that does not."""

import re
import time
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine

from app.accounts.tokens import fingerprint
from app.reviews.lifecycle import Role
from app.store.ids import new_id
from app.store.rows import AuditRow, IdentityRow, PersonRow, SignInRow, SignOnRow
from app.usecases import single_sign_on
from tests.oidc.office import BACK, ELSEWHERE, ORGANISATION, SECRET, Office, issuer, office

__all__ = ["issuer", "office"]  # fixtures


def test_somebody_new_gets_an_account_with_the_role_that_the_organisation_gave(office: Office) -> None:
    answer = office.sign_on(office.person("nieuw"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/werklijst")
    assert "HttpOnly" in answer.headers["set-cookie"]
    page = office.client.get("/werklijst")
    assert page.status_code == 200
    assert "Nadia Netwerk" in page.text
    account = office.account("nieuw@voorbeeld.example")
    assert (account.role, account.active, account.password_hash) == (Role.CLERK, True, "")
    [linked] = office.rows(IdentityRow, IdentityRow.person_id == account.id)
    assert (linked.issuer, linked.subject) == (office.issuer, "nieuw")
    [session] = office.rows(SignInRow, SignInRow.person_id == account.id)
    assert session.single_sign_on


def test_what_is_asked_of_the_provider_holds_a_challenge_and_two_secrets(office: Office) -> None:
    asked = parse_qs(urlsplit(office.leave()).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid profile email"]
    again = parse_qs(urlsplit(office.leave()).query)
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))
    assert SECRET not in repr(asked)


def test_the_account_follows_the_subject_and_never_the_address(office: Office) -> None:
    office.sign_on(office.person("vast"))
    before = office.account("vast@voorbeeld.example").id
    assert office.sign_on(office.person("vast", email="anders@voorbeeld.example", name="Anders")).status_code == 303
    assert office.rows(PersonRow, PersonRow.email == "anders@voorbeeld.example") == []
    assert len(office.rows(SignInRow, SignInRow.person_id == before)) == 2
    refused = office.sign_on(office.person("vreemd", email="vast@voorbeeld.example", email_verified=True))
    assert refused.status_code == 403
    assert "Er is al een account met uw e-mailadres" in refused.text


def test_another_role_counts_at_once_and_ends_every_session_with_the_old_one(office: Office) -> None:
    office.sign_on(office.person("wissel"))
    old = office.client.cookies["toetssteen"]
    office.sign_on(office.person("wissel", ["onderzoek"]))
    assert office.account("wissel@voorbeeld.example").role is Role.ANALYST
    new = office.client.cookies["toetssteen"]
    office.client.cookies.clear()
    status = [
        office.client.get("/werklijst", headers={"cookie": f"toetssteen={token}"}).status_code for token in (old, new)
    ]
    assert status == [303, 200]
    assert "role_changed" in {row.action for row in office.rows(AuditRow)}


def test_another_role_is_told_by_mail(office: Office) -> None:
    office.sign_on(office.person("postrol"))
    office.sign_on(office.person("postrol", ["beheer"]))
    told = [one for one in office.mails("postrol@voorbeeld.example") if one.name == "account_changed"]
    assert len(told) == 1
    assert "beheerder" in str(told[0].content["text"])


def test_a_device_is_remembered_and_a_new_one_is_told_by_mail(office: Office) -> None:
    def heard() -> list[str]:
        return [one.name for one in office.mails("toestel@voorbeeld.example")]

    office.sign_on(office.person("toestel"))
    device = office.client.cookies["toetssteen_apparaat"]
    assert device
    office.tell(office.person("toestel"))
    back = office.at_provider(office.leave())
    office.client.cookies.set("toetssteen_apparaat", device)
    assert office.client.get(back).status_code == 303
    assert heard() == []
    office.sign_on(office.person("toestel"))
    assert heard() == ["new_device"]


def test_a_refusal_is_shown_to_the_administrators(office: Office) -> None:
    office.sign_on(office.person("chef", ["beheer"]))
    token = office.client.cookies["toetssteen"]
    office.sign_on(office.person("rolloos", []))
    office.client.cookies.clear()
    page = office.client.get("/mensen/inlogpogingen", headers={"cookie": f"toetssteen={token}"})
    assert "Geweigerd na de inlogdienst van uw organisatie" in page.text
    assert "rolloos" not in page.text


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        (None, "nog geen rol"),
        ([], "nog geen rol"),
        (["iets anders"], "nog geen rol"),
        ({"griffie": True}, "nog geen rol"),
        (["griffie", "beheer"], "meer dan één rol"),
    ],
)
def test_without_exactly_one_role_nobody_gets_in(office: Office, roles: object, told: str) -> None:
    answer = office.sign_on(office.person("zonder", roles))
    assert answer.status_code == 403
    assert told in answer.text
    assert "toetssteen" not in office.client.cookies
    assert office.rows(PersonRow, PersonRow.email == "zonder@voorbeeld.example") == []


def test_a_role_may_be_one_word_and_lie_deeper(office: Office) -> None:
    assert office.sign_on(office.person("woord", "griffie")).status_code == 303
    deeper = office.settings.model_copy(update={"oidc_roles_claim": "realm_access.roles"})
    assert single_sign_on._roles(deeper, {"realm_access": {"roles": ["onderzoek"]}}) == {Role.ANALYST}
    assert single_sign_on._roles(deeper, {"realm_access": ["onderzoek"]}) == frozenset()


def test_who_loses_the_role_keeps_no_way_in(office: Office) -> None:
    office.sign_on(office.person("weg"))
    assert office.sign_on(office.person("weg", [])).status_code == 403


def test_an_account_that_is_switched_off_stays_off(office: Office) -> None:
    office.sign_on(office.person("uit"))
    office.change("uit@voorbeeld.example", active=False)
    answer = office.sign_on(office.person("uit"))
    assert answer.status_code == 403
    assert "Uw account staat uit" in answer.text


@pytest.mark.parametrize("email", ["", "geen adres", None, ["a@b.example"]])
def test_without_an_address_nobody_new_gets_in(office: Office, email: object) -> None:
    answer = office.sign_on(office.person("adresloos", email=email))
    assert answer.status_code == 403
    assert "geeft uw e-mailadres niet door" in answer.text


@pytest.mark.parametrize(
    ("setting", "verified", "organisation", "linked"),
    [
        (True, True, ORGANISATION, True),
        (False, True, ORGANISATION, False),
        (True, False, ORGANISATION, False),
        (True, "true", ORGANISATION, False),
        (True, None, ORGANISATION, False),
        (True, True, ELSEWHERE, False),
    ],
)
def test_an_account_that_was_there_is_linked_by_a_checked_address_and_only_when_asked_for(
    office: Office, setting: bool, verified: object, organisation: str, linked: bool
) -> None:
    name = f"er-al-{new_id()}"
    made = office.add(f"{name}@voorbeeld.example", organisation)
    with office.with_settings(oidc_link_by_email=setting):
        answer = office.sign_on(office.person(name, email_verified=verified))
    assert answer.status_code == (303 if linked else 403)
    assert [row.subject for row in office.rows(IdentityRow, IdentityRow.person_id == made)] == (
        [name] if linked else []
    )


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
def test_a_token_that_is_wrong_in_anything_opens_nothing(office: Office, wrong: dict[str, object], reason: str) -> None:
    before = len(office.rows(SignInRow))
    answer = office.sign_on(office.person("vals"), wrong)
    assert answer.status_code == 403, answer.text
    assert "Het inloggen is niet gelukt" in answer.text
    assert "toetssteen" not in office.client.cookies
    assert len(office.rows(SignInRow)) == before
    refused = max(office.rows(AuditRow, AuditRow.action == "sign_on_refused"), key=lambda row: row.number)
    assert reason in repr(refused.model_dump())


def test_an_answer_counts_once(office: Office) -> None:
    office.tell(office.person("tweemaal"))
    back = office.at_provider(office.leave())
    cookies = dict(office.client.cookies)
    assert office.client.get(back).status_code == 303
    office.client.cookies.clear()
    office.client.cookies.update(cookies)
    assert office.client.get(back).status_code == 403
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert office.rows(SignOnRow, SignOnRow.state_sha256 == fingerprint(state)) == []


def test_a_code_that_was_used_is_refused_by_the_provider_and_by_us(office: Office) -> None:
    office.tell(office.person("code"))
    back = office.at_provider(office.leave())
    used = parse_qs(urlsplit(back).query)["code"][0]
    assert office.client.get(back).status_code == 303
    fresh = parse_qs(urlsplit(office.at_provider(office.leave())).query)
    answer = office.client.get(f"{BACK}?{urlencode({'state': fresh['state'][0], 'code': used})}")
    assert answer.status_code == 403


def test_an_answer_that_another_browser_brings_is_refused(office: Office) -> None:
    office.tell(office.person("lokvogel"))
    back = office.at_provider(office.leave())
    office.client.cookies.clear()
    assert office.client.get(back).status_code == 403
    office.leave()  # another browser, with a sign-in of its own
    assert office.client.get(back).status_code == 403


@pytest.mark.parametrize("query", ["", "?state=x", "?state=x&code=y", "?code=y", "?error=access_denied"])
def test_an_answer_that_nobody_asked_for_is_refused(office: Office, query: str) -> None:
    office.client.cookies.clear()
    assert office.client.get(BACK + query).status_code == 403


def test_who_says_no_at_the_provider_is_told_that_it_did_not_work(office: Office) -> None:
    state = parse_qs(urlsplit(office.leave()).query)["state"][0]
    answer = office.client.get(f"{BACK}?{urlencode({'state': state, 'error': 'access_denied'})}")
    assert answer.status_code == 403
    assert "Terug naar inloggen" in answer.text


def test_an_answer_that_names_another_provider_is_refused(office: Office) -> None:
    office.tell(office.person("verward"))
    back = office.at_provider(office.leave())
    assert office.client.get(f"{back}&iss=https%3A%2F%2Felders.example").status_code == 403
    back = office.at_provider(office.leave())
    assert office.client.get(f"{back}&{urlencode({'iss': office.issuer})}").status_code == 303


def test_an_answer_that_comes_too_late_is_refused(office: Office) -> None:
    office.tell(office.person("laat"))
    back = office.at_provider(office.leave())
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=single_sign_on.MINUTES, seconds=1)):
        assert office.client.get(back).status_code == 403


def test_nobody_is_led_astray_after_signing_in(office: Office) -> None:
    office.tell(office.person("dwaal"))
    back = office.at_provider(office.leave("//elders.example/"))
    assert office.client.get(back).headers["location"] == "/"


def test_signing_out_tells_that_the_organisation_still_knows_and_offers_to_sign_out_there(office: Office) -> None:
    office.sign_on(office.person("klaar"))
    answer = office.client.post("/afmelden")
    assert answer.headers["location"] == "/afgemeld"
    page = office.client.get("/afgemeld")
    [address] = re.findall(r'href="([^"]+/end[^"]*)"', page.text)
    asked = parse_qs(urlsplit(unescape(address)).query)
    assert asked == {"client_id": ["toetssteen"], "post_logout_redirect_uri": ["http://testserver/inloggen"]}
    assert office.client.get("/werklijst").status_code == 303


def test_what_was_typed_survives_signing_in_at_the_organisation_in_another_tab(office: Office) -> None:
    office.client.cookies.clear()
    lost = office.client.post("/rondes/nieuw", data={"titel": "Zomaar een ronde"})
    assert lost.status_code == 401
    assert 'target="_blank"' in lost.text
    kept = {"terug": "/rondes/nieuw", "bewaard:titel": "Zomaar een ronde"}
    early = office.client.post("/inloggen/organisatie/verder", data=kept)
    assert early.status_code == 401
    assert "Zomaar een ronde" in early.text
    office.sign_on(office.person("verder"))
    page = office.client.post("/inloggen/organisatie/verder", data=kept)
    assert page.status_code == 200
    assert 'action="/rondes/nieuw"' in page.text
    assert 'name="titel" value="Zomaar een ronde"' in page.text


def test_the_sign_in_page_leads_there_and_without_a_provider_nothing_does(office: Office) -> None:
    office.client.cookies.clear()
    assert "Log in via uw organisatie" in office.client.get("/inloggen").text
    with office.with_settings(oidc_issuer=""):
        assert "Log in via" not in office.client.get("/inloggen").text
        assert office.client.get("/inloggen/organisatie").status_code == 404
        assert office.client.get(BACK).status_code == 404
        assert office.client.get("/afgemeld").headers["location"] == "/inloggen"


def test_another_site_begins_no_session(office: Office) -> None:
    for site in ("cross-site", "same-site"):
        answer = office.client.get("/inloggen/organisatie?terug=/account", headers={"sec-fetch-site": site})
        assert (answer.status_code, answer.headers["location"]) == (303, "/inloggen?terug=%2Faccount")
    assert office.client.get("/inloggen/organisatie").headers["location"].startswith(office.issuer)


def test_a_provider_that_does_not_answer_or_calls_itself_something_else_is_told_as_such(office: Office) -> None:
    for address in ("http://127.0.0.1:9", f"{office.issuer}/", office.issuer.replace("127.0.0.1", "localhost")):
        with office.with_settings(oidc_issuer=address):
            answer = office.client.get("/inloggen/organisatie")
            assert answer.status_code == (303 if address.endswith("/") else 503)
    with office.with_settings(oidc_issuer="http://127.0.0.1:9"):
        assert office.client.get("/afgemeld").headers["location"] == "/inloggen"


def test_a_provider_that_goes_away_halfway_lets_nobody_in(office: Office) -> None:
    office.tell(office.person("halverwege"))
    back = office.at_provider(office.leave())
    with office.with_settings(oidc_issuer="http://127.0.0.1:9"):
        answer = office.client.get(back)
    assert answer.status_code == 403
    assert "niet te bereiken" in answer.text
