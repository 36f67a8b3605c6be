"""Whom people can call, and the days before an appointment: set on a page, shown everywhere it counts."""

import re

import pytest
from starlette.testclient import TestClient

from app.usecases.organisations import MAIL_LINKS
from tests.web.conftest import House

PAGE = "/organisatie/afspraken"
GOOD = {
    "name": "Het loket integriteit", "phone": "0800 111 222", "email": "loket@voorbeeldstad.example",
    "invite": "50", "answers": "30", "review": "20", "hearing_opens": "19", "hearing_closes": "9",
    "council_papers": "8", "vog_margin": "5",
}  # fmt: skip


def chosen(text: str, name: str) -> str:
    found = re.search(rf'id="{name}" name="{name}"[^>]* value="([^"]*)"', text)
    assert found is not None, name
    return found.group(1)


@pytest.mark.parametrize("who", ["clerk", "admin"])
def test_what_is_agreed_is_kept_shown_below_every_page_and_at_every_step_of_the_door(house: House, who: str) -> None:
    answer = house.post(who, PAGE, GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?gedaan=opgeslagen")
    again = house.get(who, PAGE).text
    assert {name: chosen(again, name) for name in GOOD} == GOOD
    assert house.get("analyst", "/werklijst").text.count(GOOD["phone"]) > 0
    case = house.stage.answering()
    door = f"/uitnodiging/{case.link.rpartition('/')[2]}"
    me = TestClient(house.client.app, base_url=str(house.client.base_url))
    assert GOOD["phone"] in me.get(door).text
    choosing = me.post(door, data={"code": case.code}).text
    assert ("Hoe wilt u voortaan inloggen?" in choosing, GOOD["phone"] in choosing) == (True, True)
    mailed = me.post("/toegang/mail/stuur", data={}).text
    assert ("Code uit de mail" in mailed, GOOD["email"] in mailed) == (True, True)


def test_other_settings_stay(house: House) -> None:
    house.post("admin", "/mails-aan-kandidaten", {"links": "nee"})
    house.post("admin", PAGE, GOOD)
    assert re.search(r'value="nee"[^>]* checked', house.get("admin", "/mails-aan-kandidaten").text), MAIL_LINKS
    house.post("admin", "/mails-aan-kandidaten", {"links": "ja"})


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "", "Vul in wie mensen kunnen bellen"),
        ("name", "x" * 101, "hoogstens 100 tekens"),
        ("phone", "1" * 41, "hoogstens 40 tekens"),
        ("email", "geen adres", "Vul een e-mailadres in"),
        ("invite", "", "een aantal dagen in van 0 tot en met 365"),
        ("answers", "366", "een aantal dagen in van 0 tot en met 365"),
        ("answers", "-3", "een aantal dagen in van 0 tot en met 365"),
        ("answers", "²", "een aantal dagen in van 0 tot en met 365"),
        ("answers", "51", "komt na ‘De kandidaat is uitgenodigd’"),
        ("hearing_closes", "19", "komt na ‘Het conceptrapport gaat naar de kandidaat’"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    house: House, field: str, typed: str, told: str
) -> None:
    assert house.post("admin", PAGE, GOOD).status_code == 303
    answer = house.post("admin", PAGE, {**GOOD, "phone": "0800 999 999", field: typed})
    assert answer.status_code == 422
    assert answer.text.count(told) == 2, "in the summary and at the field"
    assert chosen(answer.text, field) == typed
    assert chosen(house.get("admin", PAGE).text, "phone") == GOOD["phone"]


def test_somebody_must_be_within_reach(house: House) -> None:
    answer = house.post("admin", PAGE, {**GOOD, "phone": "", "email": ""})
    assert (answer.status_code, "Anders kan niemand u bereiken" in answer.text) == (422, True)


@pytest.mark.parametrize("who", ["principal", "analyst", "auditor"])
def test_for_others_the_page_is_not_there(house: House, who: str) -> None:
    assert house.get(who, PAGE).status_code == 404
    assert house.post(who, PAGE, GOOD).status_code == 404
