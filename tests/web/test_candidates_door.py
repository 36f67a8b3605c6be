"""The door of a candidate in a browser: what is asked, in which order, and that nothing typed gets lost."""

import base64
import re
from urllib.parse import urlsplit

from starlette.testclient import TestClient

from app.accounts import second_factor
from app.store.types import utc_now
from tests.e2e.stage import Case
from tests.signing_in import mailed_code
from tests.web.conftest import House


def visitor(house: House) -> TestClient:
    """A browser without cookies."""
    return TestClient(house.client.app, base_url="http://testserver", follow_redirects=True)


def door_of(case: Case) -> str:
    return urlsplit(case.link).path


def latest(house: House) -> str:
    with house.stage.world() as world:
        return mailed_code(world.db)


def test_the_first_time_one_chooses_and_afterwards_only_the_proof_is_asked(house: House):
    case = house.stage.answering()
    me = visitor(house)
    shown = me.post(door_of(case), data={"code": case.code})
    assert "Hoe wilt u voortaan inloggen?" in shown.text
    assert me.get(f"/vragenlijst/{case.id}").url.path != f"/vragenlijst/{case.id}", "link and code open no page"
    setting_up = me.post("/toegang/app/begin", data={})
    found = re.search(r'id="geheim">([A-Z2-7 ]+)<', setting_up.text)
    assert found is not None
    secret = base64.b32decode(found.group(1).replace(" ", "") + "=" * (-len(found.group(1).replace(" ", "")) % 8))
    step = second_factor.step_at(utc_now())
    wrong = me.post("/toegang/app", data={"code": "12"})
    assert (wrong.status_code, 'id="geheim"' in wrong.text) == (422, True), "the same picture is shown again"
    inside = me.post("/toegang/app", data={"code": second_factor.code_of(secret, step - 1)})
    assert inside.url.path == f"/vragenlijst/{case.id}"
    me.post("/afmelden")
    back = visitor(house)
    assert "Code uit uw app" in back.get(door_of(case)).text
    again = back.post(door_of(case), data={"code": second_factor.code_of(secret, step)})
    assert again.url.path == f"/vragenlijst/{case.id}"


def test_what_was_typed_before_a_session_ended_survives_both_proofs(house: House):
    case = house.stage.answering()
    me = visitor(house)
    kept = {"bewaard:x": "wat ik typte", "terug": f"/vragenlijst/{case.id}/stand"}
    shown = me.post(door_of(case), data={"code": case.code, **kept})
    assert 'value="wat ik typte"' in shown.text
    shown = me.post("/toegang/mail/stuur", data=kept)
    assert 'value="wat ik typte"' in shown.text
    shown = me.post("/toegang/mail", data={"code": "00000000", **kept})
    assert (shown.status_code, 'value="wat ik typte"' in shown.text) == (422, True)
    shown = me.post("/toegang/mail", data={"code": latest(house), **kept})
    assert 'name="x" value="wat ik typte"' in shown.text
    assert me.get(f"/vragenlijst/{case.id}/stand").status_code == 200


def test_after_signing_out_one_is_out_and_at_the_own_door(house: House):
    case = house.stage.answering()
    me = visitor(house)
    me.post(door_of(case), data={"code": case.code})
    me.post("/toegang/mail/stuur", data={})
    assert me.post("/toegang/mail", data={"code": latest(house)}).url.path == f"/vragenlijst/{case.id}"
    assert me.get(f"/vragenlijst/{case.id}/toegang").status_code == 200
    assert me.post("/afmelden").url.path == door_of(case)
    assert me.get(f"/vragenlijst/{case.id}").url.path == door_of(case)


def test_a_clerk_takes_a_lost_phone_away_and_must_say_why(house: House):
    case = house.stage.answering()
    page = f"/zaken/{case.id}/opnieuw-inloggen"
    assert "De kandidaat kan niet meer inloggen" in house.get("clerk", f"/zaken/{case.id}").text
    assert house.get("clerk", page).status_code == 200
    assert house.post("clerk", page, {"reden": " "}).status_code == 422
    done = house.post("clerk", page, {"reden": "Telefoon kwijt."})
    assert 'id="code"' in done.text
    assert house.get("analyst", page).status_code == 404
    assert house.get_as(case, f"/vragenlijst/{case.id}").status_code != 200, "the candidate is signed out"
