"""Signing in through the organisation, against two providers in processes of their own: who gets in, and who does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine

from app.accounts.tokens import fingerprint
from app.reviews.lifecycle import Role
from app.store import identities
from app.store.engine import open_session
from app.store.ids import new_id
from app.store.rows import AuditRow, IdentityRow, PersonRow, SignInRow, SignOnRow
from app.store.types import utc_now
from app.usecases import single_sign_on
from tests.oidc.office import ELSEWHERE, ORGANISATION, Office, office
from tests.oidc.providers import BACK

__all__ = ["office"]  # a fixture, once with each provider


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
    assert office.provider.secret not in repr(asked)


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


def test_a_role_may_be_one_word(office: Office) -> None:
    assert office.sign_on(office.person("woord", "griffie")).status_code == 303


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        # Keycloak: roles of the realm, and of one client, whose name may hold dots
        ("realm_access.roles", {"realm_access": {"roles": ["uma_authorization", "onderzoek"]}}),
        ("resource_access.toetssteen.roles", {"resource_access": {"toetssteen": {"roles": ["onderzoek"]}}}),
        ("resource_access.a.b.example.roles", {"resource_access": {"a.b.example": {"roles": ["onderzoek"]}}}),
        # Entra ID: groups by their number, and in the shape that `roles` has too
        ("groups", {"groups": ["1b2c0000-0000-4000-8000-000000000001"]}),
    ],
)
def test_roles_are_found_where_the_products_put_them(office: Office, claim: str, told: dict[str, object]) -> None:
    roles = office.settings.oidc_roles | {"1b2c0000-0000-4000-8000-000000000001": Role.ANALYST}
    name = f"diep-{new_id()}"
    with office.with_settings(oidc_roles_claim=claim, oidc_roles=roles):
        assert office.sign_on(office.person(name, None, **told)).status_code == 303
    assert office.account(f"{name}@voorbeeld.example").role is Role.ANALYST


def test_an_account_of_a_provider_of_before_is_free_to_be_joined(office: Office) -> None:
    name = f"verhuizing-{new_id()}"
    made = office.add(f"{name}@voorbeeld.example", ORGANISATION)
    with open_session(office.engine) as db:
        identities.link(db, made, "https://oud.example", "iemand", utc_now())
        db.commit()
    with office.with_settings(oidc_link_by_email=True):
        assert office.sign_on(office.person(name, email_verified=True)).status_code == 303
        assert (
            office.sign_on(
                office.person(f"{name}-2", email=f"{name}@voorbeeld.example", email_verified=True)
            ).status_code
            == 403
        )
    assert [row.subject for row in office.rows(IdentityRow, IdentityRow.person_id == made)] == [name]


@pytest.mark.parametrize("told", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}])
def test_groups_that_did_not_fit_in_the_token_are_told_as_such(office: Office, told: dict[str, object]) -> None:
    with office.with_settings(oidc_roles_claim="groups"):
        answer = office.sign_on(office.person("veel-groepen", None, **told))
    assert answer.status_code == 403
    assert "in heel veel groepen" in answer.text
    assert office.refusal() == "roles left out"


def test_who_loses_the_role_keeps_no_way_in_and_no_session(office: Office) -> None:
    office.sign_on(office.person("weg"))
    old = office.client.cookies["toetssteen"]
    assert office.sign_on(office.person("weg", [])).status_code == 403
    office.client.cookies.clear()
    assert office.client.get("/werklijst", headers={"cookie": f"toetssteen={old}"}).status_code == 303


def test_an_account_of_another_organisation_is_not_opened_by_this_one(office: Office) -> None:
    office.sign_on(office.person("verhuisd"))
    with office.with_settings(oidc_organisation=ELSEWHERE):
        answer = office.sign_on(office.person("verhuisd"))
    assert answer.status_code == 403
    assert "hoort bij een andere organisatie" in answer.text


def test_whoever_comes_for_the_first_time_in_two_windows_gets_one_account(office: Office) -> None:
    office.tell(office.person("dubbel"))
    windows = [(office.at_provider(office.leave()), office.client.cookies["toetssteen_heen"]) for _ in range(2)]
    office.client.cookies.clear()

    def come_back(window: tuple[str, str]) -> int:
        back, browser = window
        return office.client.get(back, headers={"cookie": f"toetssteen_heen={browser}"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(come_back, windows)) == [303, 303]
    assert len(office.rows(PersonRow, PersonRow.email == "dubbel@voorbeeld.example")) == 1


def test_a_name_is_one_line_of_what_can_be_seen(office: Office) -> None:
    office.sign_on(office.person("naam", name="  Nadia\u202e\n\tNet\u0007werk "))
    assert office.account("naam@voorbeeld.example").name == "Nadia Net werk"


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
    # A password that goes on working would be a way in that the organisation knows nothing of.
    assert office.account(f"{name}@voorbeeld.example").password_hash == ("" if linked else "x")
    assert [mail.name for mail in office.mails(f"{name}@voorbeeld.example")] == (["account_changed"] if linked else [])


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
    ends = {"own": "/end", "independent": "/session"}[office.provider.kind]
    assert f'href="{office.issuer}{ends}"' in page.text
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
