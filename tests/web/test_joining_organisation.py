"""Joining one's own account to who one is at the organisation, and what an organisation sees that has only that way in."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from app.accounts import sessions
from app.reviews.lifecycle import Role
from app.store.engine import open_session
from app.store.ids import new_id
from app.store.rows import AuditRow, IdentityRow, PersonRow
from app.store.types import utc_now
from app.usecases import joining_organisation
from tests.oidc.office import ELSEWHERE, ORGANISATION, Office, office
from tests.signing_in import give_app

__all__ = ["office"]  # a fixture, once with each provider


def local(office: Office, *, organisation: str = ORGANISATION) -> tuple[str, str]:
    """Somebody with an account of this installation, signed in here. Gives the address and the token of the session."""
    name = f"er-al-{new_id()}"
    email = f"{name}@voorbeeld.example"
    person_id = office.add(email, organisation)
    office.client.cookies.clear()
    with open_session(office.engine) as db:
        give_app(db, email)
        token = sessions.start_for_person(db, office.settings, db.get_one(PersonRow, person_id), "").token
        db.commit()
    office.client.cookies.set("toetssteen", token, domain="testserver.local", path="/")
    return email, token


def leave(office: Office) -> str:
    """Ask to join; gives the address at the provider."""
    page = office.client.post("/account/koppelen")
    assert page.status_code == 200, page.text
    found = re.search(rf'href="({re.escape(office.issuer)}[^"]+)"', page.text)
    assert found is not None
    return unescape(found[1])


def identities(office: Office, email: str) -> list[str]:
    row = office.account(email)
    return [one.subject for one in office.rows(IdentityRow, IdentityRow.person_id == row.id)]


def test_whoever_signs_in_both_ways_joins_the_two(office: Office) -> None:
    email, token = local(office)
    assert "Koppel mijn account" in office.client.get("/account").text
    # The address there is another one: nothing here rests on it.
    office.tell(office.person(f"baan-{email}", ["onderzoek"], email="anders@elders.example"))
    answer = office.client.get(office.at_provider(leave(office)))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?gedaan=gekoppeld")
    account = office.account(email)
    assert identities(office, email) == [f"baan-{email}"]
    assert (account.role, account.password_hash) == (Role.ANALYST, "")
    assert office.client.cookies["toetssteen"] != token
    page = office.client.get("/account?gedaan=gekoppeld").text
    assert "Uw account is gekoppeld" in page
    assert "regelt u daar" in page
    assert "Koppel mijn account" not in page
    office.client.cookies.clear()
    assert office.client.get("/account", headers={"cookie": f"toetssteen={token}"}).status_code == 303
    assert [mail.name for mail in office.mails(email)].count("account_changed") == 2, "joined, and another role"
    # From now on this is the way in.
    assert office.sign_on(office.person(f"baan-{email}", ["onderzoek"])).status_code == 303
    assert office.rows(PersonRow, PersonRow.email == "anders@elders.example") == []


def test_the_provider_is_told_to_ask_who_it_is(office: Office) -> None:
    local(office)
    assert parse_qs(urlsplit(leave(office)).query)["prompt"] == ["login"]


def test_an_answer_of_another_journey_joins_nothing(office: Office) -> None:
    """Somebody begins to join and goes away; the next one at this desk signs on."""
    email, _ = local(office)
    leave(office)
    step = office.client.cookies["toetssteen_stap"]
    office.tell(office.person(f"volgende-{email}"))
    back = office.at_provider(office.leave())
    office.client.cookies.set("toetssteen_stap", step, domain="testserver.local", path="/")
    assert office.client.get(back).status_code == 303
    assert identities(office, email) == []
    assert identities(office, f"volgende-{email}@voorbeeld.example") == [f"volgende-{email}"]


def test_two_journeys_that_both_join_are_told_apart(office: Office) -> None:
    first, _ = local(office)
    leave(office)
    step = office.client.cookies["toetssteen_stap"]
    second, _ = local(office)
    office.tell(office.person(f"tweede-{second}"))
    back = office.at_provider(leave(office))
    office.client.cookies.set("toetssteen_stap", step, domain="testserver.local", path="/")
    assert office.client.get(back).status_code == 403
    assert identities(office, first) == identities(office, second) == []


def test_an_address_that_looks_like_joining_is_an_address_like_any_other(office: Office) -> None:
    office.tell(office.person("gewoon"))
    answer = office.client.get(office.at_provider(office.leave(joining_organisation.BACK_TO)))
    assert (answer.status_code, answer.headers["location"]) == (303, joining_organisation.BACK_TO)


@pytest.mark.parametrize("lost", ["toetssteen_stap", "toetssteen_heen"])
def test_an_answer_in_another_browser_joins_nothing_and_makes_nobody(office: Office, lost: str) -> None:
    email, _ = local(office)
    name = f"lokaas-{new_id()}"
    office.tell(office.person(name))
    back = office.at_provider(leave(office))
    office.client.cookies.delete(lost)
    answer = office.client.get(back)
    assert answer.status_code == 403
    assert identities(office, email) == []
    assert office.rows(PersonRow, PersonRow.email == f"{name}@voorbeeld.example") == []


def test_somebody_who_has_an_account_here_cannot_be_joined_to_a_second_one(office: Office) -> None:
    name = f"bezet-{new_id()}"
    office.sign_on(office.person(name))
    email, _ = local(office)
    office.tell(office.person(name))
    answer = office.client.get(office.at_provider(leave(office)))
    assert answer.status_code == 403
    assert "al een ander account" in answer.text
    assert 'href="/account"' in answer.text
    assert identities(office, email) == []
    assert identities(office, f"{name}@voorbeeld.example") == [name]


def test_without_a_role_there_nothing_is_joined_and_the_old_way_stays(office: Office) -> None:
    email, token = local(office)
    office.tell(office.person(f"rolloos-{email}", []))
    answer = office.client.get(office.at_provider(leave(office)))
    assert answer.status_code == 403
    assert "nog geen rol" in answer.text
    assert identities(office, email) == []
    assert office.account(email).password_hash == "x"
    assert office.client.get("/account", headers={"cookie": f"toetssteen={token}"}).status_code == 200


def test_it_asks_for_a_fresh_sign_in(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    local(office)
    monkeypatch.setattr("app.usecases.own_account.FRESH", utc_now() - utc_now())
    answer = office.client.post("/account/koppelen")
    assert answer.status_code == 403
    assert "net zijn ingelogd" in answer.text


def test_whoever_came_in_there_has_nothing_to_join(office: Office) -> None:
    office.sign_on(office.person("al-gekoppeld"))
    answer = office.client.post("/account/koppelen")
    assert answer.status_code == 403
    assert "regelt u daar" in answer.text


def test_people_of_another_organisation_are_not_asked(office: Office) -> None:
    local(office, organisation=ELSEWHERE)
    assert "Koppel mijn account" not in office.client.get("/account").text
    answer = office.client.post("/account/koppelen")
    assert answer.status_code == 403
    assert joining_organisation.NOT_YOURS in answer.text


def test_joining_is_on_record(office: Office) -> None:
    email, _ = local(office)
    office.tell(office.person(f"log-{email}"))
    office.client.get(office.at_provider(leave(office)))
    rows = office.rows(AuditRow, AuditRow.object_id == office.account(email).id)
    assert "identity_linked" in {row.action for row in rows}


def test_the_account_that_is_in_the_way_is_told_what_to_do(office: Office) -> None:
    email, _ = local(office)
    refused = office.sign_on(office.person("botsing", email=email))
    assert "kies" in refused.text.lower()
    assert "koppelen" in refused.text
    with office.with_settings(local_accounts=False):
        refused = office.sign_on(office.person("botsing", email=email))
    assert "Vraag uw beheerder wat u nu doet" in refused.text
    assert "koppelen" not in refused.text


def test_where_it_is_the_only_way_in_no_page_offers_another_one(office: Office) -> None:
    email, _ = local(office)
    office.sign_on(office.person("enige-chef", ["beheer"]))
    with office.with_settings(local_accounts=False):
        door = office.client.get("/inloggen").text
        assert "Log in via" in door
        assert "Wachtwoord" not in door
        for answer in (
            office.client.get("/inloggen/vergeten"),
            office.client.post("/inloggen/vergeten", data={"email": email}),
        ):
            assert (answer.status_code, answer.headers["location"]) == (303, "/inloggen")
        assert office.mails(email) == []
        assert "Nodig een collega uit" not in office.client.get("/mensen").text
        assert office.client.get("/mensen/nieuw").status_code == 403
        assert office.client.post("/mensen/nieuw", data={"name": "X", "email": "x@y.example"}).status_code == 403
        page = office.client.get(f"/mensen/{office.account(email).id}").text
        assert "Nog niet gekoppeld" in page
        for offered in ("/rol", "/uitnodigen", "/opnieuw"):
            assert f'{offered}"' not in page, offered
        assert office.client.post(f"/mensen/{office.account(email).id}/uitnodigen").status_code == 403
        own = office.client.get(f"/mensen/{office.account('enige-chef@voorbeeld.example').id}").text
        assert "U logt in via de inlogdienst" in own


def test_an_administrator_sees_that_a_colleague_comes_from_there(office: Office) -> None:
    office.sign_on(office.person("collega"))
    office.sign_on(office.person("chef-twee", ["beheer"]))
    colleague = office.account("collega@voorbeeld.example").id
    assert "Actief" in office.client.get(f"/mensen/{colleague}").text
    page = office.client.get(f"/mensen/{colleague}").text
    assert "Deze collega logt in via de inlogdienst" in page
    assert f'action="/mensen/{colleague}/uit"' in page
    assert "/rol" not in page
    answer = office.client.post(f"/mensen/{colleague}/rol", data={"role": "admin"})
    assert answer.status_code == 403
    assert office.account("collega@voorbeeld.example").role is Role.CLERK
