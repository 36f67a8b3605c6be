"""The door of a candidate in a browser: what is asked, in which order, and that nothing typed gets lost."""

import base64
import re
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
import sqlalchemy as sa
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts import second_factor
from app.accounts.tokens import shown_reference
from app.store import invitations, outbox
from app.store.engine import open_session
from app.store.rows import CaseRow, InvitationRow, LoginAttemptRow, SignInRow
from app.store.types import utc_now
from app.usecases import guessing, links
from app.usecases.signing_in import Place
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


def test_after_too_many_guesses_the_door_asks_the_other_code_first_and_then_the_app(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(guessing, "MOST_IN_A_DAY", 2)
    case = house.stage.answering()
    me = visitor(house)
    me.post(door_of(case), data={"code": case.code})
    setting_up = me.post("/toegang/app/begin", data={})
    found = re.search(r'id="geheim">([A-Z2-7 ]+)<', setting_up.text)
    assert found is not None
    secret = base64.b32decode(found[1].replace(" ", ""))
    step = second_factor.step_at(utc_now())
    assert "/vragenlijst/" in str(me.post("/toegang/app", data={"code": second_factor.code_of(secret, step - 1)}).url)
    stranger = visitor(house)
    assert "Code uit uw app" in stranger.post(door_of(case), data={"code": "12"}).text
    for shown in (stranger.post(door_of(case), data={"code": "12"}), stranger.get(door_of(case))):
        assert "Uw code" in shown.text
        assert "Daarna vult u de code uit uw app in" in shown.text
        assert "Wacht op de volgende code" not in shown.text
    now = visitor(house)
    typed = {"bewaard:is_resident": "yes", "bewaard:gevraagd": "is_resident", "terug": f"{case.form}/office"}
    asked = now.post(door_of(case), data={"code": case.code} | typed)
    assert "Vul de code uit uw app in" in asked.text
    assert "geheim" not in asked.text
    assert "uw mail" not in asked.text
    wrong = now.post("/toegang/app", data={"code": "12"} | typed)
    assert (wrong.status_code, "Code uit de app" in wrong.text) == (422, True)
    inside = now.post("/toegang/app", data={"code": second_factor.code_of(secret, step)} | typed)
    assert f'action="{case.form}/office"' in inside.text, "what was typed travelled along"
    assert now.get(f"{case.form}/office").url.path == f"{case.form}/office"


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


def typed_in(house: House, case: Case) -> str:
    """The reference of a case, as the candidate reads it in a mail."""
    with house.stage.world() as world:
        row = invitations.newest(world.db, world.db.get_one(CaseRow, case.id))
        assert row is not None
        return shown_reference(row.reference or "")


def come_in(house: House, me: TestClient, door: str, case: Case) -> httpx2.Response:
    """From any address of the door to inside, with codes by mail."""
    shown = me.post(door, data={"code": case.code})
    if "Hoe wilt u voortaan inloggen?" in shown.text:
        me.post("/toegang/mail/stuur", data={})
    return me.post("/toegang/mail", data={"code": latest(house)})


def test_pausing_twice_the_same_link_works_again_also_elsewhere_and_while_inside(house: House):
    case = house.stage.answering()
    me, elsewhere = visitor(house), visitor(house)
    inside = f"/vragenlijst/{case.id}"
    for _ in range(2):
        assert come_in(house, me, door_of(case), case).url.path == inside
        session = me.cookies["toetssteen"]
        assert me.post("/afmelden").url.path == door_of(case)
        replayed = visitor(house)
        replayed.cookies.set("toetssteen", session)
        assert replayed.get(inside).url.path != inside, "really signed out: the old session opens nothing"
    assert come_in(house, me, door_of(case), case).url.path == inside
    assert me.get(door_of(case)).status_code == 200, "the link while one is inside is no error"
    assert me.get(inside).url.path == inside, "and ends nothing"
    assert come_in(house, me, door_of(case), case).url.path == inside, "nor does going through it"
    assert come_in(house, elsewhere, door_of(case), case).url.path == inside
    assert me.get(inside).url.path == inside, "another device takes nothing away here"


def test_pausing_twice_one_comes_back_without_the_link(house: House):
    case = house.stage.answering()
    typed = typed_in(house, case)
    for how in (typed.lower(), typed.replace("-", " ")):
        me = visitor(house)
        at_door = me.post("/kandidaat", data={"kenmerk": how})
        assert at_door.status_code == 200
        assert "Uw code" in at_door.text
        assert come_in(house, me, at_door.url.path, case).url.path == f"/vragenlijst/{case.id}"
        assert me.post("/afmelden").url.path == at_door.url.path, "this browser knows the door now"
        assert f'href="{at_door.url.path}"' in me.get("/kandidaat").text


def test_pausing_twice_after_the_session_ended_one_is_back_at_the_question_with_what_was_typed(house: House):
    case = house.stage.answering()
    me = visitor(house)
    come_in(house, me, door_of(case), case)
    where = f"/vragenlijst/{case.id}/office"
    asked = re.findall(r'name="gevraagd" value="([^"]+)"', me.get(where).text)
    for text in ("Eerste keer getypt.", "Tweede keer getypt."):
        with house.stage.world() as world:
            for row in world.db.exec(select(SignInRow).where(SignInRow.case_id == case.id)):
                row.revoked_at = utc_now()
        lost = me.post(where, data={"gevraagd": asked, f"{asked[0]}:note": text})
        assert lost.status_code == 401
        kept = dict(re.findall(r'<input type="hidden" name="(terug|bewaard:[^"]+)" value="([^"]*)"', lost.text))
        assert text in kept.values()
        assert kept["terug"] == where
        shown = me.post(door_of(case), data={"code": case.code, **kept})
        assert text in shown.text
        back = me.post("/toegang/mail", data={"code": latest(house), **kept})
        assert f'action="{where}"' in back.text, "the same part of the questionnaire"
        assert text in back.text
        assert me.get(where).url.path == where


def test_an_unknown_reference_is_told_and_stays_typed(house: House):
    wrong = visitor(house).post("/kandidaat", data={"kenmerk": "bcdf <ghjk> mnpq"})
    assert wrong.status_code == 422
    assert "kennen wij niet" in wrong.text
    assert 'value="bcdf &lt;ghjk&gt; mnpq"' in wrong.text


def test_asking_for_a_link_answers_the_same_for_everybody_and_mails_only_candidates(house: House):
    case = house.stage.answering()
    typed = typed_in(house, case)

    def mailed() -> int:
        with house.stage.world() as world:
            return sum(row.name == "invitation_again" for row in outbox.newest(world.db) if row.case_id == case.id)

    answers = [
        visitor(house).post("/kandidaat/nieuwe-link", data={"wie": one}) for one in (typed, "BCDFGHJKMNPQ", "", "a@b")
    ]
    assert len({(one.status_code, one.content) for one in answers}) == 1
    assert len({tuple(sorted(set(one.headers) - {"date"})) for one in answers}) == 1
    assert mailed() == 1


def test_while_an_address_is_looked_for_others_go_on_saving(house: House):
    """Every open case is looked at: for as long as that takes nobody may have to wait."""
    application: Any = house.client.app
    engine = application.state.engine
    saved: list[str] = []

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "candidate_email" in statement and not saved:
            saved.append(statement)
            with open_session(engine) as other:
                other.add(
                    LoginAttemptRow(
                        subject_sha256="x", account_sha256="x", what="door", origin="192.0.2.9", at=utc_now()
                    )
                )
                other.commit()

    sa.event.listen(engine, "after_cursor_execute", meanwhile)
    try:
        links.ask(engine, application.state.settings, "niemand@voorbeeld.example", Place("192.0.2.8"))
    finally:
        sa.event.remove(engine, "after_cursor_execute", meanwhile)
    assert len(saved) == 1


def test_a_link_that_is_over_says_whom_to_call_and_what_to_do(house: House):
    case = house.stage.answering()
    with house.stage.world() as world:
        row = world.db.exec(select(InvitationRow).where(InvitationRow.case_id == case.id)).one()
        row.expires_at = utc_now()
    over = visitor(house).get(door_of(case)).text
    assert "Uw uitnodiging is verlopen" in over
    assert 'href="/kandidaat/nieuwe-link"' in over
    assert "de griffie van Gemeente Voorbeeldstad" in over
    assert "Anna" not in over


def test_a_clerk_takes_a_link_back_with_a_reason_and_sends_a_new_one(house: House):
    case = house.stage.answering()
    page = f"/zaken/{case.id}/link"
    assert f'href="{page}"' in house.get("clerk", f"/zaken/{case.id}").text
    assert "Waarom trekt u de link in?" in house.get("clerk", page).text
    assert house.post("clerk", f"{page}/intrekken", {"reden": " "}).status_code == 422
    done = house.post("clerk", f"{page}/intrekken", {"reden": "Verkeerd adres."})
    assert done.headers["location"].endswith("gedaan=link-ingetrokken")
    gone = visitor(house).get(door_of(case)).text
    assert "Deze link werkt niet meer" in gone
    assert "de griffie van Gemeente Voorbeeldstad" in gone
    assert "ingetrokken; stuur een nieuwe link" in house.get("clerk", f"/zaken/{case.id}").text
    assert house.post("clerk", f"{page}/nieuw", {}).status_code == 303
    me = visitor(house)
    at_door = me.post("/kandidaat", data={"kenmerk": typed_in(house, case)})
    assert come_in(house, me, at_door.url.path, case).url.path == f"/vragenlijst/{case.id}"


@pytest.mark.parametrize("who", ["principal", "admin"])
def test_how_mails_look_is_chosen_on_a_page(house: House, who: str):
    page = "/mails-aan-kandidaten"
    for chosen, told in (("nee", "zonder link"), ("ja", "met een link")):
        assert house.post(who, page, {"links": chosen}).status_code == 303
        assert re.search(rf'value="{chosen}"[^>]* checked', house.get(who, page).text)
        letter = house.get("clerk", f"/zaken/{house.stage.cases['draft'].id}/uitnodigen").text
        assert f"Uw organisatie stuurt mails {told}." in letter
        assert ("testserver/uitnodiging/voorbeeld" in letter) == (chosen == "ja")
