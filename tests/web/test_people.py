"""The pages about accounts in a browser without script: who finds them, what they refuse, and that nothing typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.reviews.lifecycle import Role
from app.store import outbox
from app.store.rows import AccountLinkRow, PersonRow
from app.store.types import utc_now
from app.usecases import people, starting_over
from app.usecases.lines import PersonLine
from tests.signing_in import PASSWORD, let_in, person
from tests.web.conftest import House

ADMIN, CLERK = "bea.beheer@voorbeeld.example", "gerda.griffioen@voorbeeld.example"


def id_of(house: House, email: str) -> str:
    with house.stage.world() as world:
        return person(world.db, email).id


def added(house: House, email: str, role: Role = Role.ANALYST) -> str:
    """A colleague for one test; a session under the same name. Gives the id."""
    with house.stage.world() as world:
        done = people.add_person(
            world.db, world.settings, world.admin, name="Tijdelijke Collega", email=email, role=role, password=PASSWORD
        )
        assert isinstance(done, PersonLine)
        house.stage.sessions[email] = let_in(world.db, world.settings, email).token
        return done.id


def link_for(house: House, email: str, name: str) -> str:
    """The path of the link in the last mail of this name to somebody."""
    with house.stage.world() as world:
        rows = (row for row in outbox.newest(world.db) if (row.name, row.to_address) == (name, email))
        found = re.search(r"/welkom/[\w-]+", str(next(rows).content["text"]))
    assert found is not None
    return found[0]


def visitor(house: House) -> TestClient:
    return TestClient(house.client.app, base_url="http://testserver", follow_redirects=False)


@pytest.mark.parametrize("who", ["clerk", "principal", "analyst", "auditor", "elsewhere", "review"])
def test_only_an_administrator_finds_the_accounts(house: House, who: str):
    clerk = id_of(house, CLERK)
    for path in ("/mensen", "/mensen/nieuw", "/mensen/inlogpogingen", f"/mensen/{clerk}"):
        assert house.get(who, path).status_code == 404
    for act in ("uitnodigen", "rol", "opnieuw", "uit", "aan"):
        assert house.post(who, f"/mensen/{clerk}/{act}", {"role": "admin", "reason": "Zomaar"}).status_code == 404
    with house.stage.world() as world:
        row = person(world.db, CLERK)
        assert (row.role, row.active) == (Role.CLERK, True)


def test_an_account_of_another_organisation_is_not_there(house: House):
    foreign = id_of(house, "stijn.statenman@voorbeeld.example")
    assert house.get("admin", f"/mensen/{foreign}").status_code == 404
    for act in ("uitnodigen", "rol", "opnieuw", "uit", "aan"):
        assert house.post("admin", f"/mensen/{foreign}/{act}", {"role": "admin", "reason": "Zo"}).status_code == 404


def test_the_last_administrator_cannot_leave_the_post(house: House):
    own = id_of(house, ADMIN)
    for act, typed in (("rol", {"role": "clerk"}), ("uit", {}), ("opnieuw", {"reason": "Telefoon kwijt"})):
        answer = house.post("admin", f"/mensen/{own}/{act}", typed)
        assert answer.status_code == 403, act
        assert "andere beheerder" in answer.text
    assert "Dit bent u zelf" in house.get("admin", f"/mensen/{own}").text
    with house.stage.world() as world:
        row = person(world.db, ADMIN)
        assert (row.role, row.active) == (Role.ADMIN, True)


def test_an_invitation_with_mistakes_comes_back_with_what_was_typed(house: House):
    typed = {"name": "Nora Nieuw", "email": "geen adres", "role": "analyst"}
    answer = house.post("admin", "/mensen/nieuw", typed)
    assert answer.status_code == 422
    assert 'value="Nora Nieuw"' in answer.text
    assert 'value="geen adres"' in answer.text
    assert re.search(r'value="analyst"[^>]* checked', answer.text)
    again = house.post("admin", "/mensen/nieuw", {"name": "Nora", "email": CLERK, "role": ""})
    assert again.status_code == 422
    assert "heeft al een account" in again.text
    assert "Kies wat deze collega doet" in again.text


@pytest.mark.parametrize("role", ["", "candidate", "keizer"])
def test_a_role_that_nobody_has_is_refused(house: House, role: str):
    colleague = id_of(house, "ilse.inkwart@voorbeeld.example")
    assert house.post("admin", f"/mensen/{colleague}/rol", {"role": role}).status_code == 403


def test_another_role_and_switching_off_end_the_session(house: House):
    email = "tijdelijk@voorbeeld.example"
    colleague = added(house, email)
    assert house.get(email, "/account").status_code == 200
    assert house.post("admin", f"/mensen/{colleague}/rol", {"role": "auditor"}).status_code == 303
    assert house.get(email, "/account").headers["location"].startswith("/inloggen")
    with house.stage.world() as world:
        house.stage.sessions[email] = let_in(world.db, world.settings, email).token
    assert house.get(email, "/account").status_code == 200
    assert house.post("admin", f"/mensen/{colleague}/uit", {}).status_code == 303
    assert house.get(email, "/account").headers["location"].startswith("/inloggen")
    assert "Het account staat uit" in house.get("admin", f"/mensen/{colleague}").text
    assert house.post("admin", f"/mensen/{colleague}/aan", {}).status_code == 303


def test_a_colleague_begins_again_with_two_people_and_a_reason(house: House):
    email = "kwijt@voorbeeld.example"
    colleague = added(house, email)
    page = f"/mensen/{colleague}"
    long = "Telefoon kwijt. " * 30
    answer = house.post("admin", f"{page}/opnieuw", {"reason": long})
    assert answer.status_code == 422
    assert long.strip() in answer.text
    assert house.post("admin", f"{page}/opnieuw", {"reason": "Telefoon kwijt"}).status_code == 303
    assert "Er is al gevraagd" in house.get("admin", page).text
    again = house.post("admin", f"{page}/opnieuw", {"reason": "Nog eens"})
    assert again.status_code == 422
    listed = house.get("principal", "/opnieuw-beginnen")
    assert "Telefoon kwijt" in listed.text
    found = re.search(r"/opnieuw-beginnen/\w+/akkoord", listed.text)
    assert found is not None
    assert found[0] not in house.get("admin", "/opnieuw-beginnen").text
    assert house.post("admin", found[0], {}).status_code == 403
    for who in ("clerk", "auditor", "analyst", "elsewhere", "review"):
        assert house.post(who, found[0], {}).status_code == 404
    assert house.get(email, "/account").status_code == 200
    assert house.post("principal", found[0], {}).status_code == 303
    assert house.get(email, "/account").status_code == 303
    assert visitor(house).get(link_for(house, email, "account_invitation")).status_code == 200
    assert house.post("principal", found[0], {}).status_code == 403


def test_who_asked_takes_it_back(house: House):
    colleague = added(house, "terug@voorbeeld.example")
    with house.stage.world() as world:
        assert starting_over.ask(world.db, world.settings, world.admin, colleague, "Vergissing") is None
    found = re.search(r"/opnieuw-beginnen/\w+/terugnemen", house.get("admin", "/opnieuw-beginnen").text)
    assert found is not None
    assert house.post("principal", found[0], {}).status_code == 403
    assert house.post("admin", found[0], {}).status_code == 303
    assert "Vergissing" not in house.get("principal", "/opnieuw-beginnen").text


def change_links(house: House, email: str, **values: Any) -> None:
    with house.stage.world() as world:
        owner = world.db.exec(select(PersonRow.id).where(PersonRow.email == email)).one()
        for row in world.db.exec(select(AccountLinkRow).where(AccountLinkRow.person_id == owner)).all():
            for name, value in values.items():
                setattr(row, name, value)


def test_a_link_of_an_invitation_ends_and_a_new_one_replaces_it(house: House):
    email = "genodigd@voorbeeld.example"
    form = {"name": "Guus Genodigd", "email": email, "role": "analyst"}
    answer = house.post("admin", "/mensen/nieuw", form)
    page = answer.headers["location"].partition("?")[0]
    first = link_for(house, email, "account_invitation")
    assert "Guus Genodigd" in visitor(house).get(first).text
    change_links(house, email, expires_at=utc_now() - timedelta(seconds=1))
    over = visitor(house).get(first)
    assert "Guus Genodigd" not in over.text
    refused = visitor(house).post(first, data={"wachtwoord": PASSWORD})
    assert refused.status_code == 422
    assert "werkt niet meer" in refused.text
    assert "De uitnodiging werkt" in house.get("admin", page).text
    assert house.post("admin", f"{page}/uitnodigen", {}).status_code == 303
    second = link_for(house, email, "account_invitation")
    assert second != first
    assert visitor(house).get(first).status_code == 404
    short = visitor(house).post(second, data={"wachtwoord": "kort"})
    assert short.status_code == 422
    assert "minstens 12 tekens" in short.text
    assert visitor(house).post(second, data={"wachtwoord": PASSWORD}).headers["location"] == "/inloggen/beveiligen"
    assert visitor(house).post(second, data={"wachtwoord": PASSWORD}).status_code == 422
    assert house.post("admin", f"{page}/uitnodigen", {}).status_code == 403


def test_a_forgotten_password_gets_nobody_past_the_second_proof(house: House):
    email = "vergeten@voorbeeld.example"
    added(house, email)
    assert visitor(house).post("/inloggen/vergeten", data={"email": email}).status_code == 200
    link = link_for(house, email, "account_password")
    chosen = visitor(house).post(link, data={"wachtwoord": "een heel andere zin"})
    assert chosen.headers["location"] in {"/inloggen/beveiligen", "/inloggen/code"}
    assert house.get(email, "/account").status_code == 303, "other sessions are over"
    assert visitor(house).post(link, data={"wachtwoord": PASSWORD}).status_code == 422
    visitor(house).post("/inloggen/vergeten", data={"email": email})
    late = link_for(house, email, "account_password")
    change_links(house, email, expires_at=utc_now() - timedelta(seconds=1))
    assert visitor(house).post(late, data={"wachtwoord": PASSWORD}).status_code == 422


def test_an_account_page_shows_only_the_own_account(house: House):
    assert house.get("review", "/account").status_code == 404
    text = house.get("analyst", "/account").text
    assert "olga.onderwater@voorbeeld.example" in text
    assert CLERK not in text
    assert house.post("analyst", "/account/sleutel/0000/weg", {}).status_code == 404
